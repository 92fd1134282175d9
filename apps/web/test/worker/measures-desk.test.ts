import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Practice } from '@serment/replica/practice';
import { create, createTestPractice, openDevice, patient } from '../../../../packages/replica/test/practice-setup.ts';
import { type RunningServer, startRunningServer } from '../../../../packages/replica/test/running-server.ts';
import type { MeasureRow } from '../../src/file-view/measure-series.ts';
import { MeasuresDesk } from '../../src/worker/measures-desk.ts';
import { TablesDesk } from '../../src/worker/tables-desk.ts';

describe('measures of a file', () => {
  let server: RunningServer;
  let device: Practice;
  let desk: MeasuresDesk;
  const who = 'Patient/a';
  const date = '2026-11-20T09:00:00+01:00';

  before(async () => {
    server = await startRunningServer();
    device = await openDevice(await createTestPractice(server.url));
    const at = { practice: () => device, send: () => undefined, keysChanged: async () => undefined };
    desk = new MeasuresDesk(at, new TablesDesk(at));
    await create(device, 'a', patient('a', 'Lemaire'));
  });
  after(async () => {
    await device?.lock();
    await server?.remove();
  });

  const rows = async () => (await desk.series(who, 'fr')).flatMap((series) => series.rows);
  const row = async (): Promise<MeasureRow> => (await rows())[0] ?? assert.fail();
  const weigh = (id: string, value: number) =>
    desk.save({ patient: who, date, measures: [{ id, kind: 'weight', value }] });
  /** As a colleague would. */
  const write = async (value: number) => {
    const { recordId, versions } = await row();
    const { records } = await device.readPatient(who);
    const { content } = records.find(({ id }) => id === recordId) ?? assert.fail();
    const resource = JSON.parse(content ?? 'null');
    resource.valueQuantity.value = value;
    await device.save({ patient: who, records: [{ resource, change: 'edit', replaces: versions }] });
  };

  it('are noted once, however often they are sent, and taken back unless somebody changed them since', async () => {
    await weigh('m1', 70);
    const again = await weigh('m1', 70);
    assert.equal((await rows()).length, 1);
    await desk.undo(again.id);
    assert.deepEqual(await rows(), []);
    const { id } = await weigh('m2', 80);
    await write(81);
    await assert.rejects(desk.undo(id), { code: 'CHANGED_SINCE' });
    assert.equal((await rows()).length, 1);
  });

  it('are withdrawn as they were on the screen: what was written since stays in view', async () => {
    const shown = await row();
    const { id } = await desk.withdraw(who, shown);
    assert.deepEqual(await rows(), []);
    await desk.undo(id);
    assert.deepEqual((await row()).value, shown.value);

    const earlier = await row();
    await write(71);
    await desk.withdraw(who, earlier);
    const { records } = await device.readPatient(who);
    const { versions, isConflict } = records.find((record) => record.id === earlier.recordId) ?? assert.fail();
    assert.equal(isConflict, true);
    assert.ok(versions.some(({ content }) => JSON.parse(content ?? 'null').valueQuantity.value === 71));
  });

  it('that somebody wrote over are not brought back over what was written', async () => {
    const { id } = await weigh('m3', 90);
    const own = (await rows()).find(({ recordId }) => recordId === 'Observation/m3') ?? assert.fail();
    const withdrawn = await desk.withdraw(who, own);
    const { records } = await device.readPatient(who);
    const { versions, content } = records.find((record) => record.id === own.recordId) ?? assert.fail();
    const resource = { ...JSON.parse(content ?? 'null'), status: 'amended' };
    const replaces = versions.map(({ version }) => version);
    await device.save({ patient: who, records: [{ resource, change: 'edit', replaces }] });
    for (const save of [id, withdrawn.id]) await assert.rejects(desk.undo(save), { code: 'CHANGED_SINCE' });
    await assert.rejects(desk.withdraw(who, { ...own, versions: ['00'] }), { code: 'RECORD_UNKNOWN' });
  });
});
