import { type Bytes, bytesToHex, compareBytes, equalBytes, hexToBytes } from '@serment/core/bytes';
import type { Finding } from '@serment/core/journal/finding';
import { hostStream, type TreeHead } from '@serment/core/journal/header';
import { type AuthorHead, type Heads, headsParts, headsStep, type StreamEntries } from '@serment/core/journal/heads';
import { compartmentRoles } from '@serment/core/journal/rules';
import type { Cache } from './cache.ts';
import { gatherParts } from './courtesy.ts';
import type { JournalMirror } from './journal-mirror.ts';
import type { Keyring, StreamRef } from './keyring.ts';
import type { PayloadReader } from './payload-reader.ts';
import type { OutboxPart } from './sending.ts';
import { isOfHost } from './stream-view.ts';

export interface HeadsKeeperParts {
  readonly mirror: JournalMirror;
  readonly reader: PayloadReader;
  readonly keyring: Keyring;
  readonly cache: Cache;
  readonly write: (part: OutboxPart) => Promise<unknown>;
  /** Writes a snapshot of the directory: it is what a new device opens first. */
  readonly prepare: () => Promise<unknown>;
  /** Between two steps of work that nobody waits for. */
  readonly giveWay: () => Promise<void>;
}

/** Entries since the last `heads` that make another worth its bytes, and the part of the journal that they must be. */
const worthEntries = 1024;
const worthPart = 8;
/** What one value of CBOR may hold, less what is around. */
const mostEntries = 4_000_000;
const readAtOnce = 64;
const checkedKey = 'heads-checked';

/** Writes a `heads` when the journal has grown, so that a new device need not read all of it, and checks the others'. */
export class HeadsKeeper {
  readonly #parts: HeadsKeeperParts;
  readonly #bad = new Set<number>();

  constructor(parts: HeadsKeeperParts) {
    this.#parts = parts;
  }

  /**
   * Writes one if it is time and this device's turn; true when it did. Only of a journal that was read whole and in which
   * nothing is wrong: what a `heads` stands for passes for good.
   */
  async write(): Promise<boolean> {
    const { mirror, write, prepare } = this.#parts;
    const stream = this.#stream();
    if (stream === null || !this.#mayWrite() || !(await this.#isTime(stream))) return false;
    await prepare();
    const size = mirror.size - (mirror.size % headsStep);
    const root = mirror.rootAt(size);
    if (root === null || mirror.findings.length > 0) return false;
    const content = await this.#encoded({ size, root });
    await write({ stream, body: { kind: 'heads', size, root }, content, blobs: [] });
    return true;
  }

  async #isTime(stream: StreamRef): Promise<boolean> {
    const { mirror } = this.#parts;
    const { size } = mirror;
    if (mirror.unread !== null || mirror.findings.length > 0 || size > mostEntries) return false;
    const since = size - (size % headsStep) - (await this.#lastSize(stream));
    const worth = Math.max(worthEntries, Math.floor(size / worthPart));
    return since >= worth && (since >= 2 * worth || (await this.#isLastAuthor()));
  }

  /**
   * Compares the newest `heads` with the entries that it stands for, all of them, once on this device. HEADS_MISMATCH when
   * they say something else: it counts for none from then on, and the next call looks at the one before it.
   */
  async check(): Promise<Finding | null> {
    const { mirror, keyring, cache } = this.#parts;
    const stream = this.#stream();
    const index = stream === null ? null : this.#newest(stream);
    if (stream === null || index === null || mirror.unread !== null) return null;
    const entry = await mirror.entry(index);
    const checked = await cache.get(checkedKey);
    const isOwn = equalBytes(entry.header.author, keyring.signer.author);
    if (isOwn || (checked !== null && equalBytes(checked, entry.id))) return null;
    const finding = await this.#compare(stream, index);
    if (finding !== null && isOfHost(finding)) return null;
    if (finding === null) await cache.put(checkedKey, entry.id);
    else this.#bad.add(index);
    return finding;
  }

  async #compare(stream: StreamRef, index: number): Promise<Finding | null> {
    const { mirror, reader } = this.#parts;
    const read = await reader.content(index, stream);
    if (read.finding !== null) return read.finding;
    const { body } = read.entry.header;
    const wrong = { code: 'HEADS_MISMATCH', index, detail: null, stream: bytesToHex(stream.id) } as const;
    if (body.kind !== 'heads' || body.size > index || body.size % headsStep !== 0) return wrong;
    const isClean = mirror.findings.every((finding) => (finding.index ?? body.size) >= body.size);
    const head = { size: body.size, root: mirror.rootAt(body.size) ?? body.root };
    return isClean && equalBytes(await this.#encoded(head), read.content) ? null : wrong;
  }

  async #encoded(head: TreeHead): Promise<Bytes> {
    const { mirror, giveWay } = this.#parts;
    return gatherParts(headsParts(await headsAt(mirror, head, giveWay)), giveWay);
  }

  #stream(): StreamRef | null {
    const { keyring } = this.#parts;
    return keyring.canRead('admin') ? keyring.stream('admin', 'heads') : null;
  }

  #mayWrite(): boolean {
    const { mirror, keyring } = this.#parts;
    const role = mirror.governance.members.get(bytesToHex(keyring.member))?.role;
    const isCurrent = keyring.currentEpoch('admin').epoch === mirror.governance.compartments.get('admin')?.number;
    return isCurrent && role !== undefined && (compartmentRoles.get('admin')?.includes(role) ?? false);
  }

  #newest(stream: StreamRef): number | null {
    return this.#parts.mirror.entriesOf(stream.id).findLast((index) => !this.#bad.has(index)) ?? null;
  }

  async #lastSize(stream: StreamRef): Promise<number> {
    const { mirror } = this.#parts;
    const last = this.#newest(stream);
    const body = last === null ? null : (await mirror.entry(last)).header.body;
    return body?.kind === 'heads' ? body.size : 0;
  }

  /** The device that wrote last writes it, and not all of them at once. */
  async #isLastAuthor(): Promise<boolean> {
    const { mirror, keyring } = this.#parts;
    for (let index = mirror.size - 1; index >= 0; index -= 1) {
      const { header } = await mirror.entry(index);
      if (!equalBytes(header.stream, hostStream)) return equalBytes(header.author, keyring.signer.author);
    }
    return false;
  }
}

/** What stands before a size in a journal that was read whole and in which nothing is wrong. */
export async function headsAt(
  mirror: JournalMirror,
  { size, root }: TreeHead,
  giveWay: () => Promise<void>,
): Promise<Heads> {
  const authors = new Map<string, AuthorHead>();
  const last = new Map<string, { readonly id: Bytes; readonly compartment: string | null }>();
  for (let index = size - 1; index >= 0; index -= 1) {
    const { header, id } = await mirror.entry(index);
    const [author, stream] = [bytesToHex(header.author), bytesToHex(header.stream)];
    if (!authors.has(author)) authors.set(author, { author: header.author, index, id });
    if (!last.has(stream)) last.set(stream, { id, compartment: header.compartment });
    if (index % readAtOnce === 0) await giveWay();
  }
  last.delete(bytesToHex(hostStream));
  const streams = [...last].map(([name, head]): StreamEntries => {
    const stream = hexToBytes(name);
    const isBefore = (index: number) => index < size;
    const entries = mirror.entriesOf(stream).filter(isBefore);
    return { stream, ...head, entries, snapshots: mirror.snapshotsOf(stream).filter(isBefore) };
  });
  return {
    size,
    root,
    authors: [...authors.values()].sort((left, right) => compareBytes(left.author, right.author)),
    streams: streams.sort((left, right) => compareBytes(left.stream, right.stream)),
  };
}
