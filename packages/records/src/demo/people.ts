import { ageYears, civil, type Day, dayOf } from './calendar.ts';
import { frenchEras, type Origin, originNames, surnamesOf } from './names.ts';
import { countries, frenchBirthPlaces, islandBirthPlaces, type Place, streets, type Town, towns } from './places.ts';
import { createRandom, type Random } from './random.ts';

export type Sex = 'female' | 'male';

export interface Person {
  readonly sex: Sex;
  readonly birth: Day;
  /** Name at birth. */
  readonly family: string;
  /** Name used in daily life, when another. */
  readonly usedFamily: string | null;
  /** Given names, the used one first. */
  readonly given: readonly string[];
  readonly birthPlace: Place;
  readonly origin: Origin;
  readonly home: Home;
  readonly mobile: string | null;
  readonly email: string | null;
  /** Births of this person's own children known to the practice. */
  readonly childBirths: readonly Day[];
}

export interface Home {
  readonly street: string;
  readonly town: Town;
  readonly phone: string | null;
}

const origins: readonly { readonly origin: Origin; readonly weight: number }[] = [
  { origin: 'france', weight: 66 },
  { origin: 'maghreb', weight: 10 },
  { origin: 'portugal', weight: 5 },
  { origin: 'italy', weight: 4 },
  { origin: 'spain', weight: 2 },
  { origin: 'westAfrica', weight: 4 },
  { origin: 'centralAfrica', weight: 1.5 },
  { origin: 'asia', weight: 2.5 },
  { origin: 'turkey', weight: 2 },
  { origin: 'east', weight: 1.5 },
  { origin: 'islands', weight: 1.5 },
];

type HouseholdKind = 'alone' | 'couple' | 'family' | 'oneParent' | 'retired' | 'elder';

const kinds: readonly { readonly kind: HouseholdKind; readonly weight: number }[] = [
  { kind: 'alone', weight: 27 },
  { kind: 'couple', weight: 17 },
  { kind: 'family', weight: 25 },
  { kind: 'oneParent', weight: 8 },
  { kind: 'retired', weight: 13 },
  { kind: 'elder', weight: 13 },
];

/** Invented people, household after household, without end: the same seed and day give the same people in the same order. */
export function* inventPeople(seed: number, today: Day): Generator<Person> {
  for (let index = 0; ; index++) yield* inventHousehold(createRandom(seed, 0x686f6d65, index), today);
}

function inventHousehold(random: Random, today: Day): Person[] {
  const { kind } = random.weighted(kinds);
  const { origin } = random.weighted(origins);
  const home = inventHome(random);
  const adult = (sex: Sex, age: number): Draft => inventDraft(random, { sex, age, origin, today });
  switch (kind) {
    case 'alone':
      return [settle(random, adult(random.chance(0.5) ? 'female' : 'male', random.between(18, 66)), home, [])];
    case 'elder': {
      const draft = adult(random.chance(0.74) ? 'female' : 'male', random.between(67, 97));
      if (draft.sex === 'female' && random.chance(0.85)) draft.usedFamily = random.pick(surnamesOf(origin));
      return [settle(random, draft, home, [])];
    }
    case 'couple':
    case 'retired': {
      const age = kind === 'couple' ? random.between(22, 63) : random.between(62, 90);
      return inventCouple(random, { age, origin, today }).map((draft) => settle(random, draft, home, []));
    }
    case 'family':
    case 'oneParent':
      return inventFamily(random, { origin, today, home, alone: kind === 'oneParent' });
  }
}

interface Draft {
  sex: Sex;
  birth: Day;
  family: string;
  usedFamily: string | null;
  given: readonly string[];
  birthPlace: Place;
  origin: Origin;
}

function inventFamily(random: Random, household: { origin: Origin; today: Day; home: Home; alone: boolean }): Person[] {
  const { origin, today, home } = household;
  const age = random.between(24, 50);
  const [mother, father] = inventCouple(random, { age, origin, today });
  if (mother === undefined || father === undefined) return [];
  const births = inventBirths(random, mother.birth, today);
  const parents = household.alone ? [random.chance(0.84) ? mother : father] : [mother, father];
  const double = random.chance(0.07) && !mother.family.includes('-') && !father.family.includes('-');
  const family = double ? `${mother.family}-${father.family}` : father.family;
  const children = births.map((birth) => {
    const child = inventDraft(random, { sex: random.chance(0.49) ? 'female' : 'male', birth, origin, today });
    child.family = family;
    return settle(random, child, home, []);
  });
  const grownUps = parents.map((parent) => settle(random, parent, home, parent.sex === 'female' ? births : []));
  return [...grownUps, ...children];
}

function inventBirths(random: Random, mother: Day, today: Day): Day[] {
  const count = random.weighted([
    { n: 1, weight: 34 },
    { n: 2, weight: 42 },
    { n: 3, weight: 18 },
    { n: 4, weight: 6 },
  ]).n;
  const births: Day[] = [];
  let birth = mother + Math.round((21 + Math.abs(random.bell()) * 4 + random.below(7)) * 365.25);
  for (let i = 0; i < count; i++) {
    // The newest patients are some days old: the practice has already seen them once.
    if (birth > today - 15) break;
    if (today - birth < 18 * 365) births.push(birth);
    birth += random.between(560, 1700);
  }
  return births;
}

function inventCouple(random: Random, couple: { age: number; origin: Origin; today: Day }): Draft[] {
  const { age, origin, today } = couple;
  const other = random.chance(0.72) ? origin : random.weighted(origins).origin;
  const woman = inventDraft(random, { sex: 'female', age, origin: other, today });
  const man = inventDraft(random, {
    sex: 'male',
    age: Math.max(19, Math.min(97, age + random.between(-3, 6))),
    origin,
    today,
  });
  const year = civil(woman.birth).year;
  const marriedName = year <= 1960 ? 0.92 : year <= 1975 ? 0.75 : year <= 1990 ? 0.48 : 0.25;
  if (random.chance(marriedName)) woman.usedFamily = random.chance(0.06) ? `${woman.family}-${man.family}` : man.family;
  if (woman.usedFamily === woman.family) woman.usedFamily = null;
  return [woman, man];
}

function inventDraft(
  random: Random,
  wish: {
    readonly sex: Sex;
    readonly age?: number;
    readonly birth?: Day;
    readonly origin: Origin;
    readonly today: Day;
  },
): Draft {
  const { sex, origin, today } = wish;
  const birth = wish.birth ?? today - Math.floor(((wish.age ?? 40) + random.below(1000) / 1000) * 365.25);
  const year = civil(birth).year;
  const age = ageYears(birth, today);
  const abroad =
    origin !== 'france' &&
    origin !== 'islands' &&
    random.chance(age > 60 ? 0.92 : age > 30 ? 0.6 : age > 10 ? 0.18 : 0.04);
  return {
    sex,
    birth,
    origin,
    family: random.pick(surnamesOf(origin)),
    usedFamily: null,
    given: inventGiven(random, { sex, year, origin, abroad }),
    birthPlace: inventBirthPlace(random, origin, abroad),
  };
}

function inventBirthPlace(random: Random, origin: Origin, abroad: boolean): Place {
  if (origin === 'islands' && random.chance(0.7)) return random.weighted(islandBirthPlaces);
  if (abroad && origin !== 'france' && origin !== 'islands') return random.weighted<Place>(countries[origin]);
  return random.weighted(frenchBirthPlaces);
}

function inventGiven(
  random: Random,
  who: { readonly sex: Sex; readonly year: number; readonly origin: Origin; readonly abroad: boolean },
): string[] {
  const era = frenchEras.find((candidate) => who.year <= candidate.until);
  const french = era?.[who.sex] ?? [];
  const own = who.origin === 'france' ? french : originNames[who.origin][who.sex];
  const takesFrench =
    who.origin !== 'france' && !who.abroad && who.year > 1960 && random.chance(originNames[who.origin].frenchNames);
  // Some parents look back one era or ahead: names never change overnight.
  const neighbours = frenchEras.filter((candidate) => Math.abs(candidate.until - who.year) < 14);
  const drifted = random.chance(0.12) && neighbours.length > 0 ? random.pick(neighbours)[who.sex] : french;
  const names = new Set<string>([random.pick(who.origin === 'france' || takesFrench ? drifted : own)]);
  const more = who.origin === 'france' || takesFrench ? random.below(4) : random.below(2);
  for (let i = 0; i < more; i++) names.add(random.pick(takesFrench ? own : i === 0 ? french : own));
  return [...names].slice(0, 3);
}

function inventHome(random: Random): Home {
  const street = `${random.between(1, 148)}${random.chance(0.08) ? ' bis' : ''} ${random.pick(streets)}`;
  return {
    street,
    town: random.weighted(towns),
    phone: random.chance(0.55) ? `04657${String(10000 + random.below(10000))}` : null,
  };
}

function settle(random: Random, draft: Draft, home: Home, childBirths: readonly Day[]): Person {
  const mobile = random.chance(0.86) ? `06399${String(80000 + random.below(10000))}` : null;
  const mailName = `${draft.given[0] ?? ''}.${draft.usedFamily ?? draft.family}`;
  const mail = mailName
    .normalize('NFD')
    .replace(/[^\p{L}.-]/gu, '')
    .toLowerCase();
  const hasMail = random.chance(0.6);
  return { ...draft, home, mobile, email: hasMail ? `${mail}@courriel.example` : null, childBirths };
}

/** The day of a birth that makes somebody `years` old on `today`, `days` after the birthday. */
export function bornYearsAgo(today: Day, years: number, days: number): Day {
  const { year, month, date } = civil(today - days);
  return dayOf(year - years, month, Math.min(date, 28));
}
