import type { VaccinationPlan } from '@serment/records/vaccination/due-doses';
import { type Target, vaccineKinds } from '@serment/records/vaccination/vaccines';
import type { CareItem } from '../../file-view/care-list.ts';

type Dose = CareItem<'vaccines'>;
type Planned = VaccinationPlan['doses'][number];

/** What one disease, or the vaccines of one name that no rule knows, says: doses that were given, and those to come. */
export interface VaccineGroup {
  readonly key: string;
  /** Null for a vaccine that the schedule does not tell of. */
  readonly target: Target | null;
  readonly doses: readonly Dose[];
  readonly planned: readonly Planned[];
}

/**
 * The doses of a file by disease: a dose that protects from several is told under each. `targetsOf` is the desk's,
 * which reads whole resources.
 */
export function vaccineGroups(
  items: readonly Dose[],
  plan: VaccinationPlan | null,
  targetsOf: Readonly<Record<string, readonly Target[] | null>>,
  today: string,
): VaccineGroup[] {
  const planned = Map.groupBy(plan?.doses ?? [], ({ target }) => diseaseOf(target));
  const given = new Map<Target, Dose[]>();
  const others = new Map<string, Dose[]>();
  for (const item of [...items].sort((left, right) => (left.day < right.day ? -1 : 1))) {
    const targets = new Set((targetsOf[item.recordId] ?? []).map(diseaseOf));
    for (const target of targets) given.set(target, [...(given.get(target) ?? []), item]);
    const { vaccine } = item.facts;
    if (targets.size === 0) others.set(vaccine, [...(others.get(vaccine) ?? []), item]);
  }
  const known = order.flatMap((target): VaccineGroup[] => {
    const doses = given.get(target) ?? [];
    const asked = nextOf(planned.get(target) ?? [], today);
    return doses.length + asked.length === 0 ? [] : [{ key: target, target, doses, planned: asked }];
  });
  const rest = [...others].map(([key, doses]) => ({ key, target: null, doses, planned: [] }));
  return [...known, ...rest];
}

/** Further ahead, a schedule will have changed before anybody goes by it. */
const yearsAhead = 5;

/**
 * What is asked for or doubtful now; else the first dose to come, alone: the day of the one after it hangs on the day
 * on which that one is given.
 */
function nextOf(planned: readonly Planned[], today: string): Planned[] {
  const now = planned.filter(({ status }) => ['due', 'late', 'check', 'unknown'].includes(status));
  if (now.some(({ status }) => status === 'due' || status === 'late')) return now;
  const horizon = `${Number(today.slice(0, 4)) + yearsAhead}${today.slice(4)}`;
  const later = planned
    .filter(({ status, from }) => status === 'later' && from !== null && from > today && from <= horizon)
    .sort((left, right) => ((left.from ?? '') < (right.from ?? '') ? -1 : 1));
  return [...now, ...later.slice(0, 1)];
}

const order = [...new Set(vaccineKinds.flatMap(({ targets }) => targets.map(diseaseOf)))];

/** One disease, whatever the number of its valences. */
function diseaseOf(target: Target): Target {
  return target === 'pneumococcus-20' ? 'pneumococcus' : target;
}
