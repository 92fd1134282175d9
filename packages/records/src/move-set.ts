import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from './json-text.ts';

/** A record of a file, as it stands. */
export interface FiledRecord {
  readonly id: string;
  readonly resource: JsonObject;
}

/** Elements by which a record holds others that go with it wherever it goes. */
const holds = ['encounter', 'result', 'hasMember', 'section.entry', 'context.related'];
/** Elements by which a record goes with the one that they name. */
const follows = [
  ...['encounter', 'context.encounter', 'context.related', 'relatesTo.targetReference', 'relatesTo.target'],
  ...['focus', 'target'],
];
const whose = ['subject', 'patient', 'beneficiary', 'for', 'individual', 'candidate'];

/**
 * What goes with a record that was written in the wrong file: the meeting that it is of with all that is of it, the
 * results of a report and the document that it came in, addenda. Ids of the file's records, the asked one first; empty when the file has no such record.
 */
export function moveSet(records: readonly FiledRecord[], asked: string): string[] {
  const byId = new Map(records.filter(({ id }) => !id.startsWith('Patient/')).map((record) => [record.id, record]));
  const chosen = new Set<string>();
  const take = (id: string) => {
    const record = byId.get(id);
    if (record === undefined || chosen.has(id)) return;
    chosen.add(id);
    for (const held of referencesAt(record.resource, holds)) take(held);
    for (const other of byId.values()) if (referencesAt(other.resource, follows).includes(id)) take(other.id);
  };
  take(asked);
  return [...chosen];
}

/** The same resource as a record of another patient: what names the first names the second. */
export function movedResource(resource: JsonObject, from: string, to: string): JsonObject {
  const moved = renamed(resource, from, to) as JsonObject;
  const own = whose.flatMap((name): [string, JsonValue][] =>
    isJsonObject(resource[name]) && namesPatient(resource[name], from) ? [[name, { reference: to }]] : [],
  );
  return { ...moved, ...Object.fromEntries(own) };
}

/** Whatever form its reference has, the subject of a file's record is that file's patient, unless it names another kind. */
function namesPatient(reference: JsonObject, from: string): boolean {
  const text = reference.reference;
  return typeof text !== 'string' || text === from || !/^(?!Patient\/)[A-Z][A-Za-z]+\//.test(text);
}

function renamed(value: JsonValue, from: string, to: string): JsonValue {
  if (isJsonArray(value)) return value.map((item) => renamed(item, from, to));
  if (!isJsonObject(value)) return value;
  // A name beside the reference would still be the first patient's.
  if (value.reference === from) return { reference: to };
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, renamed(item, from, to)]));
}

function referencesAt(resource: JsonObject, paths: readonly string[]): string[] {
  return paths
    .flatMap((path) => path.split('.').reduce<JsonValue[]>(stepInto, [resource]))
    .flatMap((value) => (isJsonObject(value) && typeof value.reference === 'string' ? [value.reference] : []));
}

function stepInto(values: JsonValue[], name: string): JsonValue[] {
  return values
    .flatMap((value) => (isJsonArray(value) ? [...value] : [value]))
    .flatMap((value) => {
      const found = isJsonObject(value) ? value[name] : undefined;
      return found === undefined ? [] : isJsonArray(found) ? [...found] : [found];
    });
}
