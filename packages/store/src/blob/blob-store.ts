import type { Bytes } from '@serment/core/bytes';

/** Bytes `start` up to, not including, `end`; all of them where neither is told. */
export interface BlobReading {
  readonly start?: number;
  readonly end?: number;
  /** True for pieces that are valid until the next one is asked for: less memory, for whoever keeps none. */
  readonly reuse?: boolean;
}

export interface BlobName {
  readonly practice: Bytes;
  /** SHA-256 of the bytes. */
  readonly hash: Bytes;
}

export interface UploadName {
  readonly practice: Bytes;
  /** 16 random bytes. */
  readonly upload: Bytes;
}

/**
 * Where sealed documents lie, named by their hash, written once. What a call that writes has answered is durable.
 * Throws STORAGE_FULL, BLOB_STORE_FAILED; whatever it throws, no name is given to bytes that are not on the disk.
 */
export interface BlobStore {
  /** Size in bytes; null when it is not stored. */
  size(name: BlobName): Promise<number | null>;
  /** Pieces in order. Throws BLOB_UNKNOWN when it is not stored. */
  read(name: BlobName, reading?: BlobReading): AsyncIterable<Bytes>;
  /** Stores whole bytes. Throws BLOB_MISMATCH, having kept nothing, when they do not hash to the name. */
  put(name: BlobName, content: AsyncIterable<Uint8Array>): Promise<void>;
  /**
   * Stores whole bytes where what stands under the name is missing or has another hash; keeps it where it is right. Throws
   * BLOB_MISMATCH, having changed nothing, when the bytes do not hash to the name.
   */
  mend(name: BlobName, content: AsyncIterable<Uint8Array>): Promise<void>;
  /** Stores one part of an upload. Throws PART_CONFLICT when that part was stored with other bytes. */
  putPart(upload: UploadName, part: number, bytes: Uint8Array): Promise<void>;
  /** Numbers of the parts that are stored, ascending. */
  parts(upload: UploadName): Promise<number[]>;
  /**
   * Joins parts 0 to `count` - 1 under the hash, and drops them. Throws UPLOAD_INCOMPLETE, or BLOB_MISMATCH, having
   * dropped the parts, when the whole does not hash to the name.
   */
  join(upload: UploadName, count: number, name: BlobName): Promise<void>;
  /** Drops the parts of an upload that is given up. */
  drop(upload: UploadName): Promise<void>;
}
