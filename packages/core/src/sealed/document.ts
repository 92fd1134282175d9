import { type Bytes, concatBytes, utf8ToBytes } from '../bytes.ts';
import { type RandomSource, randomBytes } from '../random.ts';
import type { PieceSink } from './chunk-pipeline.ts';
import { openBytes, openTo, sealBytes, sealTo } from './cobblestone.ts';
import type { MessageWriter } from './message-writer.ts';

/** What opens one document: it travels in the payload that refers to it. */
export interface DocumentSeal {
  /** 32 random bytes, never used for a second message. */
  readonly key: Uint8Array;
  readonly practice: Uint8Array;
  /** 16 random bytes. */
  readonly blobId: Uint8Array;
}

const label = utf8ToBytes('serment/blob/1');

/** A fresh key and blob id, for one document of `practice`. */
export function newDocumentSeal(practice: Uint8Array, random: RandomSource = randomBytes): DocumentSeal {
  return { key: random(32), practice, blobId: random(16) };
}

/** What a document's sealing is bound to (docs/format/sealing.md, documents). */
export function documentContext(practice: Uint8Array, blobId: Uint8Array): Bytes {
  return concatBytes(label, practice, blobId);
}

export function sealDocument(
  seal: DocumentSeal,
  clear: Uint8Array,
  random: RandomSource = randomBytes,
): Promise<Bytes> {
  return sealBytes(seal.key, documentContext(seal.practice, seal.blobId), clear, random);
}

/** Opens a whole document. Throws SEALED_INVALID. */
export function openDocument(seal: DocumentSeal, sealed: Uint8Array): Promise<Bytes> {
  return openBytes(seal.key, documentContext(seal.practice, seal.blobId), sealed);
}

/** Seals a document as its bytes come. */
export function sealDocumentTo(sink: PieceSink, seal: DocumentSeal, random: RandomSource = randomBytes): MessageWriter {
  return sealTo(sink, seal.key, documentContext(seal.practice, seal.blobId), random);
}

/** Opens a document as its bytes come: authentic ones only. Throws SEALED_INVALID, at the end when it was cut. */
export function openDocumentTo(sink: PieceSink, seal: DocumentSeal): MessageWriter {
  return openTo(sink, seal.key, documentContext(seal.practice, seal.blobId));
}
