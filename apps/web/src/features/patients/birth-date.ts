/** `23/11/2026`, `23.11.2026`, `23112026` or `2026-11-23` as a FHIR date; null for a day that does not exist. */
export function parseBirthDate(text: string): string | null {
  const date = parsePartialDate(text);
  return date !== null && date.length === 10 ? date : null;
}

/**
 * A date of birth or death as people write it, in FHIR's form: `23/11/2026`, `23112026`, `2026-11-23`; a month or a year where
 * the day is not known (`11/2026`, `2026`), also written with zeros as on cards (`00/00/1950`). Null for a day that does not exist.
 */
export function parsePartialDate(text: string): string | null {
  const compact = text.trim();
  // Both separators or none: with one of them alone, `12/1950` would be the first of February.
  const [, day, month, year] =
    /^(\d{1,2})[/. -](\d{1,2})[/. -](\d{4})$/.exec(compact) ?? /^(\d\d)(\d\d)(\d{4})$/.exec(compact) ?? [];
  const [, isoYear, isoMonth, isoDay] = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?$/.exec(compact) ?? [];
  const [, monthOnly, yearOfMonth] = /^(\d{1,2})[/. -](\d{4})$/.exec(compact) ?? [];
  const parts = [
    isoYear ?? year ?? yearOfMonth,
    unlessZero(isoMonth ?? month ?? monthOnly),
    unlessZero(isoDay ?? day),
  ] as const;
  const [y, m, d] = parts;
  if (y === undefined || Number(y) < 1000 || (m === undefined && d !== undefined)) return null;
  if (m === undefined) return y;
  if (Number(m) > 12) return null;
  if (d === undefined) return `${y}-${m}`;
  const days = new Date(Date.UTC(Number(y), Number(m), 0)).getUTCDate();
  return Number(d) > days ? null : `${y}-${m}-${d}`;
}

/** `12/03/1992`, `03/1992` or `1992` of a FHIR date, as a form shows it; its time left out. */
export function typedDate(value: string): string {
  return (/^\d{4}(?:-\d\d){0,2}/.exec(value)?.[0] ?? '').split('-').reverse().join('/');
}

function unlessZero(digits: string | undefined): string | undefined {
  return digits === undefined || Number(digits) === 0 ? undefined : digits.padStart(2, '0');
}
