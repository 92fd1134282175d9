import { randomBytes } from 'node:crypto';
import { type Bytes, bytesToHex } from '@serment/core/bytes';
import type { BlobRef } from '@serment/core/journal/header';
import { partSizeBytes, type UploadAnswer, type UploadRequest } from '@serment/core/wire/upload';
import { byteaArray, inPractice } from '../database-scope.ts';
import { StoreError } from '../error.ts';
import type { Database } from '../postgres/connect.ts';
import type { BlobStore } from './blob-store.ts';

export interface UploadsOptions {
  readonly database: Database;
  readonly blobs: BlobStore;
  readonly clock: () => number;
}

const keptMs = 7 * 24 * 3_600_000;

/** Documents of a practice: which are stored, and those that are being received part by part. */
export class Uploads {
  readonly #options: UploadsOptions;
  /** Joins under way, by upload: a second request to close waits for the first. */
  readonly #joining = new Map<string, Promise<void>>();

  constructor(options: UploadsOptions) {
    this.#options = options;
  }

  /** Starts an upload, or finds the one that the same bytes began. */
  async start(practice: Bytes, { hash, size }: UploadRequest): Promise<UploadAnswer> {
    const { database, blobs, clock } = this.#options;
    const upload = await inPractice(database, practice, async (sql) => {
      const [stored] = await sql`SELECT FROM serment.blobs WHERE practice = ${practice} AND hash = ${hash}`;
      if (stored !== undefined) return null;
      const fresh = new Uint8Array(randomBytes(16));
      const [row] = await sql<{ upload: Bytes }[]>`
        INSERT INTO serment.uploads (practice, upload, hash, size, started_at)
        VALUES (${practice}, ${fresh}, ${hash}, ${size}, ${clock()})
        ON CONFLICT (practice, hash, size) DO UPDATE SET started_at = excluded.started_at RETURNING upload`;
      return row?.upload ?? fresh;
    });
    if (upload === null) return { upload, partSize: partSizeBytes, received: [] };
    return { upload, partSize: partSizeBytes, received: await blobs.parts({ practice, upload }) };
  }

  /** Throws UPLOAD_UNKNOWN, PART_INVALID for a part of another size than it must have, PART_CONFLICT. */
  async putPart(practice: Bytes, upload: Bytes, part: number, bytes: Uint8Array): Promise<void> {
    const { size } = await this.#find(practice, upload);
    const expected = Math.min(partSizeBytes, size - part * partSizeBytes);
    if (expected <= 0 || bytes.length !== expected)
      throw new StoreError('PART_INVALID', 'No part of this document has this number and size', { fields: { part } });
    await this.#options.blobs.putPart({ practice, upload }, part, bytes);
  }

  /** Closes an upload. Throws UPLOAD_UNKNOWN, UPLOAD_INCOMPLETE, BLOB_MISMATCH. */
  async close(practice: Bytes, upload: Bytes): Promise<void> {
    const name = bytesToHex(upload);
    const closing = this.#joining.get(name) ?? this.#join(practice, upload).finally(() => this.#joining.delete(name));
    this.#joining.set(name, closing);
    await closing;
  }

  /** Size of a stored document; null when this practice has not got it. */
  async size(practice: Bytes, hash: Bytes): Promise<number | null> {
    const [row] = await inPractice(
      this.#options.database,
      practice,
      (sql) => sql<{ size: number }[]>`SELECT size FROM serment.blobs WHERE practice = ${practice} AND hash = ${hash}`,
    );
    return row?.size ?? null;
  }

  /** Stores bytes that came whole. */
  async put(practice: Bytes, hash: Bytes, bytes: Uint8Array): Promise<void> {
    await this.#options.blobs.put({ practice, hash }, once(bytes));
    await this.#record(practice, hash, bytes.length);
  }

  /** The first of these documents that this practice has not got, or has with another size; a null size is any. */
  async missing(practice: Bytes, wanted: readonly (BlobRef | { hash: Bytes; size: null })[]): Promise<Bytes | null> {
    if (wanted.length === 0) return null;
    const rows = await inPractice(
      this.#options.database,
      practice,
      (sql) => sql<{ hash: Bytes; size: number }[]>`
        SELECT hash, size FROM serment.blobs
        WHERE practice = ${practice} AND hash = ANY(${byteaArray(wanted.map(({ hash }) => hash))}::bytea[])`,
    );
    const sizes = new Map(rows.map((row) => [bytesToHex(row.hash), row.size]));
    const absent = wanted.find(({ hash, size }) => {
      const stored = sizes.get(bytesToHex(hash));
      return stored === undefined || (size !== null && size !== stored);
    });
    return absent?.hash ?? null;
  }

  /** Drops the uploads of a practice that were not closed within 7 days. */
  async sweep(practice: Bytes): Promise<void> {
    const { database, blobs, clock } = this.#options;
    const old = await inPractice(
      database,
      practice,
      (sql) => sql<{ upload: Bytes }[]>`
        DELETE FROM serment.uploads WHERE practice = ${practice} AND started_at < ${clock() - keptMs} RETURNING upload`,
    );
    for (const { upload } of old) await blobs.drop({ practice, upload });
  }

  async #join(practice: Bytes, upload: Bytes): Promise<void> {
    const { hash, size } = await this.#find(practice, upload);
    const count = Math.ceil(size / partSizeBytes);
    await this.#options.blobs.join({ practice, upload }, count, { practice, hash });
    await this.#record(practice, hash, size);
    await inPractice(
      this.#options.database,
      practice,
      (sql) => sql`DELETE FROM serment.uploads WHERE practice = ${practice} AND upload = ${upload}`,
    );
  }

  async #record(practice: Bytes, hash: Bytes, size: number): Promise<void> {
    const { database, clock } = this.#options;
    await inPractice(
      database,
      practice,
      (sql) => sql`
        INSERT INTO serment.blobs (practice, hash, size, stored_at) VALUES (${practice}, ${hash}, ${size}, ${clock()})
        ON CONFLICT DO NOTHING`,
    );
  }

  async #find(practice: Bytes, upload: Bytes): Promise<{ hash: Bytes; size: number }> {
    const [row] = await inPractice(
      this.#options.database,
      practice,
      (sql) => sql<{ hash: Bytes; size: number }[]>`
        SELECT hash, size FROM serment.uploads WHERE practice = ${practice} AND upload = ${upload}`,
    );
    if (row === undefined) throw new StoreError('UPLOAD_UNKNOWN', 'No such upload');
    return row;
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
