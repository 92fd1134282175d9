import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from './json-text.ts';
import { splitRecordId } from './record-id.ts';

export interface ReferencedRecord {
  readonly id: string;
  readonly fullUrl: string | null;
  readonly resource: JsonObject;
}

/** UTF-16 units; a longer text is no reference, and is not searched as one. */
export const maxReferenceLength = 4096;

/** Answers, from a set of records, which record a FHIR reference means. */
export interface ReferenceResolver {
  readonly get: (id: string) => JsonObject | null;
  /** The record whose fullUrl this is; null when none or several have it. */
  readonly idOfFullUrl: (fullUrl: string) => string | null;
  readonly fullUrlsOf: (id: string) => ReadonlySet<string>;
  /** Records of `type` with this identifier; `system` null matches any. */
  readonly idsOfIdentifier: (type: string, system: string | null, value: string) => readonly string[];
}

export function indexReferences(records: Iterable<ReferencedRecord>): ReferenceResolver {
  const resources = new Map<string, JsonObject>();
  const idsByFullUrl = new Map<string, Set<string>>();
  const fullUrlsById = new Map<string, Set<string>>();
  const idsByIdentifier = new Map<string, Set<string>>();
  for (const { id, fullUrl, resource } of records) {
    resources.set(id, resource);
    if (fullUrl !== null) {
      addTo(idsByFullUrl, fullUrl, id);
      addTo(fullUrlsById, id, fullUrl);
    }
    for (const { system, value } of identifiersOf(resource)) {
      const type = splitRecordId(id)?.type ?? '';
      addTo(idsByIdentifier, JSON.stringify([type, system, value]), id);
      if (system !== null) addTo(idsByIdentifier, JSON.stringify([type, null, value]), id);
    }
  }
  const none: ReadonlySet<string> = new Set();
  return {
    get: (id) => resources.get(id) ?? null,
    idOfFullUrl: (fullUrl) => only(idsByFullUrl.get(fullUrl) ?? none),
    fullUrlsOf: (id) => fullUrlsById.get(id) ?? none,
    idsOfIdentifier: (type, system, value) => [...(idsByIdentifier.get(JSON.stringify([type, system, value])) ?? none)],
  };
}

/** Asks `first`, then `second`: a file's own records before those already in the vault. */
export function chainResolvers(first: ReferenceResolver, second: ReferenceResolver): ReferenceResolver {
  return {
    get: (id) => first.get(id) ?? second.get(id),
    idOfFullUrl: (fullUrl) => first.idOfFullUrl(fullUrl) ?? second.idOfFullUrl(fullUrl),
    fullUrlsOf: (id) => new Set([...first.fullUrlsOf(id), ...second.fullUrlsOf(id)]),
    idsOfIdentifier: (type, system, value) => [
      ...new Set([...first.idsOfIdentifier(type, system, value), ...second.idsOfIdentifier(type, system, value)]),
    ],
  };
}

/**
 * The record that `reference` text means, or null. Understands fullUrls (`urn:uuid:…` and absolute), `Type/id`, versioned
 * references and `Type?identifier=system|value`. A `Type/id` is answered even when that record is not known yet.
 */
export function resolveReference(reference: string, resolver: ReferenceResolver): string | null {
  if (reference.length > maxReferenceLength) return null;
  const plain = reference.replace(/\/_history\/[^/]*$/, '');
  const exact = resolver.idOfFullUrl(reference) ?? resolver.idOfFullUrl(plain);
  if (exact !== null) return exact;
  const question = reference.indexOf('?');
  if (question !== -1) return resolveConditional(reference.slice(0, question), reference.slice(question + 1), resolver);
  if (splitRecordId(plain) !== null) return plain;
  if (!/^https?:\/\//i.test(plain)) return null;
  const id = plain.split('/').slice(-2).join('/');
  if (splitRecordId(id) === null) return null;
  // The same id on another server is another thing, and may be another person.
  const elsewhere = [...resolver.fullUrlsOf(id)].some((fullUrl) => /^https?:\/\//i.test(fullUrl));
  return elsewhere ? null : id;
}

/** The identifiers a resource carries that have a value. */
export function identifiersOf(resource: JsonObject): { system: string | null; value: string }[] {
  const list = isJsonArray(resource.identifier) ? resource.identifier : [resource.identifier];
  return list.flatMap((identifier) =>
    isJsonObject(identifier) && typeof identifier.value === 'string'
      ? [{ system: typeof identifier.system === 'string' ? identifier.system : null, value: identifier.value }]
      : [],
  );
}

/** Every `reference` text anywhere in a resource. */
export function referencesIn(value: JsonValue | undefined): string[] {
  if (isJsonArray(value)) return value.flatMap(referencesIn);
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    key === 'reference' && typeof item === 'string' ? [item] : referencesIn(item),
  );
}

function resolveConditional(target: string, query: string, resolver: ReferenceResolver): string | null {
  const type = target.split('/').at(-1) ?? '';
  const parameters = [...new URLSearchParams(query)];
  const [name, value] = parameters[0] ?? [];
  if (parameters.length !== 1 || name !== 'identifier' || value === undefined) return null;
  const bar = value.indexOf('|');
  const system = bar === -1 ? null : value.slice(0, bar);
  return only(resolver.idsOfIdentifier(type, system, value.slice(bar + 1)));
}

function only(ids: Iterable<string>): string | null {
  const [id, other] = ids;
  return id === undefined || other !== undefined ? null : id;
}

function addTo(map: Map<string, Set<string>>, key: string, value: string): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, new Set([value]));
  else known.add(value);
}
