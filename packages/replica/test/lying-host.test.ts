import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Bytes, bytesToHex } from '@serment/core/bytes';
import type { Body } from '@serment/core/journal/body';
import { signCheckpoint } from '@serment/core/journal/checkpoint';
import { encodeEntry, encodeStatement } from '@serment/core/journal/entry';
import { newSeed, seedToRecipient } from '@serment/core/keys/seed';
import { seedToSigner } from '@serment/core/keys/signing';
import { randomBytes } from '@serment/core/random';
import { encodeStreamAnswer, parseStreamAnswer } from '@serment/core/wire/read';
import { memoryCache } from '../src/cache.ts';
import { prepareNewPractice } from '../src/device.ts';
import { writeEntry } from '../src/entry-writer.ts';
import { Transport } from '../src/transport.ts';
import { cborAnswer, jsonAnswer, LyingJournal, textAnswer } from './liar.ts';
import { lie, lyingScene, truth } from './lying-scene.ts';
import { fileStream, openDevice, titles } from './practice-setup.ts';

describe('a lying host, of what is written', () => {
  const scene = lyingScene();
  const { startLiar, journal, entry, payloadOf, swapPayloads, forge, rewritten, indexOf, newDevice, knowingDevice } =
    scene;
  const { assertReadable, caught, found, broken, pageOf, linksOf } = scene;

  describe('payloads', () => {
    found('swapped between two entries of a file', ['PAYLOAD_MISMATCH'], async (liar) => {
      const [first = 0, second = 0] = scene.indexes.anna;
      swapPayloads(
        liar,
        new Map([
          [first, await payloadOf(scene.made, second)],
          [second, await payloadOf(scene.made, first)],
        ]),
      );
    });
    found('swapped between two patients', ['PAYLOAD_MISMATCH'], async (liar) => {
      swapPayloads(
        liar,
        new Map([[scene.indexes.anna[0] ?? 0, await payloadOf(scene.made, scene.indexes.bruno[0] ?? 0)]]),
      );
    });
    found('swapped between two practices', ['PAYLOAD_MISMATCH'], async (liar) => {
      swapPayloads(liar, new Map([[scene.indexes.anna[0] ?? 0, await payloadOf(scene.other, scene.otherIndex)]]));
    });
    broken('swapped with the hash in the entry', 'SIGNATURE_INVALID', (lying) => {
      const [index = 0] = scene.indexes.anna;
      const { headerBytes, signature, receivedAt } = entry(index);
      const { payloadHash } = entry(scene.indexes.bruno[0] ?? 0);
      lying.entries[index] = encodeEntry({ headerBytes, payloadHash, signature, receivedAt });
      return index;
    });
    found('withheld from a stream', ['PAYLOAD_MISSING'], (liar) => {
      swapPayloads(liar, new Map([[scene.indexes.anna.at(-1) ?? 0, null]]));
    });
    found('withheld with its place in the stream', ['STREAM_INCOMPLETE'], (liar) => {
      liar.lie(/^GET .*\/streams\//, async ({ forward }) => {
        const { payloads, next } = parseStreamAnswer((await forward()).body);
        return cborAnswer(
          encodeStreamAnswer({ payloads: payloads.filter(({ index }) => index !== scene.indexes.anna.at(-1)), next }),
        );
      });
    });
    found('cut', ['PAYLOAD_MISMATCH'], async (liar) => {
      const [index = 0] = scene.indexes.anna;
      swapPayloads(liar, new Map([[index, (await payloadOf(scene.made, index)).slice(0, -1)]]));
    });

    it('are read again, and whole, once the host gives them', async () => {
      const liar = await startLiar();
      const cache = memoryCache();
      const directory = scene.entries
        .map((_, index) => index)
        .filter((index) => entry(index).header.compartment === 'admin');
      swapPayloads(liar, new Map([...scene.indexes.anna, ...directory].map((index) => [index, null])));
      const device = await openDevice(scene.made, { url: liar.url, cache });
      assert.equal(device.status().findings[0]?.code, 'PAYLOAD_MISSING');
      await device.persist();
      liar.repent();
      const again = await openDevice(scene.made, { url: liar.url, cache });
      await assertReadable(again);
      assert.deepEqual(again.status().findings, []);
    });
  });

  describe('entries', () => {
    caught('dropped', 'ROOT_MISMATCH', (liar) => {
      const kept = scene.entries.filter((_, index) => index !== scene.indexes.anna[1]);
      liar.lie(/^GET .*\/entries\?/, ({ query }) => pageOf(kept, query));
    });
    caught('reordered', 'ROOT_MISMATCH', (liar) => {
      const [first = 0, second = 0] = scene.indexes.anna;
      const swapped = scene.entries.slice();
      swapped[first] = scene.entries[second] ?? new Uint8Array();
      swapped[second] = scene.entries[first] ?? new Uint8Array();
      liar.lie(/^GET .*\/entries\?/, ({ query }) => pageOf(swapped, query));
    });
    caught('truncated', 'ROOT_MISMATCH', (liar) => {
      const cut = scene.entries.slice();
      const [index = 0] = scene.indexes.anna;
      cut[index] = (scene.entries[index] ?? new Uint8Array()).slice(0, -1);
      liar.lie(/^GET .*\/entries\?/, ({ query }) => pageOf(cut, query));
    });
    caught(
      'of another practice',
      'CHECKPOINT_INVALID',
      async (liar) => {
        const stranger = await openDevice(scene.other);
        const foreign: Bytes[] = [];
        for (let index = 0; index < stranger.mirror.size; index += 1)
          foreign.push((await stranger.mirror.entry(index)).bytes);
        liar.serve(new LyingJournal(scene.made.practice, scene.host, foreign));
      },
      'ROLLBACK',
    );
    broken('dropped, the tree signed again', 'UNAUTHORIZED', (lying) => {
      const [, index = 0] = scene.indexes.anna;
      lying.entries.splice(index, 1);
      return index;
    });
    broken('reordered, the tree signed again', 'UNAUTHORIZED', (lying) => {
      const [first = 0, second = 0] = scene.indexes.anna;
      lying.entries[first] = scene.entries[second] ?? new Uint8Array();
      lying.entries[second] = scene.entries[first] ?? new Uint8Array();
      return first;
    });
    found(
      'truncated, the tree signed again',
      ['ENTRY_INVALID'],
      (liar) => {
        const lying = journal();
        lying.entries.push((scene.entries.at(-1) ?? new Uint8Array()).slice(0, -1));
        liar.serve(lying);
      },
      ['anna', 'bruno'],
    );
    found(
      'given twice, the tree signed again',
      ['DUPLICATE'],
      (liar) => {
        const lying = journal();
        const { headerBytes, payloadHash, signature } = entry(scene.indexes.anna[0] ?? 0);
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
        const last = scene.entries.length - 1;
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
        await forge(lying, { signer: scene.host, body, ...linksOf(lying, scene.host) });
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
        await forge(lying, { signer: scene.host, body, ...linksOf(lying, scene.host) });
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
        await forge(lying, {
          signer: scene.host,
          body: { ...body, author: mine.author },
          ...linksOf(lying, scene.host),
        });
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
    /** Without these a new device has no key at all, and shows nothing. */
    const closes = (name: string, code: string, tamper: (lying: LyingJournal) => Promise<number>) =>
      it(`${name} → ${code}`, async () => {
        const liar = await startLiar();
        const lying = journal();
        await tamper(lying);
        liar.serve(lying);
        await assert.rejects(newDevice(liar), { code });
        await assertReadable(await knowingDevice(liar));
      });
    closes('of a member, replaced', 'HOLDER_UNKNOWN', async (lying) =>
      substitute(lying, indexOf('member'), { recipient: await seedToRecipient(stranger) }),
    );
    closes('of a device, replaced', 'WRAP_INVALID', async (lying) =>
      substitute(lying, indexOf('device'), { recipient: await seedToRecipient(stranger) }),
    );
    closes('of a device, its signing key replaced', 'WRAP_INVALID', async (lying) =>
      substitute(lying, indexOf('device'), { author: (await seedToSigner(stranger)).author }),
    );
    for (const kind of ['kit', 'epoch'])
      broken(`of a ${kind}, replaced`, 'SIGNATURE_INVALID', async (lying) =>
        substitute(lying, indexOf(kind), { recipient: await seedToRecipient(stranger) }),
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
      const { size, root } = { size: scene.entries.length, root: journal().root() };
      const text = await signCheckpoint({ practice: scene.made.practice, fence: 1, size, root }, mine);
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

  it('an entry sealed under another compartment: refused by the server, found by devices → STREAM_FORBIDDEN', async () => {
    const writer = await openDevice(scene.made);
    const { mirror, keyring } = writer;
    const content = new TextEncoder().encode('not a batch');
    const lying = journal();
    const sent = await writeEntry(keyring.signer, {
      ...{ practice: scene.made.practice, stream: fileStream(writer, 'bruno').id, base: null },
      ...{ prev: mirror.lastEntryOf(keyring.signer.author), seen: { size: lying.entries.length, root: lying.root() } },
      ...{ time: Date.now(), body: { kind: 'records', binding: false } },
      sealed: { ...keyring.currentEpoch('admin'), content },
    });
    await assert.rejects(writer.transport.append([{ statement: sent.statementBytes, payload: sent.payload }]), {
      code: 'SERVER_REFUSED',
    });
    lying.take(sent.statementBytes);
    const liar = await startLiar();
    liar.serve(lying);
    const device = await newDevice(liar);
    assert.deepEqual(
      device.status().findings.map(({ code, detail }) => [code, detail]),
      [['UNAUTHORIZED', 'STREAM_FORBIDDEN']],
    );
    const file = await device.readPatient('Patient/bruno');
    assert.deepEqual(titles(file), truth.bruno);
    assert.equal(file.isComplete, false);
  });
});
