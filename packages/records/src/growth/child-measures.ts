import { convertUnit, unitName } from '../measures/units.ts';
import { codesOf, dayOf, elementAt, type Fields, textAt } from '../page/element-text.ts';
import { isInError, whenOf } from '../page/resource-words.ts';
import type { ChildMeasures, Posture } from './child.ts';

type Part = 'weightKg' | 'lengthCm' | 'headCm';

/**
 * LOINC: body weight, also as measured; body height, also as measured, standing and lying; head circumference, also
 * by tape.
 */
const parts: Readonly<Record<string, readonly [Part, unit: string, Posture]>> = {
  '29463-7': ['weightKg', 'kg', null],
  '3141-9': ['weightKg', 'kg', null],
  '8302-2': ['lengthCm', 'cm', null],
  '3137-7': ['lengthCm', 'cm', null],
  '8308-9': ['lengthCm', 'cm', 'standing'],
  '8306-3': ['lengthCm', 'cm', 'lying'],
  '9843-4': ['headCm', 'cm', null],
  '8287-5': ['headCm', 'cm', null],
};

/**
 * What the observations of a file say of a child's growth, by day, oldest first. Of two of one kind on one day the
 * later one counts. What was entered in error is left out, as is a value without a unit that is known, or of a day that
 * is not whole.
 */
export function childMeasures(observations: readonly Fields[]): ChildMeasures[] {
  const days = new Map<string, { -readonly [Name in keyof ChildMeasures]: ChildMeasures[Name] }>();
  const standing = observations.filter((observation) => !isInError(observation));
  const ordered = standing.sort((left, right) => (whenOf(left) < whenOf(right) ? -1 : 1));
  for (const observation of ordered) {
    const day = dayOf(whenOf(observation));
    const code = codesOf(elementAt(observation, 'code')).find((one) => Object.hasOwn(parts, one));
    const found = code === undefined ? undefined : parts[code];
    const text = textAt(observation, 'valueQuantity.value');
    if (day.length < 10 || found === undefined || text === '') continue;
    const [part, unit, posture] = found;
    const written = unitName(textAt(observation, 'valueQuantity.code'), textAt(observation, 'valueQuantity.unit'));
    const value = convertUnit(Number(text), written, unit);
    if (value === null || !Number.isFinite(value) || value <= 0) continue;
    const known = days.get(day) ?? { day, weightKg: null, lengthCm: null, headCm: null, posture: null };
    known[part] = value;
    if (part === 'lengthCm') known.posture = posture;
    days.set(day, known);
  }
  return [...days.values()].sort((left, right) => (left.day < right.day ? -1 : 1));
}
