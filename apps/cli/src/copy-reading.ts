import { type Bytes, bytesToHex, hexToBytes, ownBytes } from '@serment/core/bytes';
import { bundleSize } from '@serment/core/copy/names';
import { isKitOf, type Kit } from '@serment/core/keys/kit';
import type { IndexedPayload } from '@serment/core/wire/read';
import { withTemporaryCache } from '@serment/replica/cache-node';
import { ReplicaError } from '@serment/replica/error';
import type { JournalMirror, JournalSource } from '@serment/replica/journal-mirror';
import type { PayloadSource } from '@serment/replica/payload-reader';
import { CopyError } from '@serment/store/copy/copy-error';
import { claimedSize } from '@serment/store/copy/copy-state';
import type { Destination } from '@serment/store/copy/destination';
import type { CopyFinding } from '@serment/store/copy/finding';
import { type OpenedState, openCopy, openStates } from '@serment/store/copy/open-copy';
import { openReading, type Reading } from './reading.ts';
import type { Terminal } from './terminal.ts';

/** Opens a practice from a copy alone with a kit, for reading. Throws KIT_WRONG, COPY_NOTHING_READABLE and the like. */
export async function withCopyReading<Result>(
  options: { destination: Destination; kit: Kit; terminal: Terminal },
  use: (source: Reading) => Promise<Result>,
): Promise<Result> {
  const { destination, kit, terminal } = options;
  const practice = await practiceOf(destination, kit);
  const passed: CopyFinding[] = [];
  const opened = await newestState(destination, bytesToHex(practice), passed);
  const journal = new CopyJournalSource(opened);
  const { place, size } = opened.state;
  const missing = Math.max(0, (await claimedSize([destination], place)) - size);
  return withTemporaryCache(size, async (cache) =>
    use(
      await openReading({
        ...{ practice, seed: kit.seed, cache, journal, missing, passed },
        payloads: (mirror) => new CopyPayloadSource(opened, mirror),
        isRecovering: false,
        onProgress: (done, total) => terminal.progress('Verifying entries', done, total),
      }),
    ),
  );
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

async function newestState(destination: Destination, practice: string, passed: CopyFinding[]): Promise<OpenedState> {
  const onPassed = (finding: CopyFinding) => passed.push(finding);
  for await (const opened of openStates([destination], practice, { onPassed })) return opened;
  // Nothing holds: this says why.
  await openCopy(destination, practice);
  throw new CopyError('COPY_NOTHING_READABLE', 'No state of this practice in the copy holds');
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

  async entries(from: number, limit: number): Promise<readonly Bytes[]> {
    const { state, source } = this.#opened;
    const bundled = (state.bundleRoots.length / 32) * bundleSize;
    if (from >= bundled) return state.tail.slice(from - bundled, from - bundled + limit).map(({ entry }) => entry);
    const number = Math.floor(from / bundleSize);
    const entries = await source.entries(number, state.bundleRoots.subarray(number * 32, number * 32 + 32));
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
