import { type Bytes, bytesToHex, concatBytes, equalBytes, ownBytes } from '@serment/core/bytes';
import { sha256Stream } from '@serment/core/hash';
import type { RandomSource } from '@serment/core/random';
import { newDocumentSeal, openDocumentStream, sealDocumentStream } from '@serment/core/sealed/document';
import type { DocumentKey } from '@serment/records/version';
import type { Cache } from './cache.ts';
import { ReplicaError } from './error.ts';
import type { Transport } from './transport.ts';

export interface DocumentUpload {
  readonly clear: ReadableStream<Uint8Array>;
  readonly mediaType: string;
  readonly onProgress?: (sentBytes: number, totalBytes: number) => void;
}

export interface DocumentParts {
  readonly practice: Bytes;
  readonly transport: Transport;
  readonly cache: Cache;
  readonly random: RandomSource;
}

const maxDocumentBytes = 200 * 1024 * 1024;
const storedPartBytes = 8_388_608;

/**
 * Seals a document and brings it to the host, resuming what an earlier attempt left. The sealed parts stay in the cache
 * until the host has them all: nothing is ever sealed twice under one key. Throws DOCUMENT_INVALID over 200 MB.
 */
export async function uploadDocument(upload: DocumentUpload, parts: DocumentParts): Promise<DocumentKey> {
  const seal = newDocumentSeal(parts.practice, parts.random);
  const folder = `upload/${bytesToHex(seal.blobId)}`;
  const clearHash = sha256Stream();
  const sealedHash = sha256Stream();
  const counted = upload.clear
    .pipeThrough(limited(clearHash.update))
    .pipeThrough(sealDocumentStream(seal, parts.random));
  const count = await storeParts(counted, folder, parts.cache, sealedHash.update);
  const document: DocumentKey = {
    blobId: seal.blobId,
    key: seal.key,
    sealedHash: sealedHash.digest(),
    sealedSize: sealedHash.sizeBytes,
    size: clearHash.sizeBytes,
    hash: clearHash.digest(),
    mediaType: upload.mediaType,
  };
  await sendParts(document, { folder, count, ...(upload.onProgress ? { onProgress: upload.onProgress } : {}) }, parts);
  return document;
}

/** The clear bytes of a document; only authentic bytes come out. Throws DOCUMENT_INVALID when they are not the ones that were filed. */
export async function openDocumentBytes(
  document: DocumentKey,
  parts: Pick<DocumentParts, 'practice' | 'transport'>,
): Promise<Bytes> {
  const sealed = await parts.transport.blob(document.sealedHash);
  const seal = { key: document.key, practice: parts.practice, blobId: document.blobId };
  const hash = sha256Stream();
  const chunks: Uint8Array[] = [];
  for await (const chunk of iterate(sealed.pipeThrough(openDocumentStream(seal)))) {
    hash.update(chunk);
    chunks.push(chunk);
  }
  if (!equalBytes(hash.digest(), document.hash))
    throw new ReplicaError('DOCUMENT_INVALID', 'The document is not the one that was filed');
  return concatBytes(...chunks);
}

async function storeParts(
  sealed: ReadableStream<Uint8Array>,
  folder: string,
  cache: Cache,
  onBytes: (bytes: Uint8Array) => void,
): Promise<number> {
  let part: Uint8Array[] = [];
  let partBytes = 0;
  let count = 0;
  const close = async () => {
    await cache.put(`${folder}/${count}`, concatBytes(...part));
    count += 1;
    part = [];
    partBytes = 0;
  };
  for await (const chunk of iterate(sealed)) {
    onBytes(chunk);
    for (let offset = 0; offset < chunk.length; ) {
      const taken = chunk.subarray(offset, offset + storedPartBytes - partBytes);
      part.push(ownBytes(taken));
      partBytes += taken.length;
      offset += taken.length;
      if (partBytes === storedPartBytes) await close();
    }
  }
  if (partBytes > 0) await close();
  return count;
}

interface StoredParts {
  readonly folder: string;
  readonly count: number;
  readonly onProgress?: (sentBytes: number, totalBytes: number) => void;
}

async function sendParts(document: DocumentKey, stored: StoredParts, parts: DocumentParts): Promise<void> {
  const { transport, cache } = parts;
  const answer = await transport.startUpload(ownBytes(document.sealedHash), document.sealedSize);
  if (answer.upload !== null) {
    if (answer.partSize !== storedPartBytes)
      throw new ReplicaError('ANSWER_INVALID', 'The server asks for parts of another size');
    for (let part = 0; part < stored.count; part += 1) {
      if (!answer.received.includes(part)) {
        const bytes = await cache.get(`${stored.folder}/${part}`);
        if (bytes === null)
          throw new ReplicaError('CACHE_FAILED', 'A sealed part is gone; the document must be added again');
        await transport.putPart(answer.upload, part, ownBytes(bytes));
      }
      stored.onProgress?.(Math.min((part + 1) * storedPartBytes, document.sealedSize), document.sealedSize);
    }
    await transport.closeUpload(answer.upload);
  }
  for (let part = 0; part < stored.count; part += 1) await cache.delete(`${stored.folder}/${part}`);
}

function limited(onBytes: (bytes: Uint8Array) => void): TransformStream<Uint8Array, Uint8Array> {
  let sizeBytes = 0;
  return new TransformStream({
    transform(chunk, controller) {
      sizeBytes += chunk.length;
      if (sizeBytes > maxDocumentBytes)
        throw new ReplicaError('DOCUMENT_INVALID', 'A document has at most 200 MB', { fields: { maxDocumentBytes } });
      onBytes(chunk);
      controller.enqueue(chunk);
    },
  });
}

/** Safari streams are not async iterable. */
async function* iterate(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    while (true) {
      const { value, done } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
