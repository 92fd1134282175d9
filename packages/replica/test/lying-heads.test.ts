import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeStatement, parseEntry } from '@serment/core/journal/entry';
import { encodeEntriesAnswer } from '@serment/core/wire/read';
import { cborAnswer, type Liar, LyingJournal, textAnswer } from './liar.ts';
import { lie, lyingScene } from './lying-scene.ts';
import { create, note, openDevice } from './practice-setup.ts';

describe('a lying host, of what stands where', () => {
  const scene = lyingScene();
  const { startLiar, journal, newDevice, knowingDevice, known, assertReadable, caughtLater, fetchTraces } = scene;

  describe('heads', () => {
    caughtLater('an old one replayed', 'ROLLBACK', (liar) => {
      const lying = journal();
      lying.entries.length -= 3;
      liar.serve(lying);
    });
    caughtLater('the newest entry of a file withheld, under a smaller checkpoint', 'ROLLBACK', (liar) => {
      const lying = journal();
      lying.entries.length = scene.indexes.bruno.at(-1) ?? 0;
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
      const parts = (await cache.keys('device/')).filter((key) => /\/(verifier|streams\/2)$/.test(key));
      assert.equal(parts.length, 2);
      for (const key of parts) await cache.delete(key);
      const lying = journal();
      lying.entries.length -= 3;
      liar.serve(lying);
      await assert.rejects(openDevice(scene.made, { url: liar.url, cache }), lie('ROLLBACK'));
      const forked = journal();
      forked.entries.length -= 3;
      await fetchTraces(forked, 8);
      liar.repent();
      liar.serve(forked);
      await assert.rejects(openDevice(scene.made, { url: liar.url, cache }), lie('FORK'));
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
      lying.entries.length = scene.indexes.bruno.at(-1) ?? 0;
      liar.serve(lying);
      const kept = await openDevice(scene.made, { url: liar.url });
      const honest = new LyingJournal(scene.made.practice, scene.host, scene.entries);
      const writerLiar = await startLiar();
      writerLiar.serve(honest);
      const writer = await openDevice(scene.made, { url: writerLiar.url });
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
        return { liar, journal: lying, device: await openDevice(scene.made, { url: liar.url }) };
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
      liar.lie(/\/checkpoint$/, () => ({ status: 404, type: 'text/html', body: bytes('Not found') }));
    });
    refused('an error of what stands before a server that is down', 'SERVER_FAILED', (liar) => {
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
      await assert.rejects(openDevice(scene.made, { fetch: stalled, timeoutMs: 300 }), { code: 'UNREACHABLE' });
    });
  });
});
