import type { ReceivedIdentity } from '@serment/records/received/report';
import type { Directory, PatientRow } from './directory.ts';
import { fold } from './search-terms.ts';

/** What of an identity agrees with a patient of the practice, and what does not. */
export type Trait = 'identifier' | 'family' | 'birthFamily' | 'given' | 'birthDate' | 'sex';

export interface Proposal {
  readonly row: PatientRow;
  /**
   * `sure`: name and birth date, and the number too where both have one. `likely`: name and birth date. `possible`: a
   * part of it, to be looked at.
   */
  readonly confidence: 'sure' | 'likely' | 'possible';
  readonly same: readonly Trait[];
  /** Told on both sides and not the same. */
  readonly different: readonly Trait[];
  /** Other patients of the practice have this name. */
  readonly homonyms: number;
}

const shownProposals = 5;
const lookedAt = 200;

/** The patients whom an identity may be, the best first. A person decides: a number of the register is often a parent's. */
export function proposalsFor(identity: ReceivedIdentity, directory: Directory): Proposal[] {
  const given = fold(identity.given).split(' ')[0] ?? '';
  const queries = [
    identity.nir === null ? '' : identity.nir.slice(0, 13),
    identity.birthDate ?? '',
    ...[identity.family, identity.birthFamily ?? ''].filter(Boolean).map((family) => `${family} ${given}`),
  ];
  const rows = new Map<string, PatientRow>();
  for (const query of queries)
    if (query.trim() !== '') for (const row of directory.search(query, lookedAt)) rows.set(row.id, row);
  const compared = [...rows.values()].map((row) => compare(identity, row));
  const named = compared.filter(({ same }) => hasName(same));
  return compared
    .flatMap((one) => {
      const rank = rankOf(one);
      return rank === 0 ? [] : [{ rank, proposal: { ...one, ...told(rank), homonyms: homonymsOf(one, named) } }];
    })
    .sort((left, right) => right.rank - left.rank)
    .slice(0, shownProposals)
    .map(({ proposal }) => proposal);
}

type Compared = Pick<Proposal, 'row' | 'same' | 'different'>;

function compare(identity: ReceivedIdentity, row: PatientRow): Compared {
  const same: Trait[] = [];
  const different: Trait[] = [];
  const put = (trait: Trait, isSame: boolean | null) => {
    if (isSame !== null) (isSame ? same : different).push(trait);
  };
  const families = [identity.family, identity.birthFamily ?? ''].map(fold).filter(Boolean);
  const isUsed = families.includes(fold(row.family));
  const isBirth = row.birthFamily !== null && families.includes(fold(row.birthFamily));
  // Many senders know one name only: the other one missing is no difference.
  put('family', isUsed ? true : families.length === 0 || isBirth ? null : false);
  put('birthFamily', isBirth ? true : identity.birthFamily === null || row.birthFamily === null ? null : false);
  put('given', identity.given === '' || row.given === '' ? null : isSameGiven(identity.given, row.given));
  put('birthDate', isBoth(identity.birthDate, row.birthDate) ? identity.birthDate === row.birthDate : null);
  put('sex', identity.sex === null || row.sex === 'unknown' ? null : identity.sex === row.sex);
  const numbers = row.identifiers
    .map((one) => one.replace(/\s/g, ''))
    .filter((one) => /^[0-9AB]{13}(\d\d)?$/.test(one));
  const nir = identity.nir?.slice(0, 13);
  put('identifier', nir === undefined || numbers.length === 0 ? null : numbers.some((one) => one.startsWith(nir)));
  return { row, same, different };
}

/** `Paul-Émile`, `PAUL EMILE` and `Paul` are one given name; `Paul` and `Paule` are two. */
function isSameGiven(one: string, other: string): boolean {
  const [left, right] = [fold(one).split(' '), fold(other).split(' ')];
  const length = Math.min(left.length, right.length);
  return length > 0 && left.slice(0, length).join(' ') === right.slice(0, length).join(' ');
}

function isBoth(left: string | null, right: string | null): boolean {
  return left !== null && right !== null;
}

function hasName(same: readonly Trait[]): boolean {
  return same.includes('given') && (same.includes('family') || same.includes('birthFamily'));
}

/** 3 sure, 2 likely, 1 possible, 0 nobody to propose. */
function rankOf({ same, different }: Compared): 0 | 1 | 2 | 3 {
  const isNamed = hasName(same);
  const isBorn = same.includes('birthDate');
  if (isNamed && isBorn && !different.includes('sex')) return same.includes('identifier') ? 3 : 2;
  if (isNamed && !different.includes('birthDate')) return 1;
  const isFamily = same.includes('family') || same.includes('birthFamily');
  if (isBorn && (isFamily || same.includes('identifier'))) return 1;
  return same.includes('identifier') && (isNamed || isFamily || same.includes('given')) ? 1 : 0;
}

function told(rank: 1 | 2 | 3): Pick<Proposal, 'confidence'> {
  return { confidence: rank === 3 ? 'sure' : rank === 2 ? 'likely' : 'possible' };
}

function homonymsOf({ row, same }: Compared, named: readonly Compared[]): number {
  return hasName(same) ? named.filter((one) => one.row.id !== row.id).length : 0;
}
