import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { bytesToUtf8, equalBytes } from '@serment/core/bytes';
import { type Entry, parseEntry } from '@serment/core/journal/entry';
import { parseKit } from '@serment/core/keys/kit';
import { randomBytes } from '@serment/core/random';
import { memoryCache } from '../src/cache.ts';
import { enrolByKit } from '../src/device.ts';
import { openDocumentBytes } from '../src/documents.ts';
import { type ExportReport, exportPractice } from '../src/export.ts';
import { JournalMirror } from '../src/journal-mirror.ts';
import type { JournalSource } from '../src/journal-source.ts';
import { Keyring } from '../src/keyring.ts';
import { PayloadReader } from '../src/payload-reader.ts';
import type { Practice } from '../src/practice.ts';
import { Transport } from '../src/transport.ts';
import { create, createTestPractice, note, openDevice, patient, settle, type TestPractice } from './practice-setup.ts';
import { revokeHolder } from './revoke-holder.ts';
import { type RunningServer, startRunningServer } from './running-server.ts';

describe('a copy that has lost entries', () => {
  let server: RunningServer;
  let made: TestPractice;
  let device: Practice;
  const seen = { phone: -1, byPhone: -1, first: -1, revoke: -1 };

  before(async () => {
    server = await startRunningServer();
    made = await createTestPractice(server.url);
    device = await openDevice(made);
    await create(device, 'anna', patient('anna', 'Roux'), note('n1', 'anna', 'par le bureau'));
    await settle(device);
    const transport = new Transport({ baseUrl: server.url });
    const { seed } = await enrolByKit({ transport, kitText: made.kitText, label: 'cli' });
    const phone = await openDevice(made, { seed });
    await create(phone, 'anna', note('n2', 'anna', 'par le téléphone'));
    await settle(phone);
    await device.sync();
    await revokeHolder(device, phone.keyring.signer.author);
    await create(device, 'anna', note('n3', 'anna', 'après la révocation'));
    await settle(device);
    const entries = (await device.transport.entries(0, device.mirror.size)).map(parseEntry);
    const find = (is: (entry: Entry) => boolean) => entries.findIndex(is);
    const author = phone.keyring.signer.author;
    seen.phone = find(({ header: { body } }) => body.kind === 'device' && equalBytes(body.author, author));
    seen.byPhone = find(({ header }) => header.kind === 'records' && equalBytes(header.author, author));
    seen.first = find(({ header }) => header.compartment === 'clinical');
    seen.revoke = find(({ header }) => header.kind === 'revoke');
  });
  after(() => server?.remove());

  /** The journal at the server, with nothing but the hash left of some entries. */
  function losing(...lost: number[]): JournalSource {
    const { transport } = device;
    return {
      checkpoint: () => transport.checkpoint(),
      entries: async (from, limit) =>
        (await transport.entries(from, limit)).map((bytes, place) => {
          const { leaf, header } = parseEntry(bytes);
          return lost.includes(from + place) ? { leaf, stream: header.stream } : bytes;
        }),
    };
  }

  async function openLosing(...lost: number[]): Promise<{ report: ExportReport; files: Map<string, string> }> {
    const { practice } = made;
    const cache = memoryCache();
    const mirror = await JournalMirror.open({ practice, source: losing(...lost), cache, isCopy: true });
    await mirror.sync();
    const keyring = await Keyring.open(parseKit(made.kitText).seed, mirror.governance);
    const transport = device.transport;
    const reader = new PayloadReader({ mirror, source: transport, cache, keyring });
    const openDocument = (document: Parameters<typeof openDocumentBytes>[0]) =>
      openDocumentBytes(document, { practice, transport });
    const files = new Map<string, string>();
    const report = await exportPractice(
      { mirror, keyring, reader, random: randomBytes, openDocument },
      {
        write: async (path, bytes) => {
          files.set(path, bytesToUtf8(bytes));
        },
      },
    );
    return { report, files };
  }

  it('is no journal that a server may show', async () => {
    const source = losing(seen.first);
    const mirror = await JournalMirror.open({ practice: made.practice, source, cache: memoryCache() });
    await assert.rejects(mirror.sync(), { code: 'HOST_LIES', fields: { finding: 'ENTRY_LOST' } });
    assert.equal(mirror.size, 0);
  });

  it('is read without the entry, which is told with its patient, and whose absence the files themselves tell', async () => {
    const { report, files } = await openLosing(seen.first);
    assert.deepEqual(report.losses, [
      { code: 'ENTRY_LOST', entry: seen.first, about: 'Patient/anna' },
      { code: 'RIGHTS_UNKNOWN', entry: seen.first, about: null },
    ]);
    const bundle = files.get('patients/anna/bundle.json') ?? '';
    assert.ok(!bundle.includes('"n1"') && bundle.includes('"n2"') && bundle.includes('"n3"'));
    assert.deepEqual(JSON.parse(files.get('index.json') ?? '').incomplete, report.losses);
    for (const page of ['index.html', 'patients/anna/index.html'])
      assert.ok(files.get(page)?.includes('n’est pas complet'), page);
    assert.ok(!files.has('unjudged/bundle.json'));
  });

  it('keeps aside, in no patient’s file, what a device wrote that no entry left names', async () => {
    const { report, files } = await openLosing(seen.phone);
    assert.deepEqual(report.losses[0], { code: 'ENTRY_LOST', entry: seen.phone, about: 'rights' });
    const unjudged = report.losses.filter(({ code }) => code === 'ENTRY_UNJUDGED');
    assert.ok(unjudged.some(({ entry, about }) => entry === seen.byPhone && about === 'Patient/anna'));
    const bundle = files.get('patients/anna/bundle.json') ?? '';
    assert.ok(bundle.includes('"n1"') && !bundle.includes('"n2"') && bundle.includes('"n3"'));
    assert.match(files.get('unjudged/bundle.json') ?? '', /"n2"/);
  });

  it('says that rights are not known when a revocation is lost, and goes on with the entries after it', async () => {
    const { report, files } = await openLosing(seen.revoke);
    assert.deepEqual(report.losses, [
      { code: 'ENTRY_LOST', entry: seen.revoke, about: 'rights' },
      { code: 'RIGHTS_UNKNOWN', entry: seen.revoke, about: null },
    ]);
    assert.match(files.get('patients/anna/bundle.json') ?? '', /"n3"/);
  });
});
