import { type Bytes, bytesToHex, hexToBytes, ownBytes } from '@serment/core/bytes';
import { bundleSize, fencePath } from '@serment/core/copy/names';
import type { LostEntry } from '@serment/core/journal/losses';
import { isKitOf, type Kit } from '@serment/core/keys/kit';
import type { IndexedPayload } from '@serment/core/wire/read';
import type { Cache } from '@serment/replica/cache';
import { withTemporaryCache } from '@serment/replica/cache-node';
import { ReplicaError } from '@serment/replica/error';
import type { JournalMirror } from '@serment/replica/journal-mirror';
import type { JournalSource } from '@serment/replica/journal-source';
import type { PayloadSource } from '@serment/replica/payload-reader';
import { CopyError } from '@serment/store/copy/copy-error';
import { claimedSize } from '@serment/store/copy/copy-state';
import type { Destination } from '@serment/store/copy/destination';
import { type CopyFinding, makeFinding } from '@serment/store/copy/finding';
import { type OpenedState, openCopy, openStates } from '@serment/store/copy/open-copy';
import { openReading, type Reading } from './reading.ts';
import type { Terminal } from './terminal.ts';

interface CopyReadingOptions {
  readonly destination: Destination;
  readonly kit: Kit;
  readonly terminal: Terminal;
}

/** Opens a practice from a copy alone with a kit, for reading. Throws KIT_WRONG, COPY_NOTHING_READABLE and the like. */
export async function withCopyReading<Result>(
  options: CopyReadingOptions,
  use: (source: Reading) => Promise<Result>,
): Promise<Result> {
  const practice = await practiceOf(options.destination, options.kit);
  const states = new CopyStates(options, practice);
  // After a loss, nothing says who signs for a later host: such a state counts only where no other one does.
  for (const isHostUnknown of [false, true])
    for await (const opened of states.read()) {
      const outcome = states.isRefused(opened) ? null : await states.open(opened, isHostUnknown, use);
      if (outcome !== null) return outcome.result;
    }
  if (states.refusal !== null) throw states.refusal;
  // Nothing holds: this says why.
  await openCopy(options.destination, bytesToHex(practice));
  throw new CopyError('COPY_NOTHING_READABLE', 'No state of this practice in the copy holds');
}

/** The states of a practice, one after the other until one opens. */
class CopyStates {
  /** Why the first state that was refused was. */
  refusal: Error | null = null;
  readonly #options: CopyReadingOptions;
  readonly #practice: Bytes;
  #passed: CopyFinding[] = [];
  /** By fence, the size up to which its states may still open. */
  readonly #limits = new Map<number, number>();

  constructor(options: CopyReadingOptions, practice: Bytes) {
    this.#options = options;
    this.#practice = practice;
  }

  read(): AsyncGenerator<OpenedState> {
    this.#passed = [];
    this.#limits.clear();
    const onPassed = (finding: CopyFinding) => this.#passed.push(finding);
    return openStates([this.#options.destination], bytesToHex(this.#practice), { onPassed });
  }

  isRefused({ state: { place, size } }: OpenedState): boolean {
    return size > (this.#limits.get(place.fence) ?? Number.POSITIVE_INFINITY);
  }

  /** What `use` gives; null for a state that does not hold, where another one may. */
  async open<Result>(
    opened: OpenedState,
    isHostUnknown: boolean,
    use: (source: Reading) => Promise<Result>,
  ): Promise<{ readonly result: Result } | null> {
    return withTemporaryCache(opened.state.size, async (cache) => {
      const source = await this.#read(opened, isHostUnknown, cache);
      return source === null ? null : { result: await use(source) };
    });
  }

  async #read(opened: OpenedState, isHostUnknown: boolean, cache: Cache): Promise<Reading | null> {
    const { kit, terminal, destination } = this.#options;
    const { place, size } = opened.state;
    try {
      const source = await openReading({
        ...{ practice: this.#practice, seed: kit.seed, cache, journal: new CopyJournalSource(opened) },
        missing: Math.max(0, (await claimedSize([destination], place)) - size),
        passed: this.#passed,
        payloads: (mirror) => new CopyPayloadSource(opened, mirror),
        ...{ isRecovering: isHostUnknown, isCopy: true },
        onProgress: (done, total) => terminal.progress('Verifying entries', done, total),
      });
      // Without a loss, the host that the journal names is known, and another one's signature proves nothing.
      const isLossy = source.mirror.findings.some(({ code }) => code === 'ENTRY_LOST');
      if (isLossy || !isHostUnknown) return source;
    } catch (error) {
      const limit = limitAfter(error, opened);
      if (limit === null) throw error;
      if (error instanceof Error) this.refusal ??= error;
      this.#limits.set(place.fence, limit);
    }
    const reach = { practice: place.practice, from: 0, to: size };
    this.#passed.push(makeFinding('FENCE_UNPROVEN', fencePath(place.practice, place.fence), reach));
    return null;
  }
}

/** Up to which size states may open after this error; null when it is not about the state. */
function limitAfter(error: unknown, { state: { size }, governance }: OpenedState): number | null {
  // Every size after the entry that names a host has the same one.
  if (error instanceof ReplicaError && error.fields.finding === 'CHECKPOINT_INVALID')
    return governance.hosts.findLast(({ index }) => index < size)?.index ?? 0;
  const isOfBundle = error instanceof CopyError && error.code === 'COPY_DAMAGED';
  return isOfBundle && typeof error.fields.from === 'number' ? error.fields.from : null;
}

async function practiceOf(destination: Destination, kit: Kit): Promise<Bytes> {
  const folders = (await destination.listFolders('')).filter((name) => /^[0-9a-f]{64}$/.test(name));
  const practice = folders.map(hexToBytes).find((id) => isKitOf(kit, id));
  if (practice !== undefined) return practice;
  throw new ReplicaError('KIT_WRONG', 'This kit is of no practice that the copy holds', {
    fields: { practices: folders.length },
    hint: 'Check that the copy is the right one, and that the kit belongs to this practice.',
  });
}

/** A copy as the journal that a device mirrors. */
class CopyJournalSource implements JournalSource {
  readonly #opened: OpenedState;

  constructor(opened: OpenedState) {
    this.#opened = opened;
  }

  async checkpoint(): Promise<string> {
    return this.#opened.state.note;
  }

  async entries(from: number, limit: number): Promise<readonly (Bytes | LostEntry)[]> {
    const { state, source } = this.#opened;
    const bundled = (state.bundleRoots.length / 32) * bundleSize;
    if (from >= bundled) return state.tail.slice(from - bundled, from - bundled + limit).map(({ entry }) => entry);
    const number = Math.floor(from / bundleSize);
    const entries = await source.entriesAndLosses(number, state.bundleRoots.subarray(number * 32, number * 32 + 32));
    if (entries === null)
      throw new CopyError('COPY_DAMAGED', 'Entries of the copy are damaged, and everything after them hangs on them', {
        fields: { from: number * bundleSize, to: (number + 1) * bundleSize },
        hint: 'Run serment verify on this copy, and open another copy of this practice.',
      });
    return entries.slice(from % bundleSize, (from % bundleSize) + limit);
  }
}

/** Sealed payloads of a copy: found through its index, and through the journal where the index is at fault. */
class CopyPayloadSource implements PayloadSource {
  readonly #opened: OpenedState;
  readonly #mirror: JournalMirror;
  #last: { stream: string; payloads: ReadonlyMap<number, Bytes | null> } | null = null;

  constructor(opened: OpenedState, mirror: JournalMirror) {
    this.#opened = opened;
    this.#mirror = mirror;
  }

  async stream(
    stream: Uint8Array,
    from: number,
    limit: number,
  ): Promise<{ payloads: readonly IndexedPayload[]; next: number | null }> {
    const found = await this.#indexed(ownBytes(stream));
    const wanted = this.#mirror.entriesOf(stream).filter((index) => index >= from);
    const payloads: IndexedPayload[] = [];
    for (const index of wanted.slice(0, limit))
      payloads.push({ index, payload: found.get(index) ?? (await this.#payload(index)) });
    return { payloads, next: wanted[limit] ?? null };
  }

  async payloads(indexes: readonly number[]): Promise<readonly IndexedPayload[]> {
    const payloads: IndexedPayload[] = [];
    for (const index of indexes) payloads.push({ index, payload: await this.#payload(index) });
    return payloads;
  }

  async blob(hash: Uint8Array): Promise<ReadableStream<Uint8Array>> {
    try {
      return new Blob([await this.#opened.copy.readBlob(bytesToHex(hash))]).stream();
    } catch (cause) {
      if (!(cause instanceof CopyError)) throw cause;
      // Like a server that has not got it: one document less, and the reading goes on.
      throw new ReplicaError('SERVER_REFUSED', 'The copy has not got this document whole', {
        cause,
        fields: { server: cause.code, status: 404 },
      });
    }
  }

  async #indexed(stream: Bytes): Promise<ReadonlyMap<number, Bytes | null>> {
    const name = bytesToHex(stream);
    if (this.#last?.stream !== name) {
      const { items } = await this.#opened.copy.readStream(stream);
      this.#last = { stream: name, payloads: new Map(items.map(({ index, payload }) => [index, payload])) };
    }
    return this.#last.payloads;
  }

  async #payload(index: number): Promise<Bytes | null> {
    const { payloadHash } = await this.#mirror.entry(index);
    if (payloadHash === null) return null;
    const { state, source } = this.#opened;
    const bundled = (state.bundleRoots.length / 32) * bundleSize;
    return index < bundled ? source.payload(index, payloadHash) : (state.tail[index - bundled]?.payload ?? null);
  }
}
