import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { encodeCanonical } from '@serment/core/cbor';
import { encodeAppendAnswer, parseAppendAnswer, parseAppendRequest } from '@serment/core/wire/append';
import { type Cache, memoryCache } from '../src/cache.ts';
import { ReplicaError } from '../src/error.ts';
import type { OutboxPart } from '../src/sending.ts';
import { Liar } from './liar.ts';
import { Network } from './network.ts';
import {
  create,
  createTestPractice,
  fileStream,
  note,
  openDevice,
  patient,
  settle,
  type TestPractice,
  titles,
} from './practice-setup.ts';
import { type RunningServer, startRunningServer } from './running-server.ts';

describe('the outbox', () => {
  let server: RunningServer;
  let made: TestPractice;

  before(async () => {
    server = await startRunningServer();
    made = await createTestPractice(server.url);
  });
  after(() => server?.remove());

  it('takes saves offline, shows them, finds the patient, and sends all in order once the line is back', async () => {
    const network = new Network();
    const cache = memoryCache();
    // A clock that stands still: the order must not come from it.
    const device = await openDevice(made, { cache, fetch: network.fetch, clock: () => 1_780_000_000_000 });
    network.isUp = false;
    await create(device, 'off', patient('off', 'Horsligne'));
    for (const text of ['un', 'deux', 'trois']) await create(device, 'off', note(`off-${text}`, 'off', text));
    assert.deepEqual(
      device.search('horsligne', 5).map(({ id }) => id),
      ['Patient/off'],
    );
    const shown = await device.readPatient('Patient/off');
    assert.deepEqual(titles(shown), ['un', 'deux', 'trois']);
    assert.ok(shown.records.every(({ state }) => state === 'device'));
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(device.status().online, false);
    assert.equal(device.status().pending, 4);

    const reopened = await openDevice(made, { cache, fetch: network.fetch });
    assert.equal(reopened.status().pending, 4);
    assert.equal(reopened.search('horsligne', 5).length, 1);
    network.isUp = true;
    await settle(reopened);
    assert.equal(reopened.status().pending, 0);
    const other = await openDevice(made);
    assert.deepEqual(titles(await other.readPatient('Patient/off')), ['un', 'deux', 'trois']);
    assert.deepEqual(other.status().findings, []);
  });

  it('shows a patient without a break from the save to its entry, when the line is cut in between too', async () => {
    const network = new Network();
    const device = await openDevice(made, { fetch: network.fetch });
    const breaks: string[] = [];
    device.subscribe((event) => {
      if (device.search('sansbreche', 5).length !== 1) breaks.push(event.type);
      if (event.type === 'save' && event.state === 'host') network.isUp = false;
    });
    await create(device, 'gap', patient('gap', 'Sansbreche'));
    while (network.isUp || device.status().online) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.deepEqual(breaks.slice(1), []);
    assert.equal(device.search('sansbreche', 5).length, 1);
    const [record] = (await device.readPatient('Patient/gap')).records;
    assert.equal(record?.state, 'host');
    network.isUp = true;
    await settle(device);
    assert.equal(device.search('sansbreche', 5).length, 1);
  });

  it('joins what may go together, and keeps on the disk what was promised before it was admitted', async () => {
    const network = new Network();
    const cache = memoryCache();
    const { outbox, keyring } = await openDevice(made, { cache, fetch: network.fetch });
    network.isUp = false;
    const partOf = (place: number): OutboxPart => ({
      ...{ stream: keyring.stream('admin', 'opened/joined'), body: { kind: 'opened' }, blobs: [] },
      content: encodeCanonical([1, `Patient/${place}`, place]),
    });
    const kept = async () => {
      const { outbox: read } = await openDevice(made, { cache, fetch: network.fetch });
      return read.items.map(({ parts }) => parts.length);
    };
    const sizes = () => outbox.items.map(({ parts }) => parts.length);
    const [first, beside] = [await outbox.join([partOf(0)]), await outbox.join([partOf(1)])];
    first.admit();
    assert.deepEqual([sizes(), await kept()], [[1], [1, 1]]);
    await beside.withdraw();
    const second = await outbox.join([partOf(2)]);
    assert.deepEqual([sizes(), await kept()], [[1], [2]]);
    // What is being changed is not sent meanwhile, and nothing else is kept from going.
    await outbox.flush();
    const third = await outbox.join([partOf(3)]);
    await second.withdraw();
    assert.deepEqual([sizes(), await kept()], [[1], [1, 1]]);
    third.admit();
    for (let place = 4; place < 70; place += 1) (await outbox.join([partOf(place)])).admit();
    assert.deepEqual(
      [sizes(), await kept()],
      [
        [1, 64, 3],
        [1, 64, 3],
      ],
    );
    // Once it was sealed to be sent, nothing joins it any more: it may be asked for again with the same bytes.
    await assert.rejects(outbox.flush(), { code: 'UNREACHABLE' });
    (await outbox.join([partOf(70)])).admit();
    network.isUp = true;
    await outbox.flush();
    assert.deepEqual([sizes(), await kept()], [[], []]);
  });

  it('counts as waiting what a person saved, and no trace of an opening', async () => {
    const network = new Network();
    const device = await openDevice(made, { fetch: network.fetch });
    await create(device, 'quiet', patient('quiet', 'Discret'));
    await settle(device);
    network.isUp = false;
    await device.openPatient('Patient/quiet');
    assert.equal(device.outbox.items.length, 1);
    assert.equal(device.status().pending, 0);
    await create(device, 'quiet', note('quiet-note', 'quiet', 'Une ligne'));
    assert.equal(device.status().pending, 1);
  });

  it('stores once what was sent twice because the answer was lost, across a restart', async () => {
    const network = new Network();
    const cache = memoryCache();
    const device = await openDevice(made, { cache, fetch: network.fetch });
    network.losing.push(/^POST .*\/entries$/);
    await create(device, 'lost', patient('lost', 'Perdu'), note('lost-note', 'lost', 'Une fois'));
    await assert.rejects(device.outbox.flush(), { code: 'UNREACHABLE' });
    assert.equal(device.outbox.items.length, 1);
    const restarted = await openDevice(made, { cache });
    assert.equal(restarted.outbox.items.length, 1);
    await settle(restarted);
    assert.equal(restarted.outbox.items.length, 0);
    assert.equal(restarted.mirror.entriesOf(fileStream(restarted, 'lost').id).length, 1);
    assert.deepEqual(titles(await restarted.readPatient('Patient/lost')), ['Une fois']);
    assert.equal((await restarted.history('Patient/lost', 'Composition/lost-note')).length, 1);
  });

  it('signs again when another writer of the same device was first', async () => {
    const cache = memoryCache();
    const [first, second] = [await openDevice(made, { cache }), await openDevice(made, { cache: memoryCache() })];
    await create(first, 'twin', patient('twin', 'Jumeau'));
    await settle(first);
    await create(second, 'twin', note('twin-note', 'twin', 'Après'));
    await settle(second);
    assert.equal(second.status().refused, 0);
    await first.sync();
    assert.deepEqual(titles(await first.readPatient('Patient/twin')), ['Après']);
  });

  it('asks for no checkpoint after a save, and believes none that came with a receipt', async () => {
    const liar = await Liar.start(server.url);
    const device = await openDevice(made, { url: liar.url });
    const asked: string[] = [];
    liar.lie(/^GET .*\/checkpoint$/, () => {
      asked.push('checkpoint');
      return null;
    });
    await create(device, 'told', patient('told', 'Annoncé'));
    await device.outbox.flush();
    assert.deepEqual([asked, device.outbox.items.length], [[], 0]);
    await settle(device);
    liar.lie(/^POST .*\/entries$/, async (request) => {
      const answer = await request.forward();
      const { receipts, note } = parseAppendAnswer(answer.body);
      return { ...answer, body: encodeAppendAnswer({ receipts, note: forged(note) }) };
    });
    await create(device, 'forged', patient('forged', 'Contrefait'));
    await assert.rejects(device.outbox.flush(), { code: 'HOST_LIES' });
    assert.equal(device.outbox.items.length, 1);
    await liar.close();
  });

  it('keeps the trace of an opening before the file is shown, and none of one that was not', async () => {
    const network = new Network();
    const cache = memoryCache();
    const device = await openDevice(made, { cache, fetch: network.fetch });
    await create(device, 'seen', patient('seen', 'Vu'), note('seen-note', 'seen', 'Lu'));
    await settle(device);
    const other = await openDevice(made, { cache: memoryCache(), fetch: network.fetch });
    network.isUp = false;
    await assert.rejects(other.openPatient('Patient/seen'), { code: 'UNREACHABLE' });
    await assert.rejects(other.openPatient('Patient/nobody'), { code: 'PATIENT_UNKNOWN' });
    assert.equal(other.outbox.items.length, 0);
    assert.deepEqual((await waiting(other.cache)).length, 0);
    await device.openPatient('Patient/seen');
    assert.equal(device.outbox.items.length, 1);
    // A device that stops here sends it at its next start.
    assert.equal((await openDevice(made, { cache, fetch: network.fetch })).outbox.items.length, 1);
  });

  it('shows no file whose trace cannot be kept', async () => {
    const network = new Network();
    const kept = memoryCache();
    let isFull = false;
    const full = new ReplicaError('CACHE_FAILED', 'full');
    const put: Cache['put'] = async (key, value) => {
      if (isFull && key.includes('/outbox/')) throw full;
      await kept.put(key, value);
    };
    const cache: Cache = { ...kept, put };
    const device = await openDevice(made, { cache, fetch: network.fetch });
    await create(device, 'untraced', patient('untraced', 'Sanstrace'));
    await settle(device);
    isFull = true;
    await assert.rejects(device.openPatient('Patient/untraced'), { code: 'CACHE_FAILED' });
  });

  it('keeps a refused save, says so, and lets a person give it up', async () => {
    const liar = await Liar.start(server.url);
    const device = await openDevice(made, { url: liar.url });
    const refusal = { code: 'REFUSED', message: 'no', hint: null, fields: { refusal: 'ROLE_FORBIDDEN', position: 0 } };
    liar.lie(/^POST .*\/entries$/, () => ({
      status: 403,
      type: 'application/json',
      body: new TextEncoder().encode(JSON.stringify(refusal)),
    }));
    const { id } = await create(device, 'refused', patient('refused', 'Refusé'));
    await settle(device);
    assert.equal(device.status().refused, 1);
    assert.equal(device.outbox.items[0]?.problem, 'ROLE_FORBIDDEN');
    assert.equal((await device.readPatient('Patient/refused')).records[0]?.state, 'refused');
    // Two windows: one asks for it again while the other gives it up.
    await device.outbox.retry(id);
    await device.discardSave(id);
    assert.deepEqual(
      device.outbox.items.map((item) => item.id),
      [id],
    );
    await settle(device);
    await device.discardSave(id);
    assert.equal(device.status().refused, 0);
    assert.deepEqual(device.search('refuse', 5), []);
    await liar.close();
  });

  it('waits, and refuses nothing, while the server is throttling, full or failing', async () => {
    const liar = await Liar.start(server.url);
    for (const [status, code] of [
      [429, 'THROTTLED'],
      [507, 'STORAGE_FULL'],
      [503, 'DATABASE_UNAVAILABLE'],
      [500, 'INTERNAL'],
    ] as const) {
      const device = await openDevice(made, { url: liar.url });
      liar.lie(/^POST .*\/entries$/, () => {
        const body = new TextEncoder().encode(JSON.stringify({ code, message: 'wait', hint: null, fields: {} }));
        return { status, type: 'application/json', body };
      });
      await create(device, `wait-${status}`, patient(`wait-${status}`, 'Patience'));
      await assert.rejects(device.outbox.flush(), { code: 'SERVER_FAILED' });
      assert.equal(device.status().pending, 1);
      assert.equal(device.status().refused, 0);
      await until(() => device.status().isFailing);
      liar.repent();
      await settle(device);
      assert.deepEqual([device.status().online, device.status().isFailing], [true, false]);
      assert.equal(device.status().pending, 0);
    }
    await liar.close();
  });

  it('sends a save of several streams in one request', async () => {
    const liar = await Liar.start(server.url);
    const device = await openDevice(made, { url: liar.url });
    const counts: number[] = [];
    liar.lie(/^POST .*\/entries$/, ({ body }) => {
      counts.push(parseAppendRequest(body).length);
      return null;
    });
    await create(device, 'several', patient('several', 'Plusieurs'), note('several-note', 'several', 'Ensemble'));
    await settle(device);
    assert.deepEqual(counts, [2]);
    await liar.close();
  });

  it('counts as refused, and never as sent, what this device kept and can open no more', async () => {
    const network = new Network();
    const cache = memoryCache();
    const device = await openDevice(made, { cache, fetch: network.fetch });
    network.isUp = false;
    await create(device, 'rust', patient('rust', 'Rouille'));
    await assert.rejects(device.outbox.flush(), { code: 'UNREACHABLE' });
    const [key = ''] = (await cache.keys('device/')).filter((name) => name.includes('/outbox/'));
    const kept = (await cache.get(key)) ?? new Uint8Array();
    kept[kept.length - 1] = (kept.at(-1) ?? 0) ^ 1;
    await cache.put(key, kept);
    network.isUp = true;
    const reopened = await openDevice(made, { cache, fetch: network.fetch });
    assert.equal(reopened.status().refused, 1);
    await settle(reopened);
    assert.equal(reopened.status().refused, 1);
  });
});

/** With another signature. */
function forged(note: string): string {
  const place = note.length - 12;
  return `${note.slice(0, place)}${note[place] === 'A' ? 'B' : 'A'}${note.slice(place + 1)}`;
}

/** Places of what waits on a device. */
async function waiting(cache: Cache): Promise<string[]> {
  return (await cache.keys('')).filter((key) => key.includes('outbox/'));
}

async function until(condition: () => boolean): Promise<void> {
  for (let tried = 0; tried < 200 && !condition(); tried += 1) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.ok(condition(), 'It did not come true within two seconds');
}
