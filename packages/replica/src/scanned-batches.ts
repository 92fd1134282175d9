import { type Bytes, utf8ToBytes } from '@serment/core/bytes';
import { decodeCanonical, encodeCanonical } from '@serment/core/cbor';
import { type DocumentKey, documentFromCbor, documentToCbor } from '@serment/records/version';
import { type Cache, cacheUnder } from './cache.ts';
import { scannedBatchFolder } from './cache-places.ts';
import { dropUpload, openDocumentBytes, sealUpload, waitingUpload } from './documents.ts';
import { ReplicaError } from './error.ts';
import type { LocalVault } from './local-vault.ts';
import type { Practice } from './practice.ts';

const folder = 'scanned';

/**
 * Batches that were scanned and are not wholly filed: sealed on this device, and nowhere else. What a batch says of itself
 * is its page's own text; its files and pictures are bytes.
 */
export class ScannedBatches {
  readonly #practice: Practice;
  readonly #vault: LocalVault;
  readonly #cache: Cache;

  constructor(practice: Practice, vault: LocalVault) {
    this.#practice = practice;
    this.#vault = vault;
    // Apart from documents that wait for the host, which are dropped when no save names them.
    this.#cache = cacheUnder(practice.cache, folder);
  }

  /** Names of the batches that are here. */
  async ids(): Promise<string[]> {
    return (await this.#vault.keys(scannedBatchFolder)).map((key) => key.slice(scannedBatchFolder.length));
  }

  /** Null for one that is not here any more, or does not open. */
  async text(id: string): Promise<string | null> {
    const content = await this.#vault.get(scannedBatchFolder + id);
    return content === null ? null : new TextDecoder().decode(content);
  }

  /** Durable when it returns. Throws CACHE_FAILED. */
  put(id: string, text: string): Promise<void> {
    return this.#vault.put(scannedBatchFolder + id, utf8ToBytes(text), this.#compartment);
  }

  /** Seals a file of a batch while it is read. Throws DOCUMENT_INVALID over 200 MB, CACHE_FAILED. */
  async addFile(id: string, number: number, clear: ReadableStream<Uint8Array>): Promise<void> {
    const { practice, transport, random } = this.#practice;
    const parts = { practice, transport, random, cache: this.#cache };
    const key = await sealUpload({ clear, mediaType: 'application/pdf' }, parts);
    await this.#vault.put(fileName(id, number), encodeCanonical(documentToCbor(key)), this.#compartment);
  }

  /** Throws DOCUMENT_UNKNOWN, DOCUMENT_INVALID. */
  async file(id: string, number: number): Promise<Bytes> {
    const key = await this.#fileKey(id, number);
    const sealed = key && (await waitingUpload(key, this.#cache));
    if (key === null || sealed === null)
      throw new ReplicaError('DOCUMENT_UNKNOWN', 'A file of this batch is not on this device any more');
    const { practice } = this.#practice;
    return openDocumentBytes(key, { practice, transport: { blob: async () => sealed } });
  }

  /** A small picture of one page. */
  putPicture(id: string, page: number, picture: Uint8Array): Promise<void> {
    return this.#vault.put(pictureName(id, page), picture, this.#compartment);
  }

  picture(id: string, page: number): Promise<Bytes | null> {
    return this.#vault.get(pictureName(id, page));
  }

  /** Forgets a batch. What says that there is one goes last: cut in between, it is dropped again. */
  async drop(id: string): Promise<void> {
    for (const name of await this.#vault.keys(`${folder}/${id}/file/`)) {
      const key = await this.#fileKey(id, Number(name.slice(name.lastIndexOf('/') + 1)));
      if (key !== null) await dropUpload(key, { cache: this.#cache });
    }
    for (const name of await this.#vault.keys(`${folder}/${id}/`)) await this.#vault.delete(name);
    await this.#vault.delete(scannedBatchFolder + id);
  }

  async #fileKey(id: string, number: number): Promise<DocumentKey | null> {
    const content = await this.#vault.get(fileName(id, number));
    return content === null ? null : documentFromCbor(decodeCanonical(content));
  }

  get #compartment(): string {
    return this.#practice.keyring.canRead('clinical') ? 'clinical' : 'admin';
  }
}

function fileName(id: string, number: number): string {
  return `${folder}/${id}/file/${number}`;
}

function pictureName(id: string, page: number): string {
  return `${folder}/${id}/picture/${page}`;
}
