import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Practice } from '@serment/replica/practice';
import { create, createTestPractice, openDevice, patient } from '../../../../packages/replica/test/practice-setup.ts';
import { type RunningServer, startRunningServer } from '../../../../packages/replica/test/running-server.ts';
import { CareDesk } from '../../src/worker/care-desk.ts';
import type { EngineEvent } from '../../src/worker/protocol.ts';

const coded = (code: string) => (error: unknown) => (error as { code?: string }).code === code;

describe('the lists of a file', () => {
  let server: RunningServer;
  let device: Practice;
  let desk: CareDesk;
  const events: EngineEvent[] = [];

  before(async () => {
    server = await startRunningServer();
    device = await openDevice(await createTestPractice(server.url));
    desk = new CareDesk({
      practice: () => device,
      send: (event) => events.push(event),
      keysChanged: async () => undefined,
    });
    for (const id of ['a', 'b', 'c']) await create(device, id, patient(id, 'Lemaire'));
  });
  after(async () => {
    await device?.lock();
    await server?.remove();
  });

  it('ends "none known" in the save that adds an allergy, and brings it back with it', async () => {
    const who = 'Patient/a';
    assert.equal((await desk.list(who, 'allergies')).isNoneKnown, false);
    await desk.answerNone(who);
    assert.equal((await desk.list(who, 'allergies')).isNoneKnown, true);
    const { id } = await desk.add({
      patient: who,
      subject: 'allergies',
      id: crypto.randomUUID(),
      facts: { substance: 'Latex' },
    });
    const found = await desk.list(who, 'allergies');
    assert.deepEqual([found.isNoneKnown, found.items.map(({ facts }) => facts.substance)], [false, ['Latex']]);
    await assert.rejects(desk.answerNone(who), coded('CARE_CONTRADICTS'));
    await desk.undo(id);
    const back = await desk.list(who, 'allergies');
    assert.deepEqual([back.isNoneKnown, back.items], [true, []]);
    await assert.rejects(desk.undo(id), coded('CHANGED_SINCE'));
    assert.ok(events.some((event) => event.type === 'patient' && event.patient === who));
  });

  it('stops a treatment, and undoes that unless somebody changed it since', async () => {
    const who = 'Patient/b';
    const facts = { medicine: 'Ramipril 5 mg', since: '2019' };
    await desk.add({ patient: who, subject: 'treatments', id: crypto.randomUUID(), facts });
    const one = async () => (await desk.list(who, 'treatments')).items[0] ?? assert.fail();
    const stop = async () => {
      const item = await one();
      const stopped = { ...item.facts, status: 'stopped' as const, until: '2026-11-23' };
      return desk.change({ patient: who, subject: 'treatments', changed: item, facts: stopped });
    };
    const { id } = await stop();
    assert.equal((await one()).isPast, true);
    await desk.undo(id);
    assert.deepEqual([(await one()).isPast, (await one()).facts.since], [false, '2019']);
    const again = await stop();
    const item = await one();
    await desk.change({ patient: who, subject: 'treatments', changed: item, facts: { ...item.facts, note: 'Toux' } });
    await assert.rejects(desk.undo(again.id), coded('CHANGED_SINCE'));
    assert.equal((await one()).facts.note, 'Toux');
  });

  it('takes what was entered in error off its list, and knows what a dose protects from', async () => {
    const who = 'Patient/c';
    const facts = { vaccine: 'dTP (Revaxis)', atc: 'J07CA01', date: '2026-10-02', lot: 'X7A21', isOwn: true };
    await desk.add({ patient: who, subject: 'vaccines', id: crypto.randomUUID(), facts });
    const { list, targets } = await desk.vaccines(who);
    const [dose] = list.items;
    assert.ok(dose !== undefined);
    assert.deepEqual([dose.facts.lot, targets[dose.recordId]], ['X7A21', ['diphtheria-tetanus-polio']]);
    const { id } = await desk.retract(who, dose);
    assert.deepEqual((await desk.list(who, 'vaccines')).items, []);
    await desk.undo(id);
    assert.equal((await desk.list(who, 'vaccines')).items.length, 1);
  });
});
