import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesToHex } from '@serment/core/bytes';
import { restrictPatient } from '@serment/replica/restrictions';
import { addMember, open, serveMembers } from '../../../../packages/replica/test/members-scene.ts';
import { create, createTestPractice, patient, settle } from '../../../../packages/replica/test/practice-setup.ts';
import { CareDesk } from '../../src/worker/care-desk.ts';
import { RelativesDesk } from '../../src/worker/relatives-desk.ts';

const [anna, bea] = ['Patient/anna', 'Patient/bea'] as const;

describe('relatives who are patients', () => {
  const server = serveMembers();

  async function makeScene() {
    const made = await createTestPractice(server.url);
    const doctor = await open(made, made.seed);
    for (const id of ['anna', 'bea']) await create(doctor, id, patient(id, 'Durand'));
    await settle(doctor);
    const deskOf = (practice: typeof doctor) =>
      new RelativesDesk({ practice: () => practice, send: () => undefined, keysChanged: async () => undefined });
    const told = async (practice: typeof doctor, of: string) =>
      (await deskOf(practice).list(of)).map(({ relation, row }) => [relation, row?.id]);
    return { made, doctor, deskOf, told };
  }

  it('say it of both, each its own way round, and take it back from either side', async () => {
    const { doctor, deskOf, told } = await makeScene();
    const desk = deskOf(doctor);
    const link = { id: 'r', patient: anna, relative: bea, kinship: 'PRN' } as const;
    await desk.add(link);
    assert.deepEqual(await told(doctor, anna), [['PRN', bea]]);
    assert.deepEqual(await told(doctor, bea), [['CHILD', anna]]);
    await settle(doctor);
    // Said again of the other one, it is still one line for each.
    await desk.add({ id: 's', patient: bea, relative: anna, kinship: 'CHILD' });
    assert.deepEqual([await told(doctor, anna), await told(doctor, bea)], [[['PRN', bea]], [['CHILD', anna]]]);
    const [own = assert.fail()] = await desk.list(bea);
    await desk.retract(own);
    const [other = assert.fail()] = await desk.list(bea);
    const { id } = await desk.retract(other);
    assert.deepEqual([await told(doctor, anna), await told(doctor, bea)], [[], []]);
    await desk.undo(id);
    assert.deepEqual(await told(doctor, bea), [['CHILD', anna]]);
    await assert.rejects(desk.add({ ...link, relative: anna }), { code: 'SAVE_INVALID' });
  });

  it('do not tell of a restricted file to who may not see it, and tell a desk', async () => {
    const { made, doctor, deskOf, told } = await makeScene();
    await deskOf(doctor).add({ id: 'r', patient: anna, relative: bea, kinship: 'GUARD' });
    await settle(doctor);
    const { seed } = await addMember(doctor, 'doctor');
    const colleague = await open(made, seed);
    assert.deepEqual(await told(colleague, anna), [['GUARD', bea]]);
    await restrictPatient(doctor, bea, [bytesToHex(doctor.keyring.member)]);
    await colleague.sync();
    assert.deepEqual(await told(colleague, anna), []);
    assert.deepEqual(await told(doctor, anna), [['GUARD', bea]]);
    const desk = await open(made, (await addMember(doctor, 'desk')).seed);
    assert.deepEqual(await told(desk, bea), [['WARD', anna]]);
  });

  it('stand beside a coverage that a desk adds, changes, ends and takes back without the medical file', async () => {
    const { made, doctor } = await makeScene();
    const front = await open(made, (await addMember(doctor, 'desk')).seed);
    const desk = new CareDesk({ practice: () => front, send: () => undefined, keysChanged: async () => undefined });
    const subject = 'coverage' as const;
    const facts = { coverage: 'amo', payer: 'CPAM', relation: 'self', insuredId: '1 23' } as const;
    await desk.add({ patient: anna, subject, id: 'c', facts });
    const list = () => desk.list(anna, subject);
    const { items, isComplete, isHidden } = await list();
    assert.deepEqual([items[0]?.facts.insuredId, isComplete, isHidden], ['1 23', true, false]);
    await settle(front);
    const [item = assert.fail()] = (await list()).items;
    const { id } = await desk.change({ patient: anna, subject, changed: item, facts: { ...item.facts, isOver: true } });
    assert.equal((await list()).items[0]?.isPast, true);
    await desk.undo(id);
    assert.equal((await list()).items[0]?.isPast, false);
    assert.equal((await desk.list(anna, 'ald')).isHidden, true);
    assert.equal((await desk.list(anna, 'consents')).isHidden, true);
    const [again = assert.fail()] = (await list()).items;
    await desk.retract(anna, again);
    assert.deepEqual((await list()).items, []);
  });
});
