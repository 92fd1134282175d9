import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Practice } from '@serment/replica/practice';
import { create, createTestPractice, openDevice, patient } from '../../../../packages/replica/test/practice-setup.ts';
import { type RunningServer, startRunningServer } from '../../../../packages/replica/test/running-server.ts';
import { ConsultationDesk, type ConsultationInput } from '../../src/worker/consultation-desk.ts';

const who = 'Patient/a';

function input(text: string, more: Partial<ConsultationInput> = {}): ConsultationInput {
  return {
    ...{ patient: who, note: 'Composition/n', encounter: 'Encounter/e', replaces: [], begun: [], appends: null },
    ...{ title: text, date: '2026-11-23T14:16:00+01:00', now: '2026-11-23T14:31:00+01:00' },
    ...{ place: 'practice', reason: text },
    sections: [{ title: 'Motif', loinc: '10154-3', text }],
    titles: { measures: 'Mesures', diagnoses: 'Diagnostic', acts: 'Actes' },
    measures: [{ recordId: null, kind: 'weight', value: 68.4 }],
    ...{ diagnoses: [], acts: [], sign: false },
    ...more,
  };
}

describe('a consultation that is saved', () => {
  let server: RunningServer;
  let device: Practice;
  let desk: ConsultationDesk;
  before(async () => {
    server = await startRunningServer();
    device = await openDevice(await createTestPractice(server.url));
    desk = new ConsultationDesk({ practice: () => device, send: () => undefined, keysChanged: async () => undefined });
    await create(device, 'a', patient('a', 'Lemaire'));
  });
  after(async () => {
    await device?.lock();
    await server?.remove();
  });

  const current = async (type: string) => {
    const { records } = await device.readPatient(who);
    return records.filter((record) => record.type === type && record.resource !== null);
  };

  it('again from a draft that outlived its saving is the same note, changed, with one of each measure', async () => {
    await desk.save(input('Contrôle'));
    await desk.save(input('Contrôle, et vaccin'));
    for (const type of ['Composition', 'Encounter', 'Observation']) {
      const records = await current(type);
      assert.deepEqual([type, records.map(({ isConflict }) => isConflict)], [type, [false]]);
    }
    const [note] = await current('Composition');
    assert.match(JSON.stringify(note?.content), /Contrôle, et vaccin/);
    assert.equal((await device.history(who, 'Composition/n')).length, 2);
  });

  it('is not changed by such a draft once it was signed', async () => {
    await desk.save(input('À signer', { note: 'Composition/s', encounter: 'Encounter/s', sign: true }));
    const again = desk.save(input('Autre chose', { note: 'Composition/s', encounter: 'Encounter/s' }));
    await assert.rejects(again, (error) => (error as { code?: string }).code === 'NOTE_SIGNED');
  });
});
