import { type Bytes, bytesToHex, equalBytes, ownBytes } from '../bytes.ts';
import { CoreError } from '../error.ts';
import { sha256 } from '../hash.ts';
import { verifySignature } from '../signature.ts';
import { type Checkpoint, parseCheckpoint, verifyCheckpoint } from './checkpoint.ts';
import { type Entry, parseEntry, signedMessage } from './entry.ts';
import type { Finding, FindingCode } from './finding.ts';
import {
  applyEntry,
  authorize,
  emptyGovernance,
  type GovernanceState,
  hostAuthorAt,
  revokeOmitted,
} from './governance.ts';
import type { TreeHead } from './header.ts';
import { assumeFounderDevice, isExplainedByLoss, Losses, type LostEntry } from './losses.ts';
import { type StreamHead, StreamHeads } from './stream-heads.ts';
import { type Frontier, leafHash } from './tree.ts';
import { encodeVerifier, parseVerifier } from './verifier-code.ts';
import { RecentWindow } from './window.ts';

export interface Verified {
  /** Null when the bytes are no entry. */
  readonly entry: Entry | null;
  readonly findings: readonly Finding[];
}

export interface VerifiedCheckpoint extends TreeHead {
  readonly fence: number;
}

/** All that a verifier keeps between entries. */
export interface VerifierState {
  /** The practice that is expected, null when the first genesis decides. */
  readonly practice: Bytes | null;
  readonly window: RecentWindow;
  readonly governance: GovernanceState;
  readonly heads: StreamHeads;
  readonly findings: Finding[];
  /** Of the entries so far, the greatest. */
  lastReceivedAt: number;
  /** The last one that was found good. */
  checkpoint: VerifiedCheckpoint | null;
  /** The tree of the entries that were never read, since a `heads` stood for them; null when all were. */
  readonly unread: TreeHead | null;
}

/** What a `heads` and the governance stream say of the entries before a size. */
export interface UnreadJournal {
  readonly frontier: Frontier;
  /** With each author's last entry. */
  readonly governance: GovernanceState;
  readonly heads: StreamHeads;
  /** Of the last of them. */
  readonly receivedAt: number;
}

/** Read, with its signature's verification under way. */
interface Prepared {
  readonly leaf: Bytes;
  /** Set when nothing but the leaf is there. */
  readonly lost: LostEntry | null;
  readonly entry: Entry | null;
  readonly problem: Pick<Finding, 'code' | 'detail'> | null;
  readonly isSigned: Promise<boolean>;
}

// Enough to keep every core verifying while the entries before are applied.
const groupSize = 128;
/** A hostile journal must not fill the memory of who checks it: the findings kept are the first ones. */
export const maxFindings = 10_000;

/**
 * Reads a journal in order and reports what is wrong without stopping at it (docs/format/journal.md, Verifying). An
 * entry with a wrong signature, a refusal or a duplicate counts in the tree and changes nothing else.
 */
export class JournalVerifier {
  readonly #state: VerifierState;
  readonly #isCopy: boolean;
  #losses: Losses | null = null;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(state: VerifierState, isCopy: boolean) {
    this.#state = state;
    this.#isCopy = isCopy;
  }

  /**
   * A verifier of a whole journal; with a practice, one that refuses any other's genesis. `isCopy` is for who reads a
   * copy and nothing else: it alone takes lost entries, which a server that is asked has no reason to have.
   */
  static start(practice: Bytes | null, { isCopy = false }: { isCopy?: boolean } = {}): JournalVerifier {
    const state = {
      practice: practice === null ? null : ownBytes(practice),
      window: new RecentWindow(),
      governance: emptyGovernance(),
      heads: new StreamHeads(),
      findings: [],
      lastReceivedAt: 0,
      checkpoint: null,
      unread: null,
    };
    return new JournalVerifier(state, isCopy);
  }

  /** A verifier of what follows a `heads`, whose word it takes for what stands before: a multiple of 256 entries. */
  static startAfter({ frontier, governance, heads, receivedAt }: UnreadJournal): JournalVerifier {
    const state = {
      practice: governance.practice,
      window: RecentWindow.after(frontier),
      governance,
      heads,
      findings: [],
      lastReceivedAt: receivedAt,
      checkpoint: null,
      unread: { size: frontier.size, root: frontier.root() },
    };
    return new JournalVerifier(state, false);
  }

  /** A verifier that goes on where `encode` was called. Throws CBOR_INVALID, FORMAT_UNKNOWN or PROOF_INVALID for other bytes. */
  static resume(stateBytes: Uint8Array): JournalVerifier {
    return new JournalVerifier(parseVerifier(stateBytes), false);
  }

  get size(): number {
    return this.#state.window.size;
  }

  /** What the entries so far say; it changes with each entry and is not to be written to. */
  get governance(): GovernanceState {
    return this.#state.governance;
  }

  get findings(): readonly Finding[] {
    return this.#state.findings;
  }

  get lastReceivedAt(): number {
    return this.#state.lastReceivedAt;
  }

  /** The tree of the entries that a `heads` stood for, null when all were read. */
  get unread(): TreeHead | null {
    return this.#state.unread;
  }

  /** The last checkpoint without a finding. */
  get verifiedCheckpoint(): VerifiedCheckpoint | null {
    return this.#state.checkpoint;
  }

  root(): Bytes {
    return this.#state.window.frontier().root();
  }

  frontier(): Frontier {
    return this.#state.window.frontier();
  }

  /** Null when the size is greater than the journal's or more than 65 536 behind it. */
  rootAt(size: number): Bytes | null {
    return this.#state.window.rootAt(size);
  }

  headOf(stream: Uint8Array): StreamHead | null {
    return this.#state.heads.get(stream);
  }

  /** Each stream with its last entry, in the order in which they began. */
  heads(): Iterable<[stream: Bytes, head: StreamHead]> {
    return this.#state.heads.entries();
  }

  /** Everything that `resume` needs. Not to be called while an `add` is waiting, nor after a loss (a TypeError). */
  encode(): Bytes {
    if (this.#losses !== null) throw new TypeError('What is kept for later stands without losses');
    return encodeVerifier(this.#state);
  }

  async add(item: Uint8Array | LostEntry): Promise<Verified> {
    const [verified] = await this.addMany([item]);
    return verified ?? { entry: null, findings: [] };
  }

  /**
   * Adds entries in order, verifying many signatures at a time. Calls that overlap take their turn. Throws a TypeError
   * for a lost entry when the verifier is not one of a copy.
   */
  addMany(entries: readonly (Uint8Array | LostEntry)[]): Promise<Verified[]> {
    return this.#inTurn(async () => {
      if (!this.#isCopy && entries.some((item) => !(item instanceof Uint8Array)))
        throw new TypeError('A lost entry is for who reads a copy');
      const verified: Verified[] = [];
      let next = entries.slice(0, groupSize).map(prepare);
      for (let start = 0; start < entries.length; start += groupSize) {
        const group = next;
        next = entries.slice(start + groupSize, start + 2 * groupSize).map(prepare);
        for (const prepared of group) verified.push(await this.#apply(prepared));
      }
      return verified;
    });
  }

  /** Checks a checkpoint against the entries so far; `expectFence` refuses one under any other fence. */
  checkpoint(note: string, { expectFence = null }: { expectFence?: number | null } = {}): Promise<Finding[]> {
    return this.#inTurn(async () => {
      const findings = await this.#checkCheckpoint(note, expectFence);
      this.#keep(findings);
      return findings;
    });
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #apply({ leaf, lost, entry, problem, isSigned }: Prepared): Promise<Verified> {
    const { window } = this.#state;
    const index = window.size;
    if (lost !== null) return this.#lose(lost, index);
    if (entry === null) {
      window.append(leaf, null);
      const finding: Finding = { code: problem?.code ?? 'ENTRY_INVALID', index, detail: problem?.detail ?? null };
      this.#keep([finding]);
      return { entry, findings: [finding] };
    }
    const findings: Finding[] = [];
    const place = { index, stream: bytesToHex(entry.header.stream), author: bytesToHex(entry.header.author) };
    const find = (code: FindingCode, detail: string | null = null) => findings.push({ code, detail, ...place });
    if (entry.receivedAt < this.#state.lastReceivedAt) find('TIME_DECREASES');
    const isDuplicate = window.hasId(entry.id);
    if (isDuplicate) find('DUPLICATE');
    if (!(await isSigned)) find('SIGNATURE_INVALID');
    else if (!isDuplicate) {
      const { seen } = entry.header;
      const root = seen === null ? null : window.rootAt(seen.size);
      if (seen !== null && root !== null && !equalBytes(root, seen.root)) find('SEEN_FORK');
      const refused = await this.#judge(entry, index);
      if (refused !== null) find(refused.code, refused.detail);
    }
    this.#state.lastReceivedAt = Math.max(this.#state.lastReceivedAt, entry.receivedAt);
    window.append(leaf, entry.id);
    this.#keep(findings);
    return { entry, findings };
  }

  /** Takes an entry that may stand into the state; else says why it may not. */
  async #judge(entry: Entry, index: number): Promise<Pick<Finding, 'code' | 'detail'> | null> {
    const { governance, heads, practice } = this.#state;
    const { header, id } = entry;
    const losses = this.#losses;
    if (losses !== null) assumeFounderDevice(governance);
    if (losses !== null && (header.kind === 'host' || header.kind === 'restore-ack')) {
      losses.setAside(id, header.author);
      return { code: 'ENTRY_UNJUDGED', detail: null };
    }
    const head = heads.get(header.stream);
    const stream = { streamHead: head?.id ?? null, streamCompartment: head?.compartment ?? null };
    const context = { index, receivedAt: entry.receivedAt, ...stream, practice };
    const refusal = await authorize(governance, entry, losses === null ? context : { ...context, losses });
    if (refusal !== null) {
      const isExplained = losses !== null && isExplainedByLoss(governance, header, refusal);
      if (isExplained) losses.setAside(id, header.author);
      else losses?.refuse();
      return { code: isExplained ? 'ENTRY_UNJUDGED' : 'UNAUTHORIZED', detail: refusal };
    }
    if (losses !== null) revokeOmitted(governance, entry, index);
    applyEntry(governance, entry, index);
    heads.set(header.stream, { index, id, compartment: header.compartment });
    losses?.settle(header);
    return null;
  }

  /** Leaves the place of a lost entry in the tree. */
  #lose({ leaf, stream }: LostEntry, index: number): Verified {
    const { window } = this.#state;
    window.append(leaf, null);
    const place = stream === null ? {} : { stream: bytesToHex(stream) };
    const findings: Finding[] = [{ code: 'ENTRY_LOST', index, detail: null, ...place }];
    if (this.#losses === null) findings.push({ code: 'RIGHTS_UNKNOWN', index, detail: null });
    this.#losses ??= new Losses((id) => window.hasId(id));
    this.#losses.add();
    this.#keep(findings);
    return { entry: null, findings };
  }

  async #checkCheckpoint(note: string, expectFence: number | null): Promise<Finding[]> {
    const { governance, checkpoint: verified } = this.#state;
    const find = (code: FindingCode, detail: string | null = null): Finding => ({ code, index: null, detail });
    const checkpoint = await this.#openCheckpoint(note);
    if (typeof checkpoint === 'string') return [find('CHECKPOINT_INVALID', checkpoint)];
    const { fence, size, root } = checkpoint;
    const findings: Finding[] = [];
    if (expectFence !== null && fence !== expectFence) findings.push(find('CHECKPOINT_INVALID', 'fence'));
    if (fence > governance.fence) findings.push(find('FENCE_UNACKNOWLEDGED', String(fence)));
    const isOldFence = fence < (verified?.fence ?? 1) || (size === this.size && fence < governance.fence);
    if (isOldFence || size < (verified?.size ?? 0)) findings.push(find('ROLLBACK', isOldFence ? 'fence' : 'size'));
    const known = this.rootAt(size);
    if (known === null) findings.push(find('ROOT_MISMATCH', size > this.size ? 'size' : 'window'));
    else if (!equalBytes(known, root))
      findings.push(find(size <= (verified?.size ?? 0) ? 'FORK' : 'ROOT_MISMATCH', 'root'));
    if (findings.length === 0) this.#state.checkpoint = { fence, size, root };
    return findings;
  }

  /** The checkpoint, or the reason why it is not one of this practice's host. */
  async #openCheckpoint(note: string): Promise<Checkpoint | string> {
    const { governance } = this.#state;
    try {
      const { size } = parseCheckpoint(note).checkpoint;
      const hostAuthor = hostAuthorAt(governance, size);
      if (hostAuthor === null) return 'host author unknown';
      const checkpoint = await verifyCheckpoint(note, hostAuthor);
      const isOwn = governance.practice !== null && equalBytes(checkpoint.practice, governance.practice);
      return isOwn ? checkpoint : 'practice';
    } catch (error) {
      if (error instanceof CoreError && error.code === 'CHECKPOINT_INVALID')
        return String(error.fields.rule ?? 'base64');
      throw error;
    }
  }

  #keep(findings: readonly Finding[]): void {
    this.#state.findings.push(...findings.slice(0, maxFindings - this.#state.findings.length));
  }
}

function prepare(item: Uint8Array | LostEntry): Prepared {
  const nothing = { lost: null, entry: null, problem: null, isSigned: Promise.resolve(false) };
  if (!(item instanceof Uint8Array)) return { ...nothing, leaf: item.leaf, lost: item };
  try {
    const entry = parseEntry(item);
    const { header, headerBytes, payloadHash, signature, leaf } = entry;
    const isSigned = verifySignature(header.author, signedMessage(headerBytes, payloadHash), signature);
    return { ...nothing, leaf, entry, isSigned };
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    const isUnknownKind = error.fields.refusal === 'KIND_UNKNOWN';
    const code = isUnknownKind ? 'UNAUTHORIZED' : 'ENTRY_INVALID';
    const problem = { code, detail: isUnknownKind ? 'KIND_UNKNOWN' : error.code } as const;
    return { ...nothing, leaf: leafHash(item), problem };
  }
}

/** Compares a payload with the hash in its entry. `payload` is null when there is none. */
export function checkPayload(entry: Entry, payload: Uint8Array | null, index: number | null = null): Finding | null {
  const { payloadHash, header } = entry;
  const place = { index, stream: bytesToHex(header.stream), author: bytesToHex(header.author) };
  if (payload === null) return payloadHash === null ? null : { code: 'PAYLOAD_MISSING', detail: null, ...place };
  if (payloadHash !== null && equalBytes(sha256(payload), payloadHash)) return null;
  return { code: 'PAYLOAD_MISMATCH', detail: null, ...place };
}
