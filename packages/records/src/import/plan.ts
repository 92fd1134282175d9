import { bytesToHex } from '@serment/core/bytes';
import type { ImportFinding, ImportFindingCode } from '../finding.ts';
import type { RecordState, StreamState } from '../fold.ts';
import { canonicalJson, equalJson, isJsonObject, type JsonObject, parseJson } from '../json-text.ts';
import { splitRecordId } from '../record-id.ts';
import type { Route } from '../route.ts';
import type { RecordVersion } from '../version.ts';
import type { RoutedBatch } from './batch.ts';
import { mayBeSamePerson } from './same-person.ts';

/** A stream of the vault, folded. */
export interface KnownStream extends Route {
  readonly state: StreamState;
}

/** Versions by what becomes of them. */
export interface PlanCounts {
  /** The vault has it word for word: nothing is written. */
  unchanged: number;
  /** Replaces what an earlier import brought. */
  changed: number;
  new: number;
  /** Put beside what a person changed here, for a person to choose. */
  beside: number;
  /** Not written: the file's patient is another person than the one the vault knows by this id. */
  held: number;
}

export interface ImportPlan {
  /** What is left to write, in order. */
  readonly batches: readonly RoutedBatch[];
  readonly counts: Readonly<PlanCounts>;
  /** Patients of whom nothing is written, being other people than those the vault knows by their ids. */
  readonly heldPatients: ReadonlySet<string>;
  readonly findings: readonly ImportFinding[];
}

interface KnownRecord extends Route {
  readonly record: RecordState;
}

interface Planning {
  readonly known: ReadonlyMap<string, readonly KnownRecord[]>;
  readonly assignedIds: ReadonlySet<string>;
  /** Contents, less their ids, of the vault's records of the types that came without ids. */
  readonly anonymous: ReadonlySet<string>;
  /** Names in the file to names in the vault, for versions that are already there. */
  readonly names: Map<string, Uint8Array>;
  readonly findings: ImportFinding[];
}

interface Planned extends Route {
  /** Null when there is nothing to write. */
  readonly version: RecordVersion | null;
  readonly kind: Exclude<keyof PlanCounts, 'held'>;
}

/**
 * Compares a file with the vault, so that importing it again adds nothing. What a person changed here is never replaced by a
 * file: the file's version is put beside it.
 */
export function planImport(
  batches: readonly RoutedBatch[],
  streams: Iterable<KnownStream>,
  assignedIds: ReadonlySet<string> = new Set(),
): ImportPlan {
  const known = recordsById(streams);
  const anonymous = anonymousContents(known, assignedIds);
  const planning: Planning = { known, assignedIds, anonymous, names: new Map(), findings: [] };
  const strangers = strangersIn(batches, planning);
  const counts: PlanCounts = { unchanged: 0, changed: 0, new: 0, beside: 0, held: 0 };
  const kept: RoutedBatch[] = [];
  for (const { batch, ...route } of batches) {
    if (batch.patient !== null && strangers.has(batch.patient)) {
      counts.held += batch.versions.length;
      continue;
    }
    const planned = batch.versions.map((version) => planVersion(version, route, planning));
    for (const { kind } of planned) counts[kind] += 1;
    // A record stays in the stream it was first written to, so one batch may become several.
    for (const items of Map.groupBy(planned, (item) => `${item.compartment} ${item.stream}`).values()) {
      const versions = items.flatMap((item) => item.version ?? []);
      const { compartment, stream } = items[0] ?? route;
      if (versions.length > 0) kept.push({ compartment, stream, batch: { ...batch, versions } });
    }
  }
  return { batches: kept, counts, heldPatients: strangers, findings: planning.findings };
}

function planVersion(version: RecordVersion, route: Route, planning: Planning): Planned {
  const type = splitRecordId(version.id)?.type ?? null;
  if (planning.assignedIds.has(version.id) && planning.anonymous.has(contentWithoutId(version)))
    return { ...route, version: null, kind: 'unchanged' };
  const places = planning.known.get(version.id) ?? [];
  const place = places.find((one) => sameStream(one, route)) ?? places.find((one) => keepsItsStream(one, route));
  const renamed = {
    ...version,
    replaces: version.replaces.map((name) => planning.names.get(nameKey(version.id, name)) ?? name),
  };
  if (place === undefined) {
    if (places.length > 0) report(planning, 'warning', 'OTHER_PATIENT', type);
    return { ...route, version: renamed, kind: 'new' };
  }
  const { compartment, stream, record } = place;
  const twin = record.history.find((one) => one.fullUrl === version.fullUrl && equalContent(one, version));
  if (twin !== undefined) {
    planning.names.set(nameKey(version.id, version.version), twin.version);
    if (version.content !== null && record.current.every((one) => one.content === null))
      report(planning, 'note', 'REMOVED_HERE', type);
    return { compartment, stream, version: null, kind: 'unchanged' };
  }
  const replaces = renamed.replaces.length > 0 ? renamed.replaces : replacedByImport(record, version);
  const kind = replaces === null || leavesEdit(record, replaces) ? 'beside' : 'changed';
  if (kind === 'beside') report(planning, 'warning', 'EDITED_HERE', type);
  return { compartment, stream, version: { ...renamed, replaces: replaces ?? [] }, kind };
}

/** Null when a person's work, or a choice still to be made, stands in the way. */
function replacedByImport(record: RecordState, version: RecordVersion): readonly Uint8Array[] | null {
  // The same content under another fullUrl: references must go on reaching the record by both.
  if (record.current.some((one) => equalContent(one, version))) return [];
  const [current, other] = record.current;
  return current === undefined || other !== undefined || current.change !== 'import' ? null : [current.version];
}

/** True when a version of the vault that the file's own history builds on has been replaced here since. */
function leavesEdit(record: RecordState, replaces: readonly Uint8Array[]): boolean {
  const names = new Set(replaces.map(bytesToHex));
  const replaced = record.history.filter((one) => names.has(bytesToHex(one.version)));
  return replaced.some((one) => !record.current.includes(one));
}

/** Patients of the file whose id the vault gave to somebody else. */
function strangersIn(batches: readonly RoutedBatch[], planning: Planning): ReadonlySet<string> {
  const strangers = new Set<string>();
  for (const version of batches.flatMap(({ batch }) => batch.versions)) {
    if (splitRecordId(version.id)?.type !== 'Patient' || strangers.has(version.id)) continue;
    const resource = resourceOf(version);
    const history = (planning.known.get(version.id) ?? []).flatMap((place) => place.record.history);
    const people = history.map(resourceOf).filter((person) => person !== null);
    if (resource === null || people.length === 0 || people.some((person) => mayBeSamePerson(person, resource)))
      continue;
    strangers.add(version.id);
    report(planning, 'refused', 'OTHER_PERSON', 'Patient');
  }
  return strangers;
}

function recordsById(streams: Iterable<KnownStream>): Map<string, KnownRecord[]> {
  const known = new Map<string, KnownRecord[]>();
  for (const { compartment, stream, state } of streams)
    for (const record of state.records.values()) {
      const places = known.get(record.id) ?? [];
      places.push({ compartment, stream, record });
      known.set(record.id, places);
    }
  return known;
}

function anonymousContents(
  known: ReadonlyMap<string, readonly KnownRecord[]>,
  assignedIds: ReadonlySet<string>,
): Set<string> {
  const types = new Set([...assignedIds].map((id) => splitRecordId(id)?.type));
  const versions = [...known]
    .filter(([id]) => types.has(splitRecordId(id)?.type))
    .flatMap(([, places]) => places.flatMap((place) => place.record.history));
  return new Set(versions.map(contentWithoutId));
}

function contentWithoutId(version: RecordVersion): string {
  const { id: _, ...rest }: JsonObject = resourceOf(version) ?? {};
  return canonicalJson(rest);
}

function sameStream(left: Route, right: Route): boolean {
  return left.compartment === right.compartment && left.stream === right.stream;
}

/** Months and years follow dates, which change; a patient's file does not change hands. */
function keepsItsStream(place: Route, route: Route): boolean {
  return place.compartment === route.compartment && place.compartment !== 'clinical';
}

function equalContent(left: RecordVersion, right: RecordVersion): boolean {
  if (left.content === null || right.content === null || left.content === right.content)
    return left.content === right.content;
  return left.content.length === right.content.length && equalJson(parseJson(left.content), parseJson(right.content));
}

function resourceOf(version: RecordVersion): JsonObject | null {
  const value = version.content === null ? null : parseJson(version.content);
  return value !== null && isJsonObject(value) ? value : null;
}

function nameKey(id: string, name: Uint8Array): string {
  return `${id} ${bytesToHex(name)}`;
}

function report(
  planning: Planning,
  severity: ImportFinding['severity'],
  code: ImportFindingCode,
  type: string | null,
): void {
  planning.findings.push({ code, severity, line: null, entry: null, type, fields: {} });
}
