import { codeSystems } from '../fhir/coding-system.ts';
import { codesOf, conceptText, elementAt, type Fields, itemsAt, textAt } from '../page/element-text.ts';

/** What a vaccine protects from, as far as the schedule tells them apart. */
export type Target =
  | 'diphtheria-tetanus-polio'
  | 'pertussis'
  | 'haemophilus'
  | 'hepatitis-b'
  | 'pneumococcus'
  /** By a conjugate vaccine with 20 valences or more. */
  | 'pneumococcus-20'
  | 'meningococcus-b'
  | 'meningococcus-acwy'
  | 'measles-mumps-rubella'
  | 'rotavirus'
  | 'papillomavirus'
  | 'zoster'
  | 'influenza'
  | 'covid';

/** A vaccine to choose from: its ATC code (WHO) and its name in words. */
export interface VaccineKind {
  readonly atc: string;
  readonly text: string;
  readonly targets: readonly Target[];
}

const kind = (atc: string, text: string, ...targets: Target[]): VaccineKind => ({ atc, text, targets });

/** The vaccines of everyday practice in France, with the names that people say. */
export const vaccineKinds: readonly VaccineKind[] = [
  kind(
    'J07CA09',
    'Hexavalent (Hexyon, Infanrix Hexa, Vaxelis)',
    'diphtheria-tetanus-polio',
    'pertussis',
    'haemophilus',
    'hepatitis-b',
  ),
  kind('J07CA06', 'Pentavalent (Infanrix Quinta, Pentavac)', 'diphtheria-tetanus-polio', 'pertussis', 'haemophilus'),
  kind('J07CA02', 'DTCaP (InfanrixTetra, Tetravac)', 'diphtheria-tetanus-polio', 'pertussis'),
  kind('J07CA02', 'dTcaP (Boostrixtetra, Repevax)', 'diphtheria-tetanus-polio', 'pertussis'),
  kind('J07CA01', 'dTP (Revaxis)', 'diphtheria-tetanus-polio'),
  kind('J07AL02', 'Pneumocoque 13-valent (Prevenar 13)', 'pneumococcus'),
  kind('J07AL02', 'Pneumocoque 15-valent (Vaxneuvance)', 'pneumococcus'),
  kind('J07AL02', 'Pneumocoque 20-valent (Prevenar 20)', 'pneumococcus', 'pneumococcus-20'),
  kind('J07AL01', 'Pneumocoque 23-valent (Pneumovax)', 'pneumococcus'),
  kind('J07AH09', 'Méningocoque B (Bexsero)', 'meningococcus-b'),
  kind('J07AH08', 'Méningocoques ACWY (Nimenrix, MenQuadfi, Menveo)', 'meningococcus-acwy'),
  kind('J07AH07', 'Méningocoque C (Neisvac, Menjugate)'),
  kind('J07BD52', 'Rougeole, oreillons, rubéole (Priorix, M-M-RVaxPro)', 'measles-mumps-rubella'),
  kind('J07BH01', 'Rotavirus (Rotarix)', 'rotavirus'),
  kind('J07BH02', 'Rotavirus (RotaTeq)', 'rotavirus'),
  kind('J07BC01', 'Hépatite B (Engerix B, HBVaxPro)', 'hepatitis-b'),
  kind('J07BC02', 'Hépatite A (Havrix, Avaxim)'),
  kind('J07BM03', 'Papillomavirus (Gardasil 9)', 'papillomavirus'),
  kind('J07BK01', 'Varicelle (Varivax, Varilrix)'),
  kind('J07BK03', 'Zona (Shingrix)', 'zoster'),
  kind('J07BB02', 'Grippe', 'influenza'),
  kind('J07BN01', 'Covid-19 (Comirnaty)', 'covid'),
  kind('J07AN01', 'BCG'),
  kind('J07BL01', 'Fièvre jaune (Stamaril)'),
];

const byAtc: ReadonlyMap<string, readonly Target[]> = new Map([
  ...vaccineKinds.filter(({ text }) => !text.includes('20-valent')).map(({ atc, targets }) => [atc, targets] as const),
  ['J07BM01', ['papillomavirus']],
  ['J07BM02', ['papillomavirus']],
  ['J07BB03', ['influenza']],
  // The live one, which answers for nothing that is asked now.
  ['J07BK02', []],
  // Measles, mumps, rubella and varicella in one.
  ['J07BD54', ['measles-mumps-rubella']],
]);

/** 20 valences or more share their ATC code with fewer: only a name tells. */
const twentyValences = /\b(prevenar|vpc|pcv|pneumo\w*)\W*2[01]\b|\b2[01][- ]?valent|apexxnar|capvaxive/i;

/** What a dose of whatever origin protects from; null for a vaccine that is not recognised. */
export function targetsOf(immunization: Fields): readonly Target[] | null {
  const code = elementAt(immunization, 'vaccineCode');
  const atc = itemsAt(code, 'coding')
    .filter((coding) => textAt(coding, 'system') === codeSystems.atc)
    .map((coding) => textAt(coding, 'code'))
    .find((one) => byAtc.has(one));
  const known = atc === undefined ? null : (byAtc.get(atc) ?? null);
  if (known === null || !known.includes('pneumococcus')) return known;
  const words = [conceptText(code), ...itemsAt(code, 'coding').map((one) => textAt(one, 'display')), ...codesOf(code)];
  return words.some((text) => twentyValences.test(text)) ? [...known, 'pneumococcus-20'] : known;
}
