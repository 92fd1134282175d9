import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { encodeCanonical } from '@serment/core/cbor';
import { randomBytes } from '@serment/core/random';
import { memoryCache } from '../src/cache.ts';
import { LocalVault } from '../src/local-vault.ts';
import { OutboxSender } from '../src/outbox-sender.ts';
import { partsOfSave } from '../src/saving.ts';
import type { OutboxPart } from '../src/sending.ts';
import { Network } from './network.ts';
import { createTestPractice, openDevice, patient, type TestPractice } from './practice-setup.ts';
import { type RunningServer, startRunningServer } from './running-server.ts';

/** A sender before a real host, and what it told the rest of the practice, in order. */
async function openSender(made: TestPractice, { isListening = false } = {}) {
  const network = new Network();
  const { mirror, keyring, transport } = await openDevice(made, { fetch: network.fetch });
  const told: string[] = [];
  const synced = Promise.withResolvers<void>();
  const failed = Promise.withResolvers<string>();
  const sender = new OutboxSender({
    line: {
      setOnline: (isOnline) => void told.push(`online ${isOnline}`),
      takeError: ({ code }) => failed.resolve(code),
    },
    reader: {
      remember: () => void told.push('remembered'),
      keep: async (payloads) => void told.push(`kept ${payloads.length}`),
    },
    directory: {
      accept: () => void told.push(`accepted, ${sender.items.length} waiting`),
      overlay: () => void told.push('overlaid'),
    },
    files: { show: () => void told.push('shown') },
    copies: { await: () => void told.push('copy awaited'), forget: () => undefined, restart: () => undefined },
    isListening: () => isListening,
    sync: async () => {
      told.push('synced');
      synced.resolve();
    },
    follow: async () => void told.push(`followed, ${sender.items.length} waiting`),
    emit: (event) => void told.push(event.type === 'save' ? `${event.type} ${event.state}` : event.type),
  });
  const cache = memoryCache();
  const vault = new LocalVault({ cache, keyring, practice: made.practice });
  const ignore = () => undefined;
  await sender.open({
    ...{ mirror, keyring, transport, cache, vault, clock: Date.now, random: randomBytes },
    ...{ onChange: ignore, onUpload: ignore },
  });
  const partsOf = (id: string) => {
    const records = [{ resource: patient(id, 'Envoyée'), change: 'create' as const, replaces: [] }];
    return partsOfSave({ patient: `Patient/${id}`, records }, keyring, randomBytes);
  };
  const stream = keyring.stream('admin', 'opened/sender');
  const trace: OutboxPart = {
    ...{ stream, body: { kind: 'opened' }, blobs: [] },
    content: encodeCanonical([1, 'Patient/one', 1]),
  };
  return { sender, network, told, partsOf, trace, synced: synced.promise, failed: failed.promise };
}

describe('the sender of the outbox', () => {
  let server: RunningServer;
  let made: TestPractice;

  before(async () => {
    server = await startRunningServer();
    made = await createTestPractice(server.url);
  });
  after(() => server?.remove());

  it('shows a save once it is kept, and goes on showing it until its entry is folded', async () => {
    const { sender, told, partsOf, synced } = await openSender(made);
    const item = await sender.add(partsOf('kept'));
    assert.deepEqual(told, ['shown', 'overlaid', 'save device']);
    assert.deepEqual(
      sender.items.map(({ id }) => id),
      [item.id],
    );
    await synced;
    assert.deepEqual(told.slice(3), [
      'remembered',
      'kept 1',
      'accepted, 1 waiting',
      'save host',
      'copy awaited',
      'followed, 0 waiting',
      'overlaid',
      'online true',
      'synced',
    ]);
  });

  it('tells no page of what the device says by itself, and leaves the rest to the event line', async () => {
    const { sender, told, trace } = await openSender(made, { isListening: true });
    await sender.add([trace]);
    await sender.flush();
    assert.deepEqual(
      told.filter((one) => /save|copy|synced/.test(one)),
      [],
    );
    assert.ok(told.includes('followed, 0 waiting') && told.includes('online true'));
    assert.equal(sender.items.length, 0);
  });

  it('asks for what followed what the device said by itself while no event line tells', async () => {
    const { sender, told, trace, synced } = await openSender(made);
    await sender.add([trace]);
    await synced;
    assert.deepEqual(
      told.filter((one) => one.startsWith('save')),
      [],
    );
  });

  it('sends in one request what is left while one goes from file to file', async () => {
    const { sender, network, trace } = await openSender(made, { isListening: true });
    for (let file = 0; file < 5; file += 1) (await sender.reserve([trace])).admit();
    assert.deepEqual([sender.items.map(({ parts }) => parts.length), sender.isDue], [[5], false]);
    await sender.sendRest();
    assert.equal(network.asked.filter((one) => /^POST .*\/entries$/.test(one)).length, 1);
    assert.deepEqual([sender.items, sender.isDue], [[], false]);
  });

  it('sends by itself what rests, and with a save what waits before it', async () => {
    const { sender, trace, partsOf, synced } = await openSender(made);
    (await sender.reserve([trace])).admit();
    await synced;
    assert.equal(sender.items.length, 0);
    (await sender.reserve([trace])).admit();
    await sender.add(partsOf('with'));
    assert.equal(sender.isDue, true);
    await sender.flush();
    assert.equal(sender.items.length, 0);
  });

  it('shows nothing of what is reserved before it is admitted', async () => {
    const { sender, told, partsOf, synced } = await openSender(made);
    const given = await sender.reserve(partsOf('given'));
    const taken = await sender.reserve(partsOf('taken'));
    await taken.withdraw();
    assert.deepEqual([told, sender.items], [[], []]);
    given.admit();
    assert.deepEqual(told, ['shown', 'overlaid', 'save device']);
    await synced;
    assert.equal(told.filter((one) => one === 'save host').length, 1);
  });

  it('keeps what does not go, and says why the line does not take it', async () => {
    const { sender, network, told, partsOf, failed } = await openSender(made);
    network.isUp = false;
    await sender.add(partsOf('cut'));
    assert.equal(await failed, 'UNREACHABLE');
    assert.equal(sender.items.length, 1);
    assert.deepEqual(
      told.filter((one) => /host|synced|online/.test(one)),
      [],
    );
  });

  it('gives no outbox once it is closed, and then follows nothing more', async () => {
    const { sender, told, partsOf } = await openSender(made);
    await sender.add(partsOf('last'));
    const sending = sender.outbox.flush();
    sender.close();
    await sending;
    assert.throws(() => sender.outbox, { code: 'CLOSED' });
    await assert.rejects(sender.add(partsOf('late')), { code: 'CLOSED' });
    assert.deepEqual(
      told.filter((one) => /followed|synced/.test(one)),
      [],
    );
    assert.equal(sender.items.length, 0);
  });
});
