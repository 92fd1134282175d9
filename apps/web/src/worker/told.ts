import type { Practice } from '@serment/replica/practice';
import type { Told } from '../file-view/element-changes.ts';
import type { Language } from '../i18n/language.ts';

/** How what records say is told to this member: members, doctors and patients by their names. */
export function toldIn(practice: Practice, language: Language): Told {
  return { language, named: (reference) => practice.nameOf(reference) ?? patientName(practice, reference) };
}

function patientName({ directory }: Practice, reference: string): string | null {
  const row = directory.get(reference);
  return row === null ? null : `${row.family} ${row.given}`.trim() || null;
}
