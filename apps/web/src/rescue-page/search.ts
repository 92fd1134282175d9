import { fold } from '@serment/records/folded-words';
import type { RescuePatient } from './content.ts';

/** What is searched of a patient, folded once. */
export function searchable(patients: readonly RescuePatient[]): (typed: string) => RescuePatient[] {
  const texts = patients.map(({ family, birthFamily, given, names, birthDate }) => {
    const [year = '', month = '', day = ''] = birthDate.split('-');
    const dates = [`${day} ${month} ${year}`, day + month + year, year + month + day, day + month + year.slice(2)];
    return ` ${fold([family, birthFamily, given, names].join(' '))} ${birthDate === '' ? '' : dates.join(' ')}`;
  });
  return (typed) => {
    const words = fold(typed).split(' ');
    return patients.filter((_, place) => words.every((word) => word === '' || texts[place]?.includes(` ${word}`)));
  };
}
