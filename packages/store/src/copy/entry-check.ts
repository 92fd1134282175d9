import { type Bytes, bytesToHex, equalBytes, hexToBytes } from '@serment/core/bytes';
import type { CborValue } from '@serment/core/cbor';
import { bundleSize, formatCopyName } from '@serment/core/copy/names';
import { sha256 } from '@serment/core/hash';
import { inParallel } from '@serment/core/in-parallel';
import { type Entry, parseEntry, signedMessage } from '@serment/core/journal/entry';
import { hostAuthorAt } from '@serment/core/journal/governance';
import type { HostRecord } from '@serment/core/journal/governance-state';
import { JournalVerifier } from '@serment/core/journal/verifier';
import { verifySignature } from '@serment/core/signature';
import type { CheckedBundle } from './bundle-check.ts';
import { makeFinding } from './finding.ts';
import type { VerifyContext } from './verify-practice.ts';
import { anyBytes, orNull, shape } from './verify-state.ts';

export interface CheckedItem {
  readonly index: number;
  /** null when damaged. */
  readonly entry: Bytes | null;
  /** null when it is not there; undefined when the object that would hold it cannot be read. */
  readonly payload: Bytes | null | undefined;
}

/** Checks what entries say: signatures and rights in order, payloads, documents. */
export class EntryCheck {
  readonly #context: VerifyContext;
  /** Ends at the first entry that is damaged or missing: rights follow from all entries before. */
  #journal: JournalVerifier;
  #unchecked: number | null = null;
  readonly #roots = new Map<number, Bytes>();
  lastReceivedAt: number | null = null;
  payloadBytes = 0;
  blobs = 0;

  constructor(context: VerifyContext) {
    this.#context = context;
    this.#journal = JournalVerifier.start(hexToBytes(context.place.practice));
  }

  toCbor(): CborValue {
    return [
      this.#journal.encode(),
      this.#unchecked,
      [...this.#roots].map(([size, root]) => [size, root]),
      this.lastReceivedAt,
      this.payloadBytes,
      this.blobs,
    ];
  }

  /** Goes on where `toCbor` was called. Throws CBOR_INVALID and what JournalVerifier.resume throws. */
  resume(item: CborValue | undefined): void {
    const [journal, unchecked, roots, lastReceivedAt, payloadBytes, blobs] = shape.array(item, 6);
    this.#journal = JournalVerifier.resume(anyBytes(journal));
    this.#unchecked = orNull(unchecked, (value) => shape.uint(value));
    for (const pair of shape.array(roots)) {
      const [size, root] = shape.array(pair, 2);
      this.#roots.set(shape.uint(size), shape.bytes(root, 32));
    }
    this.lastReceivedAt = orNull(lastReceivedAt, (value) => shape.uint(value));
    this.payloadBytes = shape.uint(payloadBytes);
    this.blobs = shape.uint(blobs);
  }

  /** Whether the root at every size that later fences claim can still be told. */
  get knowsClaimed(): boolean {
    const isKnown = (size: number) =>
      size > this.#journal.size || this.#roots.has(size) || this.#journal.rootAt(size) !== null;
    return [...this.#context.claimed].every(isKnown);
  }

  hostAuthorAt(size: number): Bytes | null {
    return hostAuthorAt(this.#journal.governance, Math.min(size, this.#journal.size));
  }

  /** The greatest fence that the entries acknowledge. */
  get fence(): number {
    return this.#journal.governance.fence;
  }

  /** Every host that the entries name. */
  get hosts(): readonly HostRecord[] {
    return this.#journal.governance.hosts;
  }

  /** Roots at the sizes that later fences claim, of a journal that is whole up to `size`; else none. */
  rootsUpTo(size: number): ReadonlyMap<number, Bytes> {
    const isWhole = this.#unchecked === null && this.#journal.size >= size;
    return new Map([...this.#roots].filter(([at]) => isWhole && at <= size));
  }

  /** True when every entry under this size was read and none had a finding of the journal's. */
  isWholeUpTo(size: number): boolean {
    return this.#unchecked === null && this.#journal.size >= size && this.#journal.findings.length === 0;
  }

  /** True once an entry was missing or damaged. */
  get isBroken(): boolean {
    return this.#unchecked !== null;
  }

  async addBundle(bundle: CheckedBundle): Promise<void> {
    const items = bundle.entries.map((entry, position) => ({
      index: bundle.number * bundleSize + position,
      entry,
      payload: bundle.payloads === null ? undefined : (bundle.payloads[position] ?? null),
    }));
    const name = formatCopyName({ kind: 'entries', ...this.#context.place, number: bundle.number });
    const payloadName = formatCopyName({ kind: 'payload', ...this.#context.place, number: bundle.number });
    await this.add(items, { entries: name, payloads: payloadName });
  }

  /** Entries that follow those before; `objects` hold them. */
  async add(items: readonly CheckedItem[], objects: { entries: string; payloads: string }): Promise<void> {
    const broken = items.findIndex(({ entry }) => entry === null);
    const isInOrder = this.#unchecked === null && items[0]?.index === this.#journal.size;
    const ordered = isInOrder ? items.slice(0, broken < 0 ? items.length : broken) : [];
    const entries = [
      ...(await this.#addInOrder(ordered, objects.entries)),
      ...(await this.#addAlone(items.slice(ordered.length), objects.entries)),
    ];
    this.#noteRoots();
    if (ordered.length < items.length) this.#unchecked ??= items[ordered.length]?.index ?? null;
    this.#checkPayloads(items, entries, objects.payloads);
    for (const entry of entries) if (entry !== null) this.lastReceivedAt = entry.receivedAt;
    await inParallel(entries.entries(), this.#context.destination.readsAtOnce, async ([position, entry]) => {
      if (entry !== null) await this.#checkBlobs(entry, items[position], objects.entries);
    });
  }

  finish(): void {
    if (this.#unchecked === null) return;
    const reach = { practice: this.#context.place.practice, from: this.#unchecked };
    this.#context.find(makeFinding('JOURNAL_UNCHECKED', null, reach));
  }

  #noteRoots(): void {
    for (const size of this.#context.claimed) {
      const root = size > this.#journal.size || this.#roots.has(size) ? null : this.#journal.rootAt(size);
      if (root !== null) this.#roots.set(size, root);
    }
  }

  async #addInOrder(items: readonly CheckedItem[], object: string): Promise<(Entry | null)[]> {
    const verified = await this.#journal.addMany(items.flatMap(({ entry }) => entry ?? []));
    for (const { findings, entry } of verified)
      for (const { code, index, detail, stream } of findings) {
        const from = index ?? 0;
        const times = { since: entry?.receivedAt ?? null, until: entry?.receivedAt ?? null };
        const reach = {
          practice: this.#context.place.practice,
          streams: stream === undefined ? [] : [stream],
          from,
          to: from + 1,
          ...times,
        };
        this.#context.find(makeFinding(code, object, reach, detail));
      }
    const first = verified[0]?.entry;
    if (items[0]?.index === 0 && first && bytesToHex(first.id) !== this.#context.place.practice)
      this.#context.find(
        makeFinding('PRACTICE_MISMATCH', object, { practice: this.#context.place.practice, from: 0, to: 1 }),
      );
    return verified.map(({ entry }) => entry);
  }

  /** Entries after a loss: only what each says by itself. */
  async #addAlone(items: readonly CheckedItem[], object: string): Promise<(Entry | null)[]> {
    return Promise.all(
      items.map(async ({ entry, index }) => {
        if (entry === null) return null;
        const reach = { practice: this.#context.place.practice, from: index, to: index + 1 };
        try {
          const parsed = parseEntry(entry);
          const { header, headerBytes, payloadHash, signature } = parsed;
          if (!(await verifySignature(header.author, signedMessage(headerBytes, payloadHash), signature)))
            this.#context.find(
              makeFinding('SIGNATURE_INVALID', object, { ...reach, streams: [bytesToHex(header.stream)] }),
            );
          return parsed;
        } catch {
          this.#context.find(makeFinding('ENTRY_INVALID', object, reach));
          return null;
        }
      }),
    );
  }

  #checkPayloads(items: readonly CheckedItem[], entries: readonly (Entry | null)[], object: string): void {
    const hashes = new Map(
      entries.flatMap((entry) => (entry?.payloadHash ? [[bytesToHex(entry.payloadHash), entry]] : [])),
    );
    for (const [position, entry] of entries.entries()) {
      const item = items[position];
      if (entry === null || item === undefined || item.payload === undefined || item.payload === null) continue;
      this.payloadBytes += item.payload.length;
      const found = sha256(item.payload);
      if (entry.payloadHash !== null && equalBytes(found, entry.payloadHash)) continue;
      const isOther = hashes.has(bytesToHex(found));
      const code = entry.payloadHash === null ? 'PAYLOAD_UNEXPECTED' : isOther ? 'PAYLOAD_SWAPPED' : 'PAYLOAD_DAMAGED';
      this.#context.find(makeFinding(code, object, this.#reachOf(entry, item.index)));
    }
  }

  async #checkBlobs(entry: Entry, item: CheckedItem | undefined, object: string): Promise<void> {
    if (item === undefined) return;
    for (const { hash, size } of entry.header.blobs) await this.#checkBlob(entry, item.index, { hash, size });
    if (entry.payloadHash === null || item.payload !== null) return;
    // Not in the bundle: it has to be a document.
    const name = formatCopyName({
      kind: 'blob',
      practice: this.#context.place.practice,
      hash: bytesToHex(entry.payloadHash),
    });
    if (await this.#context.destination.has(name))
      await this.#checkBlob(entry, item.index, { hash: entry.payloadHash, size: null });
    else this.#context.find(makeFinding('PAYLOAD_MISSING', object, this.#reachOf(entry, item.index)));
  }

  async #checkBlob(entry: Entry, index: number, blob: { hash: Bytes; size: number | null }): Promise<void> {
    const { practice } = this.#context.place;
    const hash = bytesToHex(blob.hash);
    const name = formatCopyName({ kind: 'blob', practice, hash });
    const size = await this.#context.destination.size(name);
    this.blobs += 1;
    const reach = this.#reachOf(entry, index);
    if (size !== null && index >= this.#context.documentsTo)
      await this.#context.documents.readOnce({ kind: 'blob', practice, hash });
    if (size === null) this.#context.find(makeFinding('BLOB_MISSING', name, reach));
    else if (this.#context.documents.isBad(practice, hash))
      this.#context.find(makeFinding('BLOB_DAMAGED', name, reach));
    else if (blob.size !== null && blob.size !== size) this.#context.find(makeFinding('BLOB_MISMATCH', name, reach));
  }

  #reachOf(entry: Entry, index: number) {
    const { practice } = this.#context.place;
    const streams = [bytesToHex(entry.header.stream)];
    return { practice, streams, from: index, to: index + 1, since: entry.receivedAt, until: entry.receivedAt };
  }
}
