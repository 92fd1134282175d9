import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { bytesToHex } from '@serment/core/bytes';
import { memoryCache } from '../src/cache.ts';
import { burstSaves } from '../src/change-watch.ts';
import { enrolByKit } from '../src/device.ts';
import type { Practice } from '../src/practice.ts';
import { openPractice } from '../src/practice-opening.ts';
import { undoWrites, writesSince } from '../src/practice-rewind.ts';
import { partsOfSave } from '../src/saving.ts';
import { Transport } from '../src/transport.ts';
import { create, createTestPractice, openDevice, patient, settle, type TestPractice } from './practice-setup.ts';
import { type RunningServer, startRunningServer } from './running-server.ts';

const count = burstSaves + 4;
const ids = Array.from({ length: count }, (_, place) => `p${place}`);
const noteOf = (
  id: string,
  text = 'Douleur lombaire après un effort, examen normal, paracétamol et reprise conseillée',
) => ({
  ...{ resourceType: 'Composition', id: `${id}-note`, subject: { reference: `Patient/${id}` }, status: 'preliminary' },
  section: [{ title: 'Conclusion', text: { status: 'additional', div: `<div>${text}</div>` } }],
});

type Change = 'edit' | 'restore' | 'entered-in-error';

describe('mass changes, seen by the other devices of a practice', () => {
  let server: RunningServer;
  before(async () => {
    server = await startRunningServer();
  });
  after(() => server?.remove());

  async function secondDevice({ url, kitText }: TestPractice): Promise<Practice> {
    const transport = () => new Transport({ baseUrl: url });
    const { practice, seed } = await enrolByKit({ transport: transport(), kitText, label: 'script' });
    return openPractice({ transport: transport(), cache: memoryCache(), practice, seed });
  }

  /** A doctor's device that watches, and another one, over an honest import of so many new files. */
  async function makeScene() {
    const made = await createTestPractice(server.url);
    const cache = memoryCache();
    const doctor = await openDevice(made, { cache });
    await doctor.followChanges();
    const other = await secondDevice(made);
    for (const id of ids) await create(other, id, patient(id, `Nom-${id}`), noteOf(id));
    await settle(other);
    return { made, cache, doctor, other, author: bytesToHex(other.keyring.signer.author) };
  }

  const watched = async (practice: Practice) => {
    await practice.sync();
    await practice.followChanges();
    await practice.followChanges();
    return practice.status().massChanges;
  };

  /** What a program does that its own application refuses nothing. */
  async function rewrite(
    practice: Practice,
    files: readonly string[],
    change: Change,
    resourceOf: (id: string) => object,
  ) {
    await practice.sync();
    for (const id of files) {
      const { records } = await practice.readPatient(`Patient/${id}`);
      const record = records.find(({ type }) => type === 'Composition') ?? assert.fail(id);
      const replaces = record.versions.map(({ version }) => version);
      const request = { patient: `Patient/${id}`, records: [{ resource: resourceOf(id), change, replaces }] };
      await practice.saveParts(partsOfSave(request, practice.keyring, practice.random));
    }
    await settle(practice);
  }
  const noise = (practice: Practice) => (id: string) => ({
    ...{ resourceType: 'Composition', id: `${id}-note`, text: bytesToHex(practice.random(300)) },
  });

  it('a large honest import raises nothing, and neither does a busy day, nor a correction of all that was imported', async () => {
    const { doctor, other } = await makeScene();
    assert.deepEqual(await watched(doctor), []);
    // Twenty files within minutes, each rewritten otherwise: more than a doctor does by hand.
    await rewrite(other, ids.slice(0, 20), 'edit', (id) =>
      noteOf(id, 'Tout autre chose : contrôle annuel, rien à signaler, vaccin fait'),
    );
    assert.deepEqual(await watched(doctor), []);
    await rewrite(other, ids, 'edit', (id) =>
      noteOf(
        id,
        'Douleur lombaire après un effort, examen normal, paracétamol et reprise conseillée, arrêt de deux jours',
      ),
    );
    assert.deepEqual(await watched(doctor), []);
  });

  it('noise in the place of files is told with its device and when it began, leads back, and stays known after a restart', async () => {
    const { made, cache, doctor, other, author } = await makeScene();
    assert.deepEqual(await watched(doctor), []);
    const before = (await doctor.mirror.entry(doctor.mirror.size - 1)).receivedAt;
    await rewrite(other, ids, 'restore', noise(other));
    const [found, ...more] = await watched(doctor);
    assert.deepEqual(more, []);
    assert.deepEqual([found?.author, found?.kind, found?.member], [author, 'noise', doctor.status().member]);
    assert.ok((found?.saves ?? 0) >= burstSaves);
    await doctor.persist();
    const again = await openDevice(made, { cache });
    assert.deepEqual(
      (await watched(again)).map((one) => one.author),
      [author],
    );
    // Gone back in time by it: what was before stands, and the way back is no mass change.
    const since = Math.max(before + 1, found?.since ?? 0);
    const writes = await writesSince(again, { by: { kind: 'device', id: author }, since, until: null });
    await undoWrites(
      again,
      writes,
      writes.files.map((file) => ({ patient: file.patient, ids: file.records.map(({ id }) => id) })),
    );
    await settle(again);
    const colleague = await secondDevice(made);
    assert.deepEqual(await watched(colleague), []);
    assert.deepEqual(
      (await watched(again)).map((one) => one.author),
      [author],
    );
    await again.acceptChanges(author);
    assert.deepEqual(again.status().massChanges, []);
  });

  it('files that are taken away are told, until a person says that it is meant; the next time is told again', async () => {
    const { doctor, other, author } = await makeScene();
    await watched(doctor);
    await rewrite(other, ids, 'entered-in-error', (id) => noteOf(id));
    assert.deepEqual(
      (await watched(doctor)).map(({ kind }) => kind),
      ['gone'],
    );
    await doctor.acceptChanges(author);
    assert.deepEqual(await watched(doctor), []);
    await doctor.acceptChanges('ff');
    // The one whose device it is had it before its eyes.
    assert.deepEqual(await watched(other), []);
  });
});
