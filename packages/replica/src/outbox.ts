import { bytesToHex, equalBytes } from '@serment/core/bytes';
import { CodedError } from '@serment/core/error';
import { sha256 } from '@serment/core/hash';
import type { RandomSource } from '@serment/core/random';
import type { Receipt, SentEntry } from '@serment/core/wire/append';
import type { DocumentKey } from '@serment/records/version';
import type { Cache } from './cache.ts';
import { outboxFolder } from './cache-places.ts';
import { type DocumentUpload, dropUpload, keepUploadsOf, sendUpload } from './documents.ts';
import { ReplicaError } from './error.ts';
import { isOwnDeviceHeld } from './holds.ts';
import type { LocalVault } from './local-vault.ts';
import { decodeItem, encodeItem } from './outbox-code.ts';
import { documentsOf } from './pending-documents.ts';
import { privateCompartment } from './private-compartment.ts';
import { deliver, type OutboxPart, refusalOf, type SendingParts, sealParts, staleRefusals } from './sending.ts';

/** Parts that are accepted together or not at all. */
export interface OutboxItem {
  /** 16 random bytes, hexadecimal. */
  readonly id: string;
  /** Greater than that of any item before it: they are sent in this order, after a restart too. */
  readonly sequence: number;
  readonly createdAt: number;
  readonly parts: readonly OutboxPart[];
  /** Sealed and signed as it was sent the first time: an answer that was lost is asked for with the same bytes. */
  readonly sent: readonly SentEntry[] | null;
  /** Why the server will not have it; it is kept and shown until a person decides. */
  readonly problem: string | null;
}

/** Parts that are durable on this device and do not wait yet: one of the two settles them. */
export interface Reserved {
  readonly admit: () => OutboxItem;
  readonly withdraw: () => Promise<void>;
}

/** Where the host had placed a save: its first and its last entry. */
export interface HeldSave {
  readonly first: number;
  readonly last: number;
}

export interface OutboxParts extends SendingParts {
  readonly vault: LocalVault;
  readonly random: RandomSource;
  /** Where the sealed parts of documents wait. */
  readonly cache: Cache;
  /** Called with what the host says that it took, before its journal is seen to hold it. */
  readonly onReceived: (entries: readonly SentEntry[], receipts: readonly Receipt[]) => void;
  /** Called with what the host holds now, just before it leaves the outbox. */
  readonly onAccepted: (item: OutboxItem, entries: readonly SentEntry[], receipts: readonly Receipt[]) => Promise<void>;
  readonly onChange: () => void;
  /** Called as the documents of a save go, in bytes. */
  readonly onUpload: () => void;
}

/** How far the documents of a save are, in sealed bytes. */
export interface UploadProgress {
  readonly sent: number;
  readonly total: number;
}

const folder = outboxFolder;
const deliveredFolder = 'delivered/';
/** Apart from the others, since who deposited reads them for a day and keeps them no longer. */
const depositedFolder = 'deposited/';
/** The number of a save's last entry, and its id. */
const placePattern = /(\d{16})-([0-9a-f]{64})$/;
const maxDelivered = 500;
const maxAttempts = 5;
/** Entries of one request, of what goes together. */
const mostJoined = 64;

/** Saves that the host has not acknowledged yet: kept sealed on the device, sent in order, never dropped silently. */
export class Outbox {
  readonly #parts: OutboxParts;
  #items: OutboxItem[] = [];
  /** How many of the last acknowledged ones are kept. */
  #delivered = 0;
  #sequence = 0;
  #damaged = 0;
  #adding: Promise<unknown> = Promise.resolve();
  #sending: Promise<void> | null = null;
  #uploading: { readonly id: string; readonly done: Promise<void>; progress: UploadProgress } | null = null;
  /** Saves whose documents the host has. */
  readonly #uploaded = new Set<string>();
  #arrival = Promise.withResolvers<void>();
  /** What more may join: the item that `join` made last. */
  #joinable: string | null = null;
  /** Items that are being written anew, and must not be sent meanwhile. */
  readonly #changing = new Set<string>();
  #sendingId: string | null = null;

  static async open(parts: OutboxParts): Promise<Outbox> {
    const outbox = new Outbox(parts);
    for (const key of await parts.vault.keys(folder)) {
      const content = await parts.vault.get(key);
      const item = content === null ? null : decodeItem(content);
      if (item === null) outbox.#damaged += 1;
      else outbox.#items.push(item);
      outbox.#sequence = Math.max(outbox.#sequence, Number(key.slice(folder.length, folder.length + 16)));
    }
    outbox.#delivered = (await parts.vault.keys(deliveredFolder)).length;
    // What was being sealed when the last window closed is nothing that anybody saved.
    if (outbox.#damaged === 0) await keepUploadsOf(outbox.#items.flatMap(documentsOfItem), parts.cache);
    return outbox;
  }

  private constructor(parts: OutboxParts) {
    this.#parts = parts;
  }

  get items(): readonly OutboxItem[] {
    return this.#items;
  }

  /** How many saves this device kept that do not open any more. */
  get damaged(): number {
    return this.#damaged;
  }

  /** Durable on this device when it returns. */
  async add(parts: readonly OutboxPart[]): Promise<OutboxItem> {
    return (await this.reserve(parts)).admit();
  }

  /** The same of what is not true yet: it waits once it is admitted. What is neither when the device stops, waits too. */
  reserve(parts: readonly OutboxPart[]): Promise<Reserved> {
    return this.#inTurn(() => this.#reserveItem(parts));
  }

  /** As `reserve`, of what may go in one request with what joined before it and still waits. */
  join(parts: readonly OutboxPart[]): Promise<Reserved> {
    return this.#inTurn(async () => {
      const item = this.#items.find(({ id }) => id === this.#joinable);
      if (item !== undefined && this.#isOpenTo(item, parts)) return this.#reserveIn(item, parts);
      const { admit, withdraw } = await this.#reserveItem(parts);
      const open = () => {
        const admitted = admit();
        this.#joinable = admitted.id;
        return admitted;
      };
      return { admit: open, withdraw };
    });
  }

  async #reserveItem(parts: readonly OutboxPart[], id = bytesToHex(this.#parts.random(16))): Promise<Reserved> {
    const { clock, vault } = this.#parts;
    const createdAt = clock();
    this.#sequence = Math.max(this.#sequence + 1, createdAt);
    const item: OutboxItem = { id, sequence: this.#sequence, createdAt, parts, sent: null, problem: null };
    await this.#store(item);
    return { admit: () => this.#admit(item), withdraw: () => vault.delete(keyOf(item)) };
  }

  #isOpenTo({ id, parts, sent, problem }: OutboxItem, more: readonly OutboxPart[]): boolean {
    const isIdle = this.#sendingId !== id && !this.#changing.has(id);
    return isIdle && sent === null && problem === null && parts.length + more.length <= mostJoined;
  }

  async #reserveIn(item: OutboxItem, parts: readonly OutboxPart[]): Promise<Reserved> {
    const joined = { ...item, parts: [...item.parts, ...parts] };
    const settle = (settled: OutboxItem) => {
      this.#changing.delete(item.id);
      this.#items = this.#items.map((one) => (one.id === item.id ? settled : one));
      this.#parts.onChange();
      return settled;
    };
    this.#changing.add(item.id);
    try {
      await this.#store(joined);
    } catch (error) {
      settle(item);
      throw error;
    }
    const withdraw = () => this.#store(item).finally(() => settle(item));
    return { admit: () => settle(joined), withdraw };
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.#adding.then(work);
    this.#adding = turn.catch(() => undefined);
    return turn;
  }

  #admit(item: OutboxItem): OutboxItem {
    this.#items.push(item);
    this.#arrival.resolve();
    this.#arrival = Promise.withResolvers<void>();
    this.#parts.onChange();
    return item;
  }

  /** Gives up an item that was refused; nothing of one that waits again, as another window may have asked meanwhile. */
  async discard(id: string): Promise<void> {
    const item = this.#items.find((one) => one.id === id);
    if (item === undefined || item.problem === null) return;
    for (const document of documentsOfItem(item)) await dropUpload(document, this.#parts);
    await this.#remove(item);
  }

  /** Forgets the acknowledged deposits that were made before a time: their author reads them no more. */
  async forgetDeposits(before: number): Promise<void> {
    for (const key of await this.#parts.vault.keys(depositedFolder))
      if (Number(key.slice(depositedFolder.length).split('/')[0]) < before) await this.#parts.vault.delete(key);
  }

  /** Of the acknowledged saves that are kept, those with records that stand past the first `size` entries. */
  async heldFrom(size: number): Promise<readonly HeldSave[]> {
    const saves: HeldSave[] = [];
    for (const key of await this.#deliveredKeys()) {
      const last = Number(placePattern.exec(key)?.[1]);
      const content = last < size ? null : await this.#parts.vault.get(key);
      const item = content === null ? null : decodeItem(content);
      // The trace of a file that was opened is given back as well, and is nothing that a person saved.
      if (item?.parts.some(({ body }) => body.kind === 'records'))
        saves.push({ first: last - item.parts.length + 1, last });
    }
    return saves;
  }

  /**
   * Makes wait again, under its own id, what the host had acknowledged and its journal holds no more: it was restored
   * without it. What waits already is signed anew: it names a history that the host has left, and maybe a lost key.
   */
  async giveBack(): Promise<void> {
    for (const item of this.#items) if (!this.#isTaken(item)) await this.#replace(item, { sent: null });
    for (const key of await this.#deliveredKeys()) {
      const [, index = '', entryId = ''] = placePattern.exec(key) ?? [];
      const entry = Number(index) < this.#parts.mirror.size ? await this.#parts.mirror.entry(Number(index)) : null;
      if (entry !== null && bytesToHex(entry.id) === entryId) continue;
      const content = await this.#parts.vault.get(key);
      const item = content === null ? null : decodeItem(content);
      // What does not open now is nobody's to forget.
      if (item === null) continue;
      const isWaiting = this.#items.some(({ id }) => id === item.id);
      if (!isWaiting) (await this.#inTurn(() => this.#reserveItem(item.parts, item.id))).admit();
      await this.#parts.vault.delete(key);
    }
    this.#delivered = (await this.#parts.vault.keys(deliveredFolder)).length;
  }

  /** Whether the journal holds what was sent, or nothing was: the answer may have been lost. */
  #isTaken({ sent }: OutboxItem): boolean {
    const last = sent?.at(-1);
    if (last === undefined) return true;
    const { mirror, keyring } = this.#parts;
    const known = mirror.lastEntryOf(keyring.signer.author);
    return known !== null && equalBytes(known, sha256(last.statement));
  }

  /** Makes a refused item wait again, signed anew. */
  async retry(id: string): Promise<void> {
    const item = this.#items.find((one) => one.id === id && one.problem !== null);
    if (item !== undefined) await this.#replace(item, { problem: null, sent: null });
  }

  /** What was refused for having come too late is never refused for good: a later state of the journal takes it. */
  async retryStale(): Promise<void> {
    for (const item of this.#items)
      if (item.problem !== null && staleRefusals.has(item.problem)) await this.retry(item.id);
  }

  /** Sends what waits, in order. Throws UNREACHABLE or SERVER_FAILED when the rest must wait. */
  flush(): Promise<void> {
    this.#sending ??= this.#flush().finally(() => {
      this.#sending = null;
    });
    return this.#sending;
  }

  /** A document takes its time: what waits behind it goes meanwhile, unless it is of the same streams. */
  async #flush(): Promise<void> {
    // What waits goes once a member lets this device go on.
    while (!isOwnDeviceHeld(this.#parts)) {
      const waiting = this.#items.filter(({ id, problem }) => problem === null && !this.#changing.has(id));
      const [first] = waiting;
      if (first === undefined) return;
      const free = this.#firstFree(waiting);
      if (free === null) await Promise.race([this.#upload(first), this.#arrival.promise]);
      else await this.#sendAlone(free);
    }
  }

  #firstFree(waiting: readonly OutboxItem[]): OutboxItem | null {
    const held = new Set<string>();
    for (const item of waiting) {
      const streams = item.parts.map(({ stream }) => bytesToHex(stream.id));
      const isUploaded = item.sent !== null || this.#uploaded.has(item.id) || documentsOfItem(item).length === 0;
      if (isUploaded && !streams.some((stream) => held.has(stream))) return item;
      for (const stream of streams) held.add(stream);
    }
    return null;
  }

  /** Null for a save without a document that is on its way. */
  uploadOf(id: string): UploadProgress | null {
    return this.#uploading?.id === id ? this.#uploading.progress : null;
  }

  /** Brings the documents of a save to the host, one save at a time. */
  #upload(item: OutboxItem): Promise<void> {
    if (this.#uploading !== null) return this.#uploading.done;
    const documents = documentsOfItem(item);
    const total = documents.reduce((size, { sealedSize }) => size + sealedSize, 0);
    const done = this.#sendDocuments(item, documents).finally(() => {
      this.#uploading = null;
      this.#parts.onUpload();
    });
    // A failure is met where it is awaited.
    done.catch(() => undefined);
    this.#uploading = { id: item.id, done, progress: { sent: 0, total } };
    return done;
  }

  async #sendDocuments(item: OutboxItem, documents: readonly DocumentKey[]): Promise<void> {
    let before = 0;
    const tell: DocumentUpload['onProgress'] = (sent) => {
      if (this.#uploading === null) return;
      this.#uploading.progress = { ...this.#uploading.progress, sent: before + sent };
      this.#parts.onUpload();
    };
    try {
      for (const document of documents) {
        await sendUpload(document, this.#parts, tell);
        before += document.sealedSize;
      }
      this.#uploaded.add(item.id);
    } catch (error) {
      if (!isUploadLost(error)) throw error;
      await this.#replace(item, { problem: error.code });
    }
  }

  async #sendAlone(item: OutboxItem): Promise<void> {
    this.#sendingId = item.id;
    try {
      await this.#send(item);
    } finally {
      this.#sendingId = null;
    }
  }

  async #send(item: OutboxItem): Promise<void> {
    const { mirror, keyring, onReceived, onAccepted } = this.#parts;
    let current = item;
    for (let attempt = 1; ; attempt += 1) {
      const sent = current.sent ?? (await this.#sealed(current));
      if (sent === null) return;
      if (current.sent === null) current = await this.#replace(current, { sent });
      try {
        const receipts = await deliver(sent, this.#parts, onReceived);
        await this.#keepDelivered(current, sent, receipts);
        await onAccepted(current, sent, receipts);
        // What leaves the outbox must read from what this device holds of the journal, whenever it is next opened.
        if (isWritten(current) && !this.#items.some(({ id, problem }) => id !== item.id && problem === null))
          await mirror.persist();
        await this.#remove(current);
        return;
      } catch (error) {
        const refusal = refusalOf(error);
        if (refusal === null) throw error;
        if (refusal.code === 'AUTHOR_HELD') {
          await mirror.sync();
          // A host that says so, and has nothing in its journal that does, is asked again later.
          if (!isOwnDeviceHeld(this.#parts)) throw error;
          return;
        }
        if (!refusal.isStale || attempt >= maxAttempts) {
          await this.#replace(current, { problem: refusal.code });
          return;
        }
        await mirror.sync();
        await keyring.refresh(mirror.governance);
        current = await this.#replace(current, { sent: null });
      }
    }
  }

  /** Null when the item cannot be sealed: it is kept and shown, and the others go on. */
  async #sealed(item: OutboxItem): Promise<readonly SentEntry[] | null> {
    try {
      return await sealParts(item.parts, this.#parts);
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      await this.#replace(item, { problem: error.code });
      return null;
    }
  }

  /** The last saves stay here, sealed: a host that was restored from an older copy gets them back. */
  async #keepDelivered(item: OutboxItem, sent: readonly SentEntry[], receipts: readonly Receipt[]): Promise<void> {
    if (!item.parts.some(({ body }) => isGivenBack(body.kind))) return;
    const last = receipts.length - 1;
    const place = padded(receipts[last]?.index ?? 0);
    const entryId = bytesToHex(sha256(sent[last]?.statement ?? new Uint8Array()));
    const content = encodeItem({ ...item, sent: null });
    const isDeposit = item.parts.some(({ body }) => body.kind === 'deposit');
    const folderOf = isDeposit ? `${depositedFolder}${padded(item.createdAt)}/` : deliveredFolder;
    await this.#parts.vault.put(`${folderOf}${place}-${entryId}`, content, this.#mostRestricted(item.parts));
    if (isDeposit) return;
    this.#delivered += 1;
    if (this.#delivered <= maxDelivered) return;
    const [oldest] = await this.#parts.vault.keys(deliveredFolder);
    if (oldest !== undefined) await this.#parts.vault.delete(oldest);
    this.#delivered -= 1;
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
    this.#uploaded.delete(item.id);
    this.#parts.onChange();
  }

  #store(item: OutboxItem): Promise<void> {
    return this.#parts.vault.put(keyOf(item), encodeItem(item), this.#mostRestricted(item.parts));
  }

  async #deliveredKeys(): Promise<string[]> {
    const { vault } = this.#parts;
    return [...(await vault.keys(deliveredFolder)), ...(await vault.keys(depositedFolder))];
  }

  /** The compartment that fewest members can read: who may not open what is saved may not open it on this device either. */
  #mostRestricted(parts: readonly OutboxPart[]): string {
    // Who deposits does not read where it goes.
    if (parts.some(({ body }) => body.kind === 'deposit')) return privateCompartment(this.#parts.keyring.member);
    const names = parts.map((part) => part.stream.compartment);
    const own = names.find((name) => name.startsWith('private/'));
    return own ?? ['clinical', 'billing', 'admin'].find((name) => names.includes(name)) ?? 'admin';
  }
}

function documentsOfItem({ parts }: OutboxItem): DocumentKey[] {
  return parts.flatMap(documentsOf);
}

function isUploadLost(error: unknown): error is ReplicaError {
  return error instanceof ReplicaError && error.code === 'UPLOAD_LOST';
}

/**
 * A snapshot and a list of heads are made again when they are needed, and weigh more than what they stand for. What was
 * found of a copy is said of one state of the journal.
 */
function isGivenBack(kind: OutboxPart['body']['kind']): boolean {
  return kind === 'records' || kind === 'opened' || kind === 'deposit';
}

function keyOf(item: OutboxItem): string {
  return `${folder}${padded(item.sequence)}-${item.id}`;
}

function padded(number: number): string {
  return String(number).padStart(16, '0');
}

/** A trace of what was shown, or read, is nothing that is shown again. */
function isWritten({ parts }: OutboxItem): boolean {
  return parts.some(({ body }) => body.kind !== 'opened' && body.kind !== 'reread');
}
