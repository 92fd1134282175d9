import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Bytes, bytesToHex, bytesToUtf8, utf8ToBytes } from '@serment/core/bytes';
import type { Body } from '@serment/core/journal/body';
import { inboxStream } from '@serment/core/journal/header';
import { memoryCache } from '../src/cache.ts';
import { sealDeposit } from '../src/deposit-sealing.ts';
import { openDocumentBytes } from '../src/documents.ts';
import { writeEntry } from '../src/entry-writer.ts';
import { exportPractice } from '../src/export.ts';
import { govern } from '../src/governance-batch.ts';
import { grantBody, newEpoch } from '../src/key-bodies.ts';
import { revokeDevice } from '../src/members.ts';
import type { Practice } from '../src/practice.ts';
import { breakGlass, restrictPatient } from '../src/restrictions.ts';
import { addMember, authorOf, open, opened, serveMembers } from './members-scene.ts';
import { Network } from './network.ts';
import { create, createTestPractice, openDevice, patient, settle, type TestPractice } from './practice-setup.ts';

const anna = 'Patient/anna';
const bea = 'Patient/bea';
const dayMs = 24 * 3_600_000;

describe('deposits', () => {
  const server = serveMembers();

  interface Scene {
    readonly made: TestPractice;
    readonly doctor: Practice;
    readonly desk: Practice;
    readonly deskSeed: Bytes;
  }

  /** A doctor's practice with two patients, and a desk. */
  async function makeScene(): Promise<Scene> {
    const made = await createTestPractice(server.url);
    const doctor = await open(made, made.seed);
    await create(doctor, 'anna', patient('anna', 'Durand'));
    await create(doctor, 'bea', patient('bea', 'Morel'));
    await settle(doctor);
    const { seed } = await addMember(doctor, 'desk');
    return { made, doctor, desk: await open(made, seed), deskSeed: seed };
  }

  const scan = (text = 'un courrier scanné') => ({
    name: 'courrier.pdf',
    mediaType: 'application/pdf',
    clear: new Blob([utf8ToBytes(text)]).stream(),
  });

  async function deposit(desk: Practice, text = 'A rappelé pour ses résultats'): Promise<void> {
    await desk.deposits.deposit({ patient: anna, text, file: scan() });
    await settle(desk);
  }

  it('are let in by a desk, which cannot read the file, and filed by a doctor', async () => {
    const { doctor, desk } = await makeScene();
    await deposit(desk);
    assert.ok(!desk.keyring.canRead('clinical'));
    assert.deepEqual([desk.status().depositPart, doctor.status().depositPart], ['deposits', 'files']);
    const [mine] = await desk.deposits.own();
    assert.equal(mine?.text, 'A rappelé pour ses résultats');
    assert.equal(mine?.patient?.id, anna);
    assert.equal(mine?.state, 'host');
    assert.equal(bytesToUtf8((await desk.deposits.document(mine ?? assert.fail())).bytes), 'un courrier scanné');
    await doctor.sync();
    assert.equal(await doctor.deposits.openCount(), 1);
    const [found = assert.fail()] = await doctor.deposits.open();
    assert.deepEqual([found.text, found.patient?.id, found.name], [mine?.text, anna, 'Léa Martin']);
    await doctor.deposits.open();
    await settle(doctor);
    // Of whom a deposit tells, its reader leaves the trace of an opening, once.
    const traces = doctor.keyring.stream('admin', `opened/${bytesToHex(doctor.keyring.signer.author)}`);
    assert.equal(doctor.mirror.entriesOf(traces.id).length, 1);
    assert.equal(bytesToUtf8((await doctor.deposits.document(found)).bytes), 'un courrier scanné');

    await doctor.deposits.file(found, { patient: anna, say: 'Résultats normaux' });
    assert.equal(await doctor.deposits.openCount(), 0);
    await settle(doctor);
    const file = await doctor.readPatient(anna);
    assert.deepEqual(file.records.map(({ type }) => type).sort(), ['Communication', 'DocumentReference', 'Patient']);
    const message = file.records.find(({ type }) => type === 'Communication');
    assert.equal(message?.versions[0]?.authorName, 'Dr Claire Vasseur');
    const { sender } = JSON.parse(message?.content ?? '{}') as { sender?: { reference?: string } };
    assert.equal(sender?.reference, `Practitioner/${bytesToHex(desk.keyring.member)}`);
    assert.deepEqual(doctor.status().findings, []);

    await desk.sync();
    const [told = assert.fail(), ...others] = await desk.deposits.progress(null);
    assert.deepEqual(
      [told.say, told.status, told.isSaid, told.name],
      ['Résultats normaux', 'completed', false, 'Dr Claire Vasseur'],
    );
    assert.deepEqual(others, []);
    await desk.deposits.said(told.id);
    await settle(desk);
    assert.deepEqual(await desk.deposits.progress(null), []);
    const [said] = await desk.deposits.progress(anna);
    assert.ok(said?.isSaid);
    assert.deepEqual(desk.status().findings, []);
  });

  it('are filed once, in the file of whom the doctor chooses', async () => {
    const { made, doctor, desk } = await makeScene();
    await deposit(desk);
    const { seed } = await addMember(doctor, 'medical-secretary');
    const secretary = await open(made, seed);
    await doctor.sync();
    const [found = assert.fail()] = await doctor.deposits.open();
    assert.deepEqual(
      (await secretary.deposits.open()).map(({ id }) => id),
      [found.id],
    );
    await secretary.deposits.file(found, { patient: bea, say: null });
    await settle(secretary);
    // The doctor's device does not know yet.
    await doctor.deposits.file(found, { patient: anna, say: null });
    await settle(doctor);
    const [refused] = doctor.outbox.items;
    assert.equal(refused?.problem, 'DEPOSIT_FILED');
    await doctor.sync();
    assert.equal(doctor.outbox.items[0]?.problem, 'DEPOSIT_FILED');
    await doctor.discardSave(refused?.id ?? '');
    const types = async (id: string) => (await doctor.readPatient(id)).records.map(({ type }) => type);
    assert.deepEqual(await types(anna), ['Patient']);
    assert.equal((await types(bea)).length, 3);
    await assert.rejects(doctor.deposits.file(found, { patient: anna, say: null }), { code: 'DEPOSIT_FILED' });
    await desk.sync();
    assert.deepEqual(
      (await desk.deposits.progress(bea)).map(({ status, say }) => [status, say]),
      [['completed', null]],
    );
  });

  it('wait on the device while the line is cut, documents too, and survive a restart', async () => {
    const { made, doctor, deskSeed } = await makeScene();
    const network = new Network();
    const cache = memoryCache();
    const options = { seed: deskSeed, cache, fetch: network.fetch };
    const before = await openDevice(made, options);
    await before.persist();
    network.isUp = false;
    await before.deposits.deposit({ patient: null, text: '', file: scan() });
    assert.deepEqual(
      (await before.deposits.own()).map(({ state, patient: of }) => [state, of]),
      [['device', null]],
    );
    await before.lock();
    const after = await openDevice(made, options);
    opened.push(after);
    assert.deepEqual(
      (await after.deposits.own()).map(({ state }) => state),
      ['device'],
    );
    network.isUp = true;
    await settle(after);
    assert.deepEqual(
      (await after.deposits.own()).map(({ state }) => state),
      ['host'],
    );
    assert.deepEqual(
      (await cache.keys('')).filter((key) => key.includes('upload/')),
      [],
    );
    await doctor.sync();
    const [found = assert.fail()] = await doctor.deposits.open();
    assert.equal(bytesToUtf8((await doctor.deposits.document(found)).bytes), 'un courrier scanné');
  });

  it('open after the epoch they were sealed to has passed', async () => {
    const { made, doctor, desk } = await makeScene();
    await deposit(desk);
    const { seed } = await addMember(doctor, 'substitute');
    const substitute = await open(made, seed);
    await revokeDevice(doctor, authorOf(substitute));
    await doctor.sync();
    assert.equal(doctor.keyring.currentEpoch('clinical').epoch, 2);
    assert.equal((await doctor.deposits.open())[0]?.text, 'A rappelé pour ses résultats');
    await desk.sync();
    await deposit(desk, 'À la clé suivante');
    await doctor.sync();
    assert.deepEqual(
      (await doctor.deposits.open()).map(({ text }) => text),
      ['A rappelé pour ses résultats', 'À la clé suivante'],
    );
  });

  it('are read again by their author for a day, and then leave nothing on its device', async () => {
    const { made, deskSeed } = await makeScene();
    let now = Date.now();
    const cache = memoryCache();
    const desk = await openDevice(made, { seed: deskSeed, cache, clock: () => now });
    opened.push(desk);
    await deposit(desk);
    const [mine = assert.fail()] = await desk.deposits.own();
    now += dayMs + 60_000;
    assert.deepEqual(await desk.deposits.own(), []);
    await assert.rejects(desk.deposits.document(mine), { code: 'DEPOSIT_UNKNOWN' });
    const kept = (await cache.keys('')).filter((key) => /deposited\/|payload\/|outbox\//.test(key));
    assert.deepEqual(kept, []);
  });

  it('are refused where there is nothing to say, nobody of that name, or a member who writes', async () => {
    const { doctor, desk } = await makeScene();
    const nothing = { patient: anna, text: ' \n', file: null };
    await assert.rejects(desk.deposits.deposit(nothing), { code: 'SAVE_INVALID' });
    const nobody = { patient: 'Patient/nobody', text: 'Pour qui ?', file: null };
    await assert.rejects(desk.deposits.deposit(nobody), { code: 'PATIENT_UNKNOWN' });
    await assert.rejects(doctor.deposits.deposit({ ...nothing, text: 'Un mot' }), { code: 'SAVE_INVALID' });
    await deposit(desk);
    await doctor.sync();
    const [found = assert.fail()] = await doctor.deposits.open();
    await assert.rejects(doctor.deposits.file(found, { patient: 'Patient/nobody', say: null }), {
      code: 'PATIENT_UNKNOWN',
    });
    await assert.rejects(doctor.deposits.file({ ...found, id: '00'.repeat(16) }, { patient: anna, say: null }), {
      code: 'DEPOSIT_UNKNOWN',
    });
    await assert.rejects(doctor.deposits.said(found.id), { code: 'DEPOSIT_UNKNOWN' });
  });

  it('that open to nobody are said to be so, keep no other from being filed, and are rejected', async () => {
    const { made, doctor, desk, deskSeed } = await makeScene();
    const { keyring, mirror } = desk;
    const stream = inboxStream(keyring.member);
    const seal = await sealDeposit(new Uint8Array(16).fill(7), mirror.governance, keyring);
    // Content that is none, under a key that was wrapped right.
    const { statementBytes: statement, payload } = await writeEntry(keyring.signer, {
      ...{ practice: mirror.practice, stream, base: null, prev: mirror.lastEntryOf(keyring.signer.author) },
      ...{ seen: mirror.seen(), time: Date.now(), body: seal.body },
      sealed: { ...seal.sealed, content: utf8ToBytes('rien') },
    });
    await desk.transport.append([{ statement, payload }]);
    await desk.sync();
    await deposit(desk);
    await doctor.sync();
    const [bad = assert.fail(), good = assert.fail()] = await doctor.deposits.open();
    assert.deepEqual([bad.problem, good.problem], ['PAYLOAD_UNREADABLE', null]);
    await assert.rejects(doctor.deposits.file(bad, { patient: anna, say: null }), { code: 'SAVE_INVALID' });
    await assert.rejects(doctor.deposits.reject(good), { code: 'SAVE_INVALID' });
    await doctor.deposits.reject(bad);
    await doctor.deposits.file(good, { patient: anna, say: null });
    await settle(doctor);
    assert.equal(await doctor.deposits.openCount(), 0);
    await assert.rejects(doctor.deposits.reject(bad), { code: 'DEPOSIT_FILED' });
    // The desk is told for a day, wherever it asks what is left to do.
    await desk.sync();
    assert.deepEqual(
      (await desk.deposits.progress(null)).map(({ id, status, name }) => [id, status, name]),
      [[bad.id, 'rejected', 'Dr Claire Vasseur']],
    );
    const later = await openDevice(made, { seed: deskSeed, clock: () => Date.now() + dayMs + 60_000 });
    opened.push(later);
    assert.deepEqual(await later.deposits.progress(null), []);
  });

  it('are in exports until they are filed, apart from every file', async () => {
    const { doctor, desk } = await makeScene();
    await deposit(desk);
    await doctor.sync();
    const exported = async () => {
      const files = new Map<string, string>();
      const source = {
        ...{ ...doctor.streamParts(), keyring: doctor.keyring },
        openDocument: (document: Parameters<typeof openDocumentBytes>[0]) =>
          openDocumentBytes(document, { practice: doctor.practice, transport: doctor.transport }),
      };
      const report = await exportPractice(source, {
        write: async (path, bytes) => void files.set(path, new TextDecoder().decode(bytes)),
      });
      return { files, report };
    };
    const before = await exported();
    assert.equal(before.report.deposits, 1);
    assert.match(before.files.get('deposits/bundle.json') ?? '', /A rappelé pour ses résultats/);
    assert.ok([...before.files].some(([path, text]) => /^deposits\/documents\//.test(path) && text.includes('scanné')));
    assert.deepEqual(before.report.findings, []);
    await doctor.deposits.file((await doctor.deposits.open())[0] ?? assert.fail(), { patient: anna, say: null });
    await settle(doctor);
    const after = await exported();
    assert.equal(after.report.deposits, 0);
    assert.match(after.files.get('patients/anna/bundle.json') ?? '', /A rappelé pour ses résultats/);
  });

  it('of a restricted file are hidden from who is not named, who neither files nor rejects them', async () => {
    const { made, doctor, desk } = await makeScene();
    const { seed } = await addMember(doctor, 'doctor');
    const colleague = await open(made, seed);
    await deposit(desk);
    await doctor.sync();
    await restrictPatient(doctor, anna, [bytesToHex(doctor.keyring.member)]);
    await colleague.sync();
    const [hidden = assert.fail()] = await colleague.deposits.open();
    const { problem, text, document, patient: whose } = hidden;
    assert.deepEqual([problem, text, document, whose?.id], ['PATIENT_RESTRICTED', '', null, anna]);
    await assert.rejects(colleague.deposits.document(hidden), { code: 'DOCUMENT_UNKNOWN' });
    for (const target of [anna, bea])
      await assert.rejects(
        colleague.deposits.file(hidden, { patient: target, say: null }),
        ({ code }: { code?: string }) => code === 'PATIENT_RESTRICTED' || code === 'SAVE_INVALID',
      );
    await assert.rejects(colleague.deposits.reject(hidden), { code: 'SAVE_INVALID' });
    // What told nothing leaves no trace of an opening.
    const traces = colleague.keyring.stream('admin', `opened/${bytesToHex(colleague.keyring.signer.author)}`);
    assert.deepEqual([colleague.outbox.items.length, colleague.mirror.entriesOf(traces.id).length], [0, 0]);
    assert.equal((await doctor.deposits.open())[0]?.problem, null);
    await breakGlass(colleague, anna, 'Résultat urgent');
    assert.equal((await colleague.deposits.open())[0]?.text, 'A rappelé pour ses résultats');
  });

  for (const [told, isGivenNothing] of [
    ['no key was given to', false],
    ['a key was given to that opens nothing', true],
  ] as const)
    it(`wait, and are not rejected, on the device of a member ${told}`, async () => {
      const { made, doctor, desk } = await makeScene();
      const { seed, member } = await addMember(doctor, 'medical-secretary');
      const secretary = await open(made, seed);
      await deposit(desk);
      const { mirror, keyring } = doctor;
      const draw = { scope: doctor.practice, compartment: 'clinical', number: 2 };
      const { body, epoch } = await newEpoch({ ...draw, previous: keyring.epochKey('clinical', 1) }, doctor.random);
      const memberOf = (name: string) => mirror.governance.members.get(name) ?? assert.fail();
      const own = memberOf(bytesToHex(keyring.member));
      const write = (bodies: readonly Body[]) =>
        govern(doctor, async (batch) => {
          for (const one of bodies) await batch.add(keyring.signer, one);
        });
      const { member: to, generation } = memberOf(member);
      const nothing = { ...(await grantBody(epoch, own)), member: to, generation };
      await write([body, await grantBody(epoch, own), ...(isGivenNothing ? [nothing] : [])]);
      await desk.sync();
      await deposit(desk, 'À la nouvelle clé');
      await secretary.sync();
      const waiting = (await secretary.deposits.open()).filter(({ problem }) => problem !== null);
      // The host gives no deposit to who has not the newest key, of before either.
      assert.deepEqual(
        waiting.map(({ problem, text }) => [problem, text]),
        (isGivenNothing ? [1] : [1, 2]).map(() => ['KEYS_PENDING', '']),
      );
      for (const one of waiting) await assert.rejects(secretary.deposits.reject(one), { code: 'SAVE_INVALID' });
      if (isGivenNothing) return;
      await write([await grantBody(epoch, memberOf(member))]);
      await secretary.sync();
      assert.deepEqual(
        (await secretary.deposits.open()).map(({ text }) => text),
        ['A rappelé pour ses résultats', 'À la nouvelle clé'],
      );
    });
});
