import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesToHex } from '@serment/core/bytes';
import { newPrivateNote } from '@serment/records/fhir/private-note';
import { leftDrafts } from '../src/draft-handover.ts';
import { exportPractice } from '../src/export.ts';
import { renewKeys } from '../src/key-renewal.ts';
import type { Practice } from '../src/practice.ts';
import { addMember, makeScene, open, serveMembers } from './members-scene.ts';
import { create, patient, settle } from './practice-setup.ts';

const server = serveMembers();
const patientOf = (key: string) => /^[a-z-]+\/(Patient\/[^/~]+)/.exec(key)?.[1] ?? null;

function write(device: Practice, text: string) {
  const author = `Practitioner/${bytesToHex(device.keyring.member)}`;
  const date = '2026-11-23T10:42:00+01:00';
  const note = newPrivateNote(`own-${bytesToHex(device.keyring.member).slice(0, 8)}`, {
    ...{ patient: 'Patient/p', author, date, title: 'Note privée', text },
  });
  return create(device, 'p', note);
}

async function textsOf(device: Practice): Promise<string[]> {
  return (await device.privateNotes.views()).map(
    ({ content }) => /white-space: pre-wrap\\">([^<]*)</.exec(content ?? '')?.[1] ?? '',
  );
}

async function exported(device: Practice): Promise<string> {
  const texts: string[] = [];
  const source = { ...device.streamParts(), keyring: device.keyring, openDocument: () => assert.fail() };
  await exportPractice(source, { write: async (_, bytes) => void texts.push(new TextDecoder().decode(bytes)) });
  return texts.join('\n');
}

describe('a private note', () => {
  it('is read, shown before it is sent, and exported by its author alone', async () => {
    const { made, doctor } = await makeScene(server.url);
    const { seed } = await addMember(doctor, 'doctor');
    const other = await open(made, seed);
    await renewKeys(doctor);
    await create(doctor, 'p', patient('p', 'Privée'));
    await write(doctor, 'Ne pas oublier de rappeler');
    assert.deepEqual(await textsOf(doctor), ['Ne pas oublier de rappeler']);
    await settle(doctor);
    await other.sync();
    await write(other, 'Autre avis');
    await settle(other);
    await doctor.sync();
    assert.deepEqual(await textsOf(doctor), ['Ne pas oublier de rappeler']);
    assert.deepEqual(await textsOf(other), ['Autre avis']);
    assert.deepEqual(
      (await other.readPatient('Patient/p')).records.map(({ id }) => id),
      ['Patient/p'],
    );
    const [own, others] = [await exported(doctor), await exported(other)];
    assert.ok(own.includes('Ne pas oublier') && !own.includes('Autre avis'));
    assert.ok(others.includes('Autre avis') && !others.includes('Ne pas oublier'));
  });

  it('that is being typed is found on another device of its author, and by no doctor who takes drafts over', async () => {
    const { made, doctor } = await makeScene(server.url);
    const { member, seed } = await addMember(doctor, 'doctor');
    const other = await open(made, seed);
    await other.drafts.put('private/Patient/p', '{"text":"secret"}');
    await other.drafts.put('note/Patient/p', '{"texts":{"reason":"Toux"}}');
    await other.drafts.sendAll();
    const { drafts, unreadable } = await leftDrafts(doctor, member, patientOf);
    assert.deepEqual([drafts.map(({ text }) => text), unreadable], [['{"texts":{"reason":"Toux"}}'], 0]);
    const again = await open(made, seed);
    assert.equal((await again.drafts.get('private/Patient/p'))?.text, '{"text":"secret"}');
    const third = await open(made, seed);
    assert.deepEqual((await third.drafts.gather()).toSorted(), ['note/Patient/p', 'private/Patient/p']);
  });
});
