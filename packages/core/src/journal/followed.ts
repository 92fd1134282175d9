import { type Bytes, equalBytes } from '../bytes.ts';
import { CoreError } from '../error.ts';
import { type Checkpoint, isSaidSigned, parseCheckpoint, verifyCheckpoint } from './checkpoint.ts';
import { hostAuthorAt } from './governance.ts';
import { type NumberedEntry, replayGovernance } from './governance-replay.ts';
import type { TreeHead } from './header.ts';
import { verifyConsistency } from './proof.ts';

/** What a witness keeps of one practice (docs/format/witness.md, Following). */
export interface Followed {
  readonly practice: Bytes;
  /** The last head it took; null before the first. */
  readonly known: KnownHead | null;
  /** Whether a fork was found under the known head's fence: nothing is taken there any more. */
  readonly isForked: boolean;
  /** A head that the first one must begin with; null to trust the first as it comes. */
  readonly pinned: TreeHead | null;
}

export interface KnownHead extends Checkpoint {
  /** The note that proves it, signed by the host. */
  readonly note: string;
  /** Who signs it. */
  readonly hostAuthor: Bytes;
}

/** Where a witness finds what proves a head: a host over HTTP, or a copy. */
export interface HeadProofs {
  /** Null when it is not given. */
  consistencyProof(from: number, to: number): Promise<readonly Bytes[] | null>;
  /** The governance entries under that head, each proven; null when they are not given, or are others. */
  governance(head: TreeHead): Promise<readonly NumberedEntry[] | null>;
}

export type TakenOutcome = 'first' | 'same' | 'advanced' | 'restored';
export type RefusedOutcome = 'invalid' | 'unproven' | 'unacknowledged' | 'rollback' | 'fork';

export type Judgement =
  | {
      readonly outcome: TakenOutcome;
      /** What is kept from now on, before anything is cosigned. */
      readonly next: Followed & { readonly known: KnownHead };
      /** Entries of the known head that a restoration lost. */
      readonly lost: number;
    }
  | {
      readonly outcome: RefusedOutcome;
      readonly next: Followed;
      /** The two signed heads that show a fork or a rollback; null where there are not two. */
      readonly evidence: Evidence | null;
    };

export interface Evidence {
  /** The note that was known, and the one that was shown. */
  readonly known: string;
  readonly shown: string;
  /** What the host gave as a proof between them, when it did not hold. */
  readonly proof: readonly Bytes[];
}

interface Shown extends KnownHead {
  /** Governance under this head, when it had to be read. */
  readonly governed: readonly NumberedEntry[] | null;
}

/**
 * What a witness makes of a note that it is shown, and what it keeps then. Throws what `proofs` throws: nothing is known
 * to be wrong with a host that could not be asked.
 */
export async function judgeHead(followed: Followed, note: string, proofs: HeadProofs): Promise<Judgement> {
  const signed = await signedHead(followed, note, proofs);
  if (typeof signed === 'string') return refuse(followed, signed);
  const { known } = followed;
  if (known === null) return judgeFirst(followed, signed, proofs);
  if (signed.fence < known.fence) return refuse(followed, 'rollback', contradiction(known, note));
  if (signed.fence > known.fence) return judgeRestored(followed, known, signed, proofs);
  if (followed.isForked) return refuse(followed, 'fork', contradiction(known, note));
  if (signed.size < known.size) return judgeSmaller(followed, known, signed, proofs);
  if (signed.size === known.size && equalBytes(signed.root, known.root)) return take(followed, 'same', signed);
  if (signed.size === known.size) return fork(followed, known, signed, []);
  const proof = await proofs.consistencyProof(known.size, signed.size);
  if (proof === null) return refuse(followed, 'unproven');
  return begins(known, signed, proof) ? take(followed, 'advanced', signed) : fork(followed, known, signed, proof);
}

/** The head, once its host signed it and its fence is acknowledged; or why it is not taken. */
async function signedHead(followed: Followed, note: string, proofs: HeadProofs): Promise<Shown | RefusedOutcome> {
  const { practice, known } = followed;
  try {
    const { checkpoint } = parseCheckpoint(note);
    const { size, root, fence } = checkpoint;
    if (size === 0 || !equalBytes(checkpoint.practice, practice)) return 'invalid';
    if (known?.fence === fence && isSaidSigned(note, known.hostAuthor)) {
      const { hostAuthor } = known;
      return { ...(await verifyCheckpoint(note, hostAuthor)), note, hostAuthor, governed: null };
    }
    const governed = await proofs.governance({ size, root });
    const governance = governed === null ? null : await replayGovernance(practice, governed, size);
    const hostAuthor = governance === null ? null : hostAuthorAt(governance, size);
    if (governed === null || governance === null || hostAuthor === null) return 'unproven';
    const shown = { ...(await verifyCheckpoint(note, hostAuthor)), note, hostAuthor, governed };
    if (fence > governance.fence) return 'unacknowledged';
    // Of one known under its own fence, the caller says so, with both notes.
    const isKnownToGoBack = known !== null && fence < known.fence;
    return fence < governance.fence && !isKnownToGoBack ? 'rollback' : shown;
  } catch (error) {
    if (error instanceof CoreError && error.code === 'CHECKPOINT_INVALID') return 'invalid';
    throw error;
  }
}

async function judgeFirst(followed: Followed, shown: Shown, proofs: HeadProofs): Promise<Judgement> {
  const { pinned } = followed;
  if (pinned === null) return take(followed, 'first', shown);
  if (pinned.size > shown.size) return refuse(followed, 'rollback');
  const proof = await proofs.consistencyProof(pinned.size, shown.size);
  if (proof === null) return refuse(followed, 'unproven');
  return begins(pinned, shown, proof) ? take(followed, 'first', shown) : refuse(followed, 'fork');
}

/** A smaller head goes back; that it begins the known one does not excuse it, that it does not is a fork besides. */
async function judgeSmaller(
  followed: Followed,
  known: KnownHead,
  shown: Shown,
  proofs: HeadProofs,
): Promise<Judgement> {
  const proof = await proofs.consistencyProof(shown.size, known.size);
  if (proof !== null && !begins(shown, known, proof)) return fork(followed, known, shown, proof);
  return refuse(followed, 'rollback', contradiction(known, shown.note));
}

/** A restoration that a member acknowledged may lose the end of what was known, and change nothing before it. */
async function judgeRestored(
  followed: Followed,
  known: KnownHead,
  shown: Shown,
  proofs: HeadProofs,
): Promise<Judgement> {
  const sizes = (shown.governed ?? []).flatMap(({ entry: { header } }) =>
    header.body.kind === 'restore-ack' && header.body.fence > known.fence ? [header.body.size] : [],
  );
  const kept = Math.min(...sizes);
  const proof = known.size > shown.size ? [] : await proofs.consistencyProof(known.size, shown.size);
  if (proof === null) return refuse(followed, 'unproven');
  if (known.size <= shown.size && begins(known, shown, proof)) return take(followed, 'restored', shown);
  if (kept >= known.size) return refuse(followed, 'fork', { ...contradiction(known, shown.note), proof });
  return take(followed, 'restored', shown, known.size - kept);
}

function begins(from: TreeHead, to: TreeHead, proof: readonly Bytes[]): boolean {
  return verifyConsistency({ from: from.size, to: to.size, fromRoot: from.root, toRoot: to.root, proof });
}

function take(followed: Followed, outcome: TakenOutcome, shown: Shown, lost = 0): Judgement {
  const { governed: _, ...known } = shown;
  return { outcome, next: { ...followed, known, isForked: false }, lost };
}

function fork(followed: Followed, known: KnownHead, shown: Shown, proof: readonly Bytes[]): Judgement {
  const evidence = { ...contradiction(known, shown.note), proof };
  return refuse({ ...followed, isForked: true }, 'fork', evidence);
}

function contradiction(known: KnownHead, shown: string): Evidence {
  return { known: known.note, shown, proof: [] };
}

function refuse(followed: Followed, outcome: RefusedOutcome, evidence: Evidence | null = null): Judgement {
  return { outcome, next: followed, evidence };
}
