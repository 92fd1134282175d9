import { createHash } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectLockConfigurationCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  PutObjectRetentionCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { CopyError } from '../copy-error.ts';
import { Pace } from './pace.ts';
import type { S3Place } from './place.ts';
import { bucketMissing, clockSkewed, notLocked, s3ToCopyError } from './s3-error.ts';

const connectMs = 5000;
const idleMs = 30_000;
// Long enough for a part over a slow line.
const answerMs = 120_000;
const attempts = 3;
const maxSkewMs = 300_000;

/** One version of an object, as a listing tells. */
export interface Version {
  readonly id: string;
  readonly size: number;
  /** The store's own hash of the bytes: equal ones are the same bytes, others may be. */
  readonly etag: string;
  /** By the store's clock, ms since 1970. */
  readonly writtenAt: number;
}

export interface VersionPage {
  /** Newest first within a name; names in order. */
  readonly versions: readonly (Version & { readonly name: string })[];
  readonly markers: readonly { readonly name: string; readonly id: string }[];
  /** Folders right under the prefix, where they were asked for. */
  readonly folders: readonly string[];
  readonly next: Page | null;
}

export interface Page {
  readonly name: string;
  readonly version: string | undefined;
}

export interface FetchedObject {
  readonly version: string;
  readonly writtenAt: number;
  /** Of the part that was asked for. */
  readonly size: number;
  readonly body: AsyncIterable<Uint8Array> & { destroy(): void };
}

export interface Part {
  readonly ETag: string | undefined;
  readonly PartNumber: number;
}

/**
 * The requests that a copy makes of its bucket, by names without the prefix. Each has timeouts and is tried again by the
 * SDK; what fails is a CopyError that quotes nothing of the request.
 */
export class Bucket {
  readonly #client: S3Client;
  readonly #place: S3Place;
  readonly #pace: Pace;
  /** The store's clock less this machine's, as the last answer told. */
  #skewMs = 0;

  constructor(place: S3Place) {
    const { endpoint, region, credentials, bytesPerSecond } = place;
    this.#place = place;
    this.#pace = new Pace(bytesPerSecond);
    const agent = { keepAlive: true, maxSockets: 64 };
    this.#client = new S3Client({
      region,
      // The SDK notes in them where they come from, and a place is compared with another.
      credentials: { ...credentials },
      ...(endpoint === null ? {} : { endpoint, forcePathStyle: true }),
      maxAttempts: attempts,
      // Each body goes with its own hash (below), which every store checks; the SDK's newer ones are not known to all.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      requestHandler: {
        ...{ connectionTimeout: connectMs, requestTimeout: answerMs, throwOnRequestTimeout: true },
        ...{ socketTimeout: idleMs, httpAgent: agent, httpsAgent: agent },
      },
    });
    this.#client.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args);
        this.#noteClock(result.response);
        return result;
      },
      { step: 'deserialize', name: 'storeClock' },
    );
  }

  /** The store's clock, ms since 1970, to the second. */
  now(): number {
    return Date.now() + this.#skewMs;
  }

  /** Throws COPY_NOT_LOCKED, COPY_BUCKET_MISSING, COPY_CLOCK_SKEWED and what keeps the store from being reached. */
  async assertLocked(): Promise<void> {
    const answer = await this.#ask(undefined, () =>
      this.#client.send(new GetObjectLockConfigurationCommand({ Bucket: this.#place.bucket })),
    ).catch((cause: unknown) => {
      // What knows of no bucket at all, such as another service under that address.
      throw cause instanceof CopyError && cause.code === 'COPY_NOT_FOUND' ? bucketMissing(cause) : cause;
    });
    if (answer.ObjectLockConfiguration?.ObjectLockEnabled !== 'Enabled') throw notLocked();
    if (Math.abs(this.#skewMs) > maxSkewMs) throw clockSkewed(this.#skewMs);
  }

  /** Makes a version, locked until then. Returns its id. */
  async put(name: string, bytes: Uint8Array, lockedUntil: number): Promise<string> {
    await this.#pace.take(bytes.length);
    const answer = await this.#ask(name, () =>
      this.#client.send(
        new PutObjectCommand({ ...this.#key(name), ...lock(lockedUntil), Body: bytes, ContentMD5: md5(bytes) }),
      ),
    );
    return versioned(answer.VersionId);
  }

  async startUpload(name: string, lockedUntil: number): Promise<string> {
    const answer = await this.#ask(name, () =>
      this.#client.send(new CreateMultipartUploadCommand({ ...this.#key(name), ...lock(lockedUntil) })),
    );
    return answer.UploadId ?? '';
  }

  async uploadPart(name: string, upload: string, number: number, bytes: Uint8Array): Promise<Part> {
    await this.#pace.take(bytes.length);
    const answer = await this.#ask(name, () =>
      this.#client.send(
        new UploadPartCommand({
          ...this.#key(name),
          ...{ UploadId: upload, PartNumber: number, Body: bytes, ContentMD5: md5(bytes) },
        }),
      ),
    );
    return { ETag: answer.ETag, PartNumber: number };
  }

  /** Makes one version of the parts, locked until then. Returns its id. */
  async finishUpload(name: string, upload: string, parts: readonly Part[], lockedUntil: number): Promise<string> {
    const answer = await this.#ask(name, () =>
      this.#client.send(
        new CompleteMultipartUploadCommand({
          ...{ ...this.#key(name), UploadId: upload, MultipartUpload: { Parts: [...parts] } },
        }),
      ),
    );
    const version = versioned(answer.VersionId);
    // Some stores (Ceph 16) forget the lock that the upload was started with.
    if ((await this.lockedUntil(name, version)) < lockedUntil - 1000) await this.lengthen(name, version, lockedUntil);
    return version;
  }

  async abortUpload(name: string, upload: string): Promise<void> {
    await this.#ask(name, () =>
      this.#client.send(new AbortMultipartUploadCommand({ ...this.#key(name), UploadId: upload })),
    );
  }

  /** The newest version for null. Throws COPY_NOT_FOUND, and COPY_DAMAGED for a range that begins past the end. */
  async get(
    name: string,
    version: string | null,
    range: { from: number; to?: number } | null = null,
  ): Promise<FetchedObject> {
    const answer = await this.#ask(name, () =>
      this.#client.send(
        new GetObjectCommand({
          ...this.#key(name),
          ...(version === null ? {} : { VersionId: version }),
          ...(range === null ? {} : { Range: `bytes=${range.from}-${range.to ?? ''}` }),
        }),
      ),
    );
    const { Body: body } = answer;
    if (body === undefined || !('destroy' in body)) throw s3ToCopyError(null, name);
    const size = answer.ContentLength ?? 0;
    await this.#pace.take(size);
    return { version: answer.VersionId ?? 'null', writtenAt: answer.LastModified?.getTime() ?? 0, size, body };
  }

  /** Until when a version is locked in compliance mode; 0 when it is not. */
  async lockedUntil(name: string, version: string): Promise<number> {
    const answer = await this.#ask(name, () =>
      this.#client.send(new HeadObjectCommand({ ...this.#key(name), VersionId: version })),
    );
    return answer.ObjectLockMode === 'COMPLIANCE' ? (answer.ObjectLockRetainUntilDate?.getTime() ?? 0) : 0;
  }

  async lengthen(name: string, version: string, lockedUntil: number): Promise<void> {
    const retention = { Mode: 'COMPLIANCE', RetainUntilDate: new Date(lockedUntil) } as const;
    await this.#ask(name, () =>
      this.#client.send(
        new PutObjectRetentionCommand({ ...this.#key(name), VersionId: version, Retention: retention }),
      ),
    );
  }

  /** Removes one version for good. Throws COPY_FORBIDDEN when it is locked. */
  async remove(name: string, version: string): Promise<void> {
    await this.#ask(name, () => this.#client.send(new DeleteObjectCommand({ ...this.#key(name), VersionId: version })));
  }

  /** Versions and delete markers under a prefix, a thousand at a time; with `folders`, of objects right under it only. */
  async page(prefix: string, from: Page | null, folders = false): Promise<VersionPage> {
    const answer = await this.#ask(undefined, () =>
      this.#client.send(
        new ListObjectVersionsCommand({
          ...{ Bucket: this.#place.bucket, Prefix: this.#place.prefix + prefix, EncodingType: 'url' },
          ...(folders ? { Delimiter: '/' } : {}),
          ...(from === null ? {} : { KeyMarker: this.#place.prefix + from.name }),
          ...(from?.version === undefined ? {} : { VersionIdMarker: from.version }),
        }),
      ),
    );
    const nameOf = (key: string | undefined) => decodeKey(key ?? '').slice(this.#place.prefix.length);
    return {
      versions: (answer.Versions ?? []).map(({ Key, VersionId, Size, ETag, LastModified }) => ({
        ...{ name: nameOf(Key), id: VersionId ?? '', size: Size ?? 0, etag: ETag ?? '' },
        writtenAt: LastModified?.getTime() ?? 0,
      })),
      markers: (answer.DeleteMarkers ?? []).map(({ Key, VersionId }) => ({ name: nameOf(Key), id: VersionId ?? '' })),
      folders: (answer.CommonPrefixes ?? []).map(({ Prefix }) => nameOf(Prefix)),
      next:
        answer.IsTruncated === true
          ? { name: nameOf(answer.NextKeyMarker), version: answer.NextVersionIdMarker }
          : null,
    };
  }

  close(): void {
    this.#client.destroy();
  }

  #key(name: string): { Bucket: string; Key: string } {
    return { Bucket: this.#place.bucket, Key: this.#place.prefix + name };
  }

  async #ask<Answer>(name: string | undefined, send: () => Promise<Answer>): Promise<Answer> {
    try {
      return await send();
    } catch (cause) {
      throw s3ToCopyError(cause, name);
    }
  }

  #noteClock(response: unknown): void {
    if (typeof response !== 'object' || response === null || !('headers' in response)) return;
    const { headers } = response;
    if (typeof headers !== 'object' || headers === null || !('date' in headers)) return;
    const storeMs = Date.parse(String(headers.date));
    if (!Number.isNaN(storeMs)) this.#skewMs = storeMs - Date.now();
  }
}

function lock(lockedUntil: number) {
  return { ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate: new Date(lockedUntil) } as const;
}

/** What every store compares with the bytes it received. */
function md5(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('base64');
}

/** A bucket whose versions have no id keeps none. */
function versioned(id: string | undefined): string {
  if (id !== undefined && id !== 'null') return id;
  throw new CopyError('COPY_NOT_LOCKED', 'The bucket keeps no versions', {
    hint: 'Make a bucket with Object Lock, which keeps them, and give that one.',
  });
}

/** Keys come escaped, so that one with control characters, which anybody can write, still gives XML that can be read. */
function decodeKey(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    return key;
  }
}
