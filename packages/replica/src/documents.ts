import { type Bytes, bytesToHex, concatBytes, equalBytes, ownBytes } from '@serment/core/bytes';
import { sha256Stream } from '@serment/core/hash';
import type { RandomSource } from '@serment/core/random';
import { newDocumentSeal, openDocumentStream, sealDocumentStream } from '@serment/core/sealed/document';
import type { DocumentKey } from '@serment/records/version';
import { chunksOf } from './answer-body.ts';
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

/** Seals a document and brings it to the host. Throws as `sealUpload` and `sendUpload`. */
export async function uploadDocument(upload: DocumentUpload, parts: DocumentParts): Promise<DocumentKey> {
  const document = await sealUpload(upload, parts);
  await sendUpload(document, parts, upload.onProgress);
  return document;
}

/**
 * Seals a document into parts that stay in the cache until the host has them all: nothing is ever sealed twice under one
 * key. Whoever keeps the key it returns can send after a cut, or a restart. Throws DOCUMENT_INVALID over 200 MB.
 */
export async function sealUpload(
  upload: Pick<DocumentUpload, 'clear' | 'mediaType'>,
  parts: DocumentParts,
): Promise<DocumentKey> {
  const seal = newDocumentSeal(parts.practice, parts.random);
  const clearHash = sha256Stream();
  const sealedHash = sha256Stream();
  const sealed = upload.clear
    .pipeThrough(limited(clearHash.update))
    .pipeThrough(sealDocumentStream(seal, parts.random));
  try {
    await storeParts(sealed, folderOf(seal), parts.cache, sealedHash.update);
  } catch (error) {
    await dropUpload(seal, parts);
    throw error;
  }
  return {
    blobId: seal.blobId,
    key: seal.key,
    sealedHash: sealedHash.digest(),
    sealedSize: sealedHash.sizeBytes,
    size: clearHash.sizeBytes,
    hash: clearHash.digest(),
    mediaType: upload.mediaType,
  };
}

/** Sends what the host has not of a sealed document; may be called again after any failure, and once all is there. */
export async function sendUpload(
  document: DocumentKey,
  parts: Pick<DocumentParts, 'transport' | 'cache'>,
  onProgress: DocumentUpload['onProgress'] = () => undefined,
): Promise<void> {
  const { transport, cache } = parts;
  const answer = await transport.startUpload(ownBytes(document.sealedHash), document.sealedSize);
  if (answer.upload !== null) {
    if (answer.partSize !== storedPartBytes)
      throw new ReplicaError('ANSWER_INVALID', 'The server asks for parts of another size');
    for (let part = 0; part * storedPartBytes < document.sealedSize; part += 1) {
      if (!answer.received.includes(part)) {
        const bytes = await cache.get(`${folderOf(document)}/${part}`);
        if (bytes === null)
          throw new ReplicaError('CACHE_FAILED', 'A sealed part is gone; the document must be added again');
        await transport.putPart(answer.upload, part, ownBytes(bytes));
      }
      onProgress(Math.min((part + 1) * storedPartBytes, document.sealedSize), document.sealedSize);
    }
    await transport.closeUpload(answer.upload);
  }
  for (let part = 0; part * storedPartBytes < document.sealedSize; part += 1)
    await cache.delete(`${folderOf(document)}/${part}`);
}

/** Forgets the sealed parts of a document that will not be sent. */
export async function dropUpload(
  document: Pick<DocumentKey, 'blobId'>,
  { cache }: Pick<DocumentParts, 'cache'>,
): Promise<void> {
  for (const key of await cache.keys(`${folderOf(document)}/`)) await cache.delete(key);
}

/** The clear bytes of a document; only authentic bytes come out. Throws DOCUMENT_INVALID when they are not the ones that were filed. */
export async function openDocumentBytes(
  document: DocumentKey,
  parts: { readonly practice: Bytes; readonly transport: Pick<Transport, 'blob'> },
): Promise<Bytes> {
  const sealed = await parts.transport.blob(document.sealedHash);
  const seal = { key: document.key, practice: parts.practice, blobId: document.blobId };
  const hash = sha256Stream();
  const chunks: Uint8Array[] = [];
  for await (const chunk of chunksOf(sealed.pipeThrough(openDocumentStream(seal)))) {
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
): Promise<void> {
  let part: Uint8Array[] = [];
  let partBytes = 0;
  let count = 0;
  const close = async () => {
    await cache.put(`${folder}/${count}`, concatBytes(...part));
    count += 1;
    part = [];
    partBytes = 0;
  };
  for await (const chunk of chunksOf(sealed)) {
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

function folderOf({ blobId }: { readonly blobId: Uint8Array }): string {
  return `upload/${bytesToHex(blobId)}`;
}
