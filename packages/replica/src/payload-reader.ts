import { type Bytes, bytesToHex, equalBytes, ownBytes } from '@serment/core/bytes';
import { decodeCanonical, encodeCanonical } from '@serment/core/cbor';
import { CodedError } from '@serment/core/error';
import { sha256 } from '@serment/core/hash';
import { inOrder } from '@serment/core/in-parallel';
import type { Entry } from '@serment/core/journal/entry';
import type { Finding } from '@serment/core/journal/finding';
import type { Header } from '@serment/core/journal/header';
import type { InputKey } from '@serment/core/sealed/expand';
import { openPayload, openPayloadParts, payloadKey } from '@serment/core/sealed/payload';
import type { IndexedPayload } from '@serment/core/wire/read';
import type { Cache } from './cache.ts';
import { openDepositKey } from './deposit-sealing.ts';
import { ReplicaError } from './error.ts';
import type { JournalMirror } from './journal-mirror.ts';
import { entryPlace, KeptPayloads, packPlace } from './kept-payloads.ts';
import type { Keyring, StreamRef } from './keyring.ts';
import { isByItsAuthor } from './proven-entries.ts';

/** Where sealed payloads come from: the server, or a copy. */
export interface PayloadSource {
  stream(
    stream: Uint8Array,
    from: number,
    limit: number,
  ): Promise<{ payloads: readonly IndexedPayload[]; next: number | null }>;
  payloads(indexes: readonly number[]): Promise<readonly IndexedPayload[]>;
  /** Sealed bytes by hash, for payloads too large for their entry. */
  blob(hash: Uint8Array): Promise<ReadableStream<Uint8Array>>;
}

/** An entry of a stream with its content, or with what was wrong. */
export type ReadContent = Read<Bytes>;

type Read<Content> =
  | { readonly index: number; readonly entry: Entry; readonly content: Content; readonly finding: null }
  | { readonly index: number; readonly entry: Entry | null; readonly content: null; readonly finding: Finding };

/** How a payload is opened: whole, or in parts. */
type Opening<Content> = (key: InputKey, headerBytes: Uint8Array, payload: Uint8Array) => Promise<Content> | Content;

const pageEntries = 512;
const bulkEntries = 256;
const maxPackedBytes = 4_194_304;
const maxOwn = 1024;
/** Payloads of a rolling stream that stand beside its pack before it is written again. */
const maxBeside = 32;
/** So many payloads are opened side by side: the platform's ciphers work beside the thread. */
const openedAtOnce = 4;

/** Where an entry must stand, and under which compartment's key. */
type StreamPlace = Pick<StreamRef, 'id' | 'compartment'>;

/** Numbers of entries, both ends within the journal when left out. */
export interface IndexRange {
  readonly after?: number;
  readonly upTo?: number;
}

export interface ReadOptions extends IndexRange {
  /** Without the line, what is not on this device is told (`isAbsent`), and the rest reads on. */
  readonly isPartial?: boolean;
  /**
   * Of a stream that grows without end and is read at its end: the pack holds what was read last, and what came since
   * stands beside it, so that one more entry does not write all of them again.
   */
  readonly isRolling?: boolean;
}

interface Packing {
  readonly packed: ReadonlyMap<number, Bytes>;
  /** What was just read and opened. */
  readonly opened: ReadonlyMap<number, Bytes>;
  readonly isRolling: boolean;
}

interface Giving {
  /** All entries of the range that a list holds, wanted or not. */
  readonly listed: readonly number[];
  readonly packed: Map<number, Bytes>;
  readonly after: number;
  /** Up to here, what the host gives is compared with what a `heads` lists. */
  readonly watchedTo: number;
  /** Takes what the host gives and no list holds. */
  readonly unlisted: number[];
  readonly isPartial: boolean;
}

/** What came for an entry: undefined when the host left the entry out of its stream, null when it gives no payload. */
type Payload = Bytes | null | undefined;

interface Given {
  readonly index: number;
  readonly payload: Payload | 'absent';
  /** Of a payload of this device, which is the one that this entry commits to. */
  readonly entry?: Entry;
}

/** The detail of a finding that the line is to blame for. */
const absentDetail = 'UNREACHABLE';

/** True of an entry whose key this member was not granted, which another entry of the journal may do. */
export function isUngranted({ code, detail }: Finding): boolean {
  return code === 'PAYLOAD_UNREADABLE' && detail === 'COMPARTMENT_CLOSED';
}

export function absentFinding(index: number, stream: Uint8Array): Finding {
  return { code: 'STREAM_INCOMPLETE', index, detail: absentDetail, stream: bytesToHex(stream) };
}

/** True of an entry that is at the host and not on this device, while the line is cut. */
export function isAbsent({ code, detail }: Finding): boolean {
  return code === 'STREAM_INCOMPLETE' && detail === absentDetail;
}

/** True when nobody answered: what was asked may be there all the same. */
export function isSilence(error: unknown): boolean {
  return error instanceof ReplicaError && (error.code === 'UNREACHABLE' || error.code === 'SERVER_FAILED');
}

/** Reads, checks and opens the payloads of streams; keeps them sealed in the cache. */
export class PayloadReader {
  readonly #mirror: JournalMirror;
  readonly #source: PayloadSource;
  readonly #payloads: KeptPayloads;
  readonly #keyring: Keyring;
  /** What this device wrote itself and need not read back, by entry. */
  readonly #own = new Map<number, Bytes>();
  constructor(parts: { mirror: JournalMirror; source: PayloadSource; cache: Cache; keyring: Keyring }) {
    this.#mirror = parts.mirror;
    this.#source = parts.source;
    this.#payloads = new KeptPayloads(parts.cache);
    this.#keyring = parts.keyring;
  }

  /** Drops what is kept by entry numbers: after a restore they are other entries'. */
  async forget(): Promise<void> {
    this.#own.clear();
    await this.#payloads.clear();
  }

  /** Drops what is kept of one stream, which may be read here no more. */
  async forgetStream(stream: Uint8Array): Promise<void> {
    const indexes = this.#mirror.entriesOf(stream);
    for (const index of indexes) this.#own.delete(index);
    await this.#payloads.delete([...indexes.map(entryPlace), packPlace(bytesToHex(stream))]);
  }

  /** Once it returns, what was read is on this device. Throws what the cache throws. */
  settled(): Promise<void> {
    return this.#payloads.settled();
  }

  /** Spares the transfer of a payload that this device has just sent. */
  remember(index: number, payload: Bytes): void {
    const oldest = this.#own.keys().next();
    if (this.#own.size >= maxOwn && !oldest.done) this.#own.delete(oldest.value);
    this.#own.set(index, payload);
  }

  /** The same on the disk: what a person wrote here reads here, with the line cut and after a restart. */
  async keep(payloads: readonly (readonly [index: number, payload: Bytes])[]): Promise<void> {
    await this.#payloads.put(payloads.map(([index, payload]) => [entryPlace(index), payload] as const));
  }

  /** Whether the payloads of these entries of a stream are on this device. */
  async hasAll(stream: StreamRef, indexes: readonly number[]): Promise<boolean> {
    const isSingle = await Promise.all(indexes.map((index) => this.#payloads.has(entryPlace(index))));
    if (isSingle.every((one) => one)) return true;
    const packed = await this.#packed(stream.id);
    return indexes.every((index, place) => isSingle[place] || packed.has(index));
  }

  /**
   * Contents of the stream's entries in a range, in order, but of its snapshots: these say again what others say, and are
   * read by themselves (`content`). Each has the hash that its entry commits to and opened under
   * its own header; what does not is a finding, and the reading goes on. So is an entry that the host gives of this stream
   * and that the `heads` which stands for it leaves out.
   */
  async *contents(stream: StreamRef, options: ReadOptions = {}): AsyncGenerator<ReadContent> {
    const { after = -1, upTo = Number.POSITIVE_INFINITY, isPartial = false, isRolling = false } = options;
    const listed = this.#mirror.entriesOf(stream.id).filter((index) => index > after && index <= upTo);
    const snapshots = new Set(this.#mirror.snapshotsOf(stream.id));
    const indexes = snapshots.size === 0 ? listed : listed.filter((index) => !snapshots.has(index));
    const watchedTo = Math.min(upTo, (this.#mirror.unread?.size ?? 0) - 1);
    if (indexes.length === 0 && after >= watchedTo) return;
    const packed = await this.#packed(stream.id);
    await this.#mirror.prepare(indexes).catch((error: unknown) => {
      if (!(isPartial && isSilence(error))) throw error;
    });
    const opened = new Map<number, Bytes>();
    let sizeBytes = 0;
    const unlisted: number[] = [];
    const how = { listed, packed, after, watchedTo, unlisted, isPartial };
    const given = inOrder(this.#given(stream.id, indexes, how), openedAtOnce, async (one) => ({
      payload: one.payload === 'absent' ? null : one.payload,
      read: await this.#openGiven(one, stream),
    }));
    for await (const { payload, read } of given) {
      if (read.finding === null && payload != null) opened.set(read.index, payload);
      sizeBytes += payload?.length ?? 0;
      // A directory is cached by its fold, not by its payloads.
      if (sizeBytes > maxPackedBytes) for (const held of [packed, opened]) held.clear();
      yield read;
    }
    if (sizeBytes <= maxPackedBytes) await this.#pack(packPlace(bytesToHex(stream.id)), { packed, opened, isRolling });
    for (const index of unlisted) yield* this.#leftOut(index, stream);
  }

  /** Keeps what was opened and is not packed yet: in the pack, or beside that of a rolling stream. */
  async #pack(place: string, { packed, opened, isRolling }: Packing): Promise<void> {
    const unpacked = [...opened].filter(([index]) => !packed.has(index));
    if (unpacked.length === 0) return;
    if (!isRolling) return this.#payloads.putSoon(place, encodePack(new Map([...packed, ...unpacked])));
    const isAppended = packed.size > 0 && unpacked.length <= maxBeside;
    if (!isAppended) {
      await this.#payloads.put([[place, encodePack(opened)]]);
      return this.#payloads.delete(unpacked.map(([index]) => entryPlace(index)));
    }
    for (const [index, payload] of unpacked)
      if (!(await this.#payloads.has(entryPlace(index)))) await this.#payloads.putSoon(entryPlace(index), payload);
  }

  /** The sealed bytes of one entry, as the host holds them. */
  async sealed(index: number): Promise<Bytes | null> {
    // Nobody waits for the disk before the host: nearly every entry has a payload.
    const asking = this.#source.payloads([index]);
    asking.catch(() => undefined);
    const entry = await this.#mirror.entry(index);
    if (entry.payloadHash === null) return null;
    const [found] = await asking;
    if (found !== undefined && found.index !== index) return null;
    return found?.payload ?? this.#blob(entry.payloadHash);
  }

  /** Opens one entry of a stream, from this device if it was opened here before. */
  content(index: number, stream: StreamPlace): Promise<ReadContent> {
    return this.#one(index, stream, openPayload);
  }

  /** The same in parts, of what need not be held whole. They throw PAYLOAD_INVALID where their author packed them wrongly. */
  parts(index: number, stream: StreamPlace): Promise<Read<AsyncIterable<Uint8Array>>> {
    return this.#one(index, stream, openPayloadParts);
  }

  async #one<Content>(index: number, stream: StreamPlace, opening: Opening<Content>): Promise<Read<Content>> {
    const kept = this.#own.get(index) ?? (await this.#payloads.get(entryPlace(index)));
    if (kept !== null) {
      const read = await this.#openAs(opening, index, ownBytes(kept), stream);
      if (read.finding === null) return read;
    }
    const payload = await this.sealed(index).catch(async (error: unknown) => {
      // It came with the rest of its stream, if it came here.
      const packed = isSilence(error) ? await this.#packed(stream.id) : null;
      const found = packed?.get(index);
      if (found === undefined) throw error;
      return found;
    });
    const read = await this.#openAs(opening, index, payload, stream);
    // What a member deposited is not its own to keep: it reads it again for a day.
    const isKept = this.#keyring.canRead(stream.compartment);
    if (read.finding === null && payload !== null && isKept) await this.#payloads.putSoon(entryPlace(index), payload);
    return read;
  }

  /**
   * Contents of entries of many streams, as they are asked for. They come together from the host and are not kept: for a
   * reading of everything, of which the reader keeps what it makes of it.
   */
  async *bulk<Place extends { readonly index: number; readonly stream: StreamPlace }>(
    places: readonly Place[],
  ): AsyncGenerator<{ readonly place: Place; readonly read: ReadContent }> {
    for (let from = 0; from < places.length; ) {
      const asked = places.slice(from, from + bulkEntries);
      const indexes = asked.map(({ index }) => index);
      await this.#mirror.prepare(indexes);
      // As many as an answer holds.
      const given = new Map((await this.#source.payloads(indexes)).map(({ index, payload }) => [index, payload]));
      // Of an answer that holds nothing that was asked for, all is told as withheld.
      const last = asked.findLastIndex(({ index }) => given.has(index));
      const came = last < 0 ? asked : asked.slice(0, last + 1);
      // One at a time: side by side they took a third longer, and a hundred megabytes more.
      for (const place of came) {
        const { index, stream } = place;
        const payload = given.get(index);
        const read = await this.#open(index, payload === null ? await this.#large(index) : payload, stream);
        yield { place, read };
      }
      from += came.length;
    }
  }

  async *#given(stream: Uint8Array, indexes: readonly number[], how: Giving): AsyncGenerator<Given> {
    const { packed, after, watchedTo, unlisted, isPartial } = how;
    const listed = new Set(how.listed);
    let fetched = new Map<number, Bytes | null>();
    let fetchedTo = after;
    let isCut = false;
    /** Null once the line is found cut: what is here reads on without it. */
    const asking = async <Answer>(ask: () => Promise<Answer>): Promise<Answer | null> => {
      if (isCut) return null;
      try {
        return await ask();
      } catch (error) {
        if (!(isPartial && isSilence(error))) throw error;
        isCut = true;
        fetchedTo = Number.POSITIVE_INFINITY;
        return null;
      }
    };
    const fetch = async (from: number) => {
      const answer = await asking(() => this.#source.stream(stream, from, pageEntries));
      if (answer === null) return;
      fetched = new Map(answer.payloads.map((item) => [item.index, item.payload]));
      // A host that goes in circles is not followed.
      fetchedTo = answer.next === null || answer.next <= from ? Number.POSITIVE_INFINITY : answer.next - 1;
      for (const { index } of answer.payloads)
        if (index >= from && index <= watchedTo && !listed.has(index)) unlisted.push(index);
    };
    for (const index of indexes) {
      // What is here may still have to be compared with an entry that is not.
      const kept = await this.#kept(index, packed).catch((error: unknown) => {
        if (!(isPartial && isSilence(error))) throw error;
        return null;
      });
      if (kept !== null) {
        yield { index, ...kept };
        continue;
      }
      while (index > fetchedTo) await fetch(fetchedTo < watchedTo ? fetchedTo + 1 : index);
      const given = fetched.get(index);
      fetched.delete(index);
      const payload = given === null ? await asking(() => this.#large(index)) : given;
      yield { index, payload: isCut && payload == null ? 'absent' : payload };
    }
    const isFromHere = indexes.length > 0 && fetchedTo === after;
    while (!isFromHere && fetchedTo < watchedTo) await fetch(fetchedTo + 1);
  }

  /** An entry that a `heads` leaves out of the stream, unless it is one that does not count. */
  async *#leftOut(index: number, stream: StreamRef): AsyncGenerator<ReadContent> {
    const entry = await this.#mirror.entry(index);
    const isOfStream = equalBytes(entry.header.stream, stream.id) && entry.header.compartment === stream.compartment;
    if (!(isOfStream && (await isByItsAuthor(entry, index, this.#mirror.governance)))) return;
    const finding = { code: 'HEADS_MISMATCH', index, detail: null, stream: bytesToHex(stream.id) } as const;
    yield { index, entry, content: null, finding };
  }

  /** A payload of this device, if its bytes are still what they were. */
  async #kept(index: number, packed: Map<number, Bytes>): Promise<{ payload: Bytes; entry: Entry } | null> {
    const payload = packed.get(index) ?? this.#own.get(index) ?? (await this.#single(index));
    if (payload === null) return null;
    const entry = await this.#mirror.entry(index);
    if (isOf(payload, entry)) return { payload, entry };
    packed.delete(index);
    return null;
  }

  async #single(index: number): Promise<Bytes | null> {
    const kept = await this.#payloads.get(entryPlace(index));
    return kept === null ? null : ownBytes(kept);
  }

  async #large(index: number): Promise<Bytes | null> {
    const { payloadHash } = await this.#mirror.entry(index);
    return payloadHash === null ? null : this.#blob(payloadHash);
  }

  async #blob(hash: Bytes): Promise<Bytes | null> {
    try {
      return new Uint8Array(await new Response(await this.#source.blob(hash)).arrayBuffer());
    } catch (error) {
      if (error instanceof ReplicaError && error.code === 'SERVER_REFUSED') return null;
      throw error;
    }
  }

  #openGiven({ index, payload, entry }: Given, stream: StreamPlace): Promise<ReadContent> | ReadContent {
    if (payload === 'absent') return { index, entry: null, content: null, finding: absentFinding(index, stream.id) };
    return this.#open(index, payload, stream, entry);
  }

  /** `known` is the entry, where it was read before and the payload is the one that it commits to. */
  #open(index: number, payload: Payload, stream: StreamPlace, known?: Entry): Promise<ReadContent> {
    return this.#openAs(openPayload, index, payload, stream, known);
  }

  // biome-ignore lint/complexity/useMaxParams: how it is opened, and what `#open` takes.
  async #openAs<Content>(
    opening: Opening<Content>,
    index: number,
    payload: Payload,
    { id, compartment }: StreamPlace,
    known?: Entry,
  ): Promise<Read<Content>> {
    const entry = known ?? (await this.#entry(index));
    const failed = (code: Finding['code'], detail: string | null = null): Read<Content> => ({
      ...{ index, entry, content: null },
      finding: { code, index, detail, stream: bytesToHex(id) },
    });
    if (entry === null) return failed('STREAM_INCOMPLETE', 'ROOT_MISMATCH');
    const { unread, governance } = this.#mirror;
    const isTold = unread !== null && index < unread.size;
    const isOther = !equalBytes(entry.header.stream, id);
    if (isOther || (isTold && !(await isByItsAuthor(entry, index, governance)))) return failed('HEADS_MISMATCH');
    // Whoever may write elsewhere could put an entry under this stream's id: its seal tells.
    if (entry.header.compartment !== compartment) return failed('UNAUTHORIZED', 'STREAM_FORBIDDEN');
    if (payload === undefined) return failed('STREAM_INCOMPLETE');
    if (payload === null) return failed('PAYLOAD_MISSING');
    if (known === undefined && !isOf(payload, entry)) return failed('PAYLOAD_MISMATCH');
    try {
      const key = await this.#keyOf(entry.header);
      return { index, entry, content: await opening(key, entry.headerBytes, payload), finding: null };
    } catch (error) {
      // Not sealed as it must be, or under an epoch that was not granted to this member.
      if (error instanceof CodedError) return failed('PAYLOAD_UNREADABLE', error.code);
      throw error;
    }
  }

  async #keyOf(header: Header): Promise<InputKey> {
    const { body, compartment, epoch } = header;
    if (body.kind !== 'deposit') return this.#keyring.payloadKey(compartment ?? '', epoch);
    return payloadKey(
      await openDepositKey(header, body, { governance: this.#mirror.governance, keyring: this.#keyring }),
    );
  }

  /** Null when the host gives another one than the checkpoint holds: the rest of the stream reads on. */
  async #entry(index: number): Promise<Entry | null> {
    try {
      return await this.#mirror.entry(index);
    } catch (error) {
      if (error instanceof ReplicaError && error.code === 'HOST_LIES') return null;
      throw error;
    }
  }

  async #packed(stream: Uint8Array): Promise<Map<number, Bytes>> {
    const stored = await this.#payloads.get(packPlace(bytesToHex(stream)));
    return stored === null ? new Map() : decodePack(stored);
  }
}

/** Whether the entry commits to these sealed bytes. */
function isOf(payload: Bytes, { payloadHash }: Entry): boolean {
  return payloadHash !== null && equalBytes(sha256(payload), payloadHash);
}

function encodePack(payloads: ReadonlyMap<number, Bytes>): Bytes {
  return encodeCanonical([...payloads].map(([index, payload]) => [index, payload]));
}

/** A damaged pack is no pack: the payloads come again from the host. */
function decodePack(bytes: Uint8Array): Map<number, Bytes> {
  const payloads = new Map<number, Bytes>();
  let value: ReturnType<typeof decodeCanonical>;
  try {
    value = decodeCanonical(bytes);
  } catch {
    return payloads;
  }
  for (const item of Array.isArray(value) ? value : []) {
    const [index, payload] = Array.isArray(item) ? item : [];
    if (typeof index === 'number' && payload instanceof Uint8Array) payloads.set(index, new Uint8Array(payload));
  }
  return payloads;
}
