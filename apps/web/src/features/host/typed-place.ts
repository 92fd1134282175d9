import type { AskedPlace } from '@serment/core/wire/copy-place';

/** What is in the fields of a new copy, as it was typed. */
export interface TypedPlace {
  readonly kind: AskedPlace['kind'];
  readonly name: string;
  readonly folder: string;
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly prefix: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly lockDays: string;
  readonly tailLockDays: string;
  readonly megabytesPerSecond: string;
}

export const nothingTyped: TypedPlace = {
  ...{ kind: 'folder', name: '', folder: '', endpoint: '', region: '', bucket: '', prefix: '' },
  ...{ accessKeyId: '', secretAccessKey: '', lockDays: '90', tailLockDays: '14', megabytesPerSecond: '' },
};

/** Fields that may be told to be wrong; `credentials` are both parts of the key. */
export const placeFields = [
  ...(['name', 'folder', 'endpoint', 'region', 'bucket', 'prefix', 'credentials'] as const),
  ...(['lockDays', 'tailLockDays', 'megabytesPerSecond'] as const),
];
export type PlaceField = (typeof placeFields)[number];

/** True once nothing that is needed is missing. */
export function isFilled({ kind, name, folder, region, bucket, accessKeyId, secretAccessKey }: TypedPlace): boolean {
  const needed = kind === 'folder' ? [name, folder] : [name, region, bucket, accessKeyId, secretAccessKey];
  return needed.every((text) => text.trim() !== '');
}

/** What is asked of the server, which says what of it is wrong; a number that is none here is told as such. */
export function askedPlace(typed: TypedPlace): AskedPlace | PlaceField {
  const name = typed.name.trim();
  if (typed.kind === 'folder') return { kind: 'folder', name, path: typed.folder.trim() };
  const lockDays = wholeNumber(typed.lockDays);
  const tailLockDays = wholeNumber(typed.tailLockDays);
  const megabytesPerSecond = wholeNumber(typed.megabytesPerSecond);
  if (lockDays === null) return 'lockDays';
  if (tailLockDays === null) return 'tailLockDays';
  if (megabytesPerSecond === null && typed.megabytesPerSecond.trim() !== '') return 'megabytesPerSecond';
  return {
    ...{ kind: 's3', name, lockDays, tailLockDays, megabytesPerSecond },
    ...{ endpoint: typed.endpoint.trim(), region: typed.region.trim(), bucket: typed.bucket.trim() },
    ...{ prefix: typed.prefix.trim(), accessKeyId: typed.accessKeyId.trim() },
    secretAccessKey: typed.secretAccessKey.trim(),
  };
}

function wholeNumber(text: string): number | null {
  return /^\d{1,6}$/.test(text.trim()) ? Number(text) : null;
}
