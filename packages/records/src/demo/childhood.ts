import { roundMeasure } from '../measures/measure-types.ts';
import { addMonths, ageMonths, type Day, dayOf, openDay } from './calendar.ts';
import { addVisit, lotNumber, type Measure, type Teller, tell } from './course.ts';
import type { DrugName } from './drugs.ts';
import type { VaccineName } from './vaccines.ts';

interface CheckUp {
  /** Age at the visit; below one month it is in days. */
  readonly months: number;
  readonly name: string;
  readonly history: string;
  readonly exam: string;
  readonly plan: string;
}

const checkUps: readonly CheckUp[] = [
  {
    months: 0.3,
    name: 'Examen de la 2e semaine',
    history:
      '{Allaitement maternel exclusif|Allaitement mixte|Biberons de 70 ml}, {dort sur le dos|réveils toutes les 3 h}. Poids de naissance repris.',
    exam: 'Tonus normal, fontanelle souple, hanches stables, fémorales perçues. Ombilic {propre|en voie de cicatrisation}.',
    plan: 'Vitamine D et K. Couchage sur le dos. Recherche d’épuisement parental.',
  },
  {
    months: 1,
    name: 'Examen du 1er mois',
    history: '{Allaitement maternel|Biberons de 110 ml}, {pleurs du soir|régurgitations simples}. Sourit.',
    exam: 'Poursuite oculaire, hanches libres, auscultation normale.',
    plan: 'Vitamine D. Vaccins prévus à 2 mois, expliqués.',
  },
  {
    months: 2,
    name: 'Examen du 2e mois',
    history: '{Sourire-réponse, gazouille|Fait presque ses nuits|Coliques en diminution}. Selles normales.',
    exam: 'Tient la tête un instant, réflexes présents, hanches normales.',
    plan: 'Vaccins faits, bien tolérés. Paracétamol si fièvre.',
  },
  {
    months: 3,
    name: 'Examen du 3e mois',
    history: '{Mode de garde trouvé|Reprise du travail prévue}, {allaitement poursuivi|biberons de 150 ml}.',
    exam: 'Tient la tête, joue avec les mains. Examen normal.',
    plan: 'Vaccin fait. Poursuite vitamine D.',
  },
  {
    months: 4,
    name: 'Examen du 4e mois',
    history: '{Rit aux éclats|Attrape un hochet}. Diversification expliquée.',
    exam: 'Appui sur les avant-bras, tonus normal.',
    plan: 'Vaccins faits. Diversification à partir de 4 mois révolus.',
  },
  {
    months: 5,
    name: 'Examen du 5e mois',
    history: 'Diversification {commencée|bien acceptée}. {Dort 8 h.|Rhinites de crèche.}',
    exam: 'Se retourne, saisit les objets. Tympans normaux.',
    plan: 'Vaccin fait. Allergènes introduits sans tarder.',
  },
  {
    months: 6,
    name: 'Vaccination du 6e mois',
    history: 'Bon appétit, tient assis avec appui.',
    exam: 'Examen normal.',
    plan: 'Vaccin fait. Première dent : brossage.',
  },
  {
    months: 9,
    name: 'Examen du 9e mois',
    history: '{Tient assis [seul|seule]|Rampe}, {babille|angoisse de l’étranger}. Quatre repas.',
    exam: 'Pince {en cours|acquise}, parachute présent, réflexe de poursuite, audition cliniquement normale.',
    plan: 'Sécurité domestique. Pas d’écran. Vaccins à 11 mois.',
  },
  {
    months: 11,
    name: 'Examen du 11e mois',
    history: '{Se met debout|Marche avec appui}, {dit « papa »|pointe du doigt}.',
    exam: 'Pince pouce-index, examen normal.',
    plan: 'Vaccins faits.',
  },
  {
    months: 12,
    name: 'Examen du 12e mois',
    history: '{Premiers pas|Marche tenu par une main}, {deux mots|comprend « non »}. Mange en morceaux.',
    exam: 'Examen somatique normal, vision : reflets symétriques.',
    plan: 'Vaccins faits. Lait de croissance 500 ml.',
  },
  {
    months: 17,
    name: 'Examen du 17e mois',
    history: 'Marche {depuis 13 mois|acquise}, {10 mots|montre les parties du corps}, pointe.',
    exam: 'Développement normal, pas de signe d’appel autistique.',
    plan: 'Deuxième ROR fait. Coucher régulier.',
  },
  {
    months: 24,
    name: 'Examen de 2 ans',
    history: 'Associe deux mots, {court|monte l’escalier}, {propreté en cours|s’oppose}.',
    exam: 'Examen normal, dents saines.',
    plan: 'Écrans : aucun avant 3 ans. Revoir à 3 ans.',
  },
  {
    months: 36,
    name: 'Examen de 3 ans',
    history: 'Phrases, dit « je », {entrée à l’école préparée|propre le jour}.',
    exam: 'Vision et audition normales. IMC dans les couloirs.',
    plan: 'Dentiste. Repérage du langage : normal.',
  },
  {
    months: 48,
    name: 'Examen de 4 ans',
    history: '[Scolarisé|Scolarisée], {dessine un bonhomme|raconte sa journée}.',
    exam: 'Acuité visuelle 10/10, audition normale.',
    plan: 'Surveillance du rebond d’adiposité.',
  },
  {
    months: 72,
    name: 'Examen de 6 ans',
    history: 'CP, {lecture en cours|s’y plaît}. {Sport : judo|Sport : natation|Sport : football}.',
    exam: 'Examen normal, rachis droit, vision 10/10.',
    plan: 'Rappel fait. Troubles des apprentissages : non.',
  },
  {
    months: 102,
    name: 'Examen de 8-9 ans',
    history: 'École {bonne|sans difficulté}, sommeil 10 h. {Écrans 1 h/j.|}',
    exam: 'Tanner 1, rachis droit.',
    plan: 'Activité physique. Revoir à 11 ans.',
  },
  {
    months: 138,
    name: 'Examen de 11-13 ans',
    history: 'Collège, {bien [intégré|intégrée]|quelques céphalées le soir}. Téléphone.',
    exam: 'Tanner {2|3}, rachis : pas de gibbosité.',
    plan: 'Rappel dTcaP et première dose HPV. Temps seul proposé.',
  },
  {
    months: 186,
    name: 'Examen de 15-16 ans',
    history: '[Reçu|Reçue] [seul|seule] puis avec un parent. {Sommeil court.|Sport en club.} Tabac non.',
    exam: 'Examen normal, rachis droit.',
    plan: 'Contraception et protection abordées. Vaccins à jour.',
  },
];

/** Median weight (kg), height (cm) and head (cm) of boys by age in months, rounded; girls are a little under. Invented children only need a plausible line. */
const growth: readonly (readonly [number, number, number, number])[] = [
  [0, 3.4, 50, 34.6],
  [1, 4.4, 54.5, 37.1],
  [2, 5.5, 58.2, 39],
  [3, 6.3, 61.2, 40.4],
  [4, 7, 63.8, 41.5],
  [6, 7.9, 67.5, 43.2],
  [9, 8.9, 71.9, 44.9],
  [12, 9.7, 75.8, 46],
  [18, 11, 82.3, 47.3],
  [24, 12.3, 87.9, 48.2],
  [36, 14.4, 96.2, 49.4],
  [48, 16.4, 103.4, 50.1],
  [72, 20.7, 116.2, 51.3],
  [96, 25.7, 127.5, 52],
  [120, 31.8, 138, 52.6],
  [144, 40, 149.5, 53.4],
  [168, 51, 163.5, 54.3],
  [192, 61, 173, 55],
  [216, 67, 176, 55.4],
];

/** Weight, height and head circumference at an age, on the child's own line (`line`, in deviations from the median). */
export function growthAt(
  months: number,
  female: boolean,
  line: number,
): { weight: number; height: number; head: number } {
  const index = Math.max(
    1,
    growth.findIndex(([age]) => age >= months),
  );
  const before = growth[index - 1] ?? growth[0];
  const after = growth[index] ?? growth.at(-1);
  if (before === undefined || after === undefined) throw new RangeError('no growth table');
  const share = Math.max(0, Math.min(1, (months - before[0]) / (after[0] - before[0])));
  const between = (column: 1 | 2 | 3): number => before[column] + share * (after[column] - before[column]);
  const girl = female ? (months > 150 ? 0.93 : 0.965) : 1;
  return {
    weight: roundMeasure('weight', between(1) * girl * (1 + 0.105 * line)),
    height: roundMeasure('height', between(2) * (female ? (months > 160 ? 0.945 : 0.99) : 1) * (1 + 0.036 * line)),
    head: roundMeasure('headCircumference', between(3) * (female ? 0.985 : 1) * (1 + 0.024 * line)),
  };
}

const since2025 = dayOf(2025, 1, 1);

/** The doses due at each age (months) to a child born on `birth`, by the schedule in force. */
function schedule(birth: Day, female: boolean): readonly (readonly [number, readonly VaccineName[]])[] {
  const recent = addMonths(birth, 3) >= since2025;
  const papilloma: readonly VaccineName[] = female || addMonths(birth, 138) >= dayOf(2021, 1, 1) ? ['papilloma'] : [];
  return [
    [2, recent ? ['hexavalent', 'pneumococcal', 'rotavirus'] : ['hexavalent', 'pneumococcal']],
    [3, recent ? ['meningococcalB', 'rotavirus'] : []],
    [4, ['hexavalent', 'pneumococcal']],
    [5, recent ? ['meningococcalB'] : ['meningococcalC']],
    [6, recent ? ['meningococcalAcwy'] : []],
    [11, ['hexavalent', 'pneumococcal']],
    [12, recent ? ['measles', 'meningococcalAcwy', 'meningococcalB'] : ['measles', 'meningococcalC']],
    [17, ['measles']],
    [72, ['tetravalent']],
    [138, ['adultPertussis', ...papilloma]],
    [145, papilloma],
  ];
}

/** A childhood: compulsory examinations with growth, vaccines of the schedule, before and within the three years of activity. */
export function tellChildhood(teller: Teller, line: number): void {
  const { person, today, course, random } = teller;
  const female = person.sex === 'female';
  const age = ageMonths(person.birth, today);
  const doses = schedule(person.birth, female);
  const seen = new Map<number, Day>();
  for (const checkUp of checkUps) {
    if (checkUp.months > age + 0.5) break;
    const day = (checkUp.months < 1 ? person.birth + 11 : addMonths(person.birth, checkUp.months)) + random.below(9);
    seen.set(checkUp.months, openDay(day));
    const due = doses.find(([months]) => months === checkUp.months)?.[1] ?? [];
    const size = growthAt(ageMonths(person.birth, day) + 0.3, female, line);
    const measures: Measure[] = [
      { kind: 'weight', value: size.weight },
      { kind: 'height', value: size.height },
    ];
    if (checkUp.months <= 36) measures.push({ kind: 'headCircumference', value: size.head });
    const drugs: DrugName[] = checkUp.months <= 24 ? ['vitaminDChild'] : [];
    addVisit(teller, day, {
      title: `${checkUp.name}, ${tell(teller, '{développement normal|bon développement|croissance régulière}')}`,
      reason: checkUp.name,
      history: tell(teller, checkUp.history),
      exam: tell(teller, checkUp.exam),
      measures,
      conclusion: tell(
        teller,
        '{Nourrisson en bonne santé.|Développement et croissance normaux.|Examen normal pour l’âge.}'.replace(
          'Nourrisson',
          checkUp.months > 24 ? 'Enfant' : 'Nourrisson',
        ),
      ),
      plan: tell(teller, checkUp.plan),
      diagnosis: { code: 'Z00.1', display: 'Examen de routine de la santé de l’enfant' },
      drugs,
      vaccines: due,
    });
  }
  for (const [months, names] of doses) {
    const day = seen.get(months) ?? addMonths(person.birth, months) + 5;
    if (day >= today) break;
    const site = months < 12 ? (['LT', 'RT'] as const) : (['LA', 'RA'] as const);
    names.forEach((vaccine, index) => {
      course.vaccines.push({ vaccine, day, lot: lotNumber(random), site: site[index % 2] ?? site[0] });
    });
  }
}
