import { type Bytes, concatBytes } from '@serment/core/bytes';
import { encodeEntryBundle, encodePayloadBundle } from '@serment/core/copy/bundle';
import { readEntryPlace } from '@serment/core/copy/entry-place';
import { bundleSize, type CopyName } from '@serment/core/copy/names';
import { encodeNodes, hashTileBytes } from '@serment/core/copy/nodes';
import { encodeBundleIndex } from '@serment/core/copy/stream-index';
import { leafHash, nodeHash } from '@serment/core/journal/tree';
import type { CapturedEntry, CaptureSource } from './capture-source.ts';
import { CopyError } from './copy-error.ts';
import type { Destination, DestinationBatch } from './destination.ts';
import { nameOrNull } from './held.ts';

/** What a repair takes from the live store. */
export interface LiveSource extends Pick<CaptureSource, 'practices' | 'readRange' | 'openBlob'> {
  hasBlob(practice: string, hash: string): Promise<boolean>;
}

/**
 * The live store as a place that copies may be read from: full bundles and documents, as its entries make them. It has
 * no checkpoint, and so proves nothing by itself: what it gives serves where a copy proves it. It takes nothing.
 */
export function liveDestination(source: LiveSource): Destination {
  return new LiveDestination(source);
}

type Objects = Readonly<Record<'entries' | 'payload' | 'nodes' | 'tile' | 'index', Bytes>>;

// Of any number: the store has one journal, whichever fence a name speaks of.
const anyFence = '00000001';

class LiveDestination implements Destination {
  readonly name = 'live';
  readonly kind = 'folder';
  readonly readsAtOnce = 1;
  readonly deletesTails = false;
  readonly putsAside = false;
  readonly #source: LiveSource;
  #last: { readonly practice: string; readonly number: number; readonly objects: Promise<Objects | null> } | null =
    null;

  constructor(source: LiveSource) {
    this.#source = source;
  }

  async get(name: string): Promise<Bytes> {
    const pieces: Uint8Array[] = [];
    for await (const piece of this.stream(name)) pieces.push(piece);
    return concatBytes(...pieces);
  }

  async *stream(text: string): AsyncGenerator<Bytes> {
    const name = nameOrNull(text);
    if (name?.kind === 'blob') {
      if (!(await this.#source.hasBlob(name.practice, name.hash))) throw notFound(text);
      for await (const piece of this.#source.openBlob(name.practice, name.hash)) yield new Uint8Array(piece);
      return;
    }
    const bytes = name === null ? null : await this.#objectOf(name);
    if (bytes === null) throw notFound(text);
    yield bytes;
  }

  async read(name: string, offset: number, length: number): Promise<Bytes> {
    const bytes = (await this.get(name)).slice(offset, offset + length);
    if (bytes.length === length) return bytes;
    throw new CopyError('COPY_DAMAGED', 'An object is shorter than it must be', { fields: { name } });
  }

  async readInto(name: string, offset: number, target: Uint8Array): Promise<void> {
    target.set(await this.read(name, offset, target.length));
  }

  async size(text: string): Promise<number | null> {
    const name = nameOrNull(text);
    const bytes = name === null || name.kind === 'blob' ? null : await this.#objectOf(name);
    return bytes?.length ?? null;
  }

  async has(text: string): Promise<boolean> {
    const name = nameOrNull(text);
    if (name?.kind === 'blob') return this.#source.hasBlob(name.practice, name.hash);
    return (await this.size(text)) !== null;
  }

  async *list(): AsyncGenerator<string> {
    // Nothing of it is found by its name.
  }

  async listFolders(prefix: string): Promise<string[]> {
    const practices = await this.#source.practices();
    if (prefix === '') return [...practices];
    return practices.includes(prefix.replace(/\/$/, '')) ? [anyFence] : [];
  }

  overwritten(): string[] {
    return [];
  }

  async close(): Promise<void> {
    this.#last = null;
  }

  async prepare(): Promise<void> {
    throw readOnly();
  }

  async check(): Promise<void> {
    throw readOnly();
  }

  batch(): DestinationBatch {
    throw readOnly();
  }

  async put(): Promise<void> {
    throw readOnly();
  }

  async settle(): Promise<void> {
    throw readOnly();
  }

  async putAside(): Promise<string> {
    throw readOnly();
  }

  async deleteTail(): Promise<void> {
    throw readOnly();
  }

  async #objectOf(name: CopyName): Promise<Bytes | null> {
    if (!('fence' in name && 'number' in name) || ('level' in name && name.level > 0)) return null;
    const { practice, number, kind } = name;
    // The objects of one bundle are asked for together.
    if (this.#last?.practice !== practice || this.#last.number !== number)
      this.#last = { practice, number, objects: this.#bundle(practice, number) };
    return (await this.#last.objects)?.[kind] ?? null;
  }

  async #bundle(practice: string, number: number): Promise<Objects | null> {
    const start = number * bundleSize;
    const items: CapturedEntry[] = [];
    for await (const item of this.#source.readRange(practice, start, start + bundleSize)) items.push(item);
    if (items.length < bundleSize || items.some(({ index }, at) => index !== start + at)) return null;
    const entries = encodeEntryBundle(items.map(({ entry }) => entry));
    const payloads = encodePayloadBundle(items.map(({ payload }) => payload));
    const tile = new Uint8Array(hashTileBytes);
    for (const [at, { entry }] of items.entries()) tile.set(leafHash(entry), at * 32);
    const streams = items.map(({ entry }) => readEntryPlace(entry).stream);
    const objects = { entries, payload: payloads, tile, nodes: encodeNodes(tile, nodeHash) };
    return { ...objects, index: encodeBundleIndex({ number, streams, entries, payloads }) };
  }
}

function notFound(name: string): CopyError {
  return new CopyError('COPY_NOT_FOUND', 'The live store has no such object', { fields: { name } });
}

function readOnly(): CopyError {
  return new CopyError('COPY_READ_ONLY', 'The live store is read from alone');
}
