import { readPatient } from '../fhir/patient.ts';
import { type Day, frenchDate } from './calendar.ts';

/** A file that arrived this morning, and the patient whom somebody filed it for already; null for nobody yet. */
export interface DemoArrival {
  readonly name: string;
  readonly text: string;
  /** Place among the patients, from 0. */
  readonly filedFor: number | null;
}

interface Sample {
  /** Place of the patient, from 0. */
  readonly patient: number;
  readonly isFiled: boolean;
  /** As a laboratory in a hurry writes it. */
  readonly isNamedShort?: boolean;
  /** Label, code, value, unit, low, high, flag. */
  readonly results: readonly (readonly [string, string, string, string, string, string, string])[];
  readonly comment: string;
}

const samples: readonly Sample[] = [
  {
    patient: 0,
    isFiled: true,
    results: [
      ['HbA1c', 'A1C', '7.4', '%', '', '6.0', 'H'],
      ['Créatinine', 'CREA', '62', 'µmol/l', '49', '90', 'N'],
      ['DFG (CKD-EPI)', 'DFG', '108', 'ml/min', '60', '', 'N'],
      ['LDL-cholestérol', 'LDL', '1.12', 'g/l', '', '1.30', 'N'],
    ],
    comment: 'Équilibre glycémique à réévaluer.',
  },
  {
    patient: 2,
    isFiled: true,
    results: [
      ['Potassium', 'K', '5.6', 'mmol/l', '3.5', '5.0', 'H'],
      ['Créatinine', 'CREA', '118', 'µmol/l', '59', '104', 'H'],
      ['CRP', 'CRP', '< 4', 'mg/l', '', '5', 'N'],
    ],
    comment: 'Potassium contrôlé sur le même prélèvement, sans hémolyse.',
  },
  {
    patient: 4,
    isFiled: false,
    results: [
      ['Hémoglobine', 'HB', '10.9', 'g/dl', '11.5', '15.0', 'L'],
      ['Ferritine', 'FERR', '9', 'µg/l', '15', '150', 'L'],
      ['TSH', 'TSH', '2.10', 'mUI/l', '0.40', '4.00', 'N'],
    ],
    comment: 'Profil de carence martiale.',
  },
  {
    patient: 1,
    isFiled: false,
    isNamedShort: true,
    results: [
      ['Leucocytes', 'GB', '6.2', 'G/L', '4.0', '10.0', 'N'],
      ['Plaquettes', 'PLA', '241', 'G/L', '150', '400', 'N'],
    ],
    comment: '',
  },
];

/** Results in HPRIM Médecin of the invented laboratory, of the practice's first patients. */
export function demoArrivals(patients: readonly unknown[], today: Day): DemoArrival[] {
  return samples.flatMap((sample, place) => {
    const traits = readPatient(patients[sample.patient]);
    if (traits === null) return [];
    const lines = [
      `BIO${1_000 + place}`,
      (traits.usedName ?? traits.birthName).toUpperCase(),
      (sample.isNamedShort ? traits.firstGivenName.slice(0, 4) : traits.firstGivenName).toUpperCase(),
      ...['', '', '69400 VILLEFRANCHE SUR SAONE'],
      traits.birthDate?.split('-').reverse().join('/') ?? '',
      traits.ins?.value ?? '',
      `2026-${4_100 + place}`,
      frenchDate(today),
      'BIOALL.69 Laboratoire Bioalliance',
      'VASSEUR   Dr VASSEUR CLAIRE',
      ...['                 LABORATOIRE BIOALLIANCE', `                 Prélèvement du ${frenchDate(today)}`, ''],
      ...sample.results.map(textLine),
      ...(sample.comment === '' ? [] : ['', sample.comment]),
      '****LAB****',
      ...sample.results.map(
        ([label, code, value, ...rest]) => `RES|${[label, code, 'N', value, ...rest, 'F'].join('|')}`,
      ),
      ...['****FIN****', '****FINFICHIER****', ''],
    ];
    const filedFor = sample.isFiled ? sample.patient : null;
    return [{ name: `bioalliance-${4_100 + place}.hpr`, text: lines.join('\r\n'), filedFor }];
  });
}

function textLine([label, , value, unit, low, high, flag]: Sample['results'][number]): string {
  const comma = (text: string) => text.replace('.', ',');
  const range =
    low === '' ? `inf. à ${comma(high)}` : high === '' ? `sup. à ${comma(low)}` : `${comma(low)} à ${comma(high)}`;
  return `${label.padEnd(26)}${comma(value).padStart(8)} ${flag === 'N' ? ' ' : '*'} ${unit.padEnd(10)}${range}`;
}
