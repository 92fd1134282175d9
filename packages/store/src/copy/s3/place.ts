import type { CopyName } from '@serment/core/copy/names';

/** A bucket with Object Lock, or a part of one, as a place for copies (docs/operations.md, Copies in a bucket). */
export interface S3Place {
  readonly kind: 's3';
  /** How people recognise it. */
  readonly name: string;
  /** Where the store answers; null for AWS itself. */
  readonly endpoint: string | null;
  readonly region: string;
  readonly bucket: string;
  /** What every key begins with: nothing, or a text that ends with a slash. */
  readonly prefix: string;
  readonly credentials: S3Credentials;
  /** How long what is written stays locked. */
  readonly lockDays: number;
  /** The same for what is soon replaced: tails, which a bundle covers, and drafts, of which each revision is an object. */
  readonly tailLockDays: number;
  /** Bytes a second that it takes and gives at most; null for as many as the line carries. */
  readonly bytesPerSecond: number | null;
}

export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export const dayMs = 86_400_000;

/** How long an object of that name stays locked, in ms. */
export function lockMsOf({ lockDays, tailLockDays }: S3Place, name: CopyName | null): number {
  return (name?.kind === 'tail' || name?.kind === 'draft' ? tailLockDays : lockDays) * dayMs;
}
