import { createHash } from 'node:crypto';
import type { Bytes } from '@serment/core/bytes';
import { parseCopyName } from '@serment/core/copy/names';
import { CopyError } from '../copy-error.ts';
import { type Destination, type DestinationBatch, putAlone } from '../destination.ts';
import { nameOrNull } from '../held.ts';
import { Blocks, blockBytes } from './blocks.ts';
import { Bucket, type FetchedObject, type Page, type Version } from './bucket.ts';
import { lockMsOf, type S3Place } from './place.ts';
import { S3Batch } from './s3-batch.ts';
import { s3ToCopyError } from './s3-error.ts';
import { Versions } from './versions.ts';

// A line that breaks is taken up where it was, as long as each attempt brings something.
const attemptsInARow = 3;

/** A copy in a bucket with Object Lock (docs/format/copy.md, In a bucket). */
export function s3Destination(place: S3Place): Destination {
  return new S3Destination(place);
}

class S3Destination implements Destination {
  readonly name: string;
  readonly kind = 's3';
  readonly deletesTails = false;
  readonly putsAside = false;
  readonly readsAtOnce = 16;
  readonly #place: S3Place;
  readonly #bucket: Bucket;
  readonly #versions: Versions;
  readonly #taken = new Set<string>();
  readonly #blocks = new Blocks((name, from) => this.#readBlock(name, from));

  constructor(place: S3Place) {
    this.name = place.name;
    this.#place = place;
    this.#bucket = new Bucket(place);
    this.#versions = new Versions(this.#bucket);
  }

  async prepare(): Promise<void> {
    await this.#bucket.assertLocked();
  }

  async check(): Promise<void> {
    // A bucket that is gone refuses what is put into it.
  }

  batch(): DestinationBatch {
    return new S3Batch({
      bucket: this.#bucket,
      versions: this.#versions,
      taken: this.#taken,
      lockedUntil: (name) => this.#lockedUntil(name),
      hashOf: (name) => this.#hashOf(name),
    });
  }

  put(name: string, content: Uint8Array | AsyncIterable<Uint8Array>): Promise<void> {
    return putAlone(this.batch(), name, content);
  }

  async get(name: string): Promise<Bytes> {
    const pieces: Bytes[] = [];
    for await (const piece of this.stream(name)) pieces.push(piece);
    return new Uint8Array(Buffer.concat(pieces));
  }

  async *stream(name: string): AsyncGenerator<Bytes> {
    let object = await this.#open(name);
    const { version, size } = object;
    let position = 0;
    for (let failures = 0; ; ) {
      try {
        for await (const chunk of object.body) {
          position += chunk.length;
          failures = 0;
          yield new Uint8Array(chunk);
        }
        if (position >= size) return;
        throw s3ToCopyError(null, name);
      } catch (cause) {
        failures += 1;
        if (failures >= attemptsInARow) throw s3ToCopyError(cause, name);
      } finally {
        object.body.destroy();
      }
      object = await this.#bucket.get(name, version, { from: position });
    }
  }

  async read(name: string, offset: number, length: number): Promise<Bytes> {
    const bytes = new Uint8Array(length);
    await this.readInto(name, offset, bytes);
    return bytes;
  }

  async readInto(name: string, offset: number, target: Uint8Array): Promise<void> {
    for (let filled = 0; filled < target.length; ) {
      const at = offset + filled;
      const block = await this.#blocks.get(name, Math.floor(at / blockBytes));
      const piece = block.subarray(at % blockBytes, (at % blockBytes) + target.length - filled);
      if (piece.length === 0)
        throw new CopyError('COPY_DAMAGED', 'An object is shorter than it must be', { fields: { name } });
      target.set(piece, filled);
      filled += piece.length;
    }
  }

  async size(name: string): Promise<number | null> {
    return (await this.#first(name))?.size ?? null;
  }

  async has(name: string): Promise<boolean> {
    return (await this.#first(name)) !== null;
  }

  async *list(prefix: string): AsyncGenerator<string> {
    for await (const { name, first } of this.#versions.list(folderOf(prefix))) if (first !== null) yield name;
  }

  async listFolders(prefix: string): Promise<string[]> {
    const folder = folderOf(prefix);
    const found = new Set<string>();
    let from: Page | null = null;
    do {
      const page: Awaited<ReturnType<Bucket['page']>> = await this.#bucket.page(folder, from, true);
      for (const path of page.folders) found.add(path.slice(folder.length, -1));
      from = page.next;
    } while (from !== null);
    return [...found];
  }

  async settle(): Promise<void> {
    // A store answers a put once it is durable.
  }

  overwritten(): string[] {
    return this.#versions.overwritten();
  }

  async putAside(name: string): Promise<string> {
    throw new CopyError('COPY_DELETE_REFUSED', 'The first version of a name stays the object', { fields: { name } });
  }

  /** Throws COPY_DELETE_REFUSED while it is locked too. Takes with it what was put over it, which nobody may see for it. */
  async deleteTail(name: string): Promise<void> {
    if (parseCopyName(name).kind !== 'tail')
      throw new CopyError('COPY_DELETE_REFUSED', 'Nothing but tails is deleted from a copy', { fields: { name } });
    const { first, later } = await this.#versions.ask(name);
    try {
      for (const version of later) await this.#bucket.remove(name, version);
      if (first !== null) await this.#bucket.remove(name, first.id);
    } catch (cause) {
      if (!(cause instanceof CopyError && cause.code === 'COPY_FORBIDDEN')) throw cause;
      throw new CopyError(
        'COPY_DELETE_REFUSED',
        'The store does not delete this tail: it is locked, or not for these credentials',
        {
          fields: cause.fields,
        },
      );
    }
    this.#versions.forget(name);
  }

  async close(): Promise<void> {
    this.#bucket.close();
  }

  async #first(name: string): Promise<Version | null> {
    return (await this.#versions.ask(name)).first;
  }

  /** The version that counts, or a part of it. */
  async #open(name: string, range: { from: number; to: number } | null = null): Promise<FetchedObject> {
    const version = await this.#versions.find(name);
    try {
      const object = await this.#bucket.get(name, version, range);
      if (version !== null || !this.#versions.isDoubtful(name, object.writtenAt)) return object;
      const first = await this.#first(name);
      if (first?.id === object.version) return object;
      object.body.destroy();
    } catch (cause) {
      if (!(cause instanceof CopyError && cause.code === 'COPY_NOT_FOUND')) throw cause;
    }
    // Something stands over it, or it is gone.
    const first = await this.#first(name);
    if (first === null) throw new CopyError('COPY_NOT_FOUND', 'No such object in the copy', { fields: { name } });
    return this.#bucket.get(name, first.id, range);
  }

  async #readBlock(name: string, from: number): Promise<Bytes> {
    for (let failures = 0; ; ) {
      const pieces: Uint8Array[] = [];
      try {
        const { body } = await this.#open(name, { from, to: from + blockBytes - 1 });
        for await (const piece of body) pieces.push(piece);
        return new Uint8Array(Buffer.concat(pieces));
      } catch (cause) {
        failures += 1;
        // A request that was refused was tried again already; a line that broke while it gave bytes was not.
        if (cause instanceof CopyError || failures >= attemptsInARow) throw s3ToCopyError(cause, name);
      }
    }
  }

  async #hashOf(name: string): Promise<string | null> {
    const hasher = createHash('sha256');
    try {
      for await (const piece of this.stream(name)) hasher.update(piece);
    } catch (cause) {
      if (cause instanceof CopyError && cause.code === 'COPY_NOT_FOUND') return null;
      throw cause;
    }
    return hasher.digest('hex');
  }

  #lockedUntil(name: string): number {
    return this.#bucket.now() + lockMsOf(this.#place, nameOrNull(name));
  }
}

/** A prefix by whole path segments: '' for everything. */
function folderOf(prefix: string): string {
  const folder = prefix.replace(/\/$/, '');
  return folder === '' ? '' : `${folder}/`;
}
