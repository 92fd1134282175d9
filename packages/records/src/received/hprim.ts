import { readResult } from './hprim-result.ts';
import { decodeForeignText } from './latin-text.ts';
import {
  FindingCount,
  fieldText,
  type ReceivedFindingCode,
  type ReceivedIdentity,
  type ReceivedReport,
  type ReceivedResult,
  type TextBlock,
} from './report.ts';

/**
 * "HPRIM Médecin", the text in which French laboratories send results (H.PR.I.M. Médecins 3.0, 1997, known here through
 * the readers of Mediboard, MedShakeEHR and OpenHprim and the samples that the last of them tests): twelve lines of
 * header, free text, then perhaps `****LAB****` with lines `TEX|` for the eye and `RES|` for programs, `****FIN****`
 * after each report and `****FINFICHIER****` after the last.
 */
export interface HprimPart {
  /** Where its bytes are in the file: the parts of a file are the whole of it, each byte once. */
  readonly start: number;
  readonly end: number;
  readonly report: ReceivedReport;
}

const headerLines = 12;
const maxReports = 500;
const maxResults = 2_000;
const maxTextLength = 400_000;

/** The reports of a file; null for what does not look like one. Never throws. */
export function parseHprim(bytes: Uint8Array): readonly HprimPart[] | null {
  const spans = spansOf(bytes);
  const [first] = spans;
  if (first === undefined || !looksLikeHprim(bytes.subarray(first.start, first.end), spans.length > 1)) return null;
  return spans.map(({ start, end }) => ({ start, end, report: readReport(bytes.subarray(start, end)) }));
}

/** Cut after each end mark; what follows the last one goes with it. */
function spansOf(bytes: Uint8Array): { start: number; end: number }[] {
  const ends = endsOf(bytes);
  const spans: { start: number; end: number }[] = [];
  let start = 0;
  for (const end of ends.slice(0, maxReports)) {
    spans.push({ start, end });
    start = end;
  }
  const last = spans.at(-1);
  const isMore = bytes.subarray(start).some((byte) => byte > 0x20 && byte !== 0x2a);
  const tail = isMore ? decodeForeignText(bytes.subarray(start)).text : '';
  // `****FINFICHIER****` and blank lines are no report.
  if (last !== undefined && tail.replace(/\*{3,4}FIN(FICHIER)?\*{3,4}/g, '').trim() === '') last.end = bytes.length;
  else spans.push({ start, end: bytes.length });
  return spans;
}

/** Places just behind the lines of `****FIN****`. */
function endsOf(bytes: Uint8Array): number[] {
  const mark = new TextEncoder().encode('****FIN****');
  const ends: number[] = [];
  for (let at = bytes.indexOf(0x2a); at >= 0 && at <= bytes.length - mark.length; at = bytes.indexOf(0x2a, at + 1)) {
    if (!mark.every((byte, place) => bytes[at + place] === byte)) continue;
    const line = bytes.indexOf(0x0a, at + mark.length);
    const end = line < 0 ? bytes.length : line + 1;
    ends.push(end);
    at = end - 1;
  }
  return ends;
}

/** A mark, or a header whose lines seven and ten are dates, or one of them beside a number of the register. */
function looksLikeHprim(bytes: Uint8Array, hasMarks: boolean): boolean {
  if (bytes.subarray(0, 2_000).includes(0x3c) && /^\s*</.test(new TextDecoder().decode(bytes.subarray(0, 64))))
    return false;
  const { text } = decodeForeignText(bytes);
  const lines = linesOf(text);
  const isDated = [6, 9].map((place) => readDay(lines[place] ?? '') !== null);
  const isNumbered = /^\d{13}( ?\d\d)?$/.test(lines[7]?.trim() ?? '');
  if (isDated.every(Boolean) || (isDated.some(Boolean) && isNumbered)) return true;
  return (
    lines.length >= 3 && (hasMarks || /^\s*\*{4}(LAB|FIN|FINFICHIER)\*{4}\s*$/m.test(text) || /^RES\|/m.test(text))
  );
}

function readReport(bytes: Uint8Array): ReceivedReport {
  const found = new FindingCount();
  const { text, findings } = decodeForeignText(bytes);
  for (const code of findings) found.add(code);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  if (/[\u0000-\u0008\u000b\u000e-\u001f\u007f]/.test(text)) found.add('CONTROL_CHARACTERS');
  const all = linesOf(text);
  const lab = all.findIndex((line) => line.trim() === '****LAB****');
  const firstMark = all.findIndex((line) => /^\s*\*{4}[A-Z]+\*{4}\s*$/.test(line));
  const headerEnd = Math.min(headerLines, firstMark < 0 ? all.length : firstMark);
  if (headerEnd < headerLines) found.add('HEADER_SHORT');
  const header = all.slice(0, headerEnd).map(fieldText);
  const end = all.findIndex((line) => /^\s*\*{4}FIN(FICHIER)?\*{4}\s*$/.test(line));
  if (end < 0) found.add('CUT');
  // Behind its end a part has nothing, but where the file was not cut into all its reports.
  else if (all.slice(end + 1).some((line) => !/^\s*(?:\*{3,4}FIN(?:FICHIER)?\*{3,4})?\s*$/.test(line)))
    found.add('REPORTS_MANY');
  const body = all.slice(headerEnd, lab >= 0 ? lab : end < 0 ? undefined : end);
  // The last line of a report that was cut may hold half a figure.
  const machine = lab < 0 ? [] : all.slice(lab + 1, end < 0 ? -1 : end);
  const results = resultsIn(machine, found);
  const at = readDay(header[9] ?? '');
  if (at === null && (header[9] ?? '') !== '') found.add('DATE_ODD');
  return {
    format: 'hprim',
    isLaboratory: results.length > 0 || lab >= 0,
    title: '',
    identity: identityIn(header, found),
    sender: senderIn(headerEnd > 10 ? all[10] : undefined),
    recipient: senderIn(headerEnd > 11 ? all[11] : undefined),
    number: header[8] ?? '',
    at,
    results,
    blocks: textIn(body, machine, found),
    findings: found.list(),
  };
}

function linesOf(text: string): string[] {
  return text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/);
}

function identityIn(header: readonly string[], found: FindingCount): ReceivedIdentity | null {
  const [, family = '', given = ''] = header.map((line) => (/^[.\s]*$/.test(line) ? '' : line));
  const birthDate = readDay(header[6] ?? '');
  if (birthDate === null && /[^.\s]/.test(header[6] ?? '')) found.add('BIRTH_DATE_ODD');
  const digits = (header[7] ?? '').replace(/[\s.-]/g, '').toUpperCase();
  const isNir = /^[1-478]\d{4}(\d\d|2[AB])\d{6}(\d\d)?$/.test(digits);
  if (digits !== '' && !isNir) found.add('NIR_ODD');
  if (family === '' && given === '') {
    found.add('IDENTITY_MISSING');
    return null;
  }
  // The sex that a number of the register gives is its holder's, who for a child is a parent.
  return { family, given, birthFamily: null, birthDate, sex: null, nir: isNir ? digits : null };
}

/** `labo.fake Institut factice`: a code of at most ten characters, in ten columns or before a space, then the name. */
function senderIn(line = ''): string {
  const [, code = '', gap = '', name = ''] = /^(\S{1,10})(\s+)(\S.*)$/.exec(line) ?? [];
  // A name may stand alone, and its first word is then no code.
  return fieldText(name !== '' && (gap.length > 1 || /[\d._]/.test(code)) ? name : line);
}

/** `10/03/1959`, `10-03-1959`, `1959-03-10`, `10031959` as a FHIR date; two digits of a year are not guessed. */
function readDay(text: string): string | null {
  const french =
    /^\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:\s.*)?$/.exec(text) ?? /^\s*(\d\d)(\d\d)(\d{4})\s*$/.exec(text);
  const iso = /^\s*(\d{4})-(\d\d)-(\d\d)/.exec(text);
  const [year, month, day] = french === null ? (iso ?? []).slice(1) : french.slice(1).reverse();
  if (year === undefined || month === undefined || day === undefined) return null;
  const isDay = Number(day) >= 1 && Number(day) <= new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  if (!isDay || Number(month) < 1 || Number(month) > 12 || Number(year) < 1850) return null;
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

function resultsIn(machine: readonly string[], found: FindingCount): ReceivedResult[] {
  const results: ReceivedResult[] = [];
  for (const line of machine) {
    if (!line.startsWith('RES|')) continue;
    if (results.length === maxResults) {
      found.add('RESULTS_MANY');
      break;
    }
    const result = readResult(line, (code: ReceivedFindingCode) => found.add(code));
    if (result !== null) results.push(result);
  }
  return results;
}

/** What is for the eye: the free text, or the lines `TEX|` where there is none. */
function textIn(body: readonly string[], machine: readonly string[], found: FindingCount): TextBlock[] {
  const written = body.join('\n');
  const lines = machine.filter((line) => /^TEX(\||$)/.test(line)).map((line) => line.slice(4));
  const text = (written.trim() === '' ? lines.join('\n') : written).toWellFormed();
  if (text.length > maxTextLength) found.add('TEXT_LONG');
  const kept = text
    .slice(0, maxTextLength)
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .replace(/^\s*\n|\s+$/g, '');
  return kept === '' ? [] : [{ kind: 'lines', text: kept }];
}
