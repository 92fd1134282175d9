import { civil } from './calendar.ts';
import type { Person } from './people.ts';
import type { Random } from './random.ts';

/**
 * Gives each invented person a NIR of 13 characters that no other has.
 * Order numbers run from 900 to 999, beyond what these communes count in a month, so that no number is a real person's.
 */
export function createCivilNumbers(): (person: Person, random: Random) => string {
  // About forty bytes a patient: the only thing that grows with the practice.
  const given = new Set<string>();
  return (person, random) => {
    const { year, month } = civil(person.birth);
    const two = (value: number): string => String(value).padStart(2, '0');
    // Corsica was department 20 until 1976.
    const place = year < 1976 ? person.birthPlace.code.replace(/^2[AB]/, '20') : person.birthPlace.code;
    const start = `${person.sex === 'male' ? 1 : 2}${two(year % 100)}${two(month)}${place}`;
    const first = random.below(100);
    for (let step = 0; step < 100; step++) {
      const number = `${start}${900 + ((first + step) % 100)}`;
      if (given.has(number)) continue;
      given.add(number);
      return number;
    }
    throw new RangeError('this practice is too large for its birth places');
  };
}
