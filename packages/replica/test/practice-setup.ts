import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { patientStream } from '@serment/records/route';
import { type Cache, memoryCache } from '../src/cache.ts';
import { prepareNewPractice } from '../src/device.ts';
import type { StreamRef } from '../src/keyring.ts';
import type { PatientFile } from '../src/patient-file.ts';
import type { Practice } from '../src/practice.ts';
import { openPractice } from '../src/practice-opening.ts';
import { Transport } from '../src/transport.ts';
import { Network } from './network.ts';

/** A practice at a server, with its founder's device and kit. */
export interface TestPractice {
  readonly url: string;
  readonly practice: Bytes;
  readonly seed: Bytes;
  readonly kitText: string;
}

export async function createTestPractice(url: string, practiceName = 'Cabinet des Tilleuls'): Promise<TestPractice> {
  const transport = new Transport({ baseUrl: url });
  const doctor = { family: 'Vasseur', given: 'Claire', prefix: 'Dr' };
  const prepared = await prepareNewPractice({ transport, practiceName, doctor, label: 'browser' });
  const { practice, seed } = await prepared.commit();
  return { url, practice, seed, kitText: prepared.kit.text };
}

export interface DeviceOptions {
  readonly url?: string;
  readonly cache?: Cache;
  readonly seed?: Bytes;
  readonly clock?: () => number;
  readonly fetch?: typeof globalThis.fetch;
  readonly timeoutMs?: number;
}

export function openDevice(made: TestPractice, options: DeviceOptions = {}): Promise<Practice> {
  const { url = made.url, cache = memoryCache(), seed = made.seed, clock = Date.now, fetch, timeoutMs } = options;
  const transport = new Transport({
    baseUrl: url,
    ...(fetch === undefined ? {} : { fetch }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
  return openPractice({ transport, cache, practice: made.practice, seed, clock });
}

/** The same device with its line cut, and the network that it comes back with. */
export async function openCut(made: TestPractice, cache: Cache): Promise<{ device: Practice; network: Network }> {
  const network = new Network();
  network.isUp = false;
  return { device: await openDevice(made, { cache, fetch: network.fetch }), network };
}

export function patient(id: string, family: string, more: object = {}) {
  return {
    resourceType: 'Patient',
    id,
    name: [{ use: 'official', family, given: ['Élise'] }],
    gender: 'female',
    birthDate: '1954-03-12',
    ...more,
  };
}

export function note(id: string, patientId: string, text: string) {
  return { resourceType: 'Composition', id, subject: { reference: `Patient/${patientId}` }, title: text };
}

/** Saves a patient, or a record of one, as new. */
export function create(practice: Practice, patientId: string, ...resources: object[]): Promise<{ id: string }> {
  const records = resources.map((resource) => ({ resource, change: 'create' as const, replaces: [] }));
  return practice.save({ patient: `Patient/${patientId}`, records });
}

/** Sends what waits and folds what came. */
export async function settle(practice: Practice): Promise<void> {
  await practice.outbox.flush();
  await practice.sync();
}

export function fileStream(practice: Practice, patientId: string): StreamRef {
  return practice.keyring.stream('clinical', patientStream(`Patient/${patientId}`));
}

/** Titles of the notes that a file shows, every current version of each. */
export function titles(file: PatientFile): string[] {
  return file.records.flatMap((record) =>
    record.versions.flatMap(({ content }) => {
      const { title } = JSON.parse(content ?? '{}') as { title?: string };
      return title === undefined ? [] : [title];
    }),
  );
}

export function hex(bytes: Uint8Array): string {
  return bytesToHex(bytes);
}
