import { bytesToHex } from '@serment/core/bytes';
import { RecordsError } from '../error.ts';
import { isJsonObject, type JsonObject, type JsonValue, parseJson, stringifyJson } from '../json-text.ts';
import { isFhirId, isResourceType, isStorableId } from '../record-id.ts';
import { maxFullUrlLength, type RandomBytes } from '../version.ts';
import { type ImportReport, type Place, unknownType } from './report.ts';

/** Characters of JSON text; far above any real resource, far below what a browser chokes on. */
export const maxResourceLength = 16 * 1024 * 1024;

/** One resource as a file gave it. */
export interface Received {
  readonly kind: 'resource';
  readonly id: string;
  readonly type: string;
  readonly fullUrl: string | null;
  readonly resource: JsonObject;
  readonly content: string;
  readonly place: Place;
  /** True when the file gave no id and none could be taken from its fullUrl. */
  readonly idAssigned: boolean;
  /** When this version was written at its source, for ordering a history; null when not said. */
  readonly writtenAt: string | null;
}

/** A deletion that a history tells of. */
export interface Deleted {
  readonly kind: 'deletion';
  readonly id: string;
  readonly place: Place;
  readonly writtenAt: string | null;
}

/** What the reading of one file carries along. */
export interface Reading {
  readonly report: ImportReport;
  readonly random: RandomBytes;
}

/** Where a resource stood, and what stood around it. */
export interface Surroundings {
  readonly place: Place;
  readonly fullUrl: string | null;
  readonly writtenAt: string | null;
}

/** The transport of a bundle, which says nothing about the resource; anything else beside it is reported. */
const entryKeys = new Set(['fullUrl', 'resource', 'request', 'response', 'search', 'link']);

/** Reads one entry of a bundle. Null when nothing is to be stored, which the report then says. */
export function readEntry(text: string, place: Place, reading: Reading): Received | Deleted | null {
  const { report } = reading;
  const entry = parsePart(text, place, report);
  if (entry === null) return null;
  const unknown = Object.keys(entry).filter((key) => !entryKeys.has(key));
  if (unknown.length > 0) report.note('ENVELOPE_NOT_KEPT', place, { fields: { keys: unknown.length } });
  const fullUrl = fullUrlOf(entry, place, report);
  const writtenAt = textAt(entry.response, 'lastModified');
  if (isJsonObject(entry.resource)) return readResource(entry.resource, { place, fullUrl, writtenAt }, reading);
  const id = textAt(entry.request, 'url');
  if (textAt(entry.request, 'method') === 'DELETE' && id !== null) return { kind: 'deletion', id, place, writtenAt };
  report.warn('ENTRY_WITHOUT_RESOURCE', place);
  return null;
}

/** Checks that a resource can be stored, giving it an id if it has none. Null when it cannot; the report says why. */
export function readResource(resource: JsonObject, around: Surroundings, reading: Reading): Received | null {
  const { report } = reading;
  const { place, fullUrl } = around;
  const type = resource.resourceType;
  if (typeof type !== 'string' || !isResourceType(type)) {
    report.count(unknownType, 'read');
    report.refuse('NOT_A_RESOURCE', place);
    return null;
  }
  report.count(type, 'read');
  const urlId = idFromFullUrl(type, fullUrl);
  const hasId = Object.hasOwn(resource, 'id');
  const stored = hasId ? resource : withId(resource, type, urlId ?? bytesToHex(reading.random(16)));
  if (!hasId) report.note('ID_ASSIGNED', place, { type, fields: { fromFullUrl: urlId !== null } });
  if (typeof stored.id !== 'string' || !isStorableId(stored.id)) {
    report.refuse('ID_UNSTORABLE', place, { type });
    return null;
  }
  if (!isFhirId(stored.id)) report.note('ID_NOT_FHIR', place, { type });
  const content = stringifyJson(stored);
  if (content.length > maxResourceLength) {
    report.refuse('RESOURCE_TOO_LARGE', place, { type, fields: { length: content.length, maxResourceLength } });
    return null;
  }
  if (hasLoneSurrogate(content)) report.note('LONE_SURROGATE', place, { type });
  const writtenAt = textAt(stored.meta, 'lastUpdated') ?? around.writtenAt;
  const idAssigned = !hasId && urlId === null;
  return {
    kind: 'resource',
    id: `${type}/${stored.id}`,
    type,
    fullUrl,
    resource: stored,
    content,
    place,
    idAssigned,
    writtenAt,
  };
}

/** JSON of a part of a file. Null when the part alone is at fault; throws RecordsError when the whole file is. */
export function parsePart(text: string, place: Place, report: ImportReport): JsonObject | null {
  const refuse = (code: Parameters<ImportReport['refuse']>[0], fields = {}) => {
    report.count(unknownType, 'read');
    report.refuse(code, place, { fields });
    return null;
  };
  // Indentation can make a resource look twice its size; well above that, it is not even read.
  if (text.length > 4 * maxResourceLength)
    return refuse('RESOURCE_TOO_LARGE', { length: text.length, maxResourceLength });
  let value: JsonValue;
  try {
    value = parseJson(text);
  } catch (error) {
    if (!(error instanceof RecordsError) || (error.code !== 'JSON_DUPLICATE_KEY' && error.code !== 'JSON_TOO_DEEP'))
      throw error;
    return refuse(error.code, error.fields);
  }
  return isJsonObject(value) ? value : refuse('NOT_A_RESOURCE');
}

function withId(resource: JsonObject, type: string, id: string): JsonObject {
  const { resourceType: _, ...rest } = resource;
  return { resourceType: type, id, ...rest };
}

function fullUrlOf(entry: JsonObject, place: Place, report: ImportReport): string | null {
  const { fullUrl } = entry;
  if (fullUrl === undefined) return null;
  if (typeof fullUrl === 'string' && fullUrl !== '' && fullUrl.isWellFormed() && fullUrl.length <= maxFullUrlLength)
    return fullUrl;
  report.warn('FULL_URL_UNSTORABLE', place);
  return null;
}

/** The same file read again gives the same ids, so a second import finds what the first stored. */
function idFromFullUrl(type: string, fullUrl: string | null): string | null {
  const uuid = /^urn:uuid:([0-9a-f-]{36})$/i.exec(fullUrl ?? '')?.[1];
  if (uuid !== undefined) return uuid.toLowerCase();
  const [urlType, logicalId] = (fullUrl ?? '').split('/').slice(-2);
  return urlType === type && logicalId !== undefined && isFhirId(logicalId) ? logicalId : null;
}

/** Minified output writes a lone surrogate, and nothing else, as a `\ud8xx` to `\udfxx` escape in lower case. */
function hasLoneSurrogate(content: string): boolean {
  return /(?<!\\)(?:\\\\)*\\ud[89a-f]/.test(content);
}

function textAt(value: JsonValue | undefined, key: string): string | null {
  const text = isJsonObject(value) ? value[key] : undefined;
  return typeof text === 'string' ? text : null;
}
