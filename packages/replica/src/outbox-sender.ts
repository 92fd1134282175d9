import type { Bytes } from '@serment/core/bytes';
import { CodedError } from '@serment/core/error';
import type { Receipt, SentEntry } from '@serment/core/wire/append';
import type { CopiesWatch } from './copies-watch.ts';
import type { DirectoryKeeper } from './directory-keeper.ts';
import { ReplicaError } from './error.ts';
import { Outbox, type OutboxItem, type OutboxParts } from './outbox.ts';
import type { PatientFiles } from './patient-files.ts';
import type { PayloadReader } from './payload-reader.ts';
import type { PracticeLine } from './practice-line.ts';
import type { PracticeEvent } from './practice-status.ts';
import type { OutboxPart } from './sending.ts';

export interface OutboxSenderParts {
  readonly line: Pick<PracticeLine, 'setOnline' | 'takeError'>;
  readonly reader: Pick<PayloadReader, 'remember' | 'keep'>;
  /** Null when this member's rights do not open the directory. */
  readonly directory: Pick<DirectoryKeeper, 'accept' | 'overlay'> | null;
  readonly files: Pick<PatientFiles, 'show'>;
  readonly copies: Pick<CopiesWatch, 'await' | 'forget' | 'restart'>;
  /** Whether the event line says when there is something to follow. */
  readonly isListening: () => boolean;
  /** Verifies and folds what is new. */
  readonly sync: () => Promise<unknown>;
  /** Folds what is verified already. */
  readonly follow: () => Promise<void>;
  readonly emit: (event: PracticeEvent) => void;
}

/** Who goes from file to file is not kept waiting by what each leaves: it goes together, once they stay on one, ms. */
const restMs = 1_000;
const longestMs = 10_000;

/** What leaves this device: shown as soon as it is kept, then sent, and shown until its own entries are folded. */
export class OutboxSender {
  readonly #parts: OutboxSenderParts;
  #outbox: Outbox | null = null;
  #later: { readonly timer: ReturnType<typeof setTimeout>; readonly since: number } | null = null;
  #isClosed = false;

  constructor(parts: OutboxSenderParts) {
    this.#parts = parts;
  }

  /** Takes what the device kept of what waits. Called once. */
  async open(parts: Omit<OutboxParts, 'onReceived' | 'onAccepted'>): Promise<void> {
    this.#outbox = await Outbox.open({
      ...parts,
      onReceived: (entries, receipts) => this.#remember(entries, receipts),
      onAccepted: (item, entries, receipts) => this.#takeAccepted(item, entries, receipts),
    });
  }

  /** Throws CLOSED before `open`, and after `close`. */
  get outbox(): Outbox {
    if (this.#outbox === null || this.#isClosed) throw new ReplicaError('CLOSED', 'The vault is locked on this device');
    return this.#outbox;
  }

  /** What waits, in the order in which it goes. */
  get items(): readonly OutboxItem[] {
    return this.#outbox?.items ?? [];
  }

  /** Whether anything waits that should not wait any longer. */
  get isDue(): boolean {
    return this.items.some((item) => item.problem === null && (this.#later === null || !isByItself(item)));
  }

  /** How many saves this device kept that do not open any more. */
  get damaged(): number {
    return this.#outbox?.damaged ?? 0;
  }

  /** For good: what is under way ends, and shows nothing more. */
  close(): void {
    this.#isClosed = true;
    if (this.#later !== null) clearTimeout(this.#later.timer);
  }

  /** Durable on this device when it returns, and shown; it goes behind that. */
  async add(parts: readonly OutboxPart[]): Promise<OutboxItem> {
    const item = this.#show(await this.outbox.add(parts));
    void this.#sendSoon(isByItself(item));
    return item;
  }

  /**
   * The same of what this device says by itself and is not true yet, such as the trace of a file that is being read: it is
   * shown once it is admitted, and sent a second after the last one, with those that came in the ten seconds before.
   */
  async reserve(parts: readonly OutboxPart[]): Promise<{ admit(): void; withdraw(): Promise<void> }> {
    const { admit, withdraw } = await this.outbox.join(parts);
    const take = (item: OutboxItem) => {
      this.#show(item);
      this.#sendLater();
    };
    return { admit: () => take(admit()), withdraw };
  }

  /** Sends what is to go in a moment at once; what does not go stays for the next time. */
  async sendRest(): Promise<void> {
    if (this.#later === null) return;
    clearTimeout(this.#later.timer);
    this.#later = null;
    await this.#sendSoon(true);
  }

  #sendLater(): void {
    const now = performance.now();
    const since = this.#later?.since ?? now;
    clearTimeout(this.#later?.timer);
    const waitMs = Math.min(restMs, Math.max(0, since + longestMs - now));
    const timer = setTimeout(() => void this.sendRest(), waitMs);
    this.#later = { timer, since };
  }

  /** What this device says by itself: it returns once the host has it. */
  async write(part: OutboxPart): Promise<void> {
    await this.outbox.add([part]);
    await this.outbox.flush();
  }

  /** Sends again what the host refused. */
  async retry(id: string): Promise<void> {
    await this.outbox.retry(id);
    await this.#sendSoon();
  }

  /** The host was restored: what it lost waits again, and no page says more of it than that it is here. */
  async giveBack(): Promise<void> {
    const { copies, emit } = this.#parts;
    copies.restart();
    await this.outbox.giveBack();
    for (const item of this.items) {
      copies.forget(item.id);
      if (item.problem === null && !isByItself(item))
        emit({ type: 'save', id: item.id, state: 'device', copiedAt: null });
    }
  }

  /** Sends what waits. What was taken is shown from its entries at once: they are verified, and need no line. */
  async flush(): Promise<void> {
    try {
      await this.outbox.flush();
    } finally {
      if (!this.#isClosed) await this.#parts.follow();
      this.#parts.directory?.overlay();
    }
  }

  #show(item: OutboxItem): OutboxItem {
    const { parts } = item;
    const { files, directory, emit } = this.#parts;
    files.show(item);
    if (parts.some((part) => part.body.kind === 'records')) directory?.overlay();
    if (!isByItself(item)) emit({ type: 'save', id: item.id, state: 'device', copiedAt: null });
    return item;
  }

  /** After what was sent `byItself`, the event line says when there is something to follow. */
  async #sendSoon(byItself = false): Promise<void> {
    const { line, isListening, sync } = this.#parts;
    try {
      await this.flush();
      line.setOnline(true);
      if (!(this.#isClosed || (byItself && isListening()))) await sync();
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      if (error instanceof ReplicaError && error.code !== 'CLOSED') line.takeError(error);
    }
  }

  /** What is read as soon as the journal holds it need not come back from the host. */
  #remember(entries: readonly SentEntry[], receipts: readonly Receipt[]): void {
    for (const [place, { index }] of receipts.entries()) {
      const payload = entries[place]?.payload;
      if (payload) this.#parts.reader.remember(index, payload);
    }
  }

  /** Called before the item leaves the outbox: what it shows stays until its entry does. */
  async #takeAccepted(item: OutboxItem, entries: readonly SentEntry[], receipts: readonly Receipt[]): Promise<void> {
    const { reader, directory, copies, emit } = this.#parts;
    const indexes = receipts.map(({ index }) => index);
    const written: [number, Bytes][] = [];
    // Who deposits keeps nothing of it.
    const isDeposit = item.parts.some(({ body }) => body.kind === 'deposit');
    for (const [place, index] of indexes.entries()) {
      const payload = entries[place]?.payload;
      if (payload && !isDeposit && item.parts[place]?.body.kind === 'records') written.push([index, payload]);
    }
    await reader.keep(written);
    directory?.accept(item, indexes);
    if (isByItself(item)) return;
    emit({ type: 'save', id: item.id, state: 'host', copiedAt: null });
    copies.await(item.id, indexes.at(-1) ?? 0);
  }
}

const byItself: ReadonlySet<string> = new Set(['opened', 'snapshot', 'heads', 'reread']);

/** What the device says without being asked: no page shows how far it went. */
function isByItself(item: OutboxItem): boolean {
  return item.parts.every(({ body }) => byItself.has(body.kind));
}
