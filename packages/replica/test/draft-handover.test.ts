import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hexToBytes } from '@serment/core/bytes';
import { memoryCache } from '../src/cache.ts';
import { leftDrafts, takeDraft } from '../src/draft-handover.ts';
import { removeMember, setTerm } from '../src/members.ts';
import type { Practice } from '../src/practice.ts';
import { restrictPatient } from '../src/restrictions.ts';
import { addMember, makeScene, open, opened, serveMembers } from './members-scene.ts';
import { Network } from './network.ts';
import { openDevice, settle } from './practice-setup.ts';

const server = serveMembers();
const anna = 'note/Patient/anna';
const patientOf = (key: string) => /Patient\/\w+/.exec(key)?.[0] ?? null;

const type = async (device: Practice, key: string, text: string) => {
  await device.drafts.put(key, text);
  await device.drafts.send(key);
};
const left = async (doctor: Practice, member: string) => (await leftDrafts(doctor, member, patientOf)).drafts;
const take = (doctor: Practice, member: string, key: string) => takeDraft(doctor, { member, key }, patientOf);
const textsOf = async (doctor: Practice) => (await doctor.drafts.list()).map(({ text }) => text).toSorted();

describe('what a member was writing', () => {
  it('is told to a doctor before and after the departure, and becomes the doctor’s own beside what they write', async () => {
    const { doctor, member, first } = await makeScene(server.url);
    await type(first, anna, 'Genou gauche');
    await type(doctor, anna, 'Mon propre texte');
    const [before] = await left(doctor, member);
    assert.deepEqual([before?.patient, before?.text], ['Patient/anna', 'Genou gauche']);
    await type(first, 'addendum/Patient/anna/Composition/one', 'À compléter');
    await removeMember(doctor, member);
    const drafts = await left(doctor, member);
    assert.deepEqual(drafts.map(({ text }) => text).toSorted(), ['Genou gauche', 'À compléter']);
    for (const { key } of drafts) await take(doctor, member, key);
    assert.deepEqual(await left(doctor, member), []);
    assert.deepEqual(await textsOf(doctor), ['Genou gauche', 'Mon propre texte', 'À compléter'].toSorted());
    const keys = (await doctor.drafts.list()).map(({ key }) => key);
    const at = before?.updatedAt;
    assert.ok(keys.includes(`${anna}~${member}.${at}`) && keys.includes(anna), keys.join(' '));
  });

  it('is found by the doctor’s other device too', async () => {
    const { made, doctor, member, second } = await makeScene(server.url);
    await type(second, anna, 'Deuxième poste');
    const [draft] = await left(doctor, member);
    await take(doctor, member, draft?.key ?? '');
    const other = await open(made, made.seed);
    assert.deepEqual(await other.drafts.gather(), [draft?.key]);
    assert.deepEqual(await textsOf(other), ['Deuxième poste']);
    assert.deepEqual(await other.drafts.gather(), []);
  });

  it('is neither lost nor doubled wherever the line is cut, and not brought back once it was done with', async () => {
    for (const [lost, writes] of [
      [false, 1],
      [true, 1],
      [false, 2],
      [true, 2],
    ] as const) {
      const { made, member, first } = await makeScene(server.url);
      await type(first, anna, 'Toux depuis lundi');
      const network = new CutAt(writes, lost);
      const doctor = await openDevice(made, { cache: memoryCache(), fetch: network.fetchCut });
      opened.push(doctor);
      const [draft] = await left(doctor, member);
      await assert.rejects(take(doctor, member, draft?.key ?? ''), { code: 'UNREACHABLE' });
      network.isUp = true;
      const told = `${writes} ${lost}`;
      // Either it is told again, or it is the doctor's: never both, never neither.
      assert.equal((await left(doctor, member)).length + (await doctor.drafts.list()).length, 1, told);
      await take(doctor, member, draft?.key ?? '');
      assert.deepEqual([await left(doctor, member), await textsOf(doctor)], [[], ['Toux depuis lundi']], told);
      await doctor.drafts.drop(draft?.key ?? '');
      await doctor.drafts.send(draft?.key ?? '');
      await take(doctor, member, draft?.key ?? '');
      assert.deepEqual([await left(doctor, member), await textsOf(doctor)], [[], []], told);
    }
  });

  it('that was done with before its slot was emptied is not brought back', async () => {
    const { made, member, first } = await makeScene(server.url);
    await type(first, anna, 'Toux');
    const network = new CutAt(2, false);
    const doctor = await openDevice(made, { cache: memoryCache(), fetch: network.fetchCut });
    opened.push(doctor);
    const key = (await left(doctor, member))[0]?.key ?? '';
    await assert.rejects(take(doctor, member, key), { code: 'UNREACHABLE' });
    network.isUp = true;
    await doctor.drafts.drop(key);
    await doctor.drafts.send(key);
    assert.deepEqual([await left(doctor, member), await textsOf(doctor)], [[], []]);
    assert.equal(await first.drafts.get(anna), null);
  });

  it('that goes on being typed while it is taken over is all kept', async () => {
    const { doctor, member, first } = await makeScene(server.url);
    await type(first, anna, 'Un');
    const [draft] = await left(doctor, member);
    await type(first, anna, 'Un, deux');
    await assert.rejects(take(doctor, member, draft?.key ?? ''), { code: 'DRAFT_GONE' });
    const [newer] = await left(doctor, member);
    assert.equal(newer?.text, 'Un, deux');
    await take(doctor, member, newer?.key ?? '');
    // What the member types on, not knowing, stays theirs.
    await type(first, anna, 'Un, deux, trois');
    assert.equal((await first.drafts.get(anna))?.text, 'Un, deux, trois');
    assert.deepEqual(
      (await left(doctor, member)).map(({ text }) => text),
      ['Un, deux, trois'],
    );
    assert.deepEqual(await textsOf(doctor), ['Un, deux']);
  });

  it('is taken over when two do it at the same moment, and the slot serves again', async () => {
    const { doctor, member, first } = await makeScene(server.url);
    await type(first, anna, 'Une fois');
    const [draft] = await left(doctor, member);
    await Promise.all([take(doctor, member, draft?.key ?? ''), take(doctor, member, draft?.key ?? '')]);
    assert.deepEqual([await left(doctor, member), await textsOf(doctor)], [[], ['Une fois']]);
    await type(first, anna, 'Une autre');
    assert.equal((await left(doctor, member))[0]?.text, 'Une autre');
  });

  it('stays when the term has ended, of a desk under its own compartment too', async () => {
    const { made, doctor } = await makeScene(server.url);
    const { member, seed } = await addMember(doctor, 'desk');
    const desk = await open(made, seed);
    await type(desk, 'patient/new', '{"birthName":"Petit"}');
    await setTerm(doctor, member, { from: null, until: 1000 });
    const [draft] = await left(doctor, member);
    assert.deepEqual([draft?.patient, draft?.text], [null, '{"birthName":"Petit"}']);
    await take(doctor, member, draft?.key ?? '');
    assert.deepEqual(
      (await doctor.drafts.list()).map(({ key }) => key),
      [draft?.key],
    );
  });

  it('of a restricted file is told without its text, and not taken over', async () => {
    const { made, doctor, member, first } = await makeScene(server.url);
    await type(first, anna, 'Confidence');
    const { seed } = await addMember(doctor, 'doctor');
    const colleague = await open(made, seed);
    await restrictPatient(doctor, 'Patient/anna', [member, hexOf(doctor)]);
    await colleague.sync();
    const [draft] = await left(colleague, member);
    assert.deepEqual([draft?.isRestricted, draft?.text], [true, '']);
    await assert.rejects(take(colleague, member, draft?.key ?? ''), { code: 'PATIENT_RESTRICTED' });
  });

  it('leaves the trace of an opening, once in a session', async () => {
    const { doctor, member, first } = await makeScene(server.url);
    await type(first, anna, 'Vue');
    const stream = doctor.keyring.stream('admin', `opened/${authorHex(doctor)}`);
    const traces = () => doctor.mirror.entriesOf(stream.id).length;
    const before = traces();
    await left(doctor, member);
    await left(doctor, member);
    await settle(doctor);
    assert.equal(traces(), before + 1);
  });

  it('is a doctor’s to read, of members that exist', async () => {
    const { doctor, member, first, second } = await makeScene(server.url);
    await type(first, anna, 'Rien pour vous');
    await assert.rejects(left(second, hexOf(doctor)), (error: { fields?: { server?: unknown } }) => {
      return error.fields?.server === 'DRAFT_FORBIDDEN';
    });
    await assert.rejects(left(doctor, 'ff'.repeat(16)), { code: 'MEMBER_UNKNOWN' });
    await assert.rejects(take(doctor, member, `${anna}~nothing`), { code: 'DRAFT_GONE' });
  });

  it('is believed from its own slot alone: a host passes off no other text for it', async () => {
    const { made, doctor, member, first } = await makeScene(server.url);
    const { member: other, seed } = await addMember(doctor, 'substitute');
    const neighbour = await open(made, seed);
    await type(first, anna, 'De la remplaçante');
    await type(neighbour, anna, 'D’une autre');
    // The host answers with the neighbour's slots, and their bytes in the place of this member's.
    const swapping: typeof fetch = (input, init) => fetch(String(input).replace(member, other), init);
    const deceived = await openDevice(made, { cache: memoryCache(), fetch: swapping });
    opened.push(deceived);
    assert.deepEqual(await leftDrafts(deceived, member, patientOf), { drafts: [], unreadable: 0 });
    const slots = (await doctor.transport.draftsOf(hexToBytes(other)).drafts()).map(({ slot }) => slot);
    const forged = (await doctor.transport.draftsOf(hexToBytes(other)).draft(slots[0] ?? new Uint8Array(16))) ?? [];
    assert.ok(forged.length > 0);
    const lying: typeof fetch = async (input, init) => {
      const isSlot = /\/members\/\w+\/drafts\/\w+$/.test(String(input));
      return isSlot
        ? fetch(String(input).replace(/members.*/, `members/${other}/drafts/${hex(slots[0])}`), init)
        : fetch(input, init);
    };
    const lied = await openDevice(made, { cache: memoryCache(), fetch: lying });
    opened.push(lied);
    assert.deepEqual(await leftDrafts(lied, member, patientOf), { drafts: [], unreadable: 1 });
  });
});

const hex = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('hex');
const hexOf = ({ keyring }: Practice) => hex(keyring.member);
const authorHex = ({ keyring }: Practice) => hex(keyring.signer.author);

/** A line that is cut at the nth writing of a draft: before it is sent, or once its answer is on its way. */
class CutAt extends Network {
  #left: number;
  readonly #isLost: boolean;

  constructor(writes: number, isLost: boolean) {
    super();
    this.#left = writes;
    this.#isLost = isLost;
  }

  readonly fetchCut: typeof globalThis.fetch = async (input, init) => {
    const isDraft = init?.method === 'PUT' && /\/drafts\//.test(String(input));
    if (isDraft) this.#left -= 1;
    if (!isDraft || this.#left !== 0) return this.fetch(input, init);
    if (this.#isLost) await (await globalThis.fetch(input, init)).body?.cancel();
    this.isUp = false;
    throw new TypeError('network cut');
  };
}
