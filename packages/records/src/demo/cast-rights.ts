import { addMonths, civil, type Day, dayOf, isoDate } from './calendar.ts';
import type { Coded, Course } from './course.ts';

/** A fund and an organism that do not exist: their codes are of no list. */
const fund = { coverage: 'amo', payer: 'CPAM de démonstration', payerCode: '019990000' } as const;

/** Rights that run, and a consent that was withdrawn. */
export function tellSantoroRights(course: Course, today: Day, condition: Coded): void {
  const { year } = civil(today);
  const opened = dayOf(year - 4, 6, 1);
  course.cover.push({ number: 8, from: opened, to: dayOf(year + 1, 6, 1), condition, protocol: opened });
  course.coverage.push(
    { ...fund, relation: 'self', start: isoDate(dayOf(year - 2, 1, 1)), end: isoDate(dayOf(year + 1, 12, 31)) },
    {
      ...{ coverage: 'amc', payer: 'Mutuelle des Érables', payerCode: '99999997', insuredId: '4471882' },
      ...{ relation: 'self', end: isoDate(dayOf(year, 12, 31)), direct: 'intégral' },
    },
  );
  course.consents.push(
    { kind: 'dmp', decision: 'given', by: 'patient', date: isoDate(today - 415), form: 'VERBAL' },
    { kind: 'messages', decision: 'given', by: 'patient', date: isoDate(today - 415), form: 'WRITTEN' },
    {
      ...{ kind: 'teaching', decision: 'given', by: 'patient', date: isoDate(today - 820), form: 'VERBAL' },
      withdrawn: isoDate(today - 96),
    },
  );
  course.information.push({
    ...{ topic: 'Dépistage de la rétinopathie diabétique', date: isoDate(today - 185), form: 'VERBAL' },
    note: 'Fond d’œil chaque année, dépliant remis.',
  });
}

/** A child is insured through her mother, who consents for her. */
export function tellInesRights(course: Course, today: Day): void {
  course.coverage.push({
    ...{ ...fund, relation: 'child', insuredName: 'Samia Benyahia', rank: '1' },
    start: isoDate(addMonths(today, -9)),
  });
  course.consents.push({
    ...{ kind: 'dmp', decision: 'given', by: 'parent', byName: 'Mme Samia Benyahia, mère', form: 'VERBAL' },
    date: isoDate(addMonths(today, -8)),
  });
}

/** Rights that are soon over, or are, and a son who is a patient too. */
export function tellRousseauRights(course: Course, today: Day): void {
  course.coverage.push(
    { ...fund, relation: 'self', start: '2003' },
    { coverage: 'c2s', relation: 'self', end: isoDate(addMonths(today, -3)) },
  );
  course.relatives.push({ place: 3, kinship: 'CHILD' });
  const failure = { code: 'I50.9', display: 'Insuffisance cardiaque' };
  course.cover.push({ number: 5, from: addMonths(today, -58), to: addMonths(today, 2), condition: failure });
}
