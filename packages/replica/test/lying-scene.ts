import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { type Bytes, bytesToHex } from '@serment/core/bytes';
import type { Body } from '@serment/core/journal/body';
import { type Entry, encodeEntry, encodeStatement, parseEntry, signedMessage } from '@serment/core/journal/entry';
import { encodeHeader, governanceStream, type Header, hostStream } from '@serment/core/journal/header';
import { randomBytes } from '@serment/core/random';
import type { Signer } from '@serment/core/signature';
import {
  encodeEntriesAnswer,
  encodePayloadsAnswer,
  encodeStreamAnswer,
  parsePayloadsAnswer,
  parseStreamAnswer,
} from '@serment/core/wire/read';
import { type Cache, memoryCache } from '../src/cache.ts';
import { ReplicaError } from '../src/error.ts';
import type { PatientFile } from '../src/patient-file.ts';
import type { Practice } from '../src/practice.ts';
import { cborAnswer, hostSigner, Liar, LyingJournal } from './liar.ts';
import {
  create,
  createTestPractice,
  fileStream,
  hex,
  note,
  openDevice,
  patient,
  settle,
  type TestPractice,
  titles,
} from './practice-setup.ts';
import { type RunningServer, startRunningServer } from './running-server.ts';

/** What stands in the vault before any lie; nothing else may ever be shown. */
export const truth: Readonly<Record<string, readonly string[]>> = {
  anna: ['Anna une', 'Anna deux', 'Anna trois'],
  bruno: ['Bruno une'],
};

/**
 * Two practices at a real server, one of which is lied about, with what lies are made of. Called in a `describe`: it
 * sets itself up before its tests.
 */
export function lyingScene() {
  let server: RunningServer;
  let made: TestPractice;
  let other: TestPractice;
  let host: Signer;
  let entries: Bytes[];
  let indexes: Readonly<Record<'anna' | 'bruno', readonly number[]>>;
  let otherIndex: number;
  const liars: Liar[] = [];
  /** Cache of a device that knew the truth before. */
  let knowing: Map<string, Uint8Array>;

  before(async () => {
    server = await startRunningServer();
    made = await createTestPractice(server.url);
    other = await createTestPractice(server.url, 'Autre cabinet');
    host = await hostSigner(server.hostKeyFile);
    const device = await openDevice(made);
    for (const [id, notes] of Object.entries(truth)) {
      await create(device, id, patient(id, id));
      for (const text of notes) await create(device, id, note(text.replace(' ', '-'), id, text));
    }
    await settle(device);
    const stranger = await openDevice(other);
    await create(stranger, 'anna', patient('anna', 'Autre'), note('Anna-une', 'anna', 'Étrangère'));
    await settle(stranger);
    otherIndex = stranger.mirror.entriesOf(fileStream(stranger, 'anna').id)[0] ?? 0;
    const cache = memoryCache();
    const reader = await openDevice(made, { cache });
    for (const id of Object.keys(truth)) await reader.readPatient(`Patient/${id}`);
    await reader.sync();
    await reader.persist();
    knowing = new Map();
    for (const key of await cache.keys('')) knowing.set(key, (await cache.get(key)) ?? new Uint8Array());
    entries = [];
    for (let index = 0; index < reader.mirror.size; index += 1) entries.push((await reader.mirror.entry(index)).bytes);
    const indexesOf = (id: string) => reader.mirror.entriesOf(fileStream(reader, id).id);
    indexes = { anna: indexesOf('anna'), bruno: indexesOf('bruno') };
  });
  after(async () => {
    for (const liar of liars) await liar.close();
    await server?.remove();
  });

  const startLiar = async (): Promise<Liar> => {
    const liar = await Liar.start(server.url);
    liars.push(liar);
    return liar;
  };

  const known = (): Cache => {
    const cache = memoryCache();
    for (const [key, value] of knowing) void cache.put(key, value);
    return cache;
  };
  const journal = () => new LyingJournal(made.practice, host, entries);
  const entry = (index: number): Entry => parseEntry(entries[index] ?? new Uint8Array());
  const payloadOf = async (practice: TestPractice, index: number): Promise<Bytes> => {
    const device = await openDevice(practice);
    return (await device.reader.sealed(index)) ?? new Uint8Array();
  };
  /** Gives other payloads in the place of some. */
  const swapPayloads = (liar: Liar, swapped: ReadonlyMap<number, Bytes | null>) => {
    const swap = (items: readonly { index: number; payload: Bytes | null }[]) =>
      items.map(({ index, payload }) => ({
        index,
        payload: swapped.has(index) ? (swapped.get(index) ?? null) : payload,
      }));
    liar.lie(/^GET .*\/streams\//, async ({ forward }) => {
      const { payloads, next } = parseStreamAnswer((await forward()).body);
      return cborAnswer(encodeStreamAnswer({ payloads: swap(payloads), next }));
    });
    liar.lie(/^POST .*\/payloads$/, async ({ forward }) =>
      cborAnswer(encodePayloadsAnswer(swap(parsePayloadsAnswer((await forward()).body)))),
    );
  };
  /** Appends an entry of the liar's own to a journal. */
  const forge = async (
    lying: LyingJournal,
    { signer, body, ...more }: { signer: Signer; body: Body; author?: Bytes } & Partial<Header>,
  ) => {
    const header: Header = {
      ...{ format: 1, practice: made.practice, kind: body.kind, author: signer.author, stream: governanceStream },
      ...{ compartment: null, epoch: 0, base: null, prev: null, time: Date.now(), blobs: [], body },
      seen: { size: lying.entries.length, root: lying.root() },
      ...more,
    };
    const headerBytes = encodeHeader(header);
    const signature = await signer.sign(signedMessage(headerBytes, null));
    lying.take(encodeStatement({ headerBytes, payloadHash: null, signature }));
  };
  /** The same entry with another header, under the signature of the old one. */
  const rewritten = (index: number, change: (header: Header) => Header): Bytes => {
    const { header, payloadHash, signature, receivedAt } = entry(index);
    return encodeEntry({ headerBytes: encodeHeader(change(header)), payloadHash, signature, receivedAt });
  };
  const indexOf = (kind: string, nth = 0) =>
    entries.map((_, index) => index).filter((index) => entry(index).header.kind === kind)[nth] ?? 0;
  /** A practice that a device opens for the first time, through the liar. */
  const newDevice = (liar: Liar) => openDevice(made, { url: liar.url });
  const knowingDevice = (liar: Liar) => openDevice(made, { url: liar.url, cache: known() });

  /** Nothing but the truth is ever shown. */
  const assertTrue = (file: PatientFile, id: string) => {
    for (const title of titles(file)) assert.ok(truth[id]?.includes(title), `shown: ${title}`);
    return titles(file).length;
  };
  /** What a device shows once the lie was told: good content, and no other. */
  const assertReadable = async (device: Practice, ids = Object.keys(truth)) => {
    for (const id of ids) {
      const file = await device.readPatient(`Patient/${id}`);
      assert.equal(assertTrue(file, id), truth[id]?.length);
    }
  };

  /** A lie that the journal itself gives away: nothing of the answer is taken. */
  const caught = (name: string, code: string, tell: (liar: Liar) => unknown, codeWhenKnown = code) =>
    it(`${name} → ${code}`, async () => {
      const liar = await startLiar();
      await tell(liar);
      // A new device shows nothing at all; one that knew better goes on with what it knows.
      await assert.rejects(newDevice(liar), lie(code));
      await assertCaught(await knowingDevice(liar), codeWhenKnown);
    });
  const assertCaught = async (device: Practice, code: string) => {
    assert.equal(device.status().hostLie, code);
    await assert.rejects(device.sync(), { code: 'HOST_LIES' });
    await assertReadable(device);
  };

  /** A lie that a device that knew better gives away; a new one cannot know. */
  const caughtLater = (name: string, code: string, tell: (liar: Liar) => unknown) =>
    it(`${name} → ${code}`, async () => {
      const liar = await startLiar();
      await tell(liar);
      await assertCaught(await knowingDevice(liar), code);
    });

  /** A lie in one place: it is told with its entry, and all the rest reads on. */
  const found = (
    name: string,
    [code, detail]: readonly [string, (string | null)?],
    tell: (liar: Liar) => unknown,
    untouched = ['bruno'],
  ) =>
    it(`${name} → ${code}${detail ? ` ${detail}` : ''}`, async () => {
      const liar = await startLiar();
      await tell(liar);
      const device = await newDevice(liar);
      const findings = [...device.status().findings];
      for (const id of Object.keys(truth)) {
        const file = await device.readPatient(`Patient/${id}`);
        assertTrue(file, id);
        findings.push(...file.findings);
        assert.equal(file.isComplete, file.findings.length === 0);
      }
      const codes = findings.map((one) => [one.code, ...(detail === undefined ? [] : [one.detail])].join(' '));
      assert.deepEqual([...new Set(codes)], [[code, ...(detail === undefined ? [] : [detail])].join(' ')]);
      await assertReadable(device, untouched);
    });

  /**
   * An entry that was tampered with, the tree signed again. What its author wrote after it does not count any more: a
   * new device is shown less, and told so from that entry on; one that knew better takes nothing of it.
   */
  const broken = (name: string, code: string, tamper: (lying: LyingJournal) => Promise<number> | number) =>
    it(`${name} → ${code}`, async () => {
      const liar = await startLiar();
      const lying = journal();
      const index = await tamper(lying);
      liar.serve(lying);
      const device = await newDevice(liar);
      const [first] = device.status().findings;
      assert.deepEqual([first?.code, first?.index], [code, index]);
      for (const { id } of device.status().compartments.length > 0 ? device.directory.rows() : []) {
        const file = await device.readPatient(id);
        assertTrue(file, id.slice('Patient/'.length));
      }
      const knowing = await knowingDevice(liar);
      assert.ok(['ROLLBACK', 'FORK', 'ROOT_MISMATCH'].includes(knowing.status().hostLie ?? ''));
      await assertReadable(knowing);
    });

  function pageOf(list: readonly Bytes[], query: URLSearchParams) {
    const from = Number(query.get('from'));
    const page = list.slice(from, from + Number(query.get('limit')));
    return cborAnswer(encodeEntriesAnswer({ from, entries: page }));
  }

  /** What an honest entry by that author would refer to. */
  function linksOf(lying: LyingJournal, signer: Signer): Partial<Header> {
    const read = lying.entries.map((bytes) => parseEntry(bytes));
    const last = read.findLast(({ header }) => bytesToHex(header.author) === bytesToHex(signer.author));
    const head = read.findLast(({ header }) => bytesToHex(header.stream) === bytesToHex(governanceStream));
    return { prev: last?.id ?? null, base: head?.id ?? null };
  }

  /** Entries that a host may write by itself. */
  async function fetchTraces(lying: LyingJournal, count: number): Promise<void> {
    for (let written = 0; written < count; written += 1) {
      const body: Body = { kind: 'operator', action: 'test', detail: hex(randomBytes(8)) };
      const { prev } = linksOf(lying, host);
      await forge(lying, { signer: host, body, stream: hostStream, prev: prev ?? null, seen: null });
    }
  }

  return {
    ...{
      startLiar,
      known,
      journal,
      entry,
      payloadOf,
      swapPayloads,
      forge,
      rewritten,
      indexOf,
      newDevice,
      knowingDevice,
    },
    ...{ assertReadable, caught, caughtLater, found, broken, pageOf, linksOf, fetchTraces },
    get server() {
      return server;
    },
    get made() {
      return made;
    },
    get other() {
      return other;
    },
    get otherIndex() {
      return otherIndex;
    },
    get host() {
      return host;
    },
    get entries() {
      return entries;
    },
    get indexes() {
      return indexes;
    },
  };
}

/** What a device says when the host's word does not hold. */
export function lie(finding: string) {
  return (error: unknown) => {
    assert.ok(error instanceof ReplicaError);
    assert.deepEqual([error.code, error.fields.finding], ['HOST_LIES', finding]);
    return true;
  };
}
