import { frenchNumber, type MeasureKind, roundMeasure } from '../measures/measure-types.ts';
import { addMonths, ageYears, civil, dayOf, isoDate } from './calendar.ts';
import { type ChronicProblem, chronicProblems } from './chronic.ts';
import { addVisit, type Measure, type Teller, tell } from './course.ts';
import type { DrugName } from './drugs.ts';
import type { Physiology } from './physiology.ts';

interface Lived {
  readonly problem: ChronicProblem;
  readonly drugs: readonly DrugName[];
  readonly sinceYear: number;
}

/** Gives the patient the lasting problems of their age, and three years of coherent follow-up. Returns how many visits a year that took. */
export function tellChronicCare(teller: Teller, body: Physiology): number {
  const lived = chooseProblems(teller);
  if (lived.length === 0) return 0;
  const followed = lived.filter(({ drugs, problem }) => drugs.length > 0 || problem.history.length > 60);
  if (followed.length === 0) return 0;
  const { random, today } = teller;
  const heavy = followed.length >= 4 || ageYears(teller.person.birth, today) > 80;
  const every = heavy ? 3 : followed.length >= 2 ? random.pick([3, 4, 6]) : random.pick([6, 6, 12]);
  // The last renewal is never far: a patient in care is seen this season.
  let day = addMonths(today, -36) + random.below(every * 28);
  const home = ageYears(teller.person.birth, today) > 84 && random.chance(0.4);
  let laboratory = 0;
  while (day < today) {
    const labs = [...new Set(followed.flatMap(({ problem }) => problem.labs))];
    if (labs.length > 0 && laboratory-- <= 0) {
      const results = labs.map((kind) => body.measure(kind, day - 5));
      if (day - 5 < today) teller.course.labs.push({ day: day - 5 - random.below(6), results });
      laboratory = every <= 3 ? 1 : 0;
    }
    tellFollowUp(teller, body, { day, followed, home, every });
    day = addMonths(day, every) + random.between(-9, 12);
  }
  return 12 / every;
}

function chooseProblems(teller: Teller): Lived[] {
  const { person, random, today, course } = teller;
  const age = ageYears(person.birth, today);
  const birthYear = civil(person.birth).year;
  const lived: Lived[] = [];
  for (const problem of chronicProblems) {
    if (!random.chance(problem.share(age, person.sex))) continue;
    const [early, late] = problem.onset;
    const onset = Math.min(age, random.between(early, Math.max(early, Math.min(late, age))));
    const since = Math.min(birthYear + onset, civil(today).year);
    const drugs = random.pick(problem.drugs);
    course.problems.push({ code: problem.code, display: problem.display, since: String(since) });
    for (const drug of drugs) course.longTerm.set(drug, null);
    if (problem.cover !== undefined) {
      const start = dayOf(civil(today).year - random.below(4), random.between(1, 12), 1);
      const opened = Math.min(start, today - 20);
      const condition = { code: problem.code, display: problem.display };
      course.cover.push({ number: problem.cover, from: opened, to: addMonths(opened, 60), condition });
    }
    lived.push({ problem, drugs, sinceYear: since });
  }
  return lived;
}

function tellFollowUp(
  teller: Teller,
  body: Physiology,
  at: { day: number; followed: readonly Lived[]; home: boolean; every: number },
): void {
  const { random } = teller;
  const measures: Measure[] = [body.pressure(at.day), body.measure('weight', at.day)];
  if (random.chance(0.5)) measures.push(body.measure('pulse', at.day));
  if (at.followed.some(({ problem }) => problem.code.startsWith('J4')) && random.chance(0.6))
    measures.push(body.measure('saturation', at.day));
  if (at.followed.some(({ problem }) => problem.code === 'J45.9') && random.chance(0.5))
    measures.push(body.measure('peakFlow', at.day));
  if (at.followed.some(({ problem }) => problem.code === 'G30.9') && random.chance(0.3))
    measures.push(body.measure('mmse', at.day));
  if (at.followed.some(({ problem }) => problem.code === 'F33.9') && random.chance(0.5))
    measures.push(body.measure('phq9', at.day));
  const spoken = random.below(4) === 0 ? at.followed.slice(0, 2) : at.followed.slice(0, 4);
  const home = body.pressure(at.day);
  const say = (phrase: string, lived: Lived): string =>
    tell(teller, phrase, {
      selfBp: `${Math.round((home.value - 4) / 5) * 5}/${Math.round(((home.second ?? 75) - 2) / 5) * 5}`,
      side: random.chance(0.5) ? 'droit' : 'gauche',
      year: String(lived.sinceYear),
      years: String(Math.max(2, civil(at.day).year - lived.sinceYear - 1)),
    }).trim();
  const join = (part: 'history' | 'exam' | 'plan'): string =>
    spoken
      .map((lived) => say(lived.problem[part], lived))
      .filter((text) => text !== '')
      .join(' ');
  const results = latestResults(teller, at.day);
  const conclusions = spoken.slice(0, 3).map((lived) => say(lived.problem.conclusion, lived));
  const names = at.followed.slice(0, 2).map(({ problem }) => problem.short);
  const drugs = [...new Set(at.followed.flatMap((lived) => lived.drugs))];
  addVisit(teller, at.day, {
    setting: at.home ? 'home' : random.chance(0.04) ? 'remote' : 'practice',
    title: conclusions.join(', ').replace(/, \p{Lu}(?=\p{Ll})/gu, (text) => text.toLowerCase()),
    reason: tell(
      teller,
      `{Renouvellement|Renouvellement d’ordonnance|Suivi ${names.join(', ')}|Contrôle ${names[0] ?? ''}|Renouvellement{, résultats|}}`,
    ),
    history: `${results}${join('history')}`.trim(),
    exam: join('exam'),
    measures,
    conclusion: `${conclusions.join('. ')}.`,
    plan: renewalPlan(teller, join('plan'), at.every),
    diagnosis: spoken[0] ? { code: spoken[0].problem.code, display: spoken[0].problem.display } : null,
    drugs,
  });
}

function renewalPlan(teller: Teller, plan: string, months: number): string {
  if (plan.includes('Revoir')) return `${plan} Ordonnance renouvelée.`;
  return tell(teller, `<plan> {Renouvellement ${months} mois.|Ordonnance renouvelée.|Revoir dans ${months} mois.}`, {
    plan,
  }).trim();
}

const told: Partial<Record<MeasureKind, string>> = {
  hba1c: '%',
  ldl: 'g/l',
  tsh: 'mUI/l',
  creatinine: 'µmol/l',
  hemoglobin: 'g/dl',
  psa: 'ng/ml',
};
const names: Partial<Record<MeasureKind, string>> = {
  hba1c: 'HbA1c',
  ldl: 'LDL',
  tsh: 'TSH',
  creatinine: 'créatinine',
  hemoglobin: 'Hb',
  psa: 'PSA',
};

/** "Biologie du 12/11 : HbA1c 7,4 %, créatinine 62 µmol/l. " when a report has just come. */
function latestResults(teller: Teller, day: number): string {
  const report = teller.course.labs.at(-1);
  if (report === undefined || day - report.day > 20) return '';
  const parts = report.results
    .filter(({ kind }) => told[kind] !== undefined)
    .map(
      ({ kind, value }) =>
        `${names[kind] ?? kind} ${frenchNumber(roundMeasure(kind, value), kind === 'creatinine' ? 0 : kind === 'hba1c' || kind === 'hemoglobin' ? 1 : 2)} ${told[kind] ?? ''}`,
    );
  if (parts.length === 0) return '';
  const date = isoDate(report.day);
  return `Biologie du ${date.slice(8)}/${date.slice(5, 7)} : ${parts.slice(0, 3).join(', ')}. `;
}
