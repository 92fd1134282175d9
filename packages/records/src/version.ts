import { bytesToHex, compareBytes } from '@serment/core/bytes';
import { type CborValue, decodeCanonical, encodeCanonical } from '@serment/core/cbor';
import { RecordsError } from './error.ts';
import { checkStructure, type JsonObject, stringifyJson } from './json-text.ts';
import { splitRecordId } from './record-id.ts';

export const recordFormat = 1;
export const versionNameBytes = 16;
export const maxFullUrlLength = 4096;

export type Change = 'create' | 'edit' | 'import' | 'restore' | 'entered-in-error' | 'removed';

const changes: ReadonlySet<string> = new Set<Change>([
  'create',
  'edit',
  'import',
  'restore',
  'entered-in-error',
  'removed',
]);

export interface RecordVersion {
  /** `<resourceType>/<logical id>`. */
  readonly id: string;
  /** 16 random bytes. */
  readonly version: Uint8Array;
  /** Names of versions of the same record, ascending; none for a creation, several when a person settled a conflict. */
  readonly replaces: readonly Uint8Array[];
  readonly change: Change;
  /** `Bundle.entry.fullUrl` as received. */
  readonly fullUrl: string | null;
  /** Minified JSON of the resource, numbers as written; null exactly for `removed`. */
  readonly content: string | null;
}

export interface DocumentKey {
  readonly blobId: Uint8Array;
  readonly key: Uint8Array;
  readonly sealedHash: Uint8Array;
  readonly sealedSize: number;
  readonly size: number;
  /** SHA-256 of the clear bytes. */
  readonly hash: Uint8Array;
  readonly mediaType: string;
}

/** One save. Concerns at most one patient. */
export interface RecordBatch {
  readonly patient: string | null;
  readonly versions: readonly RecordVersion[];
  readonly documents: readonly DocumentKey[];
}

/** Randomness handed in by the caller. */
export type RandomBytes = (sizeBytes: number) => Uint8Array;

export interface NewVersion {
  readonly resource: object & { readonly resourceType: string; readonly id?: string | undefined };
  readonly change: 'create' | 'edit' | 'restore' | 'entered-in-error';
  /** The versions that were on the screen when the person began. */
  readonly replaces?: readonly Uint8Array[];
  readonly fullUrl?: string | null;
}

/** A version of a resource that Serment wrote. Throws RECORD_INVALID when type or id cannot name a record. */
export function newVersion(input: NewVersion, random: RandomBytes): RecordVersion {
  const version = {
    id: `${input.resource.resourceType}/${input.resource.id ?? ''}`,
    version: random(versionNameBytes),
    replaces: [...(input.replaces ?? [])].sort(compareBytes),
    change: input.change,
    fullUrl: input.fullUrl ?? null,
    content: stringifyJson(input.resource as JsonObject),
  };
  checkVersion(version);
  return version;
}

/** The version that takes a record out of its stream; its history stays. */
export function removedVersion(id: string, replaces: readonly Uint8Array[], random: RandomBytes): RecordVersion {
  const sorted = [...replaces].sort(compareBytes);
  return { id, version: random(versionNameBytes), replaces: sorted, change: 'removed', fullUrl: null, content: null };
}

/** Canonical bytes of a batch (docs/format/record.md). Throws RECORD_INVALID for what `parseRecordBatch` would refuse. */
export function encodeRecordBatch(batch: RecordBatch): Uint8Array {
  const sorted = batch.versions.map((version) => ({ ...version, replaces: [...version.replaces].sort(compareBytes) }));
  checkBatch({ ...batch, versions: sorted });
  return encodeCanonical([recordFormat, batch.patient, sorted.map(versionToCbor), batch.documents.map(documentToCbor)]);
}

/** Reads a batch strictly. Throws RECORD_INVALID, or CBOR_INVALID from core. */
export function parseRecordBatch(bytes: Uint8Array): RecordBatch {
  const [format, patient, versions, documents] = fieldsOf(decodeCanonical(bytes), 4, 'batch');
  if (format !== recordFormat) throw invalid('format');
  const batch: RecordBatch = {
    patient: patient === null ? null : textOf(patient, 'patient'),
    versions: listOf(versions, 'versions').map((value) => versionFromCbor(fieldsOf(value, 6, 'version'))),
    documents: listOf(documents, 'documents').map((value) => documentFromCbor(value)),
  };
  checkBatch(batch);
  return batch;
}

export function versionToCbor(version: RecordVersion): CborValue[] {
  return [version.id, version.version, [...version.replaces], version.change, version.fullUrl, version.content];
}

/** Reads the six fields of a version. Throws RECORD_INVALID. Does not look into `content`: see `checkVersion`. */
export function versionFromCbor(fields: readonly CborValue[]): RecordVersion {
  const [id, version, replaces, change, fullUrl, content] = fields;
  return {
    id: textOf(id, 'id'),
    version: bytesOf(version, versionNameBytes, 'version'),
    replaces: listOf(replaces, 'replaces').map((name) => bytesOf(name, versionNameBytes, 'replaces')),
    change: changeOf(change),
    fullUrl: fullUrl === null ? null : textOf(fullUrl, 'fullUrl'),
    content: content === null ? null : textOf(content, 'content'),
  };
}

export function documentToCbor(document: DocumentKey): CborValue[] {
  const { blobId, key, sealedHash, sealedSize, size, hash, mediaType } = document;
  return [blobId, key, sealedHash, sealedSize, size, hash, mediaType];
}

/** Throws RECORD_INVALID. */
export function documentFromCbor(value: CborValue): DocumentKey {
  const [blobId, key, sealedHash, sealedSize, size, hash, mediaType] = fieldsOf(value, 7, 'document');
  return {
    blobId: bytesOf(blobId, 16, 'blobId'),
    key: bytesOf(key, 32, 'key'),
    sealedHash: bytesOf(sealedHash, 32, 'sealedHash'),
    sealedSize: sizeOf(sealedSize, 'sealedSize'),
    size: sizeOf(size, 'size'),
    hash: bytesOf(hash, 32, 'hash'),
    mediaType: textOf(mediaType, 'mediaType'),
  };
}

/** Throws RECORD_INVALID unless the version keeps every rule of docs/format/record.md that needs no other version. */
export function checkVersion(version: RecordVersion): void {
  const name = splitRecordId(version.id);
  if (name === null) throw invalid('id');
  if (version.version.length !== versionNameBytes) throw invalid('version');
  if (!changes.has(version.change)) throw invalid('change');
  if (version.fullUrl !== null && (version.fullUrl === '' || version.fullUrl.length > maxFullUrlLength))
    throw invalid('fullUrl');
  checkReplaces(version);
  if ((version.content === null) !== (version.change === 'removed')) throw invalid('content');
  if (version.content !== null) checkContent(version.content, name.type, name.logicalId);
}

export function checkDocument(document: DocumentKey): void {
  bytesOf(document.blobId, 16, 'blobId');
  bytesOf(document.key, 32, 'key');
  bytesOf(document.sealedHash, 32, 'sealedHash');
  bytesOf(document.hash, 32, 'hash');
  sizeOf(document.sealedSize, 'sealedSize');
  sizeOf(document.size, 'size');
  if (document.mediaType === '' || document.mediaType.length > 255) throw invalid('mediaType');
}

function checkBatch(batch: RecordBatch): void {
  if (batch.patient !== null && splitRecordId(batch.patient)?.type !== 'Patient') throw invalid('patient');
  if (batch.versions.length === 0 && batch.documents.length === 0) throw invalid('empty');
  const places = new Map<string, number>();
  for (const [place, version] of batch.versions.entries()) {
    checkVersion(version);
    const name = `${version.id} ${bytesToHex(version.version)}`;
    if (places.has(name)) throw invalid('version twice');
    places.set(name, place);
  }
  // Within one save too, a version can only replace what stands before it: no cycle can hide a record.
  for (const [place, version] of batch.versions.entries())
    for (const replaced of version.replaces)
      if ((places.get(`${version.id} ${bytesToHex(replaced)}`) ?? -1) >= place) throw invalid('replaces later');
  const blobs = new Set<string>();
  for (const document of batch.documents) {
    checkDocument(document);
    blobs.add(bytesToHex(document.blobId));
  }
  if (blobs.size !== batch.documents.length) throw invalid('document twice');
}

function checkReplaces(version: RecordVersion): void {
  for (const [place, name] of version.replaces.entries()) {
    if (name.length !== versionNameBytes) throw invalid('replaces');
    const previous = version.replaces[place - 1];
    if (previous !== undefined && compareBytes(previous, name) >= 0) throw invalid('replaces order');
  }
}

function checkContent(content: string, type: string, logicalId: string): void {
  let resource: unknown;
  try {
    if (!checkStructure(content).minified) throw invalid('content not minified');
    resource = JSON.parse(content);
  } catch (error) {
    if (error instanceof RecordsError && error.code !== 'RECORD_INVALID') throw invalid('content', error);
    if (error instanceof RecordsError) throw error;
    throw invalid('content');
  }
  if (typeof resource !== 'object' || resource === null || Array.isArray(resource)) throw invalid('content');
  if (!('resourceType' in resource) || resource.resourceType !== type) throw invalid('resourceType');
  if (!('id' in resource) || resource.id !== logicalId) throw invalid('content id');
}

export function invalid(field: string, cause?: unknown): RecordsError {
  return new RecordsError('RECORD_INVALID', 'Not a batch of record versions', { fields: { field }, cause });
}

export function fieldsOf(value: CborValue | undefined, count: number, field: string): readonly CborValue[] {
  const list = listOf(value, field);
  if (list.length !== count) throw invalid(field);
  return list;
}

export function listOf(value: CborValue | undefined, field: string): readonly CborValue[] {
  if (!Array.isArray(value)) throw invalid(field);
  return value;
}

export function textOf(value: CborValue | undefined, field: string): string {
  if (typeof value !== 'string') throw invalid(field);
  return value;
}

export function bytesOf(value: CborValue | undefined, length: number, field: string): Uint8Array {
  if (!(value instanceof Uint8Array) || value.length !== length) throw invalid(field);
  return value;
}

/** A count of bytes, a place or a time in ms: a safe integer, not negative. */
export function sizeOf(value: CborValue | undefined, field: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw invalid(field);
  return value;
}

function changeOf(value: CborValue | undefined): Change {
  const change = [...changes].find((known) => known === value);
  if (change === undefined) throw invalid('change');
  return change as Change;
}
