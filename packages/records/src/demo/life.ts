import { ageMonths, ageYears, civil } from './calendar.ts';
import { tellChildhood } from './childhood.ts';
import { tellChronicCare } from './chronic-care.ts';
import type { Allergy, Teller } from './course.ts';
import { tellEverydayProblems, tellPrevention } from './everyday.ts';
import { tellLetters } from './letters.ts';
import { adultPhysiology } from './physiology.ts';
import { tellPregnancy } from './pregnancy.ts';

const knownAllergies: readonly (Omit<Allergy, 'since'> & { readonly weight: number })[] = [
  { weight: 34, atc: 'J01C', substance: 'Pénicilline', kind: 'medication', reaction: 'Urticaire', severe: false },
  { weight: 8, atc: 'J01C', substance: 'Pénicilline', kind: 'medication', reaction: 'Œdème de Quincke', severe: true },
  {
    weight: 12,
    atc: 'M01A',
    substance: 'Anti-inflammatoires non stéroïdiens',
    kind: 'medication',
    reaction: 'Bronchospasme',
    severe: true,
  },
  {
    weight: 6,
    atc: 'J01E',
    substance: 'Sulfamides',
    kind: 'medication',
    reaction: 'Éruption maculopapuleuse',
    severe: false,
  },
  {
    weight: 6,
    atc: 'V08',
    substance: 'Produit de contraste iodé',
    kind: 'medication',
    reaction: 'Urticaire',
    severe: false,
  },
  { weight: 9, atc: null, substance: 'Arachide', kind: 'food', reaction: 'Anaphylaxie', severe: true },
  { weight: 7, atc: null, substance: 'Venin de guêpe', kind: 'environment', reaction: 'Œdème étendu', severe: false },
  {
    weight: 10,
    atc: null,
    substance: 'Pollens de graminées',
    kind: 'environment',
    reaction: 'Rhinoconjonctivite',
    severe: false,
  },
  { weight: 8, atc: null, substance: 'Acariens', kind: 'environment', reaction: 'Rhinite', severe: false },
];

/** Everything that happened to one invented patient, chapter by chapter. */
export function tellLife(teller: Teller): void {
  const { person, random, today } = teller;
  tellAllergies(teller);
  tellPast(teller);
  const age = ageYears(person.birth, today);
  if (age < 18) {
    tellChildhood(teller, random.bell() * 0.8);
    tellEverydayProblems(teller, null, ageMonths(person.birth, today) < 72 ? 1.9 : 0.9);
  } else {
    const body = adultPhysiology(person, random, today);
    for (const birth of person.childBirths) if (birth > teller.from - 200) tellPregnancy(teller, body, birth);
    const followUps = tellChronicCare(teller, body);
    tellPrevention(teller, body);
    tellEverydayProblems(teller, body, followUps > 0 ? 0.7 : 0.95);
  }
  tellLetters(teller);
}

function tellAllergies(teller: Teller): void {
  const { random, person, today, course } = teller;
  const age = ageYears(person.birth, today);
  if (age >= 3 && random.chance(0.13)) {
    const { weight: _, ...allergy } = random.weighted(knownAllergies);
    const since = String(civil(today).year - random.between(1, Math.min(25, age - 1)));
    course.allergies = [{ ...allergy, since }];
  } else course.allergies = random.chance(age < 1 ? 0.4 : 0.72) ? 'none known' : 'not asked';
}

const surgery = [
  { code: 'K35.8', display: 'Appendicectomie', ages: [8, 30], weight: 10 },
  { code: 'J35.0', display: 'Amygdalectomie', ages: [4, 12], weight: 8 },
  { code: 'K80.2', display: 'Cholécystectomie', ages: [30, 65], weight: 5 },
  { code: 'K40.9', display: 'Hernie inguinale opérée', ages: [30, 70], weight: 5 },
  { code: 'S83.5', display: 'Ligamentoplastie du genou', ages: [18, 40], weight: 4 },
  { code: 'S52.5', display: 'Fracture du poignet', ages: [8, 70], weight: 6 },
  { code: 'H25.9', display: 'Cataracte opérée', ages: [66, 84], weight: 9 },
  { code: 'M16.9', display: 'Prothèse de hanche', ages: [62, 84], weight: 5 },
] as const;

/** What was already over when the three years began. */
function tellPast(teller: Teller): void {
  const { random, person, today, course } = teller;
  const age = ageYears(person.birth, today);
  const fitting = surgery.filter(({ ages }) => age > ages[0]);
  const count = Math.min(fitting.length, age > 60 ? random.below(3) : random.chance(0.3) ? 1 : 0);
  const left = [...fitting];
  for (let i = 0; i < count; i++) {
    const past = random.weighted(left);
    left.splice(left.indexOf(past), 1);
    const at = random.between(past.ages[0], Math.min(age, past.ages[1]));
    const year = String(civil(person.birth).year + at);
    course.problems.push({ code: past.code, display: past.display, since: year, until: year });
  }
}
