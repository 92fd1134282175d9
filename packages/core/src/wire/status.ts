import { type Bytes, bytesToHex } from '../bytes.ts';
import { encodeCanonical } from '../cbor.ts';
import { type IdentityMethod, identityMethods } from './identity.ts';
import {
  jsonBoolean,
  jsonCount,
  jsonHex,
  jsonList,
  jsonNullOr,
  jsonOneOf,
  jsonText,
  parseJson,
  parseObject,
} from './json.ts';
import { parseBody, textUpTo, wireFormat, wireInvalid } from './shape.ts';

/** `GET /api/host`. */
export interface HostStatus {
  readonly author: Bytes;
  readonly version: string;
  /** The host's clock, milliseconds. */
  readonly time: number;
  /** True when the server is reached through loopback only. */
  readonly local: boolean;
  readonly maxBlobBytes: number;
  /** How a person may prove an identity here. */
  readonly identity: readonly IdentityMethod[];
}

/** A vault that was restored and that no member has acknowledged yet. */
export interface RestoredStatus {
  readonly fence: number;
  readonly size: number;
  readonly root: Bytes;
  readonly at: number;
}

/** `GET /api/practices/P`. */
export interface PracticeStatus {
  readonly size: number;
  readonly fence: number;
  readonly restored: RestoredStatus | null;
}

/** One destination of `GET /api/practices/P/copies`. Times and lag in milliseconds. */
export interface CopyStatus {
  readonly name: string;
  readonly kind: string;
  readonly sameDisk: boolean;
  /** Entries held. */
  readonly size: number;
  readonly publishedAt: number | null;
  readonly lagMs: number | null;
  readonly state: 'current' | 'behind' | 'failing';
  readonly error: string | null;
  readonly verifiedAt: number | null;
  readonly verifiedSize: number | null;
  readonly verifiedFindings: number | null;
}

/** Data of a `checkpoint` event. */
export interface CheckpointEvent {
  readonly size: number;
  readonly note: string;
}

export function encodeHostStatus(status: HostStatus): string {
  return JSON.stringify({ ...status, author: bytesToHex(status.author) });
}

/** Throws WIRE_INVALID. */
export function parseHostStatus(text: string): HostStatus {
  const of = parseObject(parseJson(text), ['author', 'version', 'time', 'local', 'maxBlobBytes', 'identity']);
  return {
    author: jsonHex(of('author'), 32),
    version: jsonText(of('version')),
    time: jsonCount(of('time')),
    local: jsonBoolean(of('local')),
    maxBlobBytes: jsonCount(of('maxBlobBytes')),
    identity: jsonList(of('identity'), identityMethods.length, jsonOneOf(identityMethods)),
  };
}

export function encodePracticeStatus({ size, fence, restored }: PracticeStatus): string {
  return JSON.stringify({ size, fence, restored: restored && { ...restored, root: bytesToHex(restored.root) } });
}

/** Throws WIRE_INVALID. */
export function parsePracticeStatus(text: string): PracticeStatus {
  const of = parseObject(parseJson(text), ['size', 'fence', 'restored']);
  return {
    size: jsonCount(of('size')),
    fence: jsonCount(of('fence')),
    restored: jsonNullOr(of('restored'), (value) => {
      const restored = parseObject(value, ['fence', 'size', 'root', 'at']);
      return {
        fence: jsonCount(restored('fence')),
        size: jsonCount(restored('size')),
        root: jsonHex(restored('root'), 32),
        at: jsonCount(restored('at')),
      };
    }),
  };
}

export function encodeCopies(copies: readonly CopyStatus[]): string {
  return JSON.stringify(copies);
}

/** Throws WIRE_INVALID. */
export function parseCopies(text: string): CopyStatus[] {
  const value = parseJson(text);
  if (!Array.isArray(value)) throw wireInvalid('Not an array');
  return value.map(parseCopy);
}

export const copyMembers: readonly string[] = [
  ...['name', 'kind', 'sameDisk', 'size', 'publishedAt', 'lagMs', 'state', 'error'],
  ...['verifiedAt', 'verifiedSize', 'verifiedFindings'],
];

/** Throws WIRE_INVALID. */
export function parseCopy(value: unknown): CopyStatus {
  return readCopy(parseObject(value, copyMembers));
}

/** The same of an object that has other members besides. Throws WIRE_INVALID. */
export function readCopy(of: (name: string) => unknown): CopyStatus {
  const state = of('state');
  if (state !== 'current' && state !== 'behind' && state !== 'failing') throw wireInvalid('An unknown state');
  return {
    name: jsonText(of('name')),
    kind: jsonText(of('kind')),
    sameDisk: jsonBoolean(of('sameDisk')),
    size: jsonCount(of('size')),
    publishedAt: jsonNullOr(of('publishedAt'), jsonCount),
    lagMs: jsonNullOr(of('lagMs'), jsonCount),
    state,
    error: jsonNullOr(of('error'), jsonText),
    verifiedAt: jsonNullOr(of('verifiedAt'), jsonCount),
    verifiedSize: jsonNullOr(of('verifiedSize'), jsonCount),
    verifiedFindings: jsonNullOr(of('verifiedFindings'), jsonCount),
  };
}

/** The name of a copy, that is to be read or restored. */
export function encodeCopyNamed(copy: string): Bytes {
  return encodeCanonical([wireFormat, copy]);
}

/** Throws WIRE_INVALID. */
export function parseCopyNamed(bytes: Uint8Array): string {
  const [copy] = parseBody(bytes, textUpTo(255));
  return copy;
}

export function encodeCheckpointEvent({ size, note }: CheckpointEvent): string {
  return JSON.stringify({ size, note });
}

/** Throws WIRE_INVALID. */
export function parseCheckpointEvent(text: string): CheckpointEvent {
  const of = parseObject(parseJson(text), ['size', 'note']);
  return { size: jsonCount(of('size')), note: jsonText(of('note')) };
}
