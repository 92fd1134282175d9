import { type Bytes, bytesToHex, equalBytes, hexToBytes } from '@serment/core/bytes';
import { type CborValue, decodeCanonical, encodeCanonical } from '@serment/core/cbor';
import { sha256 } from '@serment/core/hash';
import type { Body } from '@serment/core/journal/body';
import type { BlobRef } from '@serment/core/journal/header';
import type { RandomSource } from '@serment/core/random';
import type { AppendAnswer, Receipt, SentEntry } from '@serment/core/wire/append';
import { maxSentPayloadBytes } from '@serment/core/wire/append';
import { type SealedEntry, writeEntry } from './entry-writer.ts';
import { ReplicaError } from './error.ts';
import type { JournalMirror } from './journal-mirror.ts';
import type { Keyring, StreamRef } from './keyring.ts';
import type { LocalVault } from './local-vault.ts';

/** One entry to be: what to seal and where it goes. Everything that depends on the journal's head is added at sending. */
export interface OutboxPart {
  readonly stream: StreamRef;
  readonly body: Extract<Body, { kind: 'records' | 'opened' | 'snapshot' | 'heads' }>;
  readonly content: Bytes;
  readonly blobs: readonly BlobRef[];
}

/** Parts that are accepted together or not at all. */
export interface OutboxItem {
  /** 16 random bytes, hexadecimal. */
  readonly id: string;
  readonly createdAt: number;
  readonly parts: readonly OutboxPart[];
  /** Sealed and signed as it was sent the first time: an answer that was lost is asked for with the same bytes. */
  readonly sent: readonly SentEntry[] | null;
  /** Why the server will not have it; it is kept and shown until a person decides. */
  readonly problem: string | null;
}

export interface OutboxSender {
  append(entries: readonly SentEntry[]): Promise<AppendAnswer>;
  uploadPayload(hash: Bytes, payload: Bytes): Promise<void>;
}

export interface OutboxParts {
  readonly mirror: JournalMirror;
  readonly keyring: Keyring;
  readonly vault: LocalVault;
  readonly sender: OutboxSender;
  readonly clock: () => number;
  readonly random: RandomSource;
  readonly onAccepted: (item: OutboxItem, entries: readonly SentEntry[], receipts: readonly Receipt[]) => void;
  readonly onChange: () => void;
}

/** What another device's writing, or a revocation, makes true at the last moment: signing again settles it. */
const staleRefusals = new Set(['PREV_STALE', 'BASE_STALE', 'EPOCH_STALE', 'SEEN_AHEAD', 'SEEN_REQUIRED']);
const maxAttempts = 5;

/** Saves that the host has not acknowledged yet: kept sealed on the device, sent in order, never dropped silently. */
export class Outbox {
  readonly #parts: OutboxParts;
  #items: OutboxItem[] = [];
  #sending: Promise<void> | null = null;

  static async open(parts: OutboxParts): Promise<Outbox> {
    const outbox = new Outbox(parts);
    for (const key of await parts.vault.keys('outbox/')) {
      const content = await parts.vault.get(key);
      const item = content === null ? null : decodeItem(content);
      if (item !== null) outbox.#items.push(item);
    }
    return outbox;
  }

  private constructor(parts: OutboxParts) {
    this.#parts = parts;
  }

  get items(): readonly OutboxItem[] {
    return this.#items;
  }

  /** Durable on this device when it returns. */
  async add(parts: readonly OutboxPart[]): Promise<OutboxItem> {
    const id = bytesToHex(this.#parts.random(16));
    const item: OutboxItem = { id, createdAt: this.#parts.clock(), parts, sent: null, problem: null };
    await this.#store(item);
    this.#items.push(item);
    this.#parts.onChange();
    return item;
  }

  /** Gives up an item that was refused. */
  async discard(id: string): Promise<void> {
    const item = this.#items.find((one) => one.id === id);
    if (item !== undefined) await this.#remove(item);
  }

  /** Sends what waits, in order. Throws UNREACHABLE or SERVER_FAILED when the rest must wait. */
  flush(): Promise<void> {
    this.#sending ??= this.#flush().finally(() => {
      this.#sending = null;
    });
    return this.#sending;
  }

  async #flush(): Promise<void> {
    while (true) {
      const item = this.#items.find((one) => one.problem === null);
      if (item === undefined) return;
      await this.#send(item);
    }
  }

  async #send(item: OutboxItem): Promise<void> {
    let current = item;
    for (let attempt = 1; ; attempt += 1) {
      if (current.sent === null) current = await this.#replace(current, { sent: await this.#seal(current) });
      const sent = current.sent ?? [];
      try {
        const { receipts } = await this.#parts.sender.append(await this.#withoutLarge(sent));
        await this.#confirm(sent, receipts);
        await this.#remove(current);
        this.#parts.onAccepted(current, sent, receipts);
        return;
      } catch (error) {
        if (!(error instanceof ReplicaError) || error.code !== 'SERVER_REFUSED') throw error;
        const refusal = String(error.fields.refusal ?? error.fields.server ?? error.code);
        if (!staleRefusals.has(refusal) || attempt >= maxAttempts) {
          await this.#replace(current, { problem: refusal });
          return;
        }
        await this.#parts.mirror.sync();
        await this.#parts.keyring.refresh(this.#parts.mirror.governance);
        current = await this.#replace(current, { sent: null });
      }
    }
  }

  /** A receipt is the host's word: a save leaves the outbox once its entries stand in the verified journal. */
  async #confirm(sent: readonly SentEntry[], receipts: readonly Receipt[]): Promise<void> {
    await this.#parts.mirror.sync();
    for (const [place, { index }] of receipts.entries()) {
      const statement = sent[place]?.statement ?? new Uint8Array();
      const entry = index < this.#parts.mirror.size ? await this.#parts.mirror.entry(index) : null;
      if (entry === null || !equalBytes(entry.id, sha256(statement)))
        throw new ReplicaError('HOST_LIES', 'The host acknowledged a save that its journal does not hold', {
          fields: { finding: 'RECEIPT_FALSE' },
          hint: 'The save is kept on this device.',
        });
    }
  }

  async #seal(item: OutboxItem): Promise<SentEntry[]> {
    const entries = await sealParts(item.parts, this.#parts);
    return entries.map(({ statementBytes, payload }) => ({ statement: statementBytes, payload }));
  }

  /** A payload too large for a request goes first, as a blob under its hash. */
  async #withoutLarge(sent: readonly SentEntry[]): Promise<SentEntry[]> {
    const light: SentEntry[] = [];
    for (const { statement, payload } of sent) {
      const isLarge = payload !== null && payload.length > maxSentPayloadBytes;
      if (isLarge) await this.#parts.sender.uploadPayload(sha256(payload), payload);
      light.push({ statement, payload: isLarge ? null : payload });
    }
    return light;
  }

  async #replace(item: OutboxItem, change: Partial<OutboxItem>): Promise<OutboxItem> {
    const changed = { ...item, ...change };
    await this.#store(changed);
    this.#items = this.#items.map((one) => (one.id === item.id ? changed : one));
    this.#parts.onChange();
    return changed;
  }

  async #remove(item: OutboxItem): Promise<void> {
    await this.#parts.vault.delete(keyOf(item));
    this.#items = this.#items.filter((one) => one.id !== item.id);
    this.#parts.onChange();
  }

  #store(item: OutboxItem): Promise<void> {
    return this.#parts.vault.put(keyOf(item), encodeItem(item));
  }
}

/** Seals and signs parts for the journal as it is now: each refers to the one before it. */
export async function sealParts(
  parts: readonly OutboxPart[],
  at: Pick<OutboxParts, 'mirror' | 'keyring' | 'clock'>,
): Promise<SealedEntry[]> {
  const { mirror, keyring } = at;
  const bases = new Map<string, Bytes | null>();
  const entries: SealedEntry[] = [];
  let prev = mirror.lastEntryOf(keyring.signer.author);
  for (const { stream, body, content, blobs } of parts) {
    const name = bytesToHex(stream.id);
    const base = bases.has(name) ? (bases.get(name) ?? null) : mirror.headOf(stream.id);
    const place = { practice: mirror.practice, stream: stream.id, base, prev, seen: mirror.seen(), time: at.clock() };
    const entry = await writeEntry(keyring.signer, {
      ...place,
      body,
      blobs,
      sealed: { ...keyring.currentEpoch(stream.compartment), content },
    });
    prev = entry.statement.id;
    bases.set(name, prev);
    entries.push(entry);
  }
  return entries;
}

function keyOf(item: OutboxItem): string {
  return `outbox/${String(item.createdAt).padStart(16, '0')}-${item.id}`;
}

function encodeItem(item: OutboxItem): Bytes {
  const parts = item.parts.map(
    ({ stream, body, content, blobs }): CborValue => [
      [stream.compartment, stream.name, stream.id],
      body.kind === 'records' ? ['records', body.binding] : body.kind === 'opened' ? ['opened'] : encodeUpTo(body),
      content,
      blobs.map((blob) => [blob.hash, blob.size]),
    ],
  );
  const sent = item.sent?.map(({ statement, payload }): CborValue => [statement, payload]) ?? null;
  return encodeCanonical([1, hexToBytes(item.id), item.createdAt, parts, sent, item.problem]);
}

function encodeUpTo(body: Extract<Body, { kind: 'snapshot' | 'heads' }>): CborValue {
  return body.kind === 'snapshot' ? ['snapshot', body.index, body.id] : ['heads', body.size, body.root];
}

/** Null for what this version did not write. */
function decodeItem(bytes: Bytes): OutboxItem | null {
  const value = decodeCanonical(bytes);
  const [format, id, createdAt, parts, sent, problem] = list(value);
  if (format !== 1 || !(id instanceof Uint8Array) || typeof createdAt !== 'number') return null;
  return {
    id: bytesToHex(id),
    createdAt,
    parts: list(parts).flatMap(decodePart),
    sent: sent === null ? null : list(sent).flatMap(decodeSent),
    problem: typeof problem === 'string' ? problem : null,
  };
}

function decodePart(value: CborValue): OutboxPart[] {
  const [stream, body, content, blobs] = list(value);
  const [compartment, name, id] = list(stream);
  const decoded = decodeBody(list(body));
  if (typeof compartment !== 'string' || typeof name !== 'string' || !(id instanceof Uint8Array)) return [];
  if (decoded === null || !(content instanceof Uint8Array)) return [];
  const refs = list(blobs).flatMap((blob) => {
    const [hash, size] = list(blob);
    return hash instanceof Uint8Array && typeof size === 'number' ? [{ hash: new Uint8Array(hash), size }] : [];
  });
  return [
    {
      stream: { compartment, name, id: new Uint8Array(id) },
      body: decoded,
      content: new Uint8Array(content),
      blobs: refs,
    },
  ];
}

function decodeBody([kind, first, second]: readonly CborValue[]): OutboxPart['body'] | null {
  if (kind === 'records' && typeof first === 'boolean') return { kind, binding: first };
  if (kind === 'opened') return { kind };
  if (typeof first !== 'number' || !(second instanceof Uint8Array)) return null;
  if (kind === 'snapshot') return { kind, index: first, id: new Uint8Array(second) };
  return kind === 'heads' ? { kind, size: first, root: new Uint8Array(second) } : null;
}

function decodeSent(value: CborValue): SentEntry[] {
  const [statement, payload] = list(value);
  if (!(statement instanceof Uint8Array)) return [];
  return [
    { statement: new Uint8Array(statement), payload: payload instanceof Uint8Array ? new Uint8Array(payload) : null },
  ];
}

function list(value: CborValue | undefined): readonly CborValue[] {
  return Array.isArray(value) ? value : [];
}
