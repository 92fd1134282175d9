import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { type Bytes, bytesToHex, equalBytes } from '@serment/core/bytes';
import { governanceStream } from '@serment/core/journal/header';
import type { Heads } from '@serment/core/journal/heads';
import { randomBytes } from '@serment/core/random';
import {
  encodeEntriesAnswer,
  encodePayloadsAnswer,
  encodeProofAnswer,
  encodeStreamAnswer,
  type IndexedPayload,
  parseEntriesAnswer,
  parsePayloadsAnswer,
  parseProofAnswer,
  parseStreamAnswer,
} from '@serment/core/wire/read';
import type { Practice } from '../src/practice.ts';
import { assertWhole, headsScene, without } from './heads-scene.ts';
import { cborAnswer, type Liar } from './liar.ts';
import { create, fileStream, openDevice, patient, settle, titles } from './practice-setup.ts';
import { revokeHolder } from './revoke-holder.ts';

const nothing = new Uint8Array([0xf6]);

describe('a heads and those who lie', () => {
  const scene = headsScene();
  /** A device that has read everything. */
  let auditor: Practice;

  before(async () => {
    auditor = await scene.newDevice();
  });

  const streamOf = (heads: Heads, stream: Bytes) => heads.streams.find((known) => equalBytes(known.stream, stream));
  const fileOf = (id: string) => fileStream(scene.device, id).id;
  /** The device began from this `heads`, nothing is wrong with it, and old files are whole. */
  const assertBegan = async (device: Practice, size: number | null) => {
    assert.equal(device.mirror.unread?.size ?? null, size);
    assert.deepEqual(device.status().findings, []);
    assert.equal(device.status().hostLie, null);
    await assertWhole(device, 'p1');
  };
  /** A device that has read everything says that this one is wrong, and nothing else. */
  const assertFound = async (wrong: number) => {
    const before = auditor.status().findings.length;
    await auditor.sync();
    await auditor.upkeep.checkHeads();
    assert.deepEqual(
      auditor
        .status()
        .findings.slice(before)
        .map(({ code, index }) => [code, index]),
      [['HEADS_MISMATCH', wrong]],
    );
  };
  /** Changes what the host says of a stream. */
  const tellStream = (liar: Liar, stream: Bytes, change: (items: readonly IndexedPayload[]) => IndexedPayload[]) =>
    liar.lie(new RegExp(`^GET .*/streams/${bytesToHex(stream)}`), async ({ forward }) => {
      const { payloads, next } = parseStreamAnswer((await forward()).body);
      return cborAnswer(encodeStreamAnswer({ payloads: change(payloads), next }));
    });

  it('a wrong one counts for none once it is found, and another is written over it', async () => {
    const wrong = await scene.writeHeads(() => nothing);
    await create(auditor, 'p5', patient('p5', 'p5'));
    await settle(auditor);
    assert.equal(await auditor.upkeep.writeHeads(), false);
    await assertFound(wrong);
    assert.equal(await auditor.upkeep.writeHeads(), true);
    await scene.device.sync();
    assert.equal((await scene.newDevice()).mirror.unread?.size, 1024);
  });

  describe('a member’s device that signs a wrong one, at an honest host', () => {
    /** What its place, its seal and the governance stream give away: the one before it serves. */
    const passedOver = (name: string, change: (heads: Heads) => Heads | Bytes) =>
      it(`${name} → passed over, and the one before it serves`, async () => {
        const wrong = await scene.writeHeads(change);
        const reader = await scene.newDevice();
        await assertBegan(reader, 1024);
        await assertFound(wrong);
        // So that it is the second newest again.
        await scene.writeHeads();
      });
    passedOver('that is nothing', () => nothing);
    passedOver('of another size than its header', ({ size, ...heads }) => ({ ...heads, size: size - 256 }));
    passedOver('of another root', (heads) => ({ ...heads, root: randomBytes(32) }));
    passedOver('that leaves the last entry of governance out', (heads) => {
      const { entries = [] } = streamOf(heads, governanceStream) ?? {};
      return without(heads, governanceStream, entries.length - 1);
    });
    passedOver('that leaves an entry of governance out', (heads) => without(heads, governanceStream, 3));
    passedOver('that gives governance an entry of another stream', (heads) => ({
      ...heads,
      streams: heads.streams.map((known) =>
        equalBytes(known.stream, governanceStream) ? { ...known, entries: [...known.entries, 1000] } : known,
      ),
    }));
    passedOver('that gives the host another last entry, which what follows belies', (heads) => ({
      ...heads,
      authors: heads.authors.map((known) => ({ ...known, id: randomBytes(32) })),
    }));
    passedOver('that leaves an author out who wrote since', (heads) => ({ ...heads, authors: [] }));
    passedOver('that names an author who is none', (heads) => ({
      ...heads,
      authors: [{ author: new Uint8Array(32), index: 0, id: randomBytes(32) }, ...heads.authors],
    }));
    passedOver('that gives streams other last entries', (heads) => ({
      ...heads,
      streams: heads.streams.map((known) => ({ ...known, id: randomBytes(32) })),
    }));

    /** What only the entries themselves give away: when a file is opened, and when they are read. */
    const foundLater = (name: string, change: (heads: Heads) => Heads, patient: string) =>
      it(`${name} → HEADS_MISMATCH when it is opened, and right once all is read`, async () => {
        const wrong = await scene.writeHeads(change);
        const reader = await scene.newDevice();
        assert.equal(reader.mirror.unread?.size, 1024);
        const file = await reader.readPatient(`Patient/${patient}`);
        assert.deepEqual([...new Set(file.findings.map(({ code }) => code))], ['HEADS_MISMATCH']);
        assert.equal(file.isComplete, false);
        await reader.readUnread();
        await assertWhole(reader, patient);
        await assertFound(wrong);
        await scene.writeHeads();
      });
    foundLater('that leaves out an entry of a file', (heads) => without(heads, fileOf('p0'), 7), 'p0');
    foundLater('that leaves out the first entry of a file', (heads) => without(heads, fileOf('p0'), 0), 'p0');
    foundLater(
      'that does not know a file',
      (heads) => ({ ...heads, streams: heads.streams.filter(({ stream }) => !equalBytes(stream, fileOf('p3'))) }),
      'p3',
    );
    foundLater(
      'that gives a file an entry of another',
      (heads) => {
        const [taken = 0] = streamOf(heads, fileOf('p2'))?.entries ?? [];
        const streams = heads.streams.map((known) =>
          equalBytes(known.stream, fileOf('p0'))
            ? { ...known, entries: [...known.entries, taken].sort((left, right) => left - right) }
            : known,
        );
        return { ...heads, streams };
      },
      'p0',
    );
    foundLater(
      'that calls the entry of another file a snapshot of this one',
      (heads) => {
        const [taken = 0] = streamOf(heads, fileOf('p2'))?.entries ?? [];
        const streams = heads.streams.map((known) =>
          equalBytes(known.stream, fileOf('p0'))
            ? { ...known, entries: [taken, ...known.entries].sort((a, b) => a - b), snapshots: [taken] }
            : known,
        );
        return { ...heads, streams };
      },
      'p0',
    );

    it('that does not know the directory → the directory as the host gives it is told not to be whole', async () => {
      const directory = scene.device.keyring.stream('admin', 'directory').id;
      await scene.writeHeads((heads) => ({
        ...heads,
        streams: heads.streams.filter(({ stream }) => !equalBytes(stream, directory)),
      }));
      const reader = await scene.newDevice();
      assert.equal(reader.status().findings[0]?.code, 'HEADS_MISMATCH');
      await reader.readUnread();
      await assertWhole(reader, 'p3');
      await scene.writeHeads();
    });

    it('three of them in a row → the journal is read whole', async () => {
      for (let written = 0; written < 3; written += 1) await scene.writeHeads(() => nothing);
      await assertBegan(await scene.newDevice(), null);
      await scene.writeHeads();
    });
  });

  describe('a host that lies', () => {
    it('hides the newest → the one before it serves', async () => {
      await scene.writeHeads();
      const liar = await scene.startLiar();
      tellStream(liar, scene.headsStream().id, (items) => items.filter(({ index }) => index < scene.lastHeads()));
      await assertBegan(await scene.newDevice(liar), 1024);
    });
    it('hides all of them → the journal is read whole', async () => {
      const liar = await scene.startLiar();
      tellStream(liar, scene.headsStream().id, () => []);
      await assertBegan(await scene.newDevice(liar), null);
    });
    it('gives another content for each → the journal is read whole', async () => {
      const liar = await scene.startLiar();
      tellStream(liar, scene.headsStream().id, (items) =>
        items.map(({ index, payload }) => ({ index, payload: payload === null ? null : randomBytes(payload.length) })),
      );
      await assertBegan(await scene.newDevice(liar), null);
    });
    it('gives the sealed content of one for another → the journal is read whole', async () => {
      const liar = await scene.startLiar();
      tellStream(liar, scene.headsStream().id, (items) =>
        items.map(({ index }, place) => ({ index, payload: items[(place + 1) % items.length]?.payload ?? null })),
      );
      await assertBegan(await scene.newDevice(liar), null);
    });
    it('calls other entries heads → they are not, and the journal is read whole', async () => {
      const liar = await scene.startLiar();
      tellStream(liar, scene.headsStream().id, (items) =>
        items.map((item, place) => ({ ...item, index: 900 + place })),
      );
      await assertBegan(await scene.newDevice(liar), null);
    });
    it('leaves an entry out of the governance stream → the journal is read whole', async () => {
      for (const place of [0, 4]) {
        const liar = await scene.startLiar();
        tellStream(liar, governanceStream, (items) => items.toSpliced(place, 1));
        await assertBegan(await scene.newDevice(liar), null);
      }
    });
    it('gives governance an entry of its own stream → the journal is read whole', async () => {
      const liar = await scene.startLiar();
      tellStream(liar, governanceStream, (items) => [...items, { index: scene.trace(), payload: null }]);
      await assertBegan(await scene.newDevice(liar), null);
    });
    it('gives wrong proofs → the journal is read whole', async () => {
      const liar = await scene.startLiar();
      liar.lie(/proofs\/inclusion/, async ({ forward }) => {
        const proof = parseProofAnswer((await forward()).body);
        return cborAnswer(encodeProofAnswer(proof.map((hash, place) => (place === 9 ? randomBytes(32) : hash))));
      });
      await assertBegan(await scene.newDevice(liar), null);
    });
    it('refuses proofs → the journal is read whole', async () => {
      const liar = await scene.startLiar();
      liar.lie(/proofs\/inclusion/, () => cborAnswer(new Uint8Array([0x80])));
      await assertBegan(await scene.newDevice(liar), null);
    });

    it('gives another old entry → that entry is told to be missing, and the rest of the file reads', async () => {
      const liar = await scene.startLiar();
      const reader = await scene.newDevice(liar);
      liar.lie(/^GET .*\/entries\?/, async ({ forward }) => {
        const { from, entries } = parseEntriesAnswer((await forward()).body);
        return from < 512 || from >= 768
          ? null
          : cborAnswer(encodeEntriesAnswer({ from, entries: entries.toReversed() }));
      });
      const file = await reader.readPatient('Patient/p0');
      const codes = new Set(file.findings.map(({ code, detail }) => `${code} ${detail}`));
      assert.deepEqual([...codes], ['STREAM_INCOMPLETE ROOT_MISMATCH']);
      assert.ok(titles(file).includes('Note 0') && file.isComplete === false);
      await assert.rejects(reader.readUnread(), { code: 'HOST_LIES' });
      assert.equal(reader.mirror.unread?.size, 1024);
      liar.repent();
      await assertWhole(reader, 'p0');
      await reader.readUnread();
      await assertBegan(reader, null);
    });
    it('leaves an old entry out of its file → STREAM_INCOMPLETE', async () => {
      const liar = await scene.startLiar();
      tellStream(liar, fileOf('p0'), (items) => items.toSpliced(5, 1));
      const file = await (await scene.newDevice(liar)).readPatient('Patient/p0');
      assert.deepEqual(
        file.findings.map(({ code }) => code),
        ['STREAM_INCOMPLETE'],
      );
      assert.equal(file.isComplete, false);
    });
    it('gives another payload for an old entry → PAYLOAD_MISMATCH', async () => {
      const liar = await scene.startLiar();
      const spoil = (items: readonly IndexedPayload[]) =>
        items.map(({ index, payload }, place) => ({ index, payload: place === 3 ? randomBytes(300) : payload }));
      tellStream(liar, fileOf('p0'), spoil);
      liar.lie(/^POST .*\/payloads$/, async ({ forward }) =>
        cborAnswer(encodePayloadsAnswer(spoil(parsePayloadsAnswer((await forward()).body)))),
      );
      const file = await (await scene.newDevice(liar)).readPatient('Patient/p0');
      assert.deepEqual(
        file.findings.map(({ code }) => code),
        ['PAYLOAD_MISMATCH'],
      );
    });
  });

  describe('a host that forges', () => {
    it('an entry in their stream → UNAUTHORIZED, and the journal is read whole', async () => {
      const liar = await scene.startLiar();
      const lying = await scene.journal();
      const body = { kind: 'heads' as const, size: 1024, root: lying.root(1024) };
      const index = await scene.forge(lying, body);
      liar.serve(lying);
      const reader = await scene.newDevice(liar);
      assert.equal(reader.mirror.unread, null);
      assert.deepEqual(
        reader.status().findings.map(({ code, detail, index: at }) => [code, detail, at]),
        [['UNAUTHORIZED', 'ROLE_FORBIDDEN', index]],
      );
      await assertWhole(reader, 'p1');
    });
    it('another tree under a heads → the journal is read whole, and says what is wrong', async () => {
      const liar = await scene.startLiar();
      const lying = await scene.journal();
      const [first, second] = lying.entries.slice(500, 502);
      assert.ok(first && second);
      lying.entries.splice(500, 2, second, first);
      liar.serve(lying);
      const reader = await scene.newDevice(liar);
      assert.equal(reader.mirror.unread, null);
      assert.deepEqual([reader.status().findings[0]?.code, reader.status().findings[0]?.index], ['UNAUTHORIZED', 500]);
    });
  });

  describe('a host in league with a member’s device', () => {
    it('hides a revocation that stands after a heads → it is known', async () => {
      const { author, at } = await revokeOne();
      const liar = await scene.startLiar();
      tellStream(liar, governanceStream, (items) => items.filter(({ index }) => index !== at));
      const reader = await scene.newDevice(liar);
      assert.equal(reader.mirror.unread?.size, 1024);
      assert.equal(reader.mirror.governance.authors.get(author)?.revokedAt, at);
    });

    it('hides one that a heads leaves out → it is known once all is read, HEADS_MISMATCH', async () => {
      const { author, at, before: id } = await revokeOne();
      await scene.grow(200);
      await scene.grow(100);
      const size = scene.device.mirror.size - (scene.device.mirror.size % 256);
      assert.ok(size > at);
      const wrong = await scene.writeHeads((heads) => {
        const { entries = [] } = streamOf(heads, governanceStream) ?? {};
        return without(heads, governanceStream, entries.length - 1, id);
      }, size);
      // An honest host gives it away.
      assert.equal((await scene.newDevice()).mirror.unread?.size, 1024);
      const liar = await scene.startLiar();
      tellStream(liar, governanceStream, (items) => items.filter(({ index }) => index !== at));
      const reader = await scene.newDevice(liar);
      assert.deepEqual([reader.mirror.unread?.size, reader.status().findings], [size, []]);
      assert.equal(reader.mirror.governance.authors.get(author)?.revokedAt, null);
      assert.equal(await reader.upkeep.writeHeads(), false);
      await reader.readUnread();
      assert.equal(reader.mirror.governance.authors.get(author)?.revokedAt, at);
      await reader.upkeep.checkHeads();
      assert.deepEqual(
        reader.status().findings.map(({ code, index }) => [code, index]),
        [['HEADS_MISMATCH', wrong]],
      );
    });

    async function revokeOne() {
      const { seed } = await scene.enrol();
      const { author } = (await openDevice(scene.made, { seed })).keyring.signer;
      await scene.device.sync();
      const before = scene.device.mirror.headOf(governanceStream) ?? new Uint8Array(32);
      await revokeHolder(scene.device, author);
      const name = bytesToHex(author);
      return { author: name, before, at: scene.device.mirror.governance.authors.get(name)?.revokedAt ?? 0 };
    }
  });
});
