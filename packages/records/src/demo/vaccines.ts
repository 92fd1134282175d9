/** Vaccines of the French schedule of 2025: ATC code, usual brand, what it protects from. */
export interface Vaccine {
  readonly atc: string;
  readonly brand: string;
  readonly target: string;
}

const vaccine = (atc: string, brand: string, target: string): Vaccine => ({ atc, brand, target });

export const vaccines = {
  hexavalent: vaccine('J07CA09', 'Hexyon', 'DTCaP, polio, Hib, hépatite B'),
  pneumococcal: vaccine('J07AL02', 'Prevenar 13', 'Pneumocoque'),
  pneumococcal20: vaccine('J07AL02', 'Prevenar 20', 'Pneumocoque'),
  rotavirus: vaccine('J07BH01', 'Rotarix', 'Rotavirus'),
  meningococcalB: vaccine('J07AH09', 'Bexsero', 'Méningocoque B'),
  meningococcalC: vaccine('J07AH07', 'Neisvac', 'Méningocoque C'),
  meningococcalAcwy: vaccine('J07AH08', 'Nimenrix', 'Méningocoques ACWY'),
  measles: vaccine('J07BD52', 'Priorix', 'Rougeole, oreillons, rubéole'),
  tetravalent: vaccine('J07CA02', 'InfanrixTetra', 'DTCaP, polio'),
  adultPertussis: vaccine('J07CA02', 'Repevax', 'dTcaP'),
  adultTetanus: vaccine('J07CA01', 'Revaxis', 'dTP'),
  papilloma: vaccine('J07BM03', 'Gardasil 9', 'Papillomavirus'),
  influenza: vaccine('J07BB02', 'VaxigripTetra', 'Grippe'),
  covid: vaccine('J07BN01', 'Comirnaty', 'Covid-19'),
  shingles: vaccine('J07BK03', 'Shingrix', 'Zona'),
} as const satisfies Readonly<Record<string, Vaccine>>;

export type VaccineName = keyof typeof vaccines;

/** "dTcaP (Repevax)" */
export const vaccineText = (name: VaccineName): string => `${vaccines[name].target} (${vaccines[name].brand})`;
