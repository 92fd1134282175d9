import {
  CreateBucketCommand,
  DeleteObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { type Ceph, cephAdvice, isCephInstalled, sharedCeph } from '../../../../tools/ceph.ts';
import type { S3Place } from '../../src/copy/s3/place.ts';

/** Why tests of the store are left out here; false where they run. Where changes are checked (CI), they always run. */
export const skipReason: string | false = isCephInstalled() || process.env.CI ? false : cephAdvice;

const attacksAtOnce = 16;

/** What somebody who stole the writer's credentials does, and what a test looks at behind the destination. */
export class Store {
  readonly ceph: Ceph;
  readonly client: S3Client;

  private constructor(ceph: Ceph) {
    this.ceph = ceph;
    this.client = new S3Client({
      ...{ endpoint: ceph.endpoint, region: 'default', forcePathStyle: true, credentials: ceph },
      requestChecksumCalculation: 'WHEN_REQUIRED',
    });
  }

  static async start(): Promise<Store> {
    return new Store(await sharedCeph());
  }

  /** A place in a bucket of its own. */
  async place(more: Partial<S3Place> & { isLocked?: boolean } = {}): Promise<S3Place> {
    const { isLocked = true, ...own } = more;
    const bucket = `test-${crypto.randomUUID()}`;
    await this.client.send(new CreateBucketCommand({ Bucket: bucket, ObjectLockEnabledForBucket: isLocked }));
    const { endpoint, accessKeyId, secretAccessKey } = this.ceph;
    return {
      ...{ kind: 's3', name: 'nuage', endpoint, region: 'default', bucket, prefix: 'coffre/' },
      ...{ credentials: { accessKeyId, secretAccessKey }, lockDays: 90, tailLockDays: 14, bytesPerSecond: null },
      ...own,
    };
  }

  /** Puts a version over a name. */
  async plant({ bucket, prefix }: S3Place, name: string, bytes: Uint8Array | string = 'planted'): Promise<void> {
    await this.client.send(new PutObjectCommand({ Bucket: bucket, Key: prefix + name, Body: bytes }));
  }

  /** Deletes a name, which leaves a marker, or one version of it. */
  async remove({ bucket, prefix }: S3Place, name: string, version?: string): Promise<void> {
    await this.client.send(
      new DeleteObjectCommand({
        ...{ Bucket: bucket, Key: prefix + name },
        ...(version === undefined ? {} : { VersionId: version }),
      }),
    );
  }

  /**
   * All that the writer's credentials let somebody do to every object there: delete its version, put other bytes over its
   * name, delete the name. How many versions were asked to be deleted, and how many are there no more.
   */
  async destroy(place: S3Place): Promise<{ asked: number; gone: number }> {
    const held = await this.#held(place);
    let at = 0;
    const next = async () => {
      for (let one = held[at++]; one !== undefined; one = held[at++]) {
        await this.remove(place, one.name, one.id).catch(() => undefined);
        await this.plant(place, one.name, 'noise');
        await this.remove(place, one.name);
      }
    };
    await Promise.all(Array.from({ length: attacksAtOnce }, next));
    const left = new Set((await this.#held(place)).map(({ id }) => id));
    return { asked: held.length, gone: held.filter(({ id }) => !left.has(id)).length };
  }

  async #held(place: S3Place): Promise<{ name: string; id: string }[]> {
    const pages: { name: string; id: string }[] = [];
    for await (const { Versions = [] } of this.#pages(place, ''))
      for (const { Key = '', VersionId = '' } of Versions)
        pages.push({ name: Key.slice(place.prefix.length), id: VersionId });
    return pages;
  }

  /** Names with the number of their versions and delete markers. */
  async versions(place: S3Place, name = ''): Promise<Map<string, number>> {
    const counts = new Map<string, number>();
    for await (const page of this.#pages(place, name))
      for (const { Key } of [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])]) {
        const found = (Key ?? '').slice(place.prefix.length);
        counts.set(found, (counts.get(found) ?? 0) + 1);
      }
    return counts;
  }

  async *#pages({ bucket, prefix }: S3Place, name: string) {
    let from: { KeyMarker?: string; VersionIdMarker?: string } | null = {};
    while (from !== null) {
      const page = await this.#page(bucket, prefix + name, from);
      yield page;
      const { NextKeyMarker = '', NextVersionIdMarker = '' } = page;
      from = page.IsTruncated ? { KeyMarker: NextKeyMarker, VersionIdMarker: NextVersionIdMarker } : null;
    }
  }

  /** Id and lock of the oldest version. */
  async first({ bucket, prefix }: S3Place, name: string): Promise<{ id: string; lockedUntil: number; mode: string }> {
    const { Versions = [] } = await this.#page(bucket, prefix + name, {});
    const id = Versions.filter(({ Key }) => Key === prefix + name).at(-1)?.VersionId ?? '';
    const head = await this.client.send(new HeadObjectCommand({ Bucket: bucket, Key: prefix + name, VersionId: id }));
    return { id, lockedUntil: head.ObjectLockRetainUntilDate?.getTime() ?? 0, mode: head.ObjectLockMode ?? '' };
  }

  #page(bucket: string, prefix: string, from: { KeyMarker?: string; VersionIdMarker?: string }) {
    return this.client.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: prefix, ...from }));
  }
}
