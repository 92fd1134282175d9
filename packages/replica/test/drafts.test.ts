import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { memoryCache } from '../src/cache.ts';
import { unsentDraftFolder } from '../src/cache-places.ts';
import { enrolByKit } from '../src/device.ts';
import type { Practice } from '../src/practice.ts';
import { Transport } from '../src/transport.ts';
import { Network } from './network.ts';
import { createTestPractice, openDevice, type TestPractice } from './practice-setup.ts';
import { type RunningServer, startRunningServer } from './running-server.ts';

describe('drafts', () => {
  let server: RunningServer;
  let made: TestPractice;
  let now = 1_780_000_000_000;
  const clock = () => (now += 1000);

  before(async () => {
    server = await startRunningServer();
    made = await createTestPractice(server.url);
  });
  after(() => server?.remove());

  const secondDevice = async (network: Network): Promise<Practice> => {
    const transport = new Transport({ baseUrl: server.url });
    const { seed } = await enrolByKit({ transport, kitText: made.kitText, label: 'browser' });
    return openDevice(made, { seed, fetch: network.fetch, clock });
  };

  it('follow the person from one device to another and back', async () => {
    const first = await openDevice(made, { clock });
    const second = await secondDevice(new Network());
    // The kit that named it had the keys changed.
    await first.sync();
    await first.drafts.put('note/Patient/a', 'Toux depuis');
    await first.drafts.send('note/Patient/a');
    assert.equal((await second.drafts.get('note/Patient/a'))?.text, 'Toux depuis');
    await second.drafts.put('note/Patient/a', 'Toux depuis trois jours');
    await second.drafts.send('note/Patient/a');
    assert.equal((await first.drafts.get('note/Patient/a'))?.text, 'Toux depuis trois jours');
    await first.drafts.drop('note/Patient/a');
    await first.drafts.send('note/Patient/a');
    assert.equal(await second.drafts.get('note/Patient/a'), null);
  });

  it('that were done with stay gone for who asks while the host is being told', async () => {
    const key = 'note/Patient/done';
    const network = new Network();
    let release: () => void = () => undefined;
    let isHeld = false;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow: typeof globalThis.fetch = async (input, init) => {
      const response = await network.fetch(input, init);
      if (isHeld && (init?.method ?? 'GET') === 'GET' && String(input).includes('/drafts')) await held;
      return response;
    };
    const device = await openDevice(made, { fetch: slow, clock });
    await device.drafts.put(key, 'HTA depuis 2019');
    await device.drafts.send(key);
    isHeld = true;
    const asked = device.drafts.get(key);
    // What the host showed of it is under way when it is done with.
    await new Promise((resolve) => setTimeout(resolve, 50));
    await device.drafts.drop(key);
    await device.drafts.send(key);
    release();
    assert.equal(await asked, null);
    isHeld = false;
    assert.equal(await device.drafts.get(key), null);
    assert.deepEqual(await device.drafts.list(), []);
  });

  it('survive a restart offline', async () => {
    const cache = memoryCache();
    const network = new Network();
    const device = await openDevice(made, { cache, fetch: network.fetch, clock });
    network.isUp = false;
    await device.drafts.put('note/Patient/b', 'Écrit sans réseau');
    const reopened = await openDevice(made, { cache, fetch: network.fetch, clock });
    assert.equal((await reopened.drafts.get('note/Patient/b'))?.text, 'Écrit sans réseau');
    network.isUp = true;
    // Counted in the cache without a key, for who would forget this device.
    const marks = async () => (await cache.keys('')).filter((key) => key.includes(`/${unsentDraftFolder}`)).length;
    assert.deepEqual([await marks(), await reopened.drafts.unsent()], [1, 1]);
    await reopened.drafts.sendAll();
    assert.deepEqual([await marks(), await reopened.drafts.unsent()], [0, 0]);
    assert.equal((await (await secondDevice(new Network())).drafts.get('note/Patient/b'))?.text, 'Écrit sans réseau');
  });

  it('go to the host though it will not have one of them, as what it kept of others comes', async () => {
    const network = new Network();
    const device = await openDevice(made, { fetch: network.fetch, clock });
    network.isUp = false;
    const kept = Array.from({ length: 6 }, (_, place) => `note/Patient/kept-${place}`);
    for (const key of kept) await device.drafts.put(key, 'Court');
    // What no slot holds, whatever it is deflated to.
    const tooLong = Buffer.from(device.random(1_500_000)).toString('base64');
    for (const place of [1, 2]) await device.drafts.put(`note/Patient/long-${place}`, tooLong);
    network.isUp = true;
    await device.drafts.sendAll();
    assert.equal(await device.drafts.unsent(), 2);
    const other = await secondDevice(new Network());
    for (const key of kept) assert.equal((await other.drafts.get(key))?.text, 'Court');
  });

  it('keep both texts when two windows of one device typed apart', async () => {
    const { drafts } = await openDevice(made, { clock });
    const key = 'note/Patient/windows';
    const standing = async () =>
      (await drafts.list())
        .filter((draft) => draft.key.startsWith(key))
        .map(({ text }) => text)
        .sort();
    await drafts.put(key, 'Gauche', null);
    await drafts.put(key, 'Gauche, la suite', 'Gauche');
    assert.deepEqual(await standing(), ['Gauche, la suite']);
    // The other window was opened when there was nothing.
    await drafts.put(key, 'Droite', null);
    await drafts.put(key, 'Droite, la suite', 'Droite');
    assert.deepEqual(await standing(), ['Droite, la suite', 'Gauche, la suite']);
    await drafts.drop(key, 'Gauche, la suite');
    assert.deepEqual(await standing(), ['Droite, la suite', 'Gauche, la suite']);
    assert.equal(await drafts.get(key), null);
  });

  it('keep every text that was set aside, of one moment or twice, under a key that forms read', async () => {
    const moment = clock();
    const { drafts } = await openDevice(made, { clock: () => moment });
    const key = 'note/Patient/aside';
    for (const text of ['Un', 'Deux', 'Trois']) await drafts.put(key, text, null);
    const beside = async () => (await drafts.list()).filter((draft) => draft.key.startsWith(`${key}~`));
    assert.deepEqual((await beside()).map(({ text }) => text).sort(), ['Deux', 'Un']);
    await drafts.put((await beside())[0]?.key ?? '', 'Quatre', null);
    assert.equal((await drafts.list()).length, 4);
    assert.ok((await beside()).every((draft) => /^[^~]+~[\d.]+$/.test(draft.key)));
  });

  it('keep both texts when two devices typed apart, the last one in its place', async () => {
    const network = new Network();
    const [first, second] = [
      await openDevice(made, { clock, fetch: network.fetch }),
      await secondDevice(new Network()),
    ];
    network.isUp = false;
    await first.drafts.put('note/Patient/c', 'Texte du bureau');
    await second.drafts.put('note/Patient/c', 'Texte de la visite');
    await second.drafts.send('note/Patient/c');
    network.isUp = true;
    await first.sync();
    await first.drafts.sendAll();
    await first.drafts.sendAll();
    const shown = (await first.drafts.list()).filter(({ key }) => key.startsWith('note/Patient/c'));
    assert.deepEqual(shown.map(({ text }) => text).sort(), ['Texte de la visite', 'Texte du bureau']);
    assert.equal((await first.drafts.get('note/Patient/c'))?.text, 'Texte de la visite');
  });

  it('lose no keystroke typed while the text before it is on its way, nor when an answer is lost', async () => {
    const network = new Network();
    const device = await openDevice(made, { clock, fetch: network.fetch });
    const key = 'note/Patient/d';
    for (let length = 1; length <= 40; length += 1) {
      if (length % 10 === 0) network.losing.push(/^PUT .*\/drafts\//);
      void device.drafts.put(key, 'x'.repeat(length));
      await new Promise((resolve) => setTimeout(resolve, length % 3));
    }
    await device.drafts.put(key, 'Fin du texte');
    for (let attempt = 0; attempt < 5; attempt += 1) await device.drafts.send(key).catch(() => undefined);
    assert.equal((await device.drafts.get(key))?.text, 'Fin du texte');
    assert.deepEqual(
      (await device.drafts.list()).filter((draft) => draft.key.startsWith(`${key}~`)),
      [],
    );
    assert.equal((await (await secondDevice(new Network())).drafts.get(key))?.text, 'Fin du texte');
  });

  it('know their own text again at the host when the window was closed before its answer came', async () => {
    const network = new Network();
    const cache = memoryCache();
    const key = 'note/Patient/g';
    const device = await openDevice(made, { cache, clock, fetch: network.fetch });
    await device.drafts.put(key, 'Vertiges');
    await device.drafts.send(key);
    network.losing.push(/^PUT .*\/drafts\//);
    network.cutsWithLoss = true;
    await device.drafts.put(key, 'Vertiges au le');
    await device.drafts.send(key).catch(() => undefined);
    await device.drafts.put(key, 'Vertiges au lever');
    await device.drafts.send(key).catch(() => undefined);
    const reopened = await openDevice(made, { cache, clock });
    assert.equal((await reopened.drafts.get(key))?.text, 'Vertiges au lever');
    await reopened.drafts.send(key);
    assert.deepEqual(
      (await reopened.drafts.list()).filter((draft) => draft.key.startsWith(key)).map(({ text }) => text),
      ['Vertiges au lever'],
    );
    assert.equal((await (await secondDevice(new Network())).drafts.get(key))?.text, 'Vertiges au lever');
  });

  it('are not taken from another slot, nor from an older revision', async () => {
    const network = new Network();
    const device = await openDevice(made, { clock, fetch: network.fetch });
    for (const [key, text] of [
      ['note/Patient/e', 'De e'],
      ['note/Patient/f', 'De f'],
    ] as const) {
      await device.drafts.put(key, text);
      await device.drafts.send(key);
    }
    const slots = network.asked
      .filter((asked) => asked.startsWith('PUT '))
      .map((asked) => asked.split('/').at(-1) ?? '');
    const other = await secondDevice({
      fetch: (input, init) => {
        const swapped = String(input).includes('/drafts/') && (init?.method ?? 'GET') === 'GET';
        return fetch(swapped ? String(input).replace(slots.at(-1) ?? '', slots.at(-2) ?? '') : input, init);
      },
    } as Network);
    assert.equal(await other.drafts.get('note/Patient/f'), null);
    assert.equal((await other.drafts.get('note/Patient/e'))?.text, 'De e');
  });
});
