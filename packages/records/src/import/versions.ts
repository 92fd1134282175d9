import { hasSchema } from '../fhir/schema.ts';
import { equalJson } from '../json-text.ts';
import { patientOf } from '../patient-link.ts';
import type { ReferenceResolver } from '../reference.ts';
import { isClinicalAppointment, type Route, routeOf } from '../route.ts';
import { type RecordVersion, removedVersion, versionNameBytes } from '../version.ts';
import type { Deleted, Reading, Received } from './received.ts';

/** A version with the stream it belongs to. */
export interface RoutedVersion extends Route {
  readonly patient: string | null;
  /** True when its patient could not be told: it must share a payload with no other. */
  readonly alone: boolean;
  readonly version: RecordVersion;
}

/** What one bundle, or one line of an NDJSON file, gave. */
export interface ReceivedGroup {
  readonly items: readonly (Received | Deleted)[];
  /** A history's entries are successive states of the same records; otherwise one id stands for one record. */
  readonly history: boolean;
}

/** Turns what was received into versions, each routed by the patient it concerns. */
export function versionsOf(
  groups: readonly ReceivedGroup[],
  reading: Reading,
  resolver: ReferenceResolver,
): RoutedVersion[] {
  const seen = new Map<string, Received[]>();
  return groups.flatMap((group) =>
    group.history ? historyVersions(group, reading, resolver) : singleVersions(group, { reading, resolver, seen }),
  );
}

interface SingleContext {
  readonly reading: Reading;
  readonly resolver: ReferenceResolver;
  /** What the file gave so far, by record. */
  readonly seen: Map<string, Received[]>;
}

function singleVersions(group: ReceivedGroup, { reading, resolver, seen }: SingleContext): RoutedVersion[] {
  const { report } = reading;
  const routed: RoutedVersion[] = [];
  for (const item of group.items) {
    if (item.kind === 'deletion') {
      report.warn('ENTRY_WITHOUT_RESOURCE', item.place);
      continue;
    }
    const twins = seen.get(item.id) ?? [];
    const equals = twins.filter((twin) => equalJson(twin.resource, item.resource));
    if (equals.some((twin) => twin.fullUrl === item.fullUrl)) {
      report.count(item.type, 'identical');
      continue;
    }
    // Two states with nothing to say which came last: both are kept for a person to choose.
    if (twins.length > equals.length) report.warn('ID_REUSED', item.place, { type: item.type });
    seen.set(item.id, [...twins, item]);
    routed.push(routeReceived(item, importVersion(item, [], reading), { resolver, reading }));
  }
  return routed;
}

/** Each state replaces the one before; the file follows the patient that the last state names. */
function historyVersions(group: ReceivedGroup, reading: Reading, resolver: ReferenceResolver): RoutedVersion[] {
  const chains = Map.groupBy(oldestFirst(group.items), (item) => item.id);
  return [...chains.values()].flatMap((chain) => {
    const last = chain.findLast((item) => item.kind === 'resource');
    if (last === undefined) {
      for (const item of chain) reading.report.warn('ENTRY_WITHOUT_RESOURCE', item.place);
      return [];
    }
    const versions: RecordVersion[] = [];
    let before: Received | Deleted | null = null;
    for (const item of chain) {
      const replaces = versions.slice(-1).map((version) => version.version);
      if (item.kind === 'deletion') versions.push(removedVersion(item.id, replaces, reading.random));
      else if (before?.kind === 'resource' && equalJson(before.resource, item.resource))
        reading.report.count(item.type, 'identical');
      else versions.push(importVersion(item, replaces, reading));
      before = item;
    }
    return versions.map((version) => ({ ...routeReceived(last, version, { resolver, reading }), version }));
  });
}

function importVersion(item: Received, replaces: readonly Uint8Array[], { report, random }: Reading): RecordVersion {
  report.count(item.type, 'stored');
  if (!hasSchema(item.type)) report.count(item.type, 'keptAsReceived');
  return {
    id: item.id,
    version: random(versionNameBytes),
    replaces,
    change: 'import',
    fullUrl: item.fullUrl,
    content: item.content,
  };
}

function routeReceived(
  item: Received,
  version: RecordVersion,
  { resolver, reading }: { readonly resolver: ReferenceResolver; readonly reading: Reading },
): RoutedVersion {
  const link = patientOf(item.resource, resolver);
  const details = { type: item.type };
  if (link.kind === 'unknown') reading.report.warn('PATIENT_UNKNOWN', item.place, details);
  if (link.kind === 'several') reading.report.warn('PATIENT_SEVERAL', item.place, details);
  if (isClinicalAppointment(item.resource)) reading.report.note('APPOINTMENT_WITH_REASON', item.place, details);
  const alone = link.kind === 'unknown' || link.kind === 'several';
  return { ...routeOf(item.resource, link), patient: link.kind === 'one' ? link.patient : null, alone, version };
}

/** FHIR writes a history newest first; where every entry says when it was written, that decides. */
function oldestFirst(items: readonly (Received | Deleted)[]): (Received | Deleted)[] {
  const reversed = [...items].reverse();
  const times = new Map(reversed.map((item) => [item, Date.parse(item.writtenAt ?? '')]));
  if ([...times.values()].some(Number.isNaN)) return reversed;
  return reversed.sort((left, right) => (times.get(left) ?? 0) - (times.get(right) ?? 0));
}
