import { bytesToHex, concatBytes, hexToBytes } from '@serment/core/bytes';
import { sha256 } from '@serment/core/hash';
import type { PieceSink } from '@serment/core/sealed/chunk-pipeline';
import {
  clearSize,
  openBytes,
  openRange,
  openTo,
  sealBytes,
  sealedSize,
  sealTo,
} from '@serment/core/sealed/cobblestone';
import { openDocument, sealDocument } from '@serment/core/sealed/document';
import { openDraft, parseDraft, sealDraft } from '@serment/core/sealed/draft';
import type { MessageWriter } from '@serment/core/sealed/message-writer';
import { packContent, unpackContent } from '@serment/core/sealed/pack';
import { padmeSize } from '@serment/core/sealed/padme';
import { openPayload, payloadKey, sealPayload } from '@serment/core/sealed/payload';
import { type Beat, openBeat, sealBeat } from '@serment/core/sealed/presence';
import { beatBytes } from '@serment/core/wire/presence';
import { unzlibSync } from 'fflate';
import { type Finding, Scenarios } from './scenario.ts';
import { editSealed, type SealedEdit } from './sealed-edit.ts';

interface Seal {
  readonly name: string;
  readonly inputKey: string;
  readonly context: string;
  readonly salt: string;
  readonly clearSize: number;
  readonly sealedSize: number;
  readonly sealedSha256: string;
  readonly sealed?: string;
}
interface Published {
  readonly name: string;
  readonly inputKey: string;
  readonly context: string;
  readonly sealedZlib: string;
  readonly clearSize: number;
  readonly clearSha512: string;
}
interface Open {
  readonly name: string;
  readonly base: string;
  readonly edit?: SealedEdit;
  readonly inputKey?: string;
  readonly context?: string;
  readonly error: string;
}
interface Range {
  readonly name: string;
  readonly base: string;
  readonly edit?: SealedEdit;
  readonly start: number;
  readonly end: number;
  readonly clearSha256?: string;
  readonly error?: string;
}
interface Pack {
  readonly name: string;
  readonly packed: string;
  readonly content?: string;
  readonly error?: string;
}
interface Payload {
  readonly name: string;
  readonly epochKey: string;
  readonly header: string;
  readonly payload: string;
  readonly content?: string;
  readonly error?: string;
}
interface Document {
  readonly name: string;
  readonly key: string;
  readonly practice: string;
  readonly blobId: string;
  readonly sealed: string;
  readonly clear?: string;
  readonly error?: string;
}
interface Draft {
  readonly name: string;
  readonly epochKey: string;
  readonly practice: string;
  readonly slot: string;
  readonly draft: string;
  readonly compartment?: string;
  readonly epoch?: number;
  readonly revision?: number;
  readonly content?: string;
  readonly error?: string;
}
interface SealedBeat {
  readonly name: string;
  readonly epochKey: string;
  readonly practice: string;
  readonly author: string;
  readonly beat: string;
  readonly says?: Beat;
  readonly error?: string;
}

export interface SealingVectors {
  readonly sizes: readonly { readonly clear: number; readonly sealed: number }[];
  readonly impossibleSizes: readonly number[];
  readonly seal: readonly Seal[];
  readonly published: readonly Published[];
  readonly open: readonly Open[];
  readonly range: readonly Range[];
  readonly padme: readonly { readonly size: number; readonly padded: number }[];
  readonly pack: readonly Pack[];
  readonly payload: readonly Payload[];
  readonly document: readonly Document[];
  readonly draft: readonly Draft[];
  readonly presence: readonly SealedBeat[];
}

/** Runs vectors/sealing.json; nothing found is what it should give. */
export async function runSealingVectors(vectors: SealingVectors): Promise<Finding[]> {
  const scenarios = new Scenarios();
  await runSizes(scenarios, vectors);
  await runCobblestone(scenarios, vectors);
  await runPublished(scenarios, vectors.published);
  await runPack(scenarios, vectors.pack);
  await runPayloads(scenarios, vectors.payload);
  await runDocuments(scenarios, vectors.document);
  await runDrafts(scenarios, vectors.draft);
  await runBeats(scenarios, vectors.presence);
  return scenarios.findings;
}

/** Clear bytes of the vectors: byte i is (i × 31 + floor(i / 256)) mod 256. */
export function patternBytes(sizeBytes: number): Uint8Array {
  return Uint8Array.from({ length: sizeBytes }, (_, index) => (index * 31 + Math.floor(index / 256)) % 256);
}

async function runSizes(scenarios: Scenarios, vectors: SealingVectors): Promise<void> {
  for (const { clear, sealed } of vectors.sizes) {
    await scenarios.gives(`sealed size of ${clear}`, sealed, () => sealedSize(clear));
    await scenarios.gives(`clear size of ${sealed}`, clear, () => clearSize(sealed));
  }
  for (const size of vectors.impossibleSizes)
    await scenarios.refuses(`clear size of ${size}`, 'SEALED_INVALID', () => clearSize(size));
  for (const { size, padded } of vectors.padme)
    await scenarios.gives(`padding of ${size}`, padded, () => padmeSize(size));
}

async function runCobblestone(scenarios: Scenarios, vectors: SealingVectors): Promise<void> {
  const bases = new Map<string, { readonly seal: Seal; readonly sealed: Uint8Array }>();
  for (const seal of vectors.seal) {
    const [key, context, salt] = [seal.inputKey, seal.context, seal.salt].map(hexToBytes);
    const clear = patternBytes(seal.clearSize);
    const sealed = await sealBytes(key ?? clear, context ?? clear, clear, () => salt ?? new Uint8Array(0));
    bases.set(seal.name, { seal, sealed });
    await scenarios.gives(seal.name, seal.sealedSha256, () => bytesToHex(sha256(sealed)));
    await scenarios.gives(`${seal.name}, its size`, seal.sealedSize, () => sealed.length);
    if (seal.sealed !== undefined) await scenarios.gives(`${seal.name}, its bytes`, seal.sealed, () => sealed);
    const sealing = (sink: PieceSink) =>
      sealTo(sink, hexToBytes(seal.inputKey), hexToBytes(seal.context), () => hexToBytes(seal.salt));
    await scenarios.gives(`${seal.name}, as it comes`, seal.sealedSha256, async () =>
      bytesToHex(sha256(await through(clear, sealing))),
    );
    for (const [way, open] of openings(hexToBytes(seal.inputKey), hexToBytes(seal.context)))
      await scenarios.gives(`${seal.name}, opened ${way}`, clear, () => open(sealed));
  }
  for (const { name, base, edit, inputKey, context, error } of vectors.open) {
    const { seal, sealed } = baseOf(bases, base);
    const changed = edit === undefined ? sealed : editSealed(sealed, edit);
    for (const [way, open] of openings(hexToBytes(inputKey ?? seal.inputKey), hexToBytes(context ?? seal.context)))
      await scenarios.refuses(`${name}, opened ${way}`, error, () => open(changed));
  }
  for (const { name, base, edit, start, end, clearSha256, error } of vectors.range) {
    const { seal, sealed } = baseOf(bases, base);
    const source = sourceOf(edit === undefined ? sealed : editSealed(sealed, edit));
    const open = () => openRange(hexToBytes(seal.inputKey), hexToBytes(seal.context), source, start, end);
    if (error === undefined) await scenarios.gives(name, clearSha256, async () => bytesToHex(sha256(await open())));
    else await scenarios.refuses(name, error, open);
  }
}

function baseOf<Base>(bases: ReadonlyMap<string, Base>, name: string): Base {
  const base = bases.get(name);
  if (base === undefined) throw new Error(`The vectors have no message named ${name}`);
  return base;
}

/** The three ways to open a whole message, which must agree. */
function openings(key: Uint8Array, context: Uint8Array): [string, (sealed: Uint8Array) => Promise<Uint8Array>][] {
  return [
    ['whole', (sealed) => openBytes(key, context, sealed)],
    ['as it comes', (sealed) => through(sealed, (sink) => openTo(sink, key, context))],
    ['as a range', (sealed) => openRange(key, context, sourceOf(sealed), 0, clearSize(sealed.length))],
  ];
}

function sourceOf(sealed: Uint8Array) {
  return {
    sizeBytes: sealed.length,
    read: async (offset: number, length: number) => sealed.slice(offset, offset + length),
  };
}

async function through(bytes: Uint8Array, start: (sink: PieceSink) => MessageWriter): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  const writer = start((piece) => void parts.push(piece.slice()));
  // Pieces of an odd size fall across every boundary.
  for (let offset = 0; offset < bytes.length; offset += 10_007)
    await writer.write(bytes.slice(offset, offset + 10_007));
  await writer.end();
  return concatBytes(...parts);
}

async function runPublished(scenarios: Scenarios, published: readonly Published[]): Promise<void> {
  for (const { name, inputKey, context, sealedZlib, clearSha512, clearSize: size } of published) {
    const sealed = new Uint8Array(unzlibSync(hexToBytes(sealedZlib)));
    await scenarios.gives(name, [size, clearSha512], async () => {
      const clear = await openBytes(hexToBytes(inputKey), hexToBytes(context), sealed);
      return [clear.length, bytesToHex(new Uint8Array(await crypto.subtle.digest('SHA-512', clear)))];
    });
    await scenarios.gives(`${name}, sealed again under its salt`, sealed, async () => {
      const clear = await openBytes(hexToBytes(inputKey), hexToBytes(context), sealed);
      return sealBytes(hexToBytes(inputKey), hexToBytes(context), clear, () => sealed.slice(0, 24));
    });
  }
}

async function runPack(scenarios: Scenarios, packs: readonly Pack[]): Promise<void> {
  for (const { name, packed, content, error } of packs) {
    const unpack = () => unpackContent(hexToBytes(packed));
    if (error !== undefined) await scenarios.refuses(name, error, unpack);
    if (content === undefined) continue;
    await scenarios.gives(name, content, unpack);
    await scenarios.gives(`${name}, packed again`, content, async () =>
      unpackContent(await packContent(hexToBytes(content))),
    );
  }
}

async function runPayloads(scenarios: Scenarios, payloads: readonly Payload[]): Promise<void> {
  for (const { name, epochKey, header, payload, content, error } of payloads) {
    const [key, bound] = [payloadKey(hexToBytes(epochKey)), hexToBytes(header)];
    const open = () => openPayload(key, bound, hexToBytes(payload));
    if (error !== undefined) await scenarios.refuses(name, error, open);
    if (content === undefined) continue;
    await scenarios.gives(name, content, open);
    await scenarios.gives(`${name}, sealed again`, content, async () =>
      openPayload(key, bound, await sealPayload(key, bound, hexToBytes(content))),
    );
  }
}

async function runDocuments(scenarios: Scenarios, documents: readonly Document[]): Promise<void> {
  for (const { name, key, practice, blobId, sealed, clear, error } of documents) {
    const seal = { key: hexToBytes(key), practice: hexToBytes(practice), blobId: hexToBytes(blobId) };
    const open = () => openDocument(seal, hexToBytes(sealed));
    if (error !== undefined) await scenarios.refuses(name, error, open);
    if (clear === undefined) continue;
    await scenarios.gives(name, clear, open);
    await scenarios.gives(`${name}, sealed again under its salt`, sealed, () =>
      sealDocument(seal, hexToBytes(clear), () => hexToBytes(sealed.slice(0, 48))),
    );
  }
}

async function runDrafts(scenarios: Scenarios, drafts: readonly Draft[]): Promise<void> {
  for (const { name, epochKey, practice, slot, draft, compartment, epoch, revision, content, error } of drafts) {
    const key = hexToBytes(epochKey);
    const place = { practice: hexToBytes(practice), slot: hexToBytes(slot) };
    const open = async () => openDraft(key, place, parseDraft(hexToBytes(draft)));
    if (error !== undefined) await scenarios.refuses(name, error, open);
    if (content === undefined || compartment === undefined || epoch === undefined || revision === undefined) continue;
    await scenarios.gives(name, content, open);
    await scenarios.gives(`${name}, its head`, [compartment, epoch, revision], () => {
      const head = parseDraft(hexToBytes(draft));
      return [head.compartment, head.epoch, head.revision];
    });
    await scenarios.gives(`${name}, sealed again`, content, async () => {
      const sealed = await sealDraft(key, { ...place, compartment, epoch, revision }, hexToBytes(content));
      return openDraft(key, place, parseDraft(sealed));
    });
  }
}

async function runBeats(scenarios: Scenarios, beats: readonly SealedBeat[]): Promise<void> {
  for (const { name, epochKey, practice, author, beat, says, error } of beats) {
    const key = hexToBytes(epochKey);
    const scope = { practice: hexToBytes(practice), author: hexToBytes(author) };
    const open = () => openBeat(key, scope, hexToBytes(beat));
    if (error !== undefined) await scenarios.refuses(name, error, open);
    if (says === undefined) continue;
    await scenarios.gives(name, says, open);
    // Its salt is in front.
    const salt = () => hexToBytes(beat.slice(0, 48));
    await scenarios.gives(`${name}, sealed again`, beat, () => sealBeat(key, scope, says, salt));
    await scenarios.gives(`${name}, its size`, beatBytes, () => hexToBytes(beat).length);
  }
}
