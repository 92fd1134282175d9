import { createHash } from 'node:crypto';
import { equalBytes } from '@serment/core/bytes';
import { readObject } from './bundle-check.ts';
import { CopyError, isOutOfReach } from './copy-error.ts';
import type { Destination, DestinationBatch } from './destination.ts';

/** What a repair did, or would do, about one name. */
export interface RepairAction {
  readonly object: string;
  readonly how: 'written' | 'replaced' | 'put-aside';
}

/**
 * Why a name stays as it is: no copy has what is proven to belong there, a bucket keeps the first version, or what was
 * written could not be read back.
 */
export type Unrepairable = 'nowhere' | 'locked' | 'not-read-back';

export interface MenderOptions {
  readonly destination: Destination;
  readonly isDryRun: boolean;
  readonly onAction: (action: RepairAction) => void;
  readonly onFailure: (object: string, reason: Unrepairable) => void;
}

interface Staged {
  readonly name: string;
  readonly isReplacing: boolean;
  readonly hash: string;
}

const maxStaged = 200;
const maxStagedBytes = 32 * 1024 * 1024;

/**
 * Writes what belongs under names of a damaged copy, many to a barrier, and reads each back. What it is given was proven
 * by the caller. A damaged object is put aside once what replaces it is written beside it, never before.
 */
export class Mender {
  readonly #options: MenderOptions;
  #batch: DestinationBatch | null = null;
  #staged: Staged[] = [];
  #bytes = 0;
  /** What the damaged copy's own place refused while it took a stream. */
  #refusal: unknown = null;

  constructor(options: MenderOptions) {
    this.#options = options;
  }

  /** Compares, and writes if need be. Returns false where the name must stay as it is. */
  async mend(name: string, bytes: Uint8Array): Promise<boolean> {
    const found = await readObject(this.#options.destination, name);
    if (found instanceof Uint8Array && equalBytes(found, bytes)) return true;
    return this.write(name, bytes, found !== null);
  }

  /** Writes under a name that has nothing, or something damaged. Returns false where the name must stay as it is. */
  async write(name: string, content: Uint8Array | AsyncIterable<Uint8Array>, isReplacing: boolean): Promise<boolean> {
    const { destination, isDryRun, onFailure } = this.#options;
    if (isReplacing && !destination.putsAside) {
      onFailure(name, 'locked');
      return false;
    }
    const hasher = createHash('sha256');
    const reading = { hasFailed: false };
    const pieces = hashed(content instanceof Uint8Array ? [content] : content, reading, (piece) => {
      hasher.update(piece);
      this.#bytes += piece.length;
    });
    if (isDryRun) {
      for await (const _ of pieces);
      this.plan(name, isReplacing);
      return true;
    }
    this.#batch ??= destination.batch();
    try {
      await this.#batch.put(name, pieces);
    } catch (cause) {
      if (!reading.hasFailed) this.#refusal = cause;
      throw cause;
    }
    const hash = hasher.digest('hex');
    this.#staged.push({ name, isReplacing, hash });
    if (this.#staged.length >= maxStaged || this.#bytes >= maxStagedBytes) await this.flush();
    return true;
  }

  get isDryRun(): boolean {
    return this.#options.isDryRun;
  }

  /** In a dry run: says what would be written once what it is made of was. */
  plan(name: string, isReplacing: boolean): void {
    this.#options.onAction({ object: name, how: isReplacing ? 'replaced' : 'written' });
  }

  /** Throws what the place refused, where whoever gave the stream took it for a failure of its own. */
  rethrow(): void {
    if (this.#refusal !== null) throw this.#refusal;
  }

  /** Frees a name whose object is damaged and needed no more. */
  async putAside(name: string): Promise<void> {
    const { destination, isDryRun, onAction, onFailure } = this.#options;
    if (!destination.putsAside) return onFailure(name, 'locked');
    if (!isDryRun) await destination.putAside(name);
    onAction({ object: name, how: 'put-aside' });
  }

  /** Makes durable what was written, and reads it back. */
  async flush(): Promise<void> {
    const { destination, onAction, onFailure } = this.#options;
    const [batch, staged] = [this.#batch, this.#staged];
    [this.#batch, this.#staged, this.#bytes] = [null, [], 0];
    if (batch === null) return;
    try {
      for (const { name, isReplacing } of staged) if (isReplacing) await destination.putAside(name);
      await batch.commit();
    } catch (cause) {
      // Somebody wrote there meanwhile: what counts is what stands there, below.
      if (!(cause instanceof CopyError && cause.code === 'COPY_NAME_TAKEN')) throw cause;
    } finally {
      await batch.abandon();
    }
    for (const { name, isReplacing, hash } of staged)
      if ((await this.#hashOf(name)) !== hash) onFailure(name, 'not-read-back');
      else onAction({ object: name, how: isReplacing ? 'replaced' : 'written' });
  }

  /** Gives up what is not durable yet. */
  async abandon(): Promise<void> {
    await this.#batch?.abandon();
    this.#batch = null;
  }

  async #hashOf(name: string): Promise<string | null> {
    const hasher = createHash('sha256');
    try {
      for await (const piece of this.#options.destination.stream(name)) hasher.update(piece);
      return hasher.digest('hex');
    } catch (cause) {
      if (cause instanceof CopyError && !isOutOfReach(cause)) return null;
      throw cause;
    }
  }
}

async function* hashed(
  content: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  reading: { hasFailed: boolean },
  onPiece: (piece: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of content) {
      onPiece(piece);
      yield piece;
    }
  } catch (cause) {
    reading.hasFailed = true;
    throw cause;
  }
}
