import { RecordsError } from '../error.ts';
import { fold } from '../folded-words.ts';
import { maxTableBytes, tableInvalid, tableText } from '../tables/table-text.ts';
import { decodeText } from '../text-bytes.ts';

/** A line of CIM-10. */
export interface Cim10Line {
  /** With its dot: `E11.9`. */
  readonly code: string;
  readonly label: string;
}

const separators = ['\t', ';', ',', '|'];
/**
 * Letter, two digits, then up to six more characters: CIM-10-FR has `E11.9`, `M62.89` and extensions such as
 * `R47.8+0`.
 */
const codeForm = /^([A-Z]\d\d)\.?([0-9A-Z+*-]{0,6})$/i;
const maxLabel = 500;

/**
 * A table of code and label: two columns, the first two that are found under a head that names them (`code`,
 * `libellé` or `label`) or, without a head, the first two. Separated by tab, semicolon, comma or bar, in UTF-8 or
 * Windows-1252. Further columns are passed over. Throws TABLE_INVALID with the reason and the line, TEXT_FOREIGN,
 * TEXT_UTF16, TEXT_UNREADABLE.
 */
export function parseCim10Table(bytes: Uint8Array): Cim10Line[] {
  const rows = rowsOf(textOf(bytes));
  const [first = []] = rows;
  const [codeAt, labelAt, hasHead] = columnsOf(first);
  const entries: Cim10Line[] = [];
  const known = new Set<string>();
  for (const [place, cells] of rows.entries()) {
    if (place === 0 && hasHead) continue;
    const line = place + 1;
    if (cells.every((cell) => cell === '')) continue;
    const [, category, rest = ''] = codeForm.exec(cells[codeAt] ?? '') ?? [];
    if (category === undefined) throw tableInvalid('code', line);
    const code = `${category}${rest === '' ? '' : `.${rest}`}`.toUpperCase();
    const label = (cells[labelAt] ?? '').replace(/\s+/g, ' ').trim();
    // Figures alone are another column: tables with several between code and words need a head.
    if (!/\p{L}/u.test(label) || label.length > maxLabel) throw tableInvalid('label', line);
    if (known.has(code)) throw tableInvalid('twice', line);
    known.add(code);
    entries.push({ code, label });
  }
  if (entries.length === 0) throw tableInvalid('empty', null);
  return entries;
}

function columnsOf(first: readonly string[]): readonly [code: number, label: number, hasHead: boolean] {
  const names = first.map(fold);
  const codeAt = names.findIndex((name) => /^code/.test(name));
  const labelAt = names.findIndex((name) => /^(?:libelle|label|intitule)/.test(name));
  if (codeAt >= 0 && labelAt >= 0) return [codeAt, labelAt, true];
  if (first.length < 2) throw tableInvalid('columns', 1);
  return [0, 1, false];
}

/** Windows-1252 is what French spreadsheets still save as; its letters are read as what they are. */
function textOf(bytes: Uint8Array): string {
  if (bytes.length > maxTableBytes) throw tableInvalid('size', null);
  try {
    decodeText(bytes);
  } catch (error) {
    if (!(error instanceof RecordsError && error.code === 'TEXT_WINDOWS_1252')) throw error;
    return new TextDecoder('windows-1252').decode(bytes);
  }
  return tableText(bytes);
}

/** Rows of cells: RFC 4180 quotes, a doubled one inside stands for itself, no line break within a cell. */
function rowsOf(text: string): string[][] {
  const lines = text.replace(/(?:\r?\n)+$/, '').split(/\r?\n|\r/);
  const [first = ''] = lines;
  const separator = separators.find((one) => first.includes(one));
  if (separator === undefined) throw tableInvalid('columns', 1);
  return lines.map((line, place) => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a control character says that this is no text.
    if (/[\u0000-\u0008\u000b-\u001f]/.test(line)) throw tableInvalid('control', place + 1);
    return cellsOf(line, separator, place + 1);
  });
}

function cellsOf(line: string, separator: string, number: number): string[] {
  const cells: string[] = [];
  let at = 0;
  while (at <= line.length) {
    if (line[at] === '"') {
      const quoted = /^"((?:[^"]|"")*)"/.exec(line.slice(at));
      if (quoted === null) throw tableInvalid('columns', number);
      at += quoted[0].length;
      if (at < line.length && line[at] !== separator) throw tableInvalid('columns', number);
      cells.push((quoted[1] ?? '').replaceAll('""', '"').trim());
      at += 1;
      continue;
    }
    const end = line.indexOf(separator, at);
    cells.push(line.slice(at, end < 0 ? undefined : end).trim());
    at = end < 0 ? line.length + 1 : end + 1;
  }
  return cells;
}
