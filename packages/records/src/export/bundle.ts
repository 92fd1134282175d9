import { compareOrder, type FoldedVersion, hasConflict, type RecordState, type StreamState } from '../fold.ts';
import { equalJson, isJsonObject, type JsonObject, parseJson } from '../json-text.ts';
import { type PatientLink, patientOf } from '../patient-link.ts';
import { indexReferences, type ReferenceResolver, referencesIn, resolveReference } from '../reference.ts';

interface ExportedRecord {
  readonly id: string;
  readonly state: RecordState;
  /** Current versions that have content, with their resources. */
  readonly standing: readonly { readonly version: FoldedVersion; readonly resource: JsonObject }[];
}

/** Records of any streams, arranged to be written out by patient. */
export interface ExportIndex {
  readonly resolver: ReferenceResolver;
  readonly records: readonly ExportedRecord[];
  readonly recordsByPatient: ReadonlyMap<string, readonly ExportedRecord[]>;
  readonly sharedById: ReadonlyMap<string, ExportedRecord>;
  /** Records that concern no patient, or none that can be told. */
  readonly withoutPatient: readonly ExportedRecord[];
}

export interface PatientBundle {
  /** A FHIR `collection` Bundle, each resource character for character as it is stored. */
  readonly text: string;
  readonly entries: number;
  /** Records of which several versions stand side by side; all are in the bundle. */
  readonly conflicts: readonly string[];
  /** Records taken out: their history is in the vault, not in the bundle. */
  readonly removed: readonly string[];
  /** References that meet nothing in the bundle, in order of appearance. */
  readonly unresolved: readonly string[];
}

export function indexRecords(streams: Iterable<StreamState>): ExportIndex {
  const records = [...streams].flatMap((stream) => [...stream.records.values()].map(exportedRecord));
  const references = records.flatMap((record) =>
    record.standing.map(({ version, resource }) => ({ id: record.id, fullUrl: version.fullUrl, resource })),
  );
  const resolver = indexReferences(references);
  const recordsByPatient = new Map<string, ExportedRecord[]>();
  const withoutPatient: ExportedRecord[] = [];
  const sharedById = new Map<string, ExportedRecord>();
  for (const record of records) {
    const links = linksOf(record, resolver);
    const patients = new Set(links.flatMap((link) => (link.kind === 'one' ? [link.patient] : [])));
    for (const patient of patients) pushTo(recordsByPatient, patient, record);
    if (patients.size === 0) withoutPatient.push(record);
    // What may concern somebody, even if nobody can tell whom, is put in no one else's bundle.
    if (links.every((link) => link.kind === 'none')) sharedById.set(record.id, record);
  }
  return { resolver, records, recordsByPatient, sharedById, withoutPatient };
}

/** Everything that concerns one patient, with the shared records (practitioners, organisations…) that it refers to. */
export function patientBundle(patient: string, index: ExportIndex): PatientBundle {
  return bundleOf(withReferenced(index.recordsByPatient.get(patient) ?? [], index), index);
}

/** What belongs to no patient, so that an export of all patients and of this leaves nothing behind. */
export function practiceBundle(index: ExportIndex): PatientBundle {
  return bundleOf(index.withoutPatient, index);
}

/** All records of an index, whoever they concern. */
export function wholeBundle(index: ExportIndex): PatientBundle {
  return bundleOf(index.records, index);
}

/** Deep equality of two resources' JSON texts: key order does not count, the characters of numbers do. Throws what `parseJson` throws. */
export function equalResource(left: string, right: string): boolean {
  return left === right || equalJson(parseJson(left), parseJson(right));
}

function exportedRecord(state: RecordState): ExportedRecord {
  const standing = state.current.flatMap((version) => {
    const resource = version.content === null ? null : parseJson(version.content);
    return isJsonObject(resource) ? [{ version, resource }] : [];
  });
  return { id: state.id, state, standing };
}

/** A removed record is told of in the file it was removed from, which its history names. */
function linksOf(record: ExportedRecord, resolver: ReferenceResolver): PatientLink[] {
  const last = record.state.history.findLast((version) => version.content !== null)?.content;
  const past =
    record.standing.length > 0 || last === undefined || last === null ? [] : [parseJson(last)].filter(isJsonObject);
  return [...record.standing.map(({ resource }) => resource), ...past].map((resource) => patientOf(resource, resolver));
}

function pushTo<Item>(map: Map<string, Item[]>, key: string, item: Item): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [item]);
  else list.push(item);
}

function withReferenced(own: readonly ExportedRecord[], index: ExportIndex): ExportedRecord[] {
  const chosen = new Set(own);
  // A set grows while it is read: what a shared record refers to is followed too.
  for (const record of chosen)
    for (const { resource } of record.standing)
      for (const reference of referencesIn(resource)) {
        const target = index.sharedById.get(resolveReference(reference, index.resolver) ?? '');
        if (target !== undefined) chosen.add(target);
      }
  return [...chosen];
}

function bundleOf(records: readonly ExportedRecord[], index: ExportIndex): PatientBundle {
  const standing = records.flatMap((record) => record.standing);
  const ordered = standing.sort(
    (left, right) => compareOrder(left.version, right.version) || (left.version.id < right.version.id ? -1 : 1),
  );
  // Joined as text: the resources are never parsed and written again.
  const entries = ordered.map(({ version }) => {
    const fullUrl = version.fullUrl === null ? '' : `"fullUrl":${JSON.stringify(version.fullUrl)},`;
    return `{${fullUrl}"resource":${version.content}}`;
  });
  const ids = new Set(records.filter((record) => record.standing.length > 0).map((record) => record.id));
  const references = new Set(ordered.flatMap(({ resource }) => referencesIn(resource)));
  const unresolved = [...references].filter(
    (reference) => !(reference.startsWith('#') || ids.has(resolveReference(reference, index.resolver) ?? '')),
  );
  const entry = entries.length === 0 ? '' : `,"entry":[${entries.join(',')}]`;
  return {
    text: `{"resourceType":"Bundle","type":"collection"${entry}}`,
    entries: entries.length,
    conflicts: records.filter((record) => hasConflict(record.state)).map((record) => record.id),
    removed: records.filter((record) => record.standing.length === 0).map((record) => record.id),
    unresolved,
  };
}
