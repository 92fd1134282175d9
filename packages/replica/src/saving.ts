import { bytesToHex, hexToBytes, ownBytes } from '@serment/core/bytes';
import { CodedError } from '@serment/core/error';
import type { RandomSource } from '@serment/core/random';
import { type JsonObject, parseJson } from '@serment/records/json-text';
import { routeOf } from '@serment/records/route';
import {
  type DocumentKey,
  encodeRecordBatch,
  newVersion,
  type RecordBatch,
  type RecordVersion,
} from '@serment/records/version';
import { ReplicaError } from './error.ts';
import type { Keyring, StreamRef } from './keyring.ts';
import type { RecordsPart } from './sending.ts';

export interface SaveRequest {
  /** `Patient/…` that the records concern; null for the practice's own. */
  readonly patient: string | null;
  readonly records: readonly {
    readonly resource: object;
    readonly change: 'create' | 'edit' | 'restore' | 'entered-in-error';
    /** Names, in hexadecimal, of the versions that were on the screen. */
    readonly replaces: readonly string[];
  }[];
  /** Documents that the records refer to, uploaded already. */
  readonly documents?: readonly DocumentKey[];
}

interface Group {
  readonly stream: StreamRef;
  readonly versions: RecordVersion[];
}

/** The entries that a save becomes, one for each stream that it touches. Throws SAVE_INVALID, COMPARTMENT_CLOSED. */
export function partsOfSave(request: SaveRequest, keyring: Keyring, random: RandomSource): RecordsPart[] {
  const { patient, documents = [] } = request;
  try {
    const groups = groupsOf(request, keyring, random);
    const holder = groups.find(({ stream }) => stream.compartment === 'clinical') ?? groups[0];
    if (holder === undefined) throw new ReplicaError('SAVE_INVALID', 'Nothing to save');
    return groups.map((group) =>
      recordsPart(group.stream, { patient, versions: group.versions, documents: group === holder ? documents : [] }),
    );
  } catch (cause) {
    if (!(cause instanceof CodedError) || cause instanceof ReplicaError) throw cause;
    throw new ReplicaError('SAVE_INVALID', 'The records cannot be saved as they are', { cause, fields: cause.fields });
  }
}

/** One entry's worth of records. Throws RECORD_INVALID. */
export function recordsPart(stream: StreamRef, batch: RecordBatch): RecordsPart {
  const blobs = batch.documents.map((document) => ({ hash: ownBytes(document.sealedHash), size: document.sealedSize }));
  return { stream, body: { kind: 'records', binding: false }, content: ownBytes(encodeRecordBatch(batch)), blobs };
}

function groupsOf({ patient, records }: SaveRequest, keyring: Keyring, random: RandomSource): Group[] {
  const groups = new Map<string, Group>();
  const link = patient === null ? ({ kind: 'none' } as const) : ({ kind: 'one', patient } as const);
  for (const { resource, change, replaces } of records) {
    if (!isResource(resource)) throw new ReplicaError('SAVE_INVALID', 'A record needs a type and an id');
    const route = routeOf(parseJson(JSON.stringify(resource)) as JsonObject, link);
    const stream = keyring.stream(route.compartment, route.stream);
    const group = groups.get(bytesToHex(stream.id)) ?? { stream, versions: [] };
    group.versions.push(newVersion({ resource, change, replaces: replaces.map(hexToBytes) }, random));
    groups.set(bytesToHex(stream.id), group);
  }
  return [...groups.values()];
}

function isResource(resource: object): resource is { resourceType: string; id: string } {
  if (!('resourceType' in resource && 'id' in resource)) return false;
  return typeof resource.resourceType === 'string' && typeof resource.id === 'string';
}
