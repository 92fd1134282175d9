import type { Bytes } from '@serment/core/bytes';
import { maxInlinePayloadBytes } from '@serment/core/copy/bundle';
import { formatCopyName, markerName } from '@serment/core/copy/names';
import type { CodedError } from '@serment/core/error';
import type { CopiedEntry, CopyEntriesAnswer } from '@serment/core/wire/copy-read';
import { CopyError } from '@serment/store/copy/copy-error';
import type { Destination } from '@serment/store/copy/destination';
import { type OpenedCopy, openCopy } from '@serment/store/copy/open-copy';
import { type CopyPlace, openPlace } from '@serment/store/copy/places';
import { notFound, ServerError } from './error.ts';

export interface CopyReadingsOptions {
  /** Those that are written now. */
  readonly places: () => readonly CopyPlace[];
  /** Entries that a copy was last known to hold of a practice: a state that was opened before is opened again. */
  readonly sizeOf: (practice: string, copy: string) => number;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** How long a copy may say nothing. */
  readonly silenceMs?: number;
}

/** A document as a copy gives it: pieces in order, no hash of them checked. */
export interface CopiedBlob {
  readonly sizeBytes: number;
  read(range: { readonly start: number; readonly end: number }): AsyncIterable<Bytes>;
}

interface Opened {
  readonly copy: Promise<OpenedCopy>;
  readonly at: number;
  /** What the copy was known to hold then. */
  readonly size: number;
}

const silenceMs = 8_000;
/** A state that was opened serves the questions that follow one another. */
const keptMs = 10_000;
const maxOpened = 32;
/** Of one copy: what hangs keeps as many waiting, and no more. */
const maxUnderWay = 8;
const maxAnswerBytes = 4_194_304;
const pieceBytes = 1_048_576;

/**
 * Reads copies for the practices they are of, apart from what writes there, and never holds up this process. Every method
 * throws NOT_FOUND for a copy that holds nothing of the practice, and COPY_UNAVAILABLE, within seconds, for one that does
 * not answer or cannot be read.
 */
export class CopyReadings {
  readonly #options: CopyReadingsOptions;
  readonly #destinations = new Map<string, Promise<Destination>>();
  readonly #opened = new Map<string, Opened>();
  readonly #underWay = new Map<string, number>();

  constructor(options: CopyReadingsOptions) {
    this.#options = options;
  }

  /** Entries by number with their payloads, as many of the first ones asked as an answer holds, one at least. */
  async entries(practice: string, copy: string, indexes: readonly number[]): Promise<CopyEntriesAnswer> {
    const opened = await this.#within(copy, () => this.#open(practice, copy));
    const entries: CopiedEntry[] = [];
    let sizeBytes = 0;
    for (const index of indexes) {
      const read = await this.#within(copy, () => opened.readEntry(index));
      const payload = (read?.payload?.length ?? 0) > maxInlinePayloadBytes ? null : (read?.payload ?? null);
      sizeBytes += (read?.entry.length ?? 0) + (payload?.length ?? 0);
      if (entries.length > 0 && sizeBytes > maxAnswerBytes) break;
      entries.push({ index, entry: read?.entry ?? null, payload });
    }
    return { note: opened.checkpoint, entries };
  }

  /** Null when the copy has no such document. */
  async blob(practice: string, copy: string, hash: string): Promise<CopiedBlob | null> {
    const name = formatCopyName({ kind: 'blob', practice, hash });
    const destination = await this.#within(copy, () => this.#reach(copy));
    const sizeBytes = await this.#within(copy, () => destination.size(name));
    if (sizeBytes === null) return null;
    const piece = (start: number, end: number) =>
      this.#within(copy, async () => destination.read(name, start, Math.min(pieceBytes, end - start)));
    return {
      sizeBytes,
      async *read({ start, end }) {
        for (let position = start; position < end; position += pieceBytes) yield await piece(position, end);
      },
    };
  }

  async close(): Promise<void> {
    for (const destination of this.#destinations.values()) await destination.then((one) => one.close(), ignore);
  }

  async #open(practice: string, copy: string): Promise<OpenedCopy> {
    const destination = await this.#reach(copy);
    const key = `${copy}\n${practice}`;
    const now = this.#options.clock();
    const size = this.#options.sizeOf(practice, copy);
    const known = this.#opened.get(key);
    if (known !== undefined && known.size >= size && now - known.at < keptMs) return known.copy;
    const opening = openCopy(destination, practice);
    opening.catch(() => this.#opened.delete(key));
    this.#opened.delete(key);
    this.#opened.set(key, { copy: opening, at: now, size });
    const oldest = this.#opened.keys().next();
    if (this.#opened.size > maxOpened && oldest.done === false) this.#opened.delete(oldest.value);
    return opening;
  }

  async #reach(copy: string): Promise<Destination> {
    const place = this.#options.places().find(({ name }) => name === copy);
    if (place === undefined) throw notFound();
    const opening = this.#destinations.get(copy) ?? openPlace(place, { neverBlocks: true });
    this.#destinations.set(copy, opening);
    const destination = await opening;
    // A disk that was taken away leaves an empty folder, in which no practice is missing.
    if (await destination.has(markerName)) return destination;
    throw new CopyError('COPY_FOLDER_MISSING', 'The copy is not there');
  }

  /** What a copy gives, unless it is silent. */
  async #within<Result>(copy: string, work: () => Promise<Result>): Promise<Result> {
    const underWay = this.#underWay.get(copy) ?? 0;
    if (underWay >= maxUnderWay) throw unavailable('COPY_BUSY');
    this.#underWay.set(copy, underWay + 1);
    const working = work().finally(() => this.#underWay.set(copy, (this.#underWay.get(copy) ?? 1) - 1));
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(unavailable('COPY_SILENT')), this.#options.silenceMs ?? silenceMs);
    });
    try {
      return await Promise.race([working, silence]);
    } catch (cause) {
      // Whoever stopped waiting is told why it was; what comes later is nobody's.
      working.catch(ignore);
      if (!(cause instanceof CopyError)) throw cause;
      if (cause.code === 'COPY_PRACTICE_UNKNOWN') throw notFound();
      throw unavailable(cause.code, cause);
    } finally {
      clearTimeout(timer);
    }
  }
}

function unavailable(reason: string, cause?: CodedError): ServerError {
  return new ServerError('COPY_UNAVAILABLE', 'This copy cannot be read now', { cause, fields: { reason } });
}

function ignore(): void {
  // It was told, or nobody asks any more.
}
