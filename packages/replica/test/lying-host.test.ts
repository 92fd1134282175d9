import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Bytes, bytesToHex } from '@serment/core/bytes';
import type { Body } from '@serment/core/journal/body';
import { signCheckpoint } from '@serment/core/journal/checkpoint';
import { type Entry, encodeEntry, encodeStatement, parseEntry, signedMessage } from '@serment/core/journal/entry';
import { encodeHeader, governanceStream, type Header, hostStream } from '@serment/core/journal/header';
import { newSeed, seedToRecipient } from '@serment/core/keys/seed';
import { seedToSigner } from '@serment/core/keys/signing';
import { randomBytes } from '@serment/core/random';
import type { Signer } from '@serment/core/signer';
import {
  encodeEntriesAnswer,
  encodePayloadsAnswer,
  encodeStreamAnswer,
  parsePayloadsAnswer,
  parseStreamAnswer,
} from '@serment/core/wire/read';
import { type Cache, memoryCache } from '../src/cache.ts';
import { enrolByKit, prepareNewPractice } from '../src/device.ts';
import { writeEntry } from '../src/entry-writer.ts';
import { ReplicaError } from '../src/error.ts';
import type { PatientFile } from '../src/patient-file.ts';
import type { Practice } from '../src/practice.ts';
import { Transport } from '../src/transport.ts';
import { cborAnswer, hostSigner, jsonAnswer, Liar, LyingJournal, textAnswer } from './liar.ts';
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
const truth: Readonly<Record<string, readonly string[]>> = {
  anna: ['Anna une', 'Anna deux', 'Anna trois'],
  bruno: ['Bruno une'],
};

describe('a lying host', () => {
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

  describe('payloads', () => {
    found('swapped between two entries of a file', ['PAYLOAD_MISMATCH'], async (liar) => {
      const [first = 0, second = 0] = indexes.anna;
      swapPayloads(
        liar,
        new Map([
          [first, await payloadOf(made, second)],
          [second, await payloadOf(made, first)],
        ]),
      );
    });
    found('swapped between two patients', ['PAYLOAD_MISMATCH'], async (liar) => {
      swapPayloads(liar, new Map([[indexes.anna[0] ?? 0, await payloadOf(made, indexes.bruno[0] ?? 0)]]));
    });
    found('swapped between two practices', ['PAYLOAD_MISMATCH'], async (liar) => {
      swapPayloads(liar, new Map([[indexes.anna[0] ?? 0, await payloadOf(other, otherIndex)]]));
    });
    broken('swapped with the hash in the entry', 'SIGNATURE_INVALID', (lying) => {
      const [index = 0] = indexes.anna;
      const { headerBytes, signature, receivedAt } = entry(index);
      const { payloadHash } = entry(indexes.bruno[0] ?? 0);
      lying.entries[index] = encodeEntry({ headerBytes, payloadHash, signature, receivedAt });
      return index;
    });
    found('withheld from a stream', ['PAYLOAD_MISSING'], (liar) => {
      swapPayloads(liar, new Map([[indexes.anna.at(-1) ?? 0, null]]));
    });
    found('withheld with its place in the stream', ['STREAM_INCOMPLETE'], (liar) => {
      liar.lie(/^GET .*\/streams\//, async ({ forward }) => {
        const { payloads, next } = parseStreamAnswer((await forward()).body);
        return cborAnswer(
          encodeStreamAnswer({ payloads: payloads.filter(({ index }) => index !== indexes.anna.at(-1)), next }),
        );
      });
    });
    found('cut', ['PAYLOAD_MISMATCH'], async (liar) => {
      const [index = 0] = indexes.anna;
      swapPayloads(liar, new Map([[index, (await payloadOf(made, index)).slice(0, -1)]]));
    });

    it('are read again, and whole, once the host gives them', async () => {
      const liar = await startLiar();
      const cache = memoryCache();
      const directory = entries.map((_, index) => index).filter((index) => entry(index).header.compartment === 'admin');
      swapPayloads(liar, new Map([...indexes.anna, ...directory].map((index) => [index, null])));
      const device = await openDevice(made, { url: liar.url, cache });
      assert.equal(device.status().findings[0]?.code, 'PAYLOAD_MISSING');
      await device.persist();
      liar.repent();
      const again = await openDevice(made, { url: liar.url, cache });
      await assertReadable(again);
      assert.deepEqual(again.status().findings, []);
    });
  });

  describe('entries', () => {
    caught('dropped', 'ROOT_MISMATCH', (liar) => {
      const kept = entries.filter((_, index) => index !== indexes.anna[1]);
      liar.lie(/^GET .*\/entries\?/, ({ query }) => pageOf(kept, query));
    });
    caught('reordered', 'ROOT_MISMATCH', (liar) => {
      const [first = 0, second = 0] = indexes.anna;
      const swapped = entries.slice();
      swapped[first] = entries[second] ?? new Uint8Array();
      swapped[second] = entries[first] ?? new Uint8Array();
      liar.lie(/^GET .*\/entries\?/, ({ query }) => pageOf(swapped, query));
    });
    caught('truncated', 'ROOT_MISMATCH', (liar) => {
      const cut = entries.slice();
      const [index = 0] = indexes.anna;
      cut[index] = (entries[index] ?? new Uint8Array()).slice(0, -1);
      liar.lie(/^GET .*\/entries\?/, ({ query }) => pageOf(cut, query));
    });
    caught(
      'of another practice',
      'CHECKPOINT_INVALID',
      async (liar) => {
        const stranger = await openDevice(other);
        const foreign: Bytes[] = [];
        for (let index = 0; index < stranger.mirror.size; index += 1)
          foreign.push((await stranger.mirror.entry(index)).bytes);
        liar.serve(new LyingJournal(made.practice, host, foreign));
      },
      'ROLLBACK',
    );
    broken('dropped, the tree signed again', 'UNAUTHORIZED', (lying) => {
      const [, index = 0] = indexes.anna;
      lying.entries.splice(index, 1);
      return index;
    });
    broken('reordered, the tree signed again', 'UNAUTHORIZED', (lying) => {
      const [first = 0, second = 0] = indexes.anna;
      lying.entries[first] = entries[second] ?? new Uint8Array();
      lying.entries[second] = entries[first] ?? new Uint8Array();
      return first;
    });
    found(
      'truncated, the tree signed again',
      ['ENTRY_INVALID'],
      (liar) => {
        const lying = journal();
        lying.entries.push((entries.at(-1) ?? new Uint8Array()).slice(0, -1));
        liar.serve(lying);
      },
      ['anna', 'bruno'],
    );
    found(
      'given twice, the tree signed again',
      ['DUPLICATE'],
      (liar) => {
        const lying = journal();
        const { headerBytes, payloadHash, signature } = entry(indexes.anna[0] ?? 0);
        lying.take(encodeStatement({ headerBytes, payloadHash, signature }));
        liar.serve(lying);
      },
      ['anna', 'bruno'],
    );
    found(
      'dated before the ones that precede them',
      ['TIME_DECREASES'],
      (liar) => {
        const lying = journal();
        const last = entries.length - 1;
        const { headerBytes, payloadHash, signature } = entry(last);
        lying.entries[last] = encodeEntry({ headerBytes, payloadHash, signature, receivedAt: 1_600_000_000_000 });
        liar.serve(lying);
      },
      ['anna', 'bruno'],
    );
  });

  describe('membership and rights', () => {
    found(
      'a member added under a key of the liar',
      ['UNAUTHORIZED', 'AUTHOR_UNKNOWN'],
      async (liar) => {
        const lying = journal();
        const recipient = await seedToRecipient(newSeed());
        const body: Body = {
          kind: 'member',
          member: randomBytes(16),
          role: 'doctor',
          generation: 1,
          recipient,
          wraps: [],
        };
        await forge(lying, { signer: await seedToSigner(newSeed()), body });
        liar.serve(lying);
      },
      ['anna', 'bruno'],
    );
    found(
      'a member added in the name of the founder',
      ['SIGNATURE_INVALID'],
      async (liar) => {
        const lying = journal();
        const recipient = await seedToRecipient(newSeed());
        const body: Body = {
          kind: 'member',
          member: randomBytes(16),
          role: 'doctor',
          generation: 1,
          recipient,
          wraps: [],
        };
        const mine = await seedToSigner(newSeed());
        await forge(lying, { signer: { author: entry(0).header.author, sign: mine.sign.bind(mine) }, body });
        liar.serve(lying);
      },
      ['anna', 'bruno'],
    );
    found(
      'a member added under the key of the host',
      ['UNAUTHORIZED', 'ROLE_FORBIDDEN'],
      async (liar) => {
        const lying = journal();
        const recipient = await seedToRecipient(newSeed());
        const body: Body = {
          kind: 'member',
          member: randomBytes(16),
          role: 'doctor',
          generation: 1,
          recipient,
          wraps: [],
        };
        await forge(lying, { signer: host, body, ...linksOf(lying, host) });
        liar.serve(lying);
      },
      ['anna', 'bruno'],
    );
    found(
      'a grant signed by the host',
      ['UNAUTHORIZED', 'ROLE_FORBIDDEN'],
      async (liar) => {
        const lying = journal();
        const { body } = entry(indexOf('grant')).header;
        assert.equal(body.kind, 'grant');
        await forge(lying, { signer: host, body, ...linksOf(lying, host) });
        liar.serve(lying);
      },
      ['anna', 'bruno'],
    );
    found(
      'a device of the liar, for a member',
      ['UNAUTHORIZED', 'ROLE_FORBIDDEN'],
      async (liar) => {
        const lying = journal();
        const { body } = entry(indexOf('device')).header;
        assert.ok(body.kind === 'device');
        const mine = await seedToSigner(newSeed());
        await forge(lying, { signer: host, body: { ...body, author: mine.author }, ...linksOf(lying, host) });
        liar.serve(lying);
      },
      ['anna', 'bruno'],
    );
  });

  describe('public keys', () => {
    const stranger = newSeed();
    const substitute = (lying: LyingJournal, index: number, change: object): number => {
      lying.entries[index] = rewritten(index, (header) => ({ ...header, body: { ...header.body, ...change } }));
      return index;
    };
    it('of a member, replaced → HOLDER_UNKNOWN', async () => {
      const liar = await startLiar();
      const lying = journal();
      substitute(lying, indexOf('member'), { recipient: await seedToRecipient(stranger) });
      liar.serve(lying);
      await assert.rejects(newDevice(liar), { code: 'HOLDER_UNKNOWN' });
      await assertReadable(await knowingDevice(liar));
    });
    for (const kind of ['device', 'kit', 'epoch'])
      broken(`of a ${kind}, replaced`, 'SIGNATURE_INVALID', async (lying) =>
        substitute(lying, indexOf(kind), { recipient: await seedToRecipient(stranger) }),
      );
    broken('of a device, its signing key replaced', 'SIGNATURE_INVALID', async (lying) =>
      substitute(lying, indexOf('device'), { author: (await seedToSigner(stranger)).author }),
    );
    it('of the host in the genesis, replaced → CHECKPOINT_INVALID', async () => {
      const liar = await startLiar();
      const lying = journal();
      substitute(lying, 0, { hostAuthor: (await seedToSigner(stranger)).author });
      liar.serve(lying);
      await assert.rejects(newDevice(liar), lie('CHECKPOINT_INVALID'));
      await assertReadable(await knowingDevice(liar));
    });
    caught('of the host, another one under the checkpoint', 'CHECKPOINT_INVALID', async (liar) => {
      const mine = await seedToSigner(stranger);
      const { size, root } = { size: entries.length, root: journal().root() };
      const text = await signCheckpoint({ practice: made.practice, fence: 1, size, root }, mine);
      liar.lie(/\/checkpoint$/, () => textAnswer(text));
    });
    it('of the host, another one told at creation: the practice does not open → CHECKPOINT_INVALID', async () => {
      const liar = await startLiar();
      const mine = await seedToSigner(stranger);
      liar.lie(/^GET \/api\/host$/, async ({ forward }) => {
        const told = JSON.parse(new TextDecoder().decode((await forward()).body)) as object;
        return jsonAnswer({ ...told, author: bytesToHex(mine.author) });
      });
      const transport = new Transport({ baseUrl: liar.url });
      const prepared = await prepareNewPractice({
        transport,
        practiceName: 'X',
        doctor: { family: 'Y' },
        label: 'cli',
      });
      await assert.rejects(prepared.commit(), lie('CHECKPOINT_INVALID'));
    });
  });

  describe('heads', () => {
    caughtLater('an old one replayed', 'ROLLBACK', (liar) => {
      const lying = journal();
      lying.entries.length -= 3;
      liar.serve(lying);
    });
    caughtLater('the newest entry of a file withheld, under a smaller checkpoint', 'ROLLBACK', (liar) => {
      const lying = journal();
      lying.entries.length = indexes.bruno.at(-1) ?? 0;
      liar.serve(lying);
    });
    caughtLater('an old one replayed, then a fork that grows past what was known', 'ROOT_MISMATCH', async (liar) => {
      const lying = journal();
      lying.entries.length -= 3;
      await fetchTraces(lying, 8);
      liar.serve(lying);
    });

    it('an old one replayed to a device whose verifier was not kept → ROLLBACK', async () => {
      const liar = await startLiar();
      const cache = known();
      for (const name of ['verifier', 'streams']) await cache.delete(`practice/${hex(made.practice)}/${name}`);
      const lying = journal();
      lying.entries.length -= 3;
      liar.serve(lying);
      await assert.rejects(openDevice(made, { url: liar.url, cache }), lie('ROLLBACK'));
      const forked = journal();
      forked.entries.length -= 3;
      await fetchTraces(forked, 8);
      liar.repent();
      liar.serve(forked);
      await assert.rejects(openDevice(made, { url: liar.url, cache }), lie('FORK'));
    });

    it('two shown to two devices, when what one wrote reaches the other → SEEN_FORK', async () => {
      const { left, right } = await twoBranches();
      await create(right.device, 'bruno', note('right', 'bruno', 'Bruno une'));
      await right.device.outbox.flush();
      const { headerBytes, payloadHash, signature } = parseEntry(right.journal.entries.at(-1) ?? new Uint8Array());
      left.journal.take(encodeStatement({ headerBytes, payloadHash, signature }));
      await left.device.sync();
      assert.deepEqual(
        left.device.status().findings.map(({ code }) => code),
        ['SEEN_FORK'],
      );
    });

    it('two shown to two devices, when they compare their checkpoints → FORK', async () => {
      const { left, right } = await twoBranches();
      const note = right.device.mirror.note ?? '';
      left.liar.lie(/\/checkpoint$/, () => textAnswer(note));
      await assert.rejects(left.device.sync(), lie('FORK'));
    });

    it('a newest entry withheld from one device, when the other writes on → SEEN_AHEAD or SEEN_FORK', async () => {
      const liar = await startLiar();
      const lying = journal();
      lying.entries.length = indexes.bruno.at(-1) ?? 0;
      liar.serve(lying);
      const kept = await openDevice(made, { url: liar.url });
      const honest = new LyingJournal(made.practice, host, entries);
      const writerLiar = await startLiar();
      writerLiar.serve(honest);
      const writer = await openDevice(made, { url: writerLiar.url });
      await create(writer, 'anna', note('later', 'anna', 'Anna une'));
      await writer.outbox.flush();
      const { headerBytes, payloadHash, signature } = parseEntry(honest.entries.at(-1) ?? new Uint8Array());
      lying.take(encodeStatement({ headerBytes, payloadHash, signature }));
      await kept.sync();
      const [finding] = kept.status().findings;
      assert.equal(finding?.code, 'UNAUTHORIZED');
      assert.ok(['SEEN_AHEAD', 'PREV_STALE'].includes(finding.detail ?? ''), String(finding.detail));
    });

    it('an acknowledgement of a save that the journal does not hold → RECEIPT_FALSE, and the save is kept', async () => {
      const liar = await startLiar();
      const lying = journal();
      liar.serve(lying);
      const device = await newDevice(liar);
      liar.lie(/^POST .*\/entries$/, async ({ forward: _, ...asked }) => {
        const before = lying.entries.length;
        assert.ok(asked.body.length > 0);
        await fetchTraces(lying, 1);
        const { encodeAppendAnswer } = await import('@serment/core/wire/append');
        return cborAnswer(
          encodeAppendAnswer({ receipts: [{ index: before, receivedAt: Date.now() }], note: await lying.note() }),
        );
      });
      await create(device, 'anna', note('dropped', 'anna', 'Anna une'));
      await assert.rejects(device.outbox.flush(), lie('RECEIPT_FALSE'));
      assert.equal(device.status().pending, 1);
    });

    /** The same vault up to now, then two journals, each shown to one device. */
    async function twoBranches() {
      const branch = async (traces: number) => {
        const liar = await startLiar();
        const lying = journal();
        await fetchTraces(lying, traces);
        liar.serve(lying);
        return { liar, journal: lying, device: await openDevice(made, { url: liar.url }) };
      };
      const [left, right] = [await branch(2), await branch(2)];
      return { left, right };
    }
  });

  describe('answers', () => {
    const refused = (name: string, code: string, tell: (liar: Liar) => void) =>
      it(`${name} → ${code}`, async () => {
        const liar = await startLiar();
        tell(liar);
        await assert.rejects(newDevice(liar), { code });
        const device = await knowingDevice(liar);
        await assertReadable(device);
      });
    const bytes = (text: string) => new TextEncoder().encode(text);
    refused('a page of something else', 'ANSWER_INVALID', (liar) => {
      liar.lie(/^GET .*\/entries\?/, () => ({ status: 200, type: 'text/html', body: bytes('<html>') }));
    });
    refused('a cut answer', 'ANSWER_INVALID', (liar) => {
      liar.lie(/^GET .*\/entries\?/, async ({ forward }) => {
        const real = await forward();
        return { ...real, body: real.body.slice(0, -1) };
      });
    });
    refused('entries from elsewhere', 'ANSWER_INVALID', (liar) => {
      liar.lie(/^GET .*\/entries\?/, () => cborAnswer(encodeEntriesAnswer({ from: 7, entries: [] })));
    });
    refused('an error of somebody else’s server', 'ANSWER_INVALID', (liar) => {
      liar.lie(/\/checkpoint$/, () => ({ status: 502, type: 'text/html', body: bytes('Bad gateway') }));
    });
    refused('a checkpoint that is none', 'HOST_LIES', (liar) => {
      liar.lie(/\/checkpoint$/, () => textAnswer('bonjour'));
    });
    refused('a size that no journal has', 'HOST_LIES', (liar) => {
      liar.lie(/\/checkpoint$/, async ({ forward }) => {
        const text = new TextDecoder().decode((await forward()).body);
        return textAnswer(text.replace(/\n\d+\n/, '\n9007199254740991\n'));
      });
    });
    refused('a body that does not end', 'ANSWER_INVALID', (liar) => {
      liar.lie(/^GET .*\/entries\?/, () => cborAnswer(new Uint8Array(80_000_000)));
    });

    it('silence in the middle of an answer is a cut, not a wait for ever → UNREACHABLE', async () => {
      const stalled: typeof globalThis.fetch = async (input, init) => {
        const real = await fetch(input, init);
        if (!String(input).includes('/entries?')) return real;
        await real.body?.cancel();
        return new Response(new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array([0x83])) }));
      };
      await assert.rejects(openDevice(made, { fetch: stalled, timeoutMs: 300 }), { code: 'UNREACHABLE' });
    });
  });

  it('an entry sealed under another compartment is kept out of the stream it was put in → STREAM_FORBIDDEN', async () => {
    const transport = new Transport({ baseUrl: server.url });
    const { seed } = await enrolByKit({ transport, kitText: other.kitText, label: 'script' });
    const writer = await openDevice(other, { seed });
    const { mirror, keyring } = writer;
    const content = new TextEncoder().encode('not a batch');
    const sent = await writeEntry(keyring.signer, {
      ...{ practice: other.practice, stream: fileStream(writer, 'anna').id, base: null, prev: null },
      ...{ seen: mirror.seen(), time: Date.now(), body: { kind: 'records', binding: false } },
      sealed: { ...keyring.currentEpoch('admin'), content },
    });
    await writer.transport.append([{ statement: sent.statementBytes, payload: sent.payload }]);
    const device = await openDevice(other);
    const file = await device.readPatient('Patient/anna');
    assert.deepEqual(titles(file), ['Étrangère']);
    assert.deepEqual(
      file.findings.map(({ code, detail }) => [code, detail]),
      [['UNAUTHORIZED', 'STREAM_FORBIDDEN']],
    );
    assert.equal(file.isComplete, false);
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
});

/** What a device says when the host's word does not hold. */
function lie(finding: string) {
  return (error: unknown) => {
    assert.ok(error instanceof ReplicaError);
    assert.deepEqual([error.code, error.fields.finding], ['HOST_LIES', finding]);
    return true;
  };
}
