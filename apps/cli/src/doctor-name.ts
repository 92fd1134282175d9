import type { PractitionerTraits } from '@serment/records/fhir/directory';
import { usageError } from './error.ts';

const titles = new Map([
  ['dr', 'Dr'],
  ['docteur', 'Dr'],
  ['docteure', 'Dr'],
  ['pr', 'Pr'],
  ['professeur', 'Pr'],
  ['professeure', 'Pr'],
]);

/**
 * A doctor's name as it is written: title or none, given name, family name. Words in capitals at the end are the family
 * name (`Marie Anne DE LA TOUR`); else everything after the first word is. Throws USAGE when there is no name.
 */
export function parseDoctorName(text: string): PractitionerTraits {
  const words = text
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '');
  const prefix = titles.get((words[0] ?? '').toLowerCase().replace(/\.$/, ''));
  const names = prefix === undefined ? words : words.slice(1);
  if (names.length === 0) throw usageError('--doctor is a name such as "Dr Claire Vasseur"', 'practice create');
  const firstCapital = names.findIndex((_, place) => names.slice(place).every(isCapitals));
  const cut = names.length === 1 ? 0 : firstCapital > 0 ? firstCapital : 1;
  const given = names.slice(0, cut).join(' ');
  return {
    family: names.slice(cut).join(' '),
    ...(given === '' ? {} : { given }),
    ...(prefix === undefined ? {} : { prefix }),
  };
}

function isCapitals(word: string): boolean {
  return word === word.toUpperCase() && word !== word.toLowerCase();
}
