import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { type Bytes, equalBytes, hexToBytes } from '@serment/core/bytes';
import { sha256 } from '@serment/core/hash';
import type { Body } from '@serment/core/journal/body';
import { encodeStatement, signedMessage } from '@serment/core/journal/entry';
import { encodeHeader, type Header } from '@serment/core/journal/header';
import { encodeHeads, type Heads } from '@serment/core/journal/heads';
import { seedToSigner } from '@serment/core/keys/signing';
import type { RoutedBatch } from '@serment/records/import/batch';
import { newVersion } from '@serment/records/version';
import { importBatches } from '../src/bulk-import.ts';
import { memoryCache } from '../src/cache.ts';
import { enrolByKit } from '../src/device.ts';
import { headsAt } from '../src/heads-keeper.ts';
import { JournalMirror } from '../src/journal-mirror.ts';
import type { Practice } from '../src/practice.ts';
import { Transport } from '../src/transport.ts';
import { hostSigner, Liar, LyingJournal } from './liar.ts';
import { createTestPractice, note, openDevice, patient, settle, type TestPractice, titles } from './practice-setup.ts';
import { type RunningServer, startRunningServer } from './running-server.ts';

export const patients = ['p0', 'p1', 'p2', 'p3', 'p4'];
const notes = 1150;
/** Most notes are the last patient's; the others' stand among them. */
const patientOf = (place: number) => patients[Math.min(place % 20, patients.length - 1)] ?? '';

/** A practice whose journal is long enough for a `heads`, and what tells lies about it. Called in a `describe`. */
export function headsScene() {
  let server: RunningServer;
  let made: TestPractice;
  let device: Practice;
  /** Of another device than the one that writes. */
  let seed: Bytes;
  const liars: Liar[] = [];

  before(async () => {
    server = await startRunningServer();
    made = await createTestPractice(server.url);
    seed = (await enrol()).seed;
    device = await openDevice(made);
    await grow();
  });
  after(async () => {
    for (const liar of liars) await liar.close();
    await server?.remove();
  });

  const enrol = (fetch = globalThis.fetch) => {
    const transport = new Transport({ baseUrl: server.url, fetch });
    return enrolByKit({ transport, kitText: made.kitText, label: 'browser' });
  };
  /** As an import of so many entries. */
  const grow = async (count = notes) => {
    await importBatches(device, batches(device, count));
    await settle(device);
  };
  const headsStream = () => device.keyring.stream('admin', 'heads');
  const lastHeads = () => device.mirror.entriesOf(headsStream().id).at(-1) ?? -1;

  /** Signs a `heads` of that size with another content, as a device that is wrong or worse would. Returns its number. */
  const writeHeads = async (change: (heads: Heads) => Heads | Bytes = (heads) => heads, size = 1024) => {
    const root = device.mirror.rootAt(size) ?? new Uint8Array(32);
    const changed = change(await headsAt(device.mirror, { size, root }, () => Promise.resolve()));
    const [content, told] = changed instanceof Uint8Array ? [changed, { size, root }] : [encodeHeads(changed), changed];
    const body = { kind: 'heads' as const, size: told.size, root: told.root };
    await device.outbox.add([{ stream: headsStream(), body, content, blobs: [] }]);
    await settle(device);
    return lastHeads();
  };

  /** The journal as it is, under the host's own key. */
  const journal = async (): Promise<LyingJournal> => {
    const entries: Bytes[] = [];
    await device.sync();
    for (let index = 0; index < device.mirror.size; index += 1) entries.push((await device.mirror.entry(index)).bytes);
    return new LyingJournal(made.practice, await hostSigner(server.hostKeyFile), entries);
  };
  /** Appends an entry of the host's to their stream; returns its number. */
  const forge = async (lying: LyingJournal, body: Body): Promise<number> => {
    const { author } = lying.signer;
    const header: Header = {
      ...{
        format: 1,
        practice: made.practice,
        kind: body.kind,
        author,
        stream: headsStream().id,
        compartment: 'admin',
      },
      ...{ epoch: 1, base: null, prev: device.mirror.lastEntryOf(author), time: Date.now(), blobs: [], body },
      seen: { size: lying.entries.length, root: lying.root() },
    };
    const headerBytes = encodeHeader(header);
    const payloadHash = sha256(headerBytes);
    const signature = await lying.signer.sign(signedMessage(headerBytes, payloadHash));
    return lying.take(encodeStatement({ headerBytes, payloadHash, signature })).index;
  };
  /** Number of an entry of the host's own stream. */
  const trace = () => {
    const listed = new Set(device.mirror.streams().flatMap((name) => device.mirror.entriesOf(hexToBytes(name))));
    return Array.from({ length: device.mirror.size }, (_, index) => index).findLast((index) => !listed.has(index)) ?? 0;
  };

  const startLiar = async () => {
    const liar = await Liar.start(server.url);
    liars.push(liar);
    return liar;
  };

  /** What reading everything from the first entry gives; the other image is then as new as it. */
  const readWhole = async (other: JournalMirror): Promise<JournalMirror> => {
    const source = new Transport({ baseUrl: server.url });
    await source.openSession(made.practice, await seedToSigner(made.seed));
    const mirror = await JournalMirror.open({ practice: made.practice, source, cache: memoryCache() });
    await mirror.sync();
    await other.sync();
    return mirror;
  };

  return {
    ...{ enrol, grow, journal, forge, trace, headsStream, lastHeads, writeHeads, startLiar, readWhole },

    newDevice: (liar?: Liar) => openDevice(made, { seed, url: (liar ?? server).url }),
    get device() {
      return device;
    },
    get server() {
      return server;
    },
    get made() {
      return made;
    },
  };
}

function* batches(device: Practice, count: number): Generator<RoutedBatch> {
  for (const id of device.directory.size === 0 ? patients : []) {
    const versions = [newVersion({ resource: patient(id, id), change: 'create' }, device.random)];
    yield { compartment: 'admin', stream: 'directory', batch: { patient: `Patient/${id}`, versions, documents: [] } };
  }
  for (let place = 0; place < count; place += 1) {
    const id = count < notes ? 'p4' : patientOf(place);
    const resource = note(`${id}-${place}`, id, `Note ${place}`);
    const versions = [newVersion({ resource, change: 'create' }, device.random)];
    yield {
      compartment: 'clinical',
      stream: `patient/${id}`,
      batch: { patient: `Patient/${id}`, versions, documents: [] },
    };
  }
}

/** Every note of a patient that the import wrote, and no other. */
export async function assertWhole(device: Practice, id: string, more: readonly string[] = []): Promise<void> {
  const file = await device.readPatient(`Patient/${id}`);
  const places = Array.from({ length: notes }, (_, place) => place).filter((place) => patientOf(place) === id);
  const expected = places.map((place) => `Note ${place}`);
  assert.deepEqual(titles(file).toSorted(), [...expected, ...more].toSorted());
  assert.deepEqual(file.findings, []);
  assert.equal(file.isComplete, true);
}

/** The same stream without one of its entries. */
export function without(heads: Heads, stream: Bytes, place: number, id?: Bytes): Heads {
  const streams = heads.streams.map((known) => {
    if (!equalBytes(known.stream, stream)) return known;
    return { ...known, id: id ?? known.id, entries: known.entries.toSpliced(place, 1) };
  });
  return { ...heads, streams };
}
