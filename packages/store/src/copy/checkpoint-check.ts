import { type Bytes, bytesToUtf8, equalBytes, hexToBytes } from '@serment/core/bytes';
import type { CborValue } from '@serment/core/cbor';
import { fencePath, formatCopyName } from '@serment/core/copy/names';
import { type Checkpoint, isSaidSigned, parseCheckpoint, verifyCheckpoint } from '@serment/core/journal/checkpoint';
import { readObject } from './bundle-check.ts';
import type { EntryCheck } from './entry-check.ts';
import { type CopyFindingCode, makeFinding } from './finding.ts';
import type { VerifyContext } from './verify-practice.ts';
import { anyText, orNull, shape } from './verify-state.ts';

/** Checks checkpoints against the tree that was recomputed, and keeps the greatest that holds. */
export class CheckpointCheck {
  readonly #context: VerifyContext;
  readonly #entries: EntryCheck;
  /** Notes of an unknown signer whose root the fence before proves: a restored vault's, or nobody's. */
  readonly #continuing: { readonly name: string | null; readonly size: number; readonly note: string }[] = [];
  #hasForged = false;
  proven: { size: number; root: Bytes; note: string } | null = null;

  constructor(context: VerifyContext, entries: EntryCheck) {
    this.#context = context;
    this.#entries = entries;
  }

  toCbor(): CborValue {
    const { proven } = this;
    return [
      this.#continuing.map(({ name, size, note }) => [name, size, note]),
      this.#hasForged,
      proven === null ? null : [proven.size, proven.root, proven.note],
    ];
  }

  /** Goes on where `toCbor` was called. Throws CBOR_INVALID. */
  resume(item: CborValue | undefined): void {
    const [continuing, hasForged, proven] = shape.array(item, 3);
    for (const one of shape.array(continuing)) {
      const [name, size, note] = shape.array(one, 3);
      this.#continuing.push({ name: orNull(name, anyText), size: shape.uint(size), note: anyText(note) });
    }
    this.#hasForged = shape.flag(hasForged);
    this.proven = orNull(proven, (value) => {
      const [size, root, note] = shape.array(value, 3);
      return { size: shape.uint(size), root: shape.bytes(root, 32), note: anyText(note) };
    });
  }

  /** The checkpoint object of this size, if there is one; `root` is null when the tree cannot be recomputed. */
  async checkAt(size: number, root: Bytes | null): Promise<void> {
    const { held, place, destination } = this.#context;
    if (!held.checkpoints.has(size)) return;
    const name = formatCopyName({ kind: 'checkpoint', ...place, size });
    const object = await readObject(destination, name);
    this.#context.onProgress({ objects: 1 });
    if (!(object instanceof Uint8Array)) return this.#find('CHECKPOINT_DAMAGED', name, size);
    let note: string;
    try {
      note = bytesToUtf8(object);
    } catch {
      return this.#find('CHECKPOINT_DAMAGED', name, size);
    }
    const code = await this.check(note, { size, root, name });
    if (code !== null) this.#find(code, name, size);
  }

  /** What is wrong with a note that must be of this size, or null; keeps it when it holds, and what `finish` decides. */
  async check(
    note: string,
    { size, root, name }: { size: number; root: Bytes | null; name: string },
  ): Promise<CopyFindingCode | null> {
    let checkpoint: Checkpoint;
    try {
      checkpoint = parseCheckpoint(note).checkpoint;
    } catch {
      return 'CHECKPOINT_DAMAGED';
    }
    const { practice, fence } = this.#context.place;
    const isOwn =
      checkpoint.size === size && checkpoint.fence === fence && equalBytes(checkpoint.practice, hexToBytes(practice));
    if (!isOwn) return 'CHECKPOINT_FORGED';
    if (!(await this.isSigned(note, size))) {
      if (root === null || !equalBytes(root, checkpoint.root)) return 'CHECKPOINT_DAMAGED';
      if (this.#isContinuing(note, { size, root })) {
        this.#continuing.push({ name, size, note });
        return null;
      }
      this.#hasForged = true;
      return 'CHECKPOINT_FORGED';
    }
    if (root === null) return null;
    if (!equalBytes(root, checkpoint.root)) return this.#isJournalWhole(size) ? 'CHECKPOINT_FORK' : 'ROOT_MISMATCH';
    if (this.proven === null || this.proven.size <= size) this.proven = { size, root, note };
    return null;
  }

  async isSigned(note: string, size: number): Promise<boolean> {
    const author = this.#entries.hostAuthorAt(size);
    // The entries that name the host are lost: that is a finding already, and this note cannot be blamed for it.
    if (author === null) return this.#entries.isBroken;
    return isSignedBy(note, author);
  }

  /**
   * Whether all that this fence commits is the state of a restored vault before a member acknowledged it: the fence
   * before proves every entry of it, and no entry names its host. Nobody can tell such a signer from one who made the
   * fence up, which is why nothing here makes the state count: it holds nothing that is not proven elsewhere.
   */
  get isUnacknowledged(): boolean {
    const isOpen = this.proven === null && !this.#hasForged && this.#entries.fence < this.#context.place.fence;
    return isOpen && this.#continuing.length > 0;
  }

  /** Bundles that no checkpoint commits are the writer's business, but a copy with none at all is not one yet. */
  async finish(bundles: number): Promise<void> {
    if (this.isUnacknowledged) {
      const { practice, fence } = this.#context.place;
      const size = Math.max(...this.#continuing.map((note) => note.size));
      this.#find('RESTORE_UNACKNOWLEDGED', fencePath(practice, fence), size);
      return;
    }
    for (const { name, size, note } of this.#continuing)
      if (!(await this.#isOfLaterHost(note, size))) this.#find('CHECKPOINT_FORGED', name, size);
    if (bundles > 0 && this.proven === null) this.#find('CHECKPOINT_MISSING', null, bundles * 256);
  }

  /** Signed while a restored vault waited, by the host that a member's acknowledgement then named. */
  async #isOfLaterHost(note: string, size: number): Promise<boolean> {
    if (this.#entries.fence < this.#context.place.fence) return false;
    for (const { author, index } of this.#entries.hosts)
      if (index >= size && (await isSignedBy(note, author))) return true;
    return false;
  }

  /** By a signer that no entry has named as host, for entries that the fence before proves to the last. */
  #isContinuing(note: string, { size, root }: { size: number; root: Bytes }): boolean {
    const before = this.#context.before?.roots.get(size);
    if (before === undefined || !equalBytes(before, root)) return false;
    return !this.#entries.hosts.some(({ author }) => isSaidSigned(note, author));
  }

  /** Entries that are whole and signed, yet not under the signed root: the host signed another history. */
  #isJournalWhole(size: number): boolean {
    return this.#entries.isWholeUpTo(size);
  }

  #find(code: CopyFindingCode, name: string | null, size: number): void {
    this.#context.find(makeFinding(code, name, { practice: this.#context.place.practice, from: 0, to: size }));
  }
}

async function isSignedBy(note: string, author: Bytes): Promise<boolean> {
  try {
    await verifyCheckpoint(note, author);
    return true;
  } catch {
    return false;
  }
}
