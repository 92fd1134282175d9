import {
  fieldText,
  type ReceivedFindingCode,
  type ReceivedResult,
  type ReceivedValue,
  type ResultFlag,
  readNumber,
} from './report.ts';

/**
 * A line `RES|label|code|type|value|unit|low|high|abnormality|status`, then perhaps the same value in other units,
 * `value|unit|low|high`. Type `N` is a figure, `A` is words. The order of the fields is the one that Mediboard reads and
 * OpenHprim's samples have; MedShakeEHR takes the second value's unit for its lower bound. Null for a line that says
 * nothing.
 *
 * Of statuses only `F` (final) was seen: `P` and `C` are read as ASTM E1238 has them, from which H.PR.I.M. comes, and any
 * other counts as final.
 */
export function readResult(line: string, found: (code: ReceivedFindingCode) => void): ReceivedResult | null {
  const fields = line.split('|', 16).map(fieldText);
  const [, label = '', code = '', type = '', value = '', unit = '', low = '', high = '', flag = '', status = ''] =
    fields;
  if (value === '') {
    if (label !== '') found('RESULT_ODD');
    return label === '' ? null : { ...nothing, label, code: code || null };
  }
  const read = readValue(value, unit);
  if (type === 'N' && read.value.number === null) found('RESULT_ODD');
  return {
    ...nothing,
    label: label || code,
    code: code || null,
    ...read,
    ...rangeOf(low, high),
    flag: flagOf(flag),
    status: status === 'P' ? 'preliminary' : status === 'C' ? 'corrected' : 'final',
    note: otherUnits(fields.slice(10, 14)),
  };
}

const nothing: ReceivedResult = {
  ...{ label: '', loinc: null, code: null, value: null, unit: '', low: null, high: null, rangeText: '', flag: null },
  ...{ status: 'final', at: null, previous: null, note: '' },
};

/** A figure with its unit in the words, `< 0.12 mg/l`, is a figure too where the unit has no field of its own. */
function readValue(text: string, unit: string): { value: ReceivedValue; unit: string } {
  const number = readNumber(text);
  if (number !== null) return { value: { ...number, text }, unit };
  const [, figure = '', after = ''] = /^((?:[<>≤≥]=?)\s*[\d.,]+)\s+(\S{1,20})$/.exec(text) ?? [];
  const own = unit === '' && after !== '' ? readNumber(figure) : null;
  if (own !== null) return { value: { ...own, text }, unit: after };
  return { value: { number: null, comparator: null, text }, unit };
}

function rangeOf(low: string, high: string): Pick<ReceivedResult, 'low' | 'high' | 'rangeText'> {
  const [from, to] = [plainNumber(low), plainNumber(high)];
  const isOdd = (low !== '' && from === null) || (high !== '' && to === null);
  return { low: from, high: to, rangeText: isOdd ? [low, high].filter(Boolean).join(' – ') : '' };
}

function plainNumber(text: string): string | null {
  const read = readNumber(text);
  return read === null || read.comparator !== null ? null : read.number;
}

function flagOf(text: string): ResultFlag | null {
  const flags: readonly ResultFlag[] = ['L', 'LL', 'H', 'HH', 'N', 'A'];
  return flags.find((flag) => flag === text.toUpperCase()) ?? null;
}

function otherUnits([value = '', unit = '', low = '', high = '']: readonly string[]): string {
  if (value === '') return '';
  const range = low === '' && high === '' ? '' : ` (${low === '' ? '≤' : `${low} –`} ${high})`;
  const lowest = low !== '' && high === '' ? ` (≥ ${low})` : range;
  return `${[value, unit].filter(Boolean).join(' ')}${lowest}`;
}
