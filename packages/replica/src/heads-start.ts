import { type Bytes, bytesToHex, equalBytes } from '@serment/core/bytes';
import { CodedError } from '@serment/core/error';
import { sha256 } from '@serment/core/hash';
import { parseCheckpoint, verifyCheckpoint } from '@serment/core/journal/checkpoint';
import { type GovernanceState, hostAuthorAt } from '@serment/core/journal/governance';
import { type NumberedEntry, replayGovernance } from '@serment/core/journal/governance-replay';
import { governanceStream, type TreeHead } from '@serment/core/journal/header';
import { type AuthorHead, type Heads, headsStep, parseHeads } from '@serment/core/journal/heads';
import { frontierFromProof } from '@serment/core/journal/proof';
import { StreamHeads } from '@serment/core/journal/stream-heads';
import type { RandomSource } from '@serment/core/random';
import { openPayload } from '@serment/core/sealed/payload';
import type { IndexedPayload } from '@serment/core/wire/read';
import type { JournalMirror, JournalStart } from './journal-mirror.ts';
import type { JournalSource } from './journal-source.ts';
import { Keyring, type StreamRef } from './keyring.ts';
import type { PayloadSource } from './payload-reader.ts';
import { ProvenEntries, type ProvingSource } from './proven-entries.ts';
import { StreamIndex } from './stream-index.ts';

export interface HeadsStartParts {
  readonly mirror: JournalMirror;
  readonly source: JournalSource & ProvingSource & PayloadSource;
  /** Of the holder that opens: a `heads` is sealed in `admin`. */
  readonly seed: Bytes;
  readonly random: RandomSource;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Under so many entries, reading them all costs less than looking for a `heads`. */
const leastEntries = 1024;
const triedHeads = 3;
const sampledStreams = 4;
const pageEntries = 4096;

/** Governance is whole under the head that the host signed, and the holder's keys open. */
interface Ground {
  readonly practice: Bytes;
  readonly head: TreeHead;
  readonly entries: ProvenEntries;
  readonly governed: readonly NumberedEntry[];
  readonly keyring: Keyring;
}

/**
 * Begins an empty image of the journal from the newest `heads` that holds (docs/format/journal.md, Starting from a
 * heads). False when there is none: the journal is then read from its first entry, and says what is wrong by itself.
 */
export async function startFromHeads(parts: HeadsStartParts): Promise<boolean> {
  let ground: Ground | null = null;
  try {
    ground = await findGround(parts);
    if (ground === null) return false;
    const stream = ground.keyring.stream('admin', 'heads');
    for (const heads of await newestHeads(parts.source, stream, ground.head.size)) {
      const start = await startAt(heads, stream, ground, parts);
      if (start !== null && (await parts.mirror.startFrom(start, parts.onProgress))) return true;
    }
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
  } finally {
    ground?.keyring.close();
  }
  return false;
}

async function findGround({ mirror, source, seed }: HeadsStartParts): Promise<Ground | null> {
  const note = await source.checkpoint();
  const { size, root } = parseCheckpoint(note).checkpoint;
  if (size < leastEntries) return null;
  const { practice } = mirror;
  const entries = new ProvenEntries(source, { size, root });
  const governed: NumberedEntry[] = [];
  for await (const { index } of streamFrom(source, governanceStream, 0))
    if (index < size) governed.push({ index, entry: await entries.entry(index) });
  const governance = await replayGovernance(practice, governed, size);
  const hostAuthor = governance === null ? null : hostAuthorAt(governance, size);
  if (governance === null || hostAuthor === null) return null;
  const checkpoint = await verifyCheckpoint(note, hostAuthor);
  if (!equalBytes(checkpoint.practice, practice) || checkpoint.fence !== governance.fence) return null;
  const keyring = await Keyring.open(seed, governance);
  if (keyring.canRead('admin')) return { practice, head: { size, root }, entries, governed, keyring };
  keyring.close();
  return null;
}

/** They are written as the journal grows by a part: the last quarter of it holds one, or the host is asked for all. */
async function newestHeads(source: PayloadSource, stream: StreamRef, size: number): Promise<IndexedPayload[]> {
  for (const from of [Math.floor(size * 0.75), 0]) {
    const found: IndexedPayload[] = [];
    for await (const item of streamFrom(source, stream.id, from)) if (item.index < size) found.push(item);
    if (found.length > 0) return found.slice(-triedHeads).reverse();
  }
  return [];
}

/** Null when this `heads` does not say what its place, its seal and the entries read so far do. */
async function startAt(
  { index, payload }: IndexedPayload,
  stream: StreamRef,
  ground: Ground,
  { source, random }: HeadsStartParts,
): Promise<JournalStart | null> {
  try {
    const entry = await ground.entries.entry(index);
    const { body, epoch } = entry.header;
    if (body.kind !== 'heads' || !equalBytes(entry.header.stream, stream.id)) return null;
    const { size, root } = body;
    if (size % headsStep !== 0 || size > index || entry.payloadHash === null) return null;
    const sealed = payload ?? (await wholeBlob(source, entry.payloadHash));
    if (!equalBytes(sha256(sealed), entry.payloadHash)) return null;
    const content = await openPayload(ground.keyring.payloadKey('admin', epoch), entry.headerBytes, sealed);
    const heads = parseHeads(content);
    if (heads.size !== size || !equalBytes(heads.root, root)) return null;
    const last = await ground.entries.entry(size - 1);
    const frontier = frontierFromProof(size, last.leaf, [...(await source.inclusionProof(size - 1, size))]);
    const governance = await governanceUnder(heads, ground);
    if (governance === null || !equalBytes(frontier.root(), root)) return null;
    if (!(await isSampleRight(heads, ground, random))) return null;
    const chunks = ground.entries.chunks();
    return { frontier, governance, receivedAt: last.receivedAt, ...imageOf(heads), stream: stream.id, index, chunks };
  } catch (error) {
    if (error instanceof CodedError && error.code !== 'UNREACHABLE') return null;
    throw error;
  }
}

/** Governance at the size of a `heads`, which must know the same entries of it, and no author but those it names. */
async function governanceUnder({ size, streams, authors }: Heads, ground: Ground): Promise<GovernanceState | null> {
  const governed = ground.governed.filter(({ index }) => index < size);
  const told = streams.find(({ stream }) => equalBytes(stream, governanceStream))?.entries ?? [];
  if (told.length !== governed.length || governed.some(({ index }, place) => told[place] !== index)) return null;
  const governance = await replayGovernance(ground.practice, governed, size);
  return governance !== null && authors.every((author) => setLast(governance, author)) ? governance : null;
}

function setLast(governance: GovernanceState, { author, id }: AuthorHead): boolean {
  const name = bytesToHex(author);
  const known = governance.authors.get(name);
  if (known !== undefined) governance.authors.set(name, { ...known, last: id });
  return known !== undefined;
}

/** Reads the last entries of a few streams, drawn at random. */
async function isSampleRight({ streams }: Heads, { entries }: Ground, random: RandomSource): Promise<boolean> {
  for (let drawn = 0; drawn < Math.min(sampledStreams, streams.length); drawn += 1) {
    const number = new DataView(random(4).buffer).getUint32(0);
    const known = streams[number % streams.length];
    if (known === undefined) continue;
    const entry = await entries.entry(known.entries.at(-1) ?? 0);
    const isThere = equalBytes(entry.header.stream, known.stream) && equalBytes(entry.id, known.id);
    if (!isThere || entry.header.compartment !== known.compartment) return false;
  }
  return true;
}

/** In the order in which the streams began, as if their entries had been read. */
function imageOf({ streams }: Heads): { heads: StreamHeads; streams: StreamIndex } {
  const heads = new StreamHeads();
  const begun = streams.toSorted((left, right) => (left.entries[0] ?? 0) - (right.entries[0] ?? 0));
  for (const { stream, compartment, id, entries } of begun)
    heads.set(stream, { index: entries.at(-1) ?? 0, id, compartment });
  const lists = begun.map(({ stream, entries, snapshots }) => [bytesToHex(stream), entries, snapshots] as const);
  return { heads, streams: StreamIndex.from(lists) };
}

async function* streamFrom(source: PayloadSource, stream: Bytes, from: number): AsyncGenerator<IndexedPayload> {
  for (let at: number | null = from; at !== null; ) {
    const { payloads, next } = await source.stream(stream, at, pageEntries);
    yield* payloads;
    // A host that goes in circles is not followed.
    at = next !== null && next > at ? next : null;
  }
}

async function wholeBlob(source: PayloadSource, hash: Bytes): Promise<Bytes> {
  return new Uint8Array(await new Response(await source.blob(hash)).arrayBuffer());
}
