import { type Bytes, bytesToHex, hexToBytes } from '@serment/core/bytes';
import { CodedError } from '@serment/core/error';
import { maxDrillCodes } from '@serment/core/journal/body';
import type { Reread } from '@serment/core/journal/reread';
import { isShutOut } from '@serment/core/journal/restriction';
import type { RandomSource } from '@serment/core/random';
import { type DocumentKey, parseRecordBatch } from '@serment/records/version';
import { memoryCache } from './cache.ts';
import { CopySource } from './copy-source.ts';
import { openDocumentBytes } from './documents.ts';
import { ReplicaError } from './error.ts';
import type { JournalMirror } from './journal-mirror.ts';
import type { Keyring } from './keyring.ts';
import { isUngranted, PayloadReader, type ReadContent } from './payload-reader.ts';
import type { Transport } from './transport.ts';

export interface RereadParts {
  readonly mirror: JournalMirror;
  readonly keyring: Keyring;
  readonly transport: Transport;
  readonly random: RandomSource;
  /** ms */
  readonly clock: () => number;
  /** Between two steps of work that nobody waits for. */
  readonly giveWay?: () => Promise<void>;
}

/** How much of a copy is read back each time. */
const drawnRecords = 32;
const drawnDocuments = 4;
/** Entries looked at for documents, which few name. */
const lookedAt = 512;
/** A larger one is left to the drills: nobody waits for this one. */
const maxDocumentBytes = 16_777_216;

/** What a copy that answers says of itself, when nothing of it can be read. */
const damagedCopy: ReadonlySet<string> = new Set(['COPY_NOTHING_READABLE', 'COPY_DAMAGED']);

interface Place {
  readonly index: number;
  readonly stream: { readonly id: Bytes; readonly compartment: string };
}

/** A reading of entries and documents from one side. */
interface Side {
  readonly source: Pick<CopySource, 'payloads' | 'blob' | 'stream'>;
  /** Before what is found of it. */
  readonly prefix: '' | 'LIVE_';
}

/**
 * Reads some of a copy back, drawn by this device, opens it, and compares it with what this device has verified and with
 * the live side (docs/format/journal.md). Throws for nothing that the copy or the line does: that is `inconclusive`.
 */
export async function rereadCopy(copy: string, parts: RereadParts): Promise<Reread> {
  const { clock, mirror, transport } = parts;
  const startedAt = clock();
  const reading = new Reading();
  let head = { size: 0, root: new Uint8Array(32) };
  try {
    const source = new CopySource({ mirror, transport, copy });
    const { readable, finding, ...state } = await source.head();
    head = { size: state.size, root: state.root };
    if (finding !== null) reading.find(finding);
    if (finding !== 'CHECKPOINT_INVALID') await readBoth(source, readable, { ...parts, reading });
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    const code = codeOf(error);
    if (damagedCopy.has(code)) reading.find(code);
    else reading.interrupt(code);
  }
  return { destination: copy, ...head, durationMs: Math.max(0, Math.round(clock() - startedAt)), ...reading.result() };
}

/** What came of it so far. */
class Reading {
  readonly #codes = new Set<string>();
  #kept: string | null = null;
  #records = 0;
  #documents = 0;
  #bytes = 0;

  find(code: string): void {
    this.#codes.add(code);
  }

  count(what: 'records' | 'documents', bytes: number): void {
    if (what === 'records') this.#records += 1;
    else this.#documents += 1;
    this.#bytes += bytes;
  }

  interrupt(code: string): void {
    this.#kept = code;
  }

  result(): Pick<Reread, 'records' | 'documents' | 'bytes' | 'outcome' | 'codes'> {
    const counts = { records: this.#records, documents: this.#documents, bytes: this.#bytes };
    // What was found before the line was cut stands.
    if (this.#codes.size > 0) return { ...counts, outcome: 'failed', codes: [...this.#codes].slice(0, maxDrillCodes) };
    const kept = this.#kept ?? (this.#records === 0 ? 'NOTHING_TO_READ' : null);
    if (kept === null) return { ...counts, outcome: 'proven', codes: [] };
    return { ...counts, outcome: 'inconclusive', codes: [kept] };
  }
}

type Reads = RereadParts & { readonly reading: Reading };

async function readBoth(source: CopySource, readable: number, parts: Reads): Promise<void> {
  const { transport, reading } = parts;
  const places = await drawn(readable, parts);
  const copied = await readSide(places, { source, prefix: '' }, parts);
  for (const code of source.damaged.values()) reading.find(code);
  const live = await readSide(places, { source: transport, prefix: 'LIVE_' }, parts);
  const documents: DocumentKey[] = [];
  for (const [place, read] of copied.entries()) {
    const other = live[place];
    // An author may have damaged what it sealed, and an epoch be granted later: that says nothing of a copy.
    const isOfAuthor = read.finding?.code === 'PAYLOAD_UNREADABLE' && other?.finding?.code === read.finding.code;
    if (isOfAuthor || (read.finding !== null && isUngranted(read.finding))) continue;
    if (read.finding !== null) reading.find(read.finding.code);
    else if (!source.damaged.has(read.index)) {
      reading.count('records', read.content.length);
      documents.push(...documentsOf(read));
    }
    if (other?.finding != null && !isUngranted(other.finding)) reading.find(`LIVE_${other.finding.code}`);
  }
  const chosen = documents.filter(({ sealedSize }) => sealedSize <= maxDocumentBytes).slice(0, drawnDocuments);
  for (const document of chosen) {
    await parts.giveWay?.();
    if (await isDocumentRight(document, { source, prefix: '' }, parts)) reading.count('documents', document.sealedSize);
    await isDocumentRight(document, { source: transport, prefix: 'LIVE_' }, parts);
  }
}

async function readSide(places: readonly Place[], { source }: Side, parts: Reads): Promise<ReadContent[]> {
  const { mirror, keyring } = parts;
  // Nothing of what this device keeps stands in for what it reads.
  const reader = new PayloadReader({ mirror, keyring, source, cache: memoryCache() });
  const reads: ReadContent[] = [];
  for await (const { read } of reader.bulk(places)) {
    reads.push(read);
    await parts.giveWay?.();
  }
  return reads;
}

async function isDocumentRight(document: DocumentKey, { source, prefix }: Side, parts: Reads): Promise<boolean> {
  const { mirror, reading } = parts;
  try {
    await openDocumentBytes(document, { practice: mirror.practice, transport: source });
    return true;
  } catch (error) {
    if (!(error instanceof CodedError) || isKeptFrom(error)) throw error;
    reading.find(`${prefix}${isAbsent(error) ? 'BLOB_MISSING' : 'BLOB_MISMATCH'}`);
    return false;
  }
}

/** True for what says nothing of the document: the line, the host, or the copy as a whole. */
function isKeptFrom(error: CodedError): boolean {
  return error instanceof ReplicaError && error.code !== 'DOCUMENT_INVALID' && !isAbsent(error);
}

function isAbsent(error: CodedError): boolean {
  return error instanceof ReplicaError && error.code === 'SERVER_REFUSED' && error.fields.status === 404;
}

/** The copy's own reason, where it has one. */
function codeOf({ code, fields }: CodedError): string {
  const { reason, server } = fields;
  if (code === 'COPY_UNAVAILABLE' && typeof reason === 'string') return reason;
  return code === 'SERVER_REFUSED' && typeof server === 'string' ? server : code;
}

function documentsOf(read: ReadContent): readonly DocumentKey[] {
  if (read.finding !== null || read.entry.header.blobs.length === 0) return [];
  return parseRecordBatch(read.content).documents;
}

/** Entries of records below a size, drawn at random among those that this member may read; some name documents. */
async function drawn(readable: number, parts: Reads): Promise<Place[]> {
  const { mirror, giveWay } = parts;
  const candidates = await readableEntries(readable, parts);
  const chosen = new Map<number, Place>();
  let documents = 0;
  for (let looked = 0; looked < lookedAt && candidates.length > 0; looked += 1) {
    if (chosen.size >= drawnRecords && documents >= drawnDocuments) break;
    const index = takeOne(candidates, parts.random);
    const { header } = await mirror.entry(index);
    const { id, compartment } = { id: header.stream, compartment: header.compartment };
    if (header.kind !== 'records' || compartment === null) continue;
    const hasSmall = header.blobs.some(({ size }) => size <= maxDocumentBytes);
    const isWanted = chosen.size < drawnRecords - drawnDocuments || (hasSmall && documents < drawnDocuments);
    if (isWanted) chosen.set(index, { index, stream: { id, compartment } });
    if (isWanted && hasSmall) documents += 1;
    if (looked % 16 === 0) await giveWay?.();
  }
  return [...chosen.values()].sort((left, right) => left.index - right.index);
}

/** Their numbers, without what is kept from this member. */
async function readableEntries(readable: number, { mirror, keyring, giveWay }: Reads): Promise<number[]> {
  const member = bytesToHex(keyring.member);
  const found: number[] = [];
  for (const name of mirror.streams()) {
    const stream = hexToBytes(name);
    if (isShutOut(mirror.governance, stream, member)) continue;
    const indexes = mirror.entriesOf(stream).filter((index) => index < readable);
    const [first] = indexes;
    if (first === undefined) continue;
    const { header } = await mirror.entry(first);
    if (header.compartment === null || !keyring.canRead(header.compartment)) continue;
    found.push(...indexes);
    await giveWay?.();
  }
  return found;
}

/** Takes one out, each as likely as any other. */
function takeOne(candidates: number[], random: RandomSource): number {
  const number = new DataView(random(4).buffer).getUint32(0);
  const place = number % candidates.length;
  const last = candidates.pop() ?? 0;
  if (place === candidates.length) return last;
  const index = candidates[place] ?? 0;
  candidates[place] = last;
  return index;
}
