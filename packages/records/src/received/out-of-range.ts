import { codeSystems } from '../fhir/coding-system.ts';
import type { OutFlag, OutOfRangeInput } from '../fhir/reading-task.ts';
import type { ReceivedResult } from './report.ts';

/** A laboratory names an analysis at any length, and says what it found at any. */
const maxTextLength = 80;

/** What a reader is to know of a report before it is opened: its results out of range, the most out first, each once. */
export function outOfRangeInputs(results: readonly ReceivedResult[]): OutOfRangeInput[] {
  const named = new Set<string>();
  return results
    .flatMap((result) => {
      const flag = result.value === null ? null : flagOf(result);
      return flag === null ? [] : [{ result, flag, distance: distanceOf(result) }];
    })
    .sort((left, right) => gravity(right.flag) - gravity(left.flag) || right.distance - left.distance)
    .filter(({ result: { label } }) => {
      // In two units, it is one result.
      const name = label.toLowerCase();
      return !named.has(name) && named.add(name);
    })
    .map(({ result, flag }) => ({
      type: { coding: [{ system: codeSystems.interpretation, code: flag }], text: shortened(result.label) },
      valueString: shortened(valueText(result)),
    }));
}

/** As the laboratory said; else by the range that it gave. */
function flagOf({ flag, value, low, high }: ReceivedResult): OutFlag | null {
  if (flag !== null) return flag === 'N' ? null : flag;
  if (value?.number == null) return null;
  const number = Number(value.number);
  const comparator = value.comparator ?? '';
  if (low !== null && number < Number(low) && !comparator.startsWith('>')) return 'L';
  return high !== null && number > Number(high) && !comparator.startsWith('<') ? 'H' : null;
}

function gravity(flag: OutFlag): number {
  return flag === 'LL' || flag === 'HH' ? 1 : 0;
}

/** How far out, in widths of the range, or in bounds where it has one alone; 0 where it cannot be told. */
function distanceOf({ value, low, high }: ReceivedResult): number {
  if (value?.number == null) return 0;
  const number = Number(value.number);
  const [least, most] = [low === null ? null : Number(low), high === null ? null : Number(high)];
  const width = least !== null && most !== null ? most - least : (least ?? most ?? 0);
  const beyond = Math.max(least === null ? 0 : least - number, most === null ? 0 : number - most, 0);
  return beyond / (Math.abs(width) || 1);
}

function valueText({ value, unit }: ReceivedResult): string {
  const figure = value?.number == null ? value?.text : [value.comparator, value.number].filter(Boolean).join(' ');
  return [figure, unit].filter(Boolean).join(' ');
}

function shortened(given: string): string {
  const text = given.trim() || '?';
  return text.length <= maxTextLength ? text : `${text.slice(0, maxTextLength - 1).toWellFormed()}…`;
}
