import { type AcuteProblem, acuteProblems } from './acute.ts';
import { addMonths, ageYears, civil, type Day, dayOf } from './calendar.ts';
import { addVisit, lotNumber, type Measure, type Teller, tell } from './course.ts';
import type { DrugName } from './drugs.ts';
import type { Physiology } from './physiology.ts';
import type { VaccineName } from './vaccines.ts';

/** Colds, backs, cystitis: what a person of this age comes for, `perYear` times a year on average. */
export function tellEverydayProblems(teller: Teller, body: Physiology | null, perYear: number): void {
  const { person, random, today, from } = teller;
  const start = Math.max(from, person.birth + 20);
  let day = start;
  while (true) {
    // Waiting times without memory: some are never ill, some come twice in a month.
    day += 3 + Math.ceil((-Math.log(1 - random.below(1_000_000) / 1_000_000) * 365) / Math.max(0.1, perYear));
    if (day >= today) return;
    const age = ageYears(person.birth, day);
    const fitting = acuteProblems
      .filter(({ ages, sex }) => age >= ages[0] && age <= ages[1] && (sex === undefined || sex === person.sex))
      .map((problem) => ({ problem, weight: problem.weight * seasonal(problem, day) }));
    if (fitting.length > 0) tellAcuteProblem(teller, body, { problem: random.weighted(fitting).problem, day, age });
  }
}

function seasonal(problem: AcuteProblem, day: Day): number {
  if (problem.season === undefined) return 1;
  const { month } = civil(day);
  const now = month >= 11 || month <= 3 ? 'winter' : month <= 6 ? 'spring' : 'summer';
  return problem.season === now ? 1 : 0.25;
}

function tellAcuteProblem(
  teller: Teller,
  body: Physiology | null,
  at: { problem: AcuteProblem; day: Day; age: number },
): void {
  const { random, course } = teller;
  const { problem, day, age } = at;
  const side =
    problem.display.includes('Otite') || problem.code.startsWith('S93') || problem.reason.includes('Épaule')
      ? random.pick(['droite', 'gauche'])
      : random.pick(['droit', 'gauche']);
  const values = { days: String(random.between(2, 6)), n: String(random.between(2, 6)), side };
  const say = (phrase: string): string => agreeSide(tell(teller, phrase, values));
  const penicillin =
    course.allergies !== 'none known' &&
    course.allergies !== 'not asked' &&
    course.allergies.some(({ atc }) => atc === 'J01C');
  const choices = penicillin && problem.withoutPenicillin !== undefined ? problem.withoutPenicillin : problem.drugs;
  const drugs = random
    .pick<readonly DrugName[]>(choices)
    .map((name) =>
      name === 'paracetamol' && age < 10
        ? 'paracetamolChild'
        : name === 'amoxicillin' && age < 14
          ? 'amoxicillinChild'
          : name,
    );
  const measures: Measure[] = [];
  if (problem.fever !== undefined && random.chance(0.85)) {
    const [low, high] = problem.fever;
    measures.push({
      kind: 'temperature',
      value: Math.round((low + (random.below(1000) / 1000) * (high - low)) * 10) / 10,
    });
  }
  if (body !== null && (problem.pressure === true || random.chance(0.2))) measures.push(body.pressure(day));
  if (body !== null && random.chance(0.14)) measures.push(body.measure('weight', day));
  const works = age >= 19 && age <= 63 && problem.sickLeave !== undefined && random.chance(0.4);
  const leave =
    works && problem.sickLeave !== undefined
      ? ` Arrêt de travail ${random.between(Math.max(2, problem.sickLeave[0]), Math.max(2, problem.sickLeave[1]))} jours.`
      : '';
  const conclusion = say(problem.conclusion);
  addVisit(teller, day, {
    title: conclusion,
    reason: say(problem.reason),
    history: say(problem.history).replace(/\s+/g, ' ').trim(),
    exam: say(problem.exam),
    measures,
    conclusion: `${conclusion}.`,
    plan: `${say(problem.plan).replace(/\s+/g, ' ').trim()}${leave}`,
    diagnosis: { code: problem.code, display: problem.display },
    drugs,
  });
}

/** "genou droite" would betray the machine: the side agrees with the nearest noun it follows. */
function agreeSide(text: string): string {
  return text
    .replace(
      /(genou|mollet|œil|releveur|trapèze|tympan|conduit|hémicorps|gros orteil|MTP1|maxillaire|creux poplité|index|pouce|majeur|côté|achilléen|Lasègue|dermatome \w+) (droite|gauche)/giu,
      (_, noun: string, side: string) => `${noun} ${side === 'droite' ? 'droit' : side}`,
    )
    .replace(
      /(épaule|cheville|oreille|otalgie|jambe|base|otite moyenne aiguë|otite externe|contracture paravertébrale|sous-orbitaire|aiguë|coiffe|fessière|lombosciatique|L5|S1|sciatique|gonalgie|rotation|paravertébrale|cuisse|saphène|aisselle|externe) droit(?!e)/giu,
      (_, noun: string) => `${noun} ${'droite'}`,
    );
}

const certificates: readonly {
  readonly ages: readonly [number, number];
  readonly reason: string;
  readonly title: string;
  readonly exam: string;
  readonly plan: string;
}[] = [
  {
    ages: [7, 60],
    reason: 'Certificat de sport {course à pied|judo|football|rugby|natation|tennis}',
    title: 'Certificat de non contre-indication au sport',
    exam: 'Bruits du cœur réguliers, pas de souffle, TA aux deux bras symétrique, rachis souple. {Ruffier 6.|ECG de repos normal.|}',
    plan: 'Certificat remis. {Échauffement, hydratation.|Revoir si malaise à l’effort.}',
  },
  {
    ages: [18, 60],
    reason: '{Certificat pour travail|Visite pour une location saisonnière|Certificat d’aptitude}',
    title: 'Certificat médical remis',
    exam: 'Examen sans particularité.',
    plan: 'Certificat remis en main propre.',
  },
  {
    ages: [18, 66],
    reason: 'Prolongation d’arrêt',
    title: 'Prolongation d’arrêt de travail',
    exam: 'Évolution {favorable|lente}.',
    plan: 'Prolongation {8|10|14} jours, reprise {prévue ensuite|à réévaluer}.',
  },
];

/** Certificates, contraception, adult vaccines and the flu of each autumn. */
export function tellPrevention(teller: Teller, body: Physiology): void {
  const { person, random, today } = teller;
  const age = ageYears(person.birth, today);
  for (const certificate of certificates) {
    if (age < certificate.ages[0] || age > certificate.ages[1] || !random.chance(0.16)) continue;
    const day = today - random.between(20, 1060);
    addVisit(teller, day, {
      title: certificate.title,
      reason: tell(teller, certificate.reason),
      history: tell(teller, '{Pas d’antécédent familial de mort subite. |}Pas de symptôme{ à l’effort|}.'),
      exam: tell(teller, certificate.exam),
      measures: [body.pressure(day), body.measure('weight', day), { kind: 'height', value: body.heightCm }],
      conclusion: `${certificate.title}.`,
      plan: tell(teller, certificate.plan),
      diagnosis: { code: 'Z02.7', display: 'Obtention d’un certificat médical' },
    });
  }
  if (person.sex === 'female' && age >= 16 && age <= 49 && random.chance(0.36)) tellContraception(teller, body);
  tellAdultVaccines(teller);
}

function tellContraception(teller: Teller, body: Physiology): void {
  const { random, today, course } = teller;
  const drug: DrugName = random.pick(['pill', 'pill', 'desogestrel', 'hormonalIud']);
  course.longTerm.set(drug, today - random.between(200, 1400));
  if (drug === 'hormonalIud') return;
  for (let day = addMonths(today, -random.between(1, 11)); day > teller.from; day = addMonths(day, -12)) {
    addVisit(teller, day, {
      title: 'Contraception bien tolérée, renouvelée',
      reason: tell(teller, '{Renouvellement de pilule|Contraception|Suivi gynécologique}'),
      history: tell(
        teller,
        '{Pas d’oubli|Un oubli ce trimestre, conduite à tenir revue}. Pas de céphalée, {pas de tabac|tabac 5/j}. {Frottis à jour.|Frottis à prévoir.}',
      ),
      exam: tell(teller, '{Examen des seins normal.|Examen gynécologique non souhaité ce jour.|Frottis fait.}'),
      measures: [body.pressure(day), body.measure('weight', day)],
      conclusion: 'Contraception adaptée.',
      plan: tell(teller, 'Ordonnance 12 mois. {Bilan lipidique et glycémie.|Préservatif rappelé.|}').trim(),
      diagnosis: { code: 'Z30.4', display: 'Surveillance de contraceptifs' },
      drugs: [drug],
    });
  }
}

function tellAdultVaccines(teller: Teller): void {
  const { person, random, today, course, from } = teller;
  const age = ageYears(person.birth, today);
  const give = (vaccine: VaccineName, day: Day): void => {
    if (day > person.birth && day < today - 1) {
      course.vaccines.push({
        vaccine,
        day: day % 7 === 3 ? day + 1 : day,
        lot: lotNumber(random),
        site: random.chance(0.75) ? 'LA' : 'RA',
      });
    }
  };
  const boosters = [25, 45, 65, 75, 85, 95];
  const last = boosters.filter((years) => years <= age).at(-1);
  if (last !== undefined && random.chance(0.82))
    give(last === 25 ? 'adultPertussis' : 'adultTetanus', addMonths(person.birth, last * 12) + random.below(200));
  const risk = age >= 65 || course.problems.some(({ code }) => /^(E11|J4|I25|I50)/.test(code));
  if (!risk) return;
  const faithful = random.chance(0.68);
  const lastYear = civil(today).year;
  for (let year = lastYear - 3; year <= lastYear; year++) {
    const day = dayOf(year, 10, 15) + random.below(42);
    if (day < from || !faithful || random.chance(0.12)) continue;
    give('influenza', day);
    if (age >= 65 && random.chance(0.55)) give('covid', day);
  }
  if (age >= 65 && random.chance(0.22)) {
    const first = today - random.between(120, 500);
    give('shingles', first);
    give('shingles', addMonths(first, 2));
  }
  if (random.chance(0.4)) give('pneumococcal20', today - random.between(30, 500));
}
