import { equalBytes } from '@serment/core/bytes';
import { CodedError } from '@serment/core/error';
import { verifyCheckpoint } from '@serment/core/journal/checkpoint';
import type { FindingCode } from '@serment/core/journal/finding';
import type { TreeHead } from '@serment/core/journal/header';
import type { IndexedPayload } from '@serment/core/wire/read';
import type { JournalMirror } from './journal-mirror.ts';
import type { PayloadSource } from './payload-reader.ts';
import type { Transport } from './transport.ts';

interface CopySourceParts {
  readonly mirror: JournalMirror;
  readonly transport: Transport;
  /** Name of the copy. */
  readonly copy: string;
}

/** The state of a copy that is read: below `readable`, it and this device both have the entries. */
export interface CopyHead extends TreeHead {
  readonly readable: number;
  /** What of its checkpoint does not hold against what this device knows; null when all does. */
  readonly finding: FindingCode | null;
}

const askedAtOnce = 256;
/** Entries of one answer of `stream`, as of the host's. */
const pageEntries = 512;

/**
 * What one copy gives of the practice, read through the host (docs/format/wire.md, Reading a copy). Every method throws
 * COPY_UNAVAILABLE, SERVER_REFUSED for a copy that holds nothing of the practice, and UNREACHABLE.
 */
export class CopySource implements PayloadSource {
  readonly #parts: CopySourceParts;
  readonly #damaged = new Map<number, FindingCode>();

  constructor(parts: CopySourceParts) {
    this.#parts = parts;
  }

  /** Entries that the copy has lost, or gives with other bytes than this device has verified, of those read so far. */
  get damaged(): ReadonlyMap<number, FindingCode> {
    return this.#damaged;
  }

  /** The newest state of the copy. */
  async head(): Promise<CopyHead> {
    const { mirror, transport, copy } = this.#parts;
    const { note } = await transport.copyEntries(copy, []);
    const checkpoint = await signedByHost(note, mirror);
    if (checkpoint === null || !equalBytes(checkpoint.practice, mirror.practice))
      return { size: 0, root: new Uint8Array(32), readable: 0, finding: 'CHECKPOINT_INVALID' };
    const { size, root } = checkpoint;
    const known = mirror.rootAt(size);
    const finding = known === null || equalBytes(known, root) ? null : 'ROOT_MISMATCH';
    return { size, root, readable: Math.min(size, mirror.size), finding };
  }

  async payloads(indexes: readonly number[]): Promise<readonly IndexedPayload[]> {
    const { mirror, transport, copy } = this.#parts;
    const { entries } = await transport.copyEntries(copy, indexes.slice(0, askedAtOnce));
    const asked = new Set(indexes);
    const given: IndexedPayload[] = [];
    for (const { index, entry, payload } of entries) {
      if (!asked.has(index)) continue;
      const own = await mirror.entry(index);
      if (entry === null) this.#damaged.set(index, 'ENTRY_LOST');
      else if (!equalBytes(entry, own.bytes)) this.#damaged.set(index, 'ROOT_MISMATCH');
      given.push({ index, payload });
    }
    return given;
  }

  /** Of the entries that this device knows to be the stream's: a copy is asked for none by its own index. */
  async stream(stream: Uint8Array, from: number, limit: number) {
    const indexes = this.#parts.mirror.entriesOf(stream).filter((index) => index >= from);
    const asked = indexes.slice(0, Math.min(limit, pageEntries, askedAtOnce));
    const payloads = asked.length === 0 ? [] : await this.payloads(asked);
    return { payloads, next: indexes[payloads.length] ?? null };
  }

  blob(hash: Uint8Array): Promise<ReadableStream<Uint8Array>> {
    const { transport, copy } = this.#parts;
    return transport.copyBlob(copy, hash);
  }
}

/** By the host that signs now, or one that did: a copy may be older than the last change. */
async function signedByHost(note: string, { governance }: JournalMirror) {
  const hosts = [...governance.authors.values()].filter(({ type }) => type === 'host');
  for (const { author } of hosts.reverse())
    try {
      return await verifyCheckpoint(note, author);
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
    }
  return null;
}
