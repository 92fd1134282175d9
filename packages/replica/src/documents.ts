import { type Bytes, bytesToHex, concatBytes, equalBytes, ownBytes } from '@serment/core/bytes';
import { sha256, sha256Stream } from '@serment/core/hash';
import type { RandomSource } from '@serment/core/random';
import { sealedSize } from '@serment/core/sealed/cobblestone';
import { newDocumentSeal, openDocumentTo, sealDocumentTo } from '@serment/core/sealed/document';
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
/** Up to this size a document is sent in one request, at the risk of sending it twice. */
const wholeBytes = 1_048_576;
/** What the host says of bytes that are not those it was told of. */
const notAsSealed: ReadonlySet<string> = new Set(['BLOB_MISMATCH', 'PART_CONFLICT']);

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
  const store = partStore(folderOf(seal), parts.cache);
  const writer = sealDocumentTo(
    async (piece) => {
      sealedHash.update(piece);
      await store.add(piece);
    },
    seal,
    parts.random,
  );
  try {
    for await (const chunk of chunksOf(upload.clear)) {
      clearHash.update(chunk);
      if (clearHash.sizeBytes > maxDocumentBytes)
        throw new ReplicaError('DOCUMENT_INVALID', 'A document has at most 200 MB', { fields: { maxDocumentBytes } });
      await writer.write(chunk);
    }
    await writer.end();
    await store.close();
  } catch (error) {
    await writer.abandon();
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

/**
 * Sends what the host has not of a sealed document; may be called again after any failure, and once all is there. Throws
 * UPLOAD_LOST when a part is gone, or is not what was sealed: it would be sent, and refused, for ever.
 */
export async function sendUpload(
  document: DocumentKey,
  parts: Pick<DocumentParts, 'transport' | 'cache'>,
  onProgress: DocumentUpload['onProgress'] = () => undefined,
): Promise<void> {
  try {
    await sendParts(document, parts, onProgress);
  } catch (error) {
    const isOther = error instanceof ReplicaError && notAsSealed.has(String(error.fields.server));
    if (!isOther || (await isIntact(document, parts.cache))) throw error;
    throw new ReplicaError('UPLOAD_LOST', 'A sealed part is damaged; the document must be added again', {
      cause: error,
    });
  }
  await dropUpload(document, parts);
}

async function sendParts(
  document: DocumentKey,
  { transport, cache }: Pick<DocumentParts, 'transport' | 'cache'>,
  onProgress: NonNullable<DocumentUpload['onProgress']>,
): Promise<void> {
  // One that is here no more, or not as it was sealed, may be at the host already.
  const whole = document.sealedSize > wholeBytes ? null : await cache.get(`${folderOf(document)}/0`);
  if (whole !== null && equalBytes(sha256(whole), document.sealedHash)) {
    await transport.putBlob(ownBytes(document.sealedHash), ownBytes(whole));
    return onProgress(document.sealedSize, document.sealedSize);
  }
  const answer = await transport.startUpload(ownBytes(document.sealedHash), document.sealedSize);
  if (answer.upload !== null) {
    if (answer.partSize !== storedPartBytes)
      throw new ReplicaError('ANSWER_INVALID', 'The server asks for parts of another size');
    for (let part = 0; part * storedPartBytes < document.sealedSize; part += 1) {
      if (!answer.received.includes(part)) {
        const bytes = await cache.get(`${folderOf(document)}/${part}`);
        if (bytes === null)
          throw new ReplicaError('UPLOAD_LOST', 'A sealed part is gone; the document must be added again');
        await transport.putPart(answer.upload, part, ownBytes(bytes));
      }
      onProgress(Math.min((part + 1) * storedPartBytes, document.sealedSize), document.sealedSize);
    }
    await transport.closeUpload(answer.upload);
  }
}

/** Whether what waits here is what was sealed. */
async function isIntact(document: DocumentKey, cache: Cache): Promise<boolean> {
  const hash = sha256Stream();
  for (let part = 0; part * storedPartBytes < document.sealedSize; part += 1) {
    const bytes = await cache.get(`${folderOf(document)}/${part}`);
    if (bytes === null) return false;
    hash.update(bytes);
  }
  return equalBytes(hash.digest(), document.sealedHash);
}

/** Forgets the sealed parts of a document that will not be sent. */
export async function dropUpload(
  document: Pick<DocumentKey, 'blobId'>,
  { cache }: Pick<DocumentParts, 'cache'>,
): Promise<void> {
  for (const key of await cache.keys(`${folderOf(document)}/`)) await cache.delete(key);
}

/** Forgets the sealed parts of all documents but these. */
export async function keepUploadsOf(documents: readonly Pick<DocumentKey, 'blobId'>[], cache: Cache): Promise<void> {
  const kept = new Set(documents.map(folderOf));
  for (const key of await cache.keys('upload/'))
    if (!kept.has(key.slice(0, key.lastIndexOf('/')))) await cache.delete(key);
}

/** The sealed bytes as this device keeps them until the host has them all; null when it does not. */
export async function waitingUpload(document: DocumentKey, cache: Cache): Promise<ReadableStream<Uint8Array> | null> {
  const count = Math.ceil(document.sealedSize / storedPartBytes);
  const folder = folderOf(document);
  if ((await cache.keys(`${folder}/`)).length < count) return null;
  let part = 0;
  return new ReadableStream({
    async pull(controller) {
      const bytes = part < count ? await cache.get(`${folder}/${part}`) : null;
      part += 1;
      if (bytes === null) controller.close();
      else controller.enqueue(bytes);
    },
  });
}

/** The clear bytes of a document; only authentic bytes come out. Throws DOCUMENT_INVALID when they are not the ones that were filed. */
export async function openDocumentBytes(
  document: DocumentKey,
  parts: { readonly practice: Bytes; readonly transport: Pick<Transport, 'blob'> },
): Promise<Bytes> {
  // Its writer says both sizes, and only one of them is what the host stores.
  if (document.sealedSize > sealedSize(maxDocumentBytes) || sealedSize(document.size) !== document.sealedSize)
    throw notAsFiled();
  const sealed = await parts.transport.blob(document.sealedHash);
  const seal = { key: document.key, practice: parts.practice, blobId: document.blobId };
  const hash = sha256Stream();
  const clear = new Uint8Array(document.size);
  const writer = openDocumentTo((piece) => {
    if (hash.sizeBytes + piece.length > clear.length) throw notAsFiled();
    clear.set(piece, hash.sizeBytes);
    hash.update(piece);
  }, seal);
  for await (const chunk of chunksOf(sealed)) await writer.write(chunk);
  await writer.end();
  if (hash.sizeBytes !== clear.length || !equalBytes(hash.digest(), document.hash)) throw notAsFiled();
  return clear;
}

function notAsFiled(): ReplicaError {
  return new ReplicaError('DOCUMENT_INVALID', 'The document is not the one that was filed');
}

/** Gathers sealed bytes into the parts that an upload is sent in. */
function partStore(folder: string, cache: Cache) {
  let part: Uint8Array[] = [];
  let filled = 0;
  let count = 0;
  const close = async () => {
    await cache.put(`${folder}/${count}`, concatBytes(...part));
    count += 1;
    part = [];
    filled = 0;
  };
  return {
    async add(bytes: Uint8Array): Promise<void> {
      for (let offset = 0; offset < bytes.length; ) {
        const taken = bytes.subarray(offset, offset + storedPartBytes - filled);
        part.push(ownBytes(taken));
        filled += taken.length;
        offset += taken.length;
        if (filled === storedPartBytes) await close();
      }
    },
    async close(): Promise<void> {
      if (filled > 0) await close();
    },
  };
}

function folderOf({ blobId }: { readonly blobId: Uint8Array }): string {
  return `upload/${bytesToHex(blobId)}`;
}
