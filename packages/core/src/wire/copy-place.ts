import type { Bytes } from '../bytes.ts';
import { type CborValue, encodeCanonical } from '../cbor.ts';
import {
  count,
  flag,
  nullOr,
  parseBody,
  parseBodyAs,
  type Shape,
  textUpTo,
  tuple,
  wireFormat,
  wireInvalid,
} from './shape.ts';

/** A place that an operator gives for a new copy (docs/format/wire.md, Operators): what the host's file of copies knows. */
export type AskedPlace = AskedFolder | AskedBucket;

export interface AskedFolder {
  readonly kind: 'folder';
  /** How people recognise it. */
  readonly name: string;
  readonly path: string;
}

export interface AskedBucket {
  readonly kind: 's3';
  readonly name: string;
  /** Empty for AWS itself. */
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  /** Empty for none. */
  readonly prefix: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly lockDays: number;
  readonly tailLockDays: number;
  /** Null for no limit. */
  readonly megabytesPerSecond: number | null;
}

/** What was found where a copy would be, when nothing speaks against it. */
export interface TriedPlace {
  /** False where a copy of this host's stands there already, which goes on. */
  readonly isEmpty: boolean;
  /** Practices of this host that such a copy holds. */
  readonly practices: number;
  /** Whether one dying disk would take it together with the data. */
  readonly sameDisk: boolean;
  /** Of a folder's disk. */
  readonly freeBytes: number | null;
}

const text = textUpTo(255);
const folder = tuple(textUpTo(4096));
const bucket = tuple(
  ...([text, text, text, textUpTo(1024), textUpTo(4096), textUpTo(4096), count, count, nullOr(count)] as const),
);

export function encodeAskedPlace(place: AskedPlace): Bytes {
  return encodeCanonical([wireFormat, place.name, place.kind, itemsOf(place)]);
}

function itemsOf(place: AskedPlace): CborValue[] {
  if (place.kind === 'folder') return [place.path];
  const { endpoint, region, prefix, accessKeyId, secretAccessKey } = place;
  return [
    ...[endpoint, region, place.bucket, prefix, accessKeyId, secretAccessKey],
    ...[place.lockDays, place.tailLockDays, place.megabytesPerSecond],
  ];
}

/** Of the right shape, and no more: what each text may be, the host's file of copies says. Throws WIRE_INVALID. */
export function parseAskedPlace(bytes: Uint8Array): AskedPlace {
  return parseBodyAs(bytes, askedPlace);
}

const askedPlace: Shape<AskedPlace> = (value) => {
  const [name, kind, items] = tuple(text, text, (item) => item)(value);
  if (kind === 'folder') {
    const [path] = folder(items);
    return { kind, name, path };
  }
  if (kind !== 's3') throw wireInvalid('Neither a folder nor a bucket');
  const [endpoint, region, its, prefix, accessKeyId, secretAccessKey, lockDays, tailLockDays, megabytesPerSecond] =
    bucket(items);
  return {
    ...{ kind, name, endpoint, region, bucket: its, prefix, accessKeyId, secretAccessKey },
    ...{ lockDays, tailLockDays, megabytesPerSecond },
  };
};

export function encodeTriedPlace({ isEmpty, practices, sameDisk, freeBytes }: TriedPlace): Bytes {
  return encodeCanonical([wireFormat, isEmpty, practices, sameDisk, freeBytes]);
}

/** Throws WIRE_INVALID. */
export function parseTriedPlace(bytes: Uint8Array): TriedPlace {
  const [isEmpty, practices, sameDisk, freeBytes] = parseBody(bytes, flag, count, flag, nullOr(count));
  return { isEmpty, practices, sameDisk, freeBytes };
}
