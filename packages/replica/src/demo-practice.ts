import { bytesToHex, utf8ToBytes } from '@serment/core/bytes';
import { inParallel } from '@serment/core/in-parallel';
import { demoAppointments } from '@serment/records/demo/appointments';
import { demoArrivals } from '@serment/records/demo/arrivals';
import { parseDay } from '@serment/records/demo/calendar';
import {
  type DemoDocument,
  type DemoPatient,
  type DemoPractice,
  demoPatientId,
  demoPractice,
} from '@serment/records/demo/demo-practice';
import { readAppointment } from '@serment/records/fhir/appointment';
import type { PractitionerTraits } from '@serment/records/fhir/directory';
import { batchesOf, type RoutedBatch } from '@serment/records/import/batch';
import type { RoutedVersion } from '@serment/records/import/versions';
import type { JsonObject } from '@serment/records/json-text';
import { routeOf } from '@serment/records/route';
import { type Change, type DocumentKey, type RecordVersion, versionNameBytes } from '@serment/records/version';
import { importBatches } from './bulk-import.ts';
import { testData } from './demonstration.ts';
import { uploadDocument } from './documents.ts';
import type { Practice } from './practice.ts';
import { loadStream } from './stream-view.ts';

export interface DemoFill {
  readonly patients: number;
  readonly seed: number;
  /** `YYYY-MM-DD`: every invented date follows from it. */
  readonly today: string;
  readonly onProgress?: (patients: number, total: number) => void;
  readonly signal?: AbortSignal;
}

export interface DemoFilled {
  readonly patients: number;
  readonly records: number;
  readonly documents: number;
  readonly entries: number;
}

const documentScheme = 'urn:serment:document:';
const windowPatients = 32;
const uploadsAtOnce = 8;
/** Of the first patients, what arrives is. */
const arrivalsOf = 5;

/** Names with which to create the practice that `fillDemonstration` fills. */
export function demonstrationNames(seed: number): { practiceName: string; doctor: PractitionerTraits } {
  const { organization, members } = demoPractice({ patients: 0, seed, today: '2026-01-01' });
  const [doctor] = members;
  const name = doctor?.practitioner.name[0];
  const rpps = doctor?.practitioner.identifier?.find(({ use }) => use === 'official')?.value;
  return {
    practiceName: `${organization.name} (démonstration)`,
    doctor: {
      family: name?.family ?? '',
      ...(name?.given?.[0] === undefined ? {} : { given: name.given[0] }),
      ...(name?.prefix?.[0] === undefined ? {} : { prefix: name.prefix[0] }),
      ...(rpps === undefined ? {} : { rpps }),
    },
  };
}

/**
 * Fills a practice that was just created with invented patients and their documents, and marks it as a demonstration.
 * Everything goes through the doors that real records go through. Throws as `importBatches` and `uploadDocument`.
 */
export async function fillDemonstration(practice: Practice, fill: DemoFill): Promise<DemoFilled> {
  const demo = demoPractice(fill);
  const names = namesIn(demo, practice);
  const filled = { patients: 0, records: 0, documents: 0, entries: 0 };
  await importBatches(practice, demoBatches(practice, { demo, fill }, names), {
    ...(fill.signal === undefined ? {} : { signal: fill.signal }),
    onStored: (batches, receipts) => {
      filled.entries += receipts.length;
      for (const { compartment, batch } of batches) {
        filled.records += batch.versions.length;
        filled.documents += batch.documents.length;
        if (compartment === 'admin' && batch.patient !== null) filled.patients += 1;
      }
      fill.onProgress?.(filled.patients, fill.patients);
    },
  });
  filled.documents += await receiveArrivals(practice, demo, fill.today);
  return filled;
}

/** What the laboratory sent this morning: some of it filed, none of it read. Returns how many documents it is. */
async function receiveArrivals(practice: Practice, demo: DemoPractice, today: string): Promise<number> {
  let count = 0;
  const first: DemoPatient[] = [];
  for (const patient of demo.patients()) if (first.push(patient) === arrivalsOf) break;
  await practice.sync();
  for (const { name, text, filedFor } of demoArrivals(
    first.map(({ resources: [patient] }) => patient),
    parseDay(today),
  )) {
    const [arrived] = await practice.inbox.receive({ name, bytes: utf8ToBytes(text) });
    count += 1;
    const patient = filedFor === null ? null : `Patient/${first[filedFor]?.patientId ?? ''}`;
    if (arrived?.id != null && patient !== null) await practice.inbox.file(arrived.id, patient);
  }
  await practice.outbox.flush();
  return count;
}

/** Ids of the generator, and what they are called in this practice. */
type Names = readonly (readonly [generated: string, own: string])[];

function namesIn(demo: DemoPractice, { practice, keyring }: Practice): Names {
  const founder = demo.members[0]?.practitioner.id ?? '';
  return [
    [`Organization/${demo.organization.id}`, `Organization/${bytesToHex(practice)}`],
    [`Practitioner/${founder}`, `Practitioner/${bytesToHex(keyring.member)}`],
  ];
}

async function* demoBatches(
  practice: Practice,
  { demo, fill }: { readonly demo: DemoPractice; readonly fill: DemoFill },
  names: Names,
): AsyncGenerator<RoutedBatch> {
  yield await practiceBatch(practice, demo);
  const windows = windowsOf(demo.patients());
  let next = windows.next();
  let ready = next.done ? null : patientBatches(practice, next.value, names);
  while (ready !== null) {
    const batches = await ready;
    next = windows.next();
    // The next patients' documents travel while these are sealed and sent.
    ready = next.done ? null : patientBatches(practice, next.value, names);
    ready?.catch(() => undefined);
    yield* batches;
  }
  const agenda = agendaBatch(practice, fill, names);
  if (agenda !== null) yield agenda;
}

/** Today's appointments with the patients that there are; null where there is none of them. */
function agendaBatch(practice: Practice, { today, seed, patients }: DemoFill, names: Names): RoutedBatch | null {
  const known = new Set(Array.from({ length: patients }, (_, place) => `Patient/${demoPatientId(seed, place)}`));
  const versions = demoAppointments(today, seed)
    .filter((appointment) => readAppointment(appointment)?.patients.every((one) => known.has(one)))
    .map((appointment) => versionOf(appointment, practice.random(versionNameBytes), { names }));
  if (versions.length === 0) return null;
  const stream = `agenda/${today.slice(0, 7)}`;
  return { compartment: 'admin', stream, batch: { patient: null, versions, documents: [] } };
}

/** The practice with its mark and its address, and the members that only appear in records. */
async function practiceBatch(practice: Practice, demo: DemoPractice): Promise<RoutedBatch> {
  const id = bytesToHex(practice.practice);
  const stream = practice.keyring.stream('admin', 'directory');
  const { state } = await loadStream(stream, practice.streamParts());
  const current = state.records.get(`Organization/${id}`)?.current ?? [];
  const { name }: { name?: unknown } = JSON.parse(current.at(-1)?.content ?? '{}');
  const organization = {
    ...demo.organization,
    id,
    meta: { security: [testData] },
    name: typeof name === 'string' ? name : demo.organization.name,
  };
  const replaces = current.map(({ version }) => version);
  const versions = [
    versionOf(organization, practice.random(versionNameBytes), { change: 'edit', replaces }),
    ...demo.members.slice(1).map(({ practitioner }) => versionOf(practitioner, practice.random(versionNameBytes))),
  ];
  return { compartment: 'admin', stream: 'directory', batch: { patient: null, versions, documents: [] } };
}

async function patientBatches(
  practice: Practice,
  patients: readonly DemoPatient[],
  names: Names,
): Promise<RoutedBatch[]> {
  const keys = await uploadAll(
    practice,
    patients.flatMap(({ documents }) => documents),
  );
  return patients.flatMap((patient) => batchesOfPatient(practice, patient, { names, keys }));
}

function batchesOfPatient(
  practice: Practice,
  { patientId, resources, documents }: DemoPatient,
  { names, keys }: { names: Names; keys: ReadonlyMap<string, DocumentKey> },
): RoutedBatch[] {
  const patient = `Patient/${patientId}`;
  const letters = documents.flatMap(({ id }) => {
    const key = keys.get(id);
    return key === undefined ? [] : [{ id, key }];
  });
  const urls: Names = letters.map(({ id, key }) => [documentScheme + id, documentScheme + bytesToHex(key.blobId)]);
  // One draw for all: the platform's generator costs more by the call than by the byte.
  const drawn = practice.random(versionNameBytes * resources.length);
  const routed = resources.map((resource, place): RoutedVersion => {
    const name = drawn.slice(place * versionNameBytes, (place + 1) * versionNameBytes);
    const isLetter = resource.resourceType === 'DocumentReference';
    const version = versionOf(resource, name, { names: isLetter ? [...names, ...urls] : names });
    const own = { patient, alone: false, version };
    return { ...own, ...routeOf(resource as unknown as JsonObject, { kind: 'one', patient }) };
  });
  const batches = batchesOf(routed);
  const last = batches.findLastIndex(({ compartment }) => compartment === 'clinical');
  return batches.map((one, place) =>
    place === last ? { ...one, batch: { ...one.batch, documents: letters.map(({ key }) => key) } } : one,
  );
}

function versionOf(
  resource: { readonly resourceType: string; readonly id?: string | undefined },
  version: Uint8Array,
  how: { names?: Names; change?: Change; replaces?: readonly Uint8Array[] } = {},
): RecordVersion {
  let content = JSON.stringify(resource);
  for (const [generated, named] of how.names ?? []) content = content.replaceAll(generated, named);
  return {
    id: `${resource.resourceType}/${resource.id ?? ''}`,
    version,
    replaces: how.replaces ?? [],
    change: how.change ?? 'create',
    fullUrl: null,
    content,
  };
}

/** Sealed and stored at the host, a few at a time; by the generator's id. */
async function uploadAll(practice: Practice, documents: readonly DemoDocument[]): Promise<Map<string, DocumentKey>> {
  const keys = new Map<string, DocumentKey>();
  await inParallel(documents, uploadsAtOnce, async ({ id, bytes, mediaType }) => {
    keys.set(id, await uploadDocument({ clear: new Blob([bytes]).stream(), mediaType }, practice));
  });
  return keys;
}

function* windowsOf(patients: Iterable<DemoPatient>): Generator<DemoPatient[]> {
  let window: DemoPatient[] = [];
  for (const patient of patients) {
    window.push(patient);
    if (window.length < windowPatients) continue;
    yield window;
    window = [];
  }
  if (window.length > 0) yield window;
}
