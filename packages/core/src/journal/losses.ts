import { type Bytes, bytesToHex } from '../bytes.ts';
import type { GovernanceState } from './governance-state.ts';
import type { Header } from './header.ts';
import { isCompartmentName, type Refusal, rules } from './rules.ts';

/** An entry of which a copy has nothing left but the hash: whoever reads proves that one by the tree's root. */
export interface LostEntry {
  readonly leaf: Bytes;
  /** Where the copy's index files it: a hint, which nothing proves. Null when that is not known. */
  readonly stream: Bytes | null;
}

/** What a device, member, term, freeze, restriction, epoch, grant or revocation that is lost may be the reason of. */
const explained: ReadonlySet<Refusal> = new Set([
  'AUTHOR_UNKNOWN',
  'AUTHOR_FROZEN',
  'AUTHOR_HELD',
  'TERM_OUTSIDE',
  'MEMBER_UNKNOWN',
  'GENERATION_STALE',
  'COMPARTMENT_UNKNOWN',
  'EPOCH_STALE',
  'GRANT_MISSING',
  'REVOKE_UNKNOWN',
  'FREEZE_UNKNOWN',
  'RESTRICT_UNKNOWN',
  'WITNESS_REFUSED',
]);

/**
 * The entries that a copy has lost, and what those that stand may rest on because of it (docs/format/journal.md,
 * Verifying a copy with losses). A lost entry has one id: as many ids may pass for lost as entries are, and no more.
 */
export class Losses {
  readonly #isKnown: (id: Bytes) => boolean;
  #count = 0;
  readonly #ids = new Set<string>();
  /** Ids that the entry being judged asks to be lost. */
  readonly #asked = new Set<string>();
  /** Authors of the entries that were not judged, by id. */
  readonly #unjudged = new Map<string, string>();
  /** By author or stream, how many were lost before its last entry that stands. */
  readonly #before = new Map<string, number>();

  constructor(isKnown: (id: Bytes) => boolean) {
    this.#isKnown = isKnown;
  }

  add(): void {
    this.#count += 1;
  }

  /** Whether `prev` can be an entry of this author that is lost, or was not judged. */
  explainsPrev({ author, prev }: Header): boolean {
    if (prev === null) return false;
    return this.#unjudged.get(bytesToHex(prev)) === bytesToHex(author) || this.#isLostSince(author, prev);
  }

  /** Whether `base` can be an entry of this stream that is lost, or was not judged. */
  explainsBase({ stream, base }: Header): boolean {
    if (base === null) return false;
    return this.#unjudged.has(bytesToHex(base)) || this.#isLostSince(stream, base);
  }

  /** The entry just judged stands. */
  settle({ author, stream }: Header): void {
    for (const id of this.#asked) this.#ids.add(id);
    this.#asked.clear();
    for (const chain of [author, stream]) this.#before.set(bytesToHex(chain), this.#count);
  }

  /** The entry just judged does not stand. */
  refuse(): void {
    this.#asked.clear();
  }

  /** The entry just judged does not stand, and what is lost may be why. */
  setAside(id: Bytes, author: Bytes): void {
    this.refuse();
    this.#unjudged.set(bytesToHex(id), bytesToHex(author));
  }

  #isLostSince(chain: Bytes, id: Bytes): boolean {
    if (this.#isKnown(id) || this.#count === (this.#before.get(bytesToHex(chain)) ?? 0)) return false;
    const name = bytesToHex(id);
    const isNew = !(this.#ids.has(name) || this.#asked.has(name));
    if (isNew && this.#ids.size + this.#asked.size >= this.#count) return false;
    this.#asked.add(name);
    return true;
  }
}

/**
 * Whether a lost entry may be why this one is refused. What is sealed under an epoch before the one that is known was
 * late whatever was lost: no holder whose revocation stands passes by that way.
 */
export function isExplainedByLoss(state: GovernanceState, header: Header, refusal: Refusal): boolean {
  const { compartment, epoch, kind } = header;
  if (compartment !== null && !isCompartmentName(compartment)) return false;
  if (rules[kind].payload && epoch < (state.compartments.get(compartment ?? '')?.number ?? 0)) return false;
  return explained.has(refusal);
}

/**
 * After a loss, the founder is the device that its genesis batch made of it, whether that entry is the lost one or not:
 * no batch was accepted without it. What revokes a device then revokes this one too.
 */
export function assumeFounderDevice(state: GovernanceState): void {
  if (state.founderAuthor === null || !state.members.has(bytesToHex(state.founder ?? new Uint8Array(0)))) return;
  const author = bytesToHex(state.founderAuthor);
  const known = state.authors.get(author);
  if (known?.type === 'founder') state.authors.set(author, { ...known, type: 'device' });
}
