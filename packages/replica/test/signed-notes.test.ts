import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { newNote } from '@serment/records/fhir/note';
import { enrolByKit } from '../src/device.ts';
import type { Practice } from '../src/practice.ts';
import { partsOfSave } from '../src/saving.ts';
import { Transport } from '../src/transport.ts';
import { create, createTestPractice, openDevice, patient, settle, type TestPractice } from './practice-setup.ts';
import { type RunningServer, startRunningServer } from './running-server.ts';

const date = '2026-11-23T10:42:00+01:00';
const noteOf = (id: string, title: string, status: 'preliminary' | 'final' = 'final') =>
  newNote(`n-${id}`, {
    ...{ status, title, date, patient: `Patient/${id}`, author: 'Practitioner/me', sections: [{ text: title }] },
  });

async function versionsOf(device: Practice, id: string) {
  const { records } = await device.readPatient(`Patient/${id}`);
  const record = records.find((one) => one.id === `Composition/n-${id}`) ?? assert.fail();
  const titles = record.versions.map(({ content }) => (JSON.parse(content ?? '{}') as { title: string }).title);
  return { names: record.versions.map(({ version }) => version), titles, isConflict: record.isConflict };
}

describe('a signed note', () => {
  let server: RunningServer;
  let made: TestPractice;
  let device: Practice;

  before(async () => {
    server = await startRunningServer();
    made = await createTestPractice(server.url);
    device = await openDevice(made);
  });
  after(() => server?.remove());

  const change = async (id: string, resource: object, changed: 'edit' | 'restore' | 'entered-in-error' = 'edit') => {
    const { names } = await versionsOf(device, id);
    return device.save({ patient: `Patient/${id}`, records: [{ resource, change: changed, replaces: names }] });
  };

  it('is refused a change, and can be withdrawn; one that is not signed is changed and signed', async () => {
    await create(device, 'a', patient('a', 'Signée'), noteOf('a', 'Première', 'preliminary'));
    await change('a', noteOf('a', 'Deuxième', 'preliminary'));
    await change('a', noteOf('a', 'Troisième'));
    for (const changed of ['edit', 'restore'] as const)
      await assert.rejects(change('a', noteOf('a', 'Quatrième'), changed), { code: 'NOTE_SIGNED' });
    await assert.rejects(change('a', noteOf('a', 'Troisième', 'preliminary')), { code: 'NOTE_SIGNED' });
    assert.deepEqual((await versionsOf(device, 'a')).titles, ['Troisième']);
    await settle(device);
    await assert.rejects(change('a', noteOf('a', 'Quatrième')), { code: 'NOTE_SIGNED' });
    await change('a', { ...noteOf('a', 'Troisième'), status: 'entered-in-error' }, 'entered-in-error');
  });

  it('that another device changed all the same stands beside that change, until a person keeps it', async () => {
    await create(device, 'b', patient('b', 'Double'), noteOf('b', 'Signée'));
    await settle(device);
    const transport = new Transport({ baseUrl: server.url });
    const { seed } = await enrolByKit({ transport, kitText: made.kitText, label: 'cli' });
    const other = await openDevice(made, { seed });
    const { names } = await versionsOf(other, 'b');
    const records = [{ resource: noteOf('b', 'Réécrite'), change: 'edit' as const, replaces: names }];
    await other.saveParts(partsOfSave({ patient: 'Patient/b', records }, other.keyring, other.random));
    await settle(other);
    await settle(device);
    for (const one of [device, other, await openDevice(made)]) {
      const { titles, isConflict } = await versionsOf(one, 'b');
      assert.deepEqual([titles, isConflict], [['Signée', 'Réécrite'], true]);
    }
    await assert.rejects(change('b', noteOf('b', 'Autre chose'), 'restore'), { code: 'NOTE_SIGNED' });
    await change('b', noteOf('b', 'Signée'), 'restore');
    await settle(device);
    await other.sync();
    for (const one of [device, other]) assert.deepEqual((await versionsOf(one, 'b')).titles, ['Signée']);
  });
});
