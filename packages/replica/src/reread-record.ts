import { bytesToHex } from '@serment/core/bytes';
import { CodedError } from '@serment/core/error';
import { encodeReread, parseReread, type Reread } from '@serment/core/journal/reread';
import type { CopyStatus } from '@serment/core/wire/status';
import type { StreamRef } from './keyring.ts';
import { isSilence, type PayloadReader } from './payload-reader.ts';
import { type RereadParts, rereadCopy } from './reread.ts';
import type { OutboxPart } from './sending.ts';

/** What a device of the practice found of a copy, as its entry says it. */
export interface RereadView extends Omit<Reread, 'root'> {
  /** Number of its entry. */
  readonly index: number;
  /** The host's clock, ms. */
  readonly at: number;
  /** The member whose device it was, in hexadecimal; null when it is not known. */
  readonly member: string | null;
}

/** What reading one copy back came to. */
export interface CopyRereads {
  readonly destination: string;
  /** The last one that came to an answer; null before the first. */
  readonly answered: RereadView | null;
  readonly proven: RereadView | null;
  /** The last one, whatever it came to. */
  readonly last: RereadView;
}

export interface RereadRecordParts extends RereadParts {
  readonly reader: PayloadReader;
  readonly copies: () => readonly CopyStatus[];
  /** When the practice began, the host's clock, ms; null while it is not known. */
  readonly since: () => number | null;
  /** False while this device may write nothing, or is not at the host. */
  readonly canWrite: () => boolean;
  /** Verifies what is new. */
  readonly sync: () => Promise<unknown>;
  /** Sends an entry; returns once the host has it. */
  readonly write: (part: OutboxPart) => Promise<void>;
}

const dayMs = 86_400_000;
export const rereadEveryMs = 7 * dayMs;
/** From when on a young practice is read back by itself: there is something to lose. */
const firstAfterMs = dayMs / 2;
/** Entries looked at, from the newest: what is older is told by nothing. */
const lookedAt = 24;

/** What the practice's own devices found of its copies, and when it is time to look again. */
export class RereadRecord {
  readonly #parts: RereadRecordParts;
  readonly #copies = new Map<string, CopyRereads>();
  #after = -1;
  #isKnown = false;
  #running: Promise<Reread> | null = null;

  constructor(parts: RereadRecordParts) {
    this.#parts = parts;
  }

  /** Null while it is not known. */
  get status(): readonly CopyRereads[] | null {
    return this.#isKnown ? [...this.#copies.values()] : null;
  }

  /** Whether this member's rights let its device read files, and say what it found. */
  get isOwn(): boolean {
    const { keyring } = this.#parts;
    return keyring.canRead('clinical') && keyring.canRead('admin');
  }

  /** Reads what came since the last time; true when `status` says something else. Throws for no line that is cut. */
  async follow(): Promise<boolean> {
    const stream = this.#stream();
    if (stream === null) return false;
    const { mirror } = this.#parts;
    const indexes = mirror.entriesOf(stream.id).slice(-lookedAt);
    let isNew = false;
    for (const index of indexes.filter((one) => one > this.#after)) {
      const view = await this.#viewAt(index, stream);
      if (view === 'absent') return isNew;
      this.#after = index;
      if (view === null) continue;
      this.#take(view);
      isNew = true;
    }
    const isFirst = !this.#isKnown;
    this.#isKnown = true;
    return isNew || isFirst;
  }

  /** The newest, newest first, and whether there are more. */
  async history(limit: number): Promise<{ readonly rereads: readonly RereadView[]; readonly hasMore: boolean }> {
    const stream = this.#stream();
    const rereads: RereadView[] = [];
    for (const index of stream === null ? [] : this.#parts.mirror.entriesOf(stream.id).toReversed()) {
      if (rereads.length === limit) return { rereads, hasMore: true };
      const view = stream === null ? null : await this.#viewAt(index, stream);
      if (view !== null && view !== 'absent') rereads.push(view);
    }
    return { rereads, hasMore: false };
  }

  /** The journal is another one. */
  forget(): void {
    this.#copies.clear();
    this.#after = -1;
  }

  /** Reads one copy back now, and writes what came of it in the journal. */
  run(copy: string): Promise<Reread> {
    this.#running ??= this.#run(copy, false).finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  /** Reads back the copy whose turn it is, if there is one. Another device that came first has done it for all. */
  async runDue(): Promise<void> {
    const { canWrite, sync, copies } = this.#parts;
    if (!(canWrite() && this.isOwn) || this.#running !== null) return;
    await this.follow();
    const due = copies().find((copy) => this.#isDue(copy));
    if (due === undefined) return;
    await sync();
    await this.follow();
    if (!this.#isDue(due)) return;
    this.#running = this.#run(due.name, true).finally(() => {
      this.#running = null;
    });
    await this.#running;
  }

  #isDue({ name, size }: CopyStatus): boolean {
    const now = this.#parts.clock();
    const since = this.#parts.since();
    if (size === 0 || since === null || now - since < firstAfterMs) return false;
    const known = this.#copies.get(name);
    if (known === undefined) return true;
    return now - known.last.at >= dayMs && now - (known.answered?.at ?? 0) >= rereadEveryMs;
  }

  async #run(copy: string, isSpare: boolean): Promise<Reread> {
    const { sync, write } = this.#parts;
    const before = this.#copies.get(copy)?.last.index;
    const reread = await rereadCopy(copy, this.#parts);
    const stream = this.#stream();
    if (stream === null) return reread;
    await sync();
    await this.follow();
    if (isSpare && this.#copies.get(copy)?.last.index !== before) return reread;
    await write({ stream, body: { kind: 'reread' }, content: encodeReread(reread), blobs: [] });
    return reread;
  }

  #take(view: RereadView): void {
    const { destination, outcome } = view;
    const known = this.#copies.get(destination) ?? { destination, answered: null, proven: null };
    this.#copies.set(destination, {
      ...known,
      last: view,
      answered: outcome === 'inconclusive' ? known.answered : view,
      proven: outcome === 'proven' ? view : known.proven,
    });
  }

  /** Null for what is none, or does not open; `absent` while the line is cut. */
  async #viewAt(index: number, stream: StreamRef): Promise<RereadView | null | 'absent'> {
    const { mirror, reader } = this.#parts;
    try {
      const { entry, content } = await reader.content(index, stream);
      if (entry?.header.kind !== 'reread' || content === null) return null;
      const { root: _, ...reread } = parseReread(content);
      const member = mirror.governance.authors.get(bytesToHex(entry.header.author))?.member ?? null;
      return { index, at: entry.receivedAt, member, ...reread };
    } catch (error) {
      if (isSilence(error)) return 'absent';
      if (error instanceof CodedError) return null;
      throw error;
    }
  }

  #stream(): StreamRef | null {
    const { keyring } = this.#parts;
    return keyring.canRead('admin') ? keyring.stream('admin', 'rereads') : null;
  }
}
