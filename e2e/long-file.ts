import type { Practice } from '@serment/replica/practice';
import { settle } from './harness/made-practice.ts';

const perSave = 500;

/** An invented file of that many items over thirty years, newest in 2025: notes, vaccines, letters and bills. */
export async function writeLongFile(practice: Practice, patient: string, count: number): Promise<void> {
  const [, id] = patient.split('/');
  const identity = {
    ...{ resourceType: 'Patient', id, gender: 'female', birthDate: '1954-03-12' },
    name: [{ use: 'official', family: 'Delorme', given: ['Odile'] }],
  };
  const records = [identity, ...Array.from({ length: count }, (_, place) => itemOf(patient, place, count))];
  for (let from = 0; from < records.length; from += perSave)
    await practice.save({
      patient,
      records: records.slice(from, from + perSave).map((resource) => ({
        ...{ resource, change: 'create' as const, replaces: [] },
      })),
    });
  await settle(practice);
}

function itemOf(patient: string, place: number, count: number): object {
  const subject = { reference: patient };
  const day = new Date(Date.UTC(2025, 10, 20) - (place * 30 * 365.25 * 86_400_000) / count).toISOString().slice(0, 10);
  const id = `${place}`.padStart(4, '0');
  if (place % 4 === 1)
    return {
      ...{ resourceType: 'Immunization', id: `v-${id}`, status: 'completed', patient: subject },
      ...{ vaccineCode: { text: `Vaccin contre la grippe n° ${place}` }, occurrenceDateTime: day },
    };
  if (place % 4 === 3)
    return {
      ...{ resourceType: 'DocumentReference', id: `d-${id}`, status: 'current', subject, date: `${day}T08:00:00Z` },
      ...{ description: `Courrier n° ${place}`, content: [{ attachment: { title: `Courrier n° ${place}` } }] },
    };
  const text = `Suivi de la tension. Écho des reins normale, contrôle dans trois mois. Visite n° ${place}.`;
  return {
    ...{ resourceType: 'Composition', id: `n-${id}`, status: 'final', subject, date: `${day}T09:00:00Z` },
    ...{ title: `Consultation n° ${place}`, type: { text: 'Consultation' } },
    section: [
      {
        title: 'Histoire',
        text: { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml"><p>${text}</p></div>` },
      },
    ],
  };
}
