import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { bytesToHex, utf8ToBytes } from '@serment/core/bytes';
import { sha256 } from '@serment/core/hash';
import { encodeStreamAnswer, parseStreamAnswer } from '@serment/core/wire/read';
import { memoryCache } from '../src/cache.ts';
import { lateAfterMs } from '../src/inbox-tasks.ts';
import type { Practice } from '../src/practice.ts';
import { breakGlass, restrictPatient } from '../src/restrictions.ts';
import { cborAnswer, Liar } from './liar.ts';
import { addMember, open, opened, serveMembers } from './members-scene.ts';
import { Network } from './network.ts';
import { create, createTestPractice, openDevice, patient, settle, type TestPractice } from './practice-setup.ts';

const fixture = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../../records/test/received/fixtures/${name}`, import.meta.url)));
const hprim = { name: 'C:\\labo\\b\u202eenoit.hpr', bytes: fixture('benoit-utf8.hpr') };
const anna = 'Patient/anna';
const suzanne = {
  name: [
    { use: 'official', family: 'Lacombe', given: ['Suzanne'] },
    { use: 'usual', family: 'Benoît', given: ['Suzanne'] },
  ],
  birthDate: '1958-05-03',
  identifier: [{ system: 'urn:oid:1.2.250.1.213.1.4.8', value: '258056926400161' }],
};

describe('what arrives', () => {
  const server = serveMembers();

  async function makeScene(): Promise<{ made: TestPractice; doctor: Practice }> {
    const made = await createTestPractice(server.url);
    const doctor = await open(made, made.seed);
    await create(doctor, 'anna', patient('anna', 'Lacombe', suzanne));
    await create(doctor, 'bea', patient('bea', 'Benoît', { ...suzanne, birthDate: '1990-01-01', identifier: [] }));
    await settle(doctor);
    return { made, doctor };
  }

  async function receive(doctor: Practice, file = hprim): Promise<string> {
    const [arrived] = await doctor.inbox.receive(file);
    await settle(doctor);
    return arrived?.id ?? assert.fail();
  }

  it('waits without patient, proposes whose it may be, and is filed once a person said so', async () => {
    const { made, doctor } = await makeScene();
    const id = await receive(doctor);
    assert.deepEqual(await doctor.inbox.counts(), { toFile: 1, toRead: 0, late: 0, toTell: 0, missing: 0 });
    const { item, identity, proposals } = await doctor.inbox.content(id);
    assert.deepEqual([item.title, item.kind, item.state], ['Biologie, Laboratoire Bioalliance', 'to-file', 'host']);
    // The recipient's line names the doctor of the practice.
    assert.equal(item.owner, bytesToHex(doctor.keyring.member));
    assert.equal(identity?.family, 'BENOIT');
    assert.deepEqual(
      proposals.map(({ row, confidence, homonyms, different }) => [row.id, confidence, homonyms, different]),
      [[anna, 'sure', 1, []]],
    );
    assert.deepEqual((await doctor.inbox.document(id)).bytes, hprim.bytes);

    await doctor.inbox.file(id, anna);
    await settle(doctor);
    const file = await doctor.readPatient(anna);
    const types = file.records.map(({ type }) => type);
    assert.deepEqual([...new Set(types)].sort(), ['DiagnosticReport', 'DocumentReference', 'Observation', 'Patient']);
    const creatinine = file.records.find(({ content }) => content?.includes('"creat"'));
    // Figures keep the characters that the laboratory wrote.
    assert.match(creatinine?.content ?? '', /"value":8\.3.*"low":\{"value":6\.0/);
    assert.doesNotMatch(file.records.map(({ content }) => content).join(), /#patient|contained/);
    assert.deepEqual((await doctor.inbox.document(id)).bytes, hprim.bytes);
    assert.deepEqual(await doctor.inbox.counts(), { toFile: 0, toRead: 1, late: 0, toTell: 0, missing: 0 });
    // Another device, that begins now, sees the same, and what is out of range without opening the file.
    const other = await open(made, made.seed);
    assert.deepEqual(
      (await other.inbox.waiting()).items.map(({ kind, patient: row, outOfRange }) => [
        ...[kind, row?.id, outOfRange.map(({ label, flag }) => `${label} ${flag}`).join()],
      ]),
      [['to-read', anna, 'Hémoglobine L,HbA1c H']],
    );
    assert.equal((await other.readPatient(anna)).findings.length, 0);
  });

  it('is read by a doctor alone, then leaves for the file, and the patient is told', async () => {
    const { made, doctor } = await makeScene();
    const { seed } = await addMember(doctor, 'medical-secretary');
    const secretary = await open(made, seed);
    const id = await receive(doctor);
    await assert.rejects(doctor.inbox.markRead(id, null), { code: 'RECEIVED_UNKNOWN' });
    await secretary.sync();
    await secretary.inbox.file(id, anna);
    await settle(secretary);
    assert.equal((await secretary.inbox.counts()).toRead, 0);
    await assert.rejects(secretary.inbox.markRead(id, null), { code: 'READER_REFUSED' });
    await doctor.sync();
    await doctor.inbox.markRead(id, 'Équilibre à revoir');
    await settle(doctor);
    assert.deepEqual(await doctor.inbox.counts(), { toFile: 0, toRead: 0, late: 0, toTell: 1, missing: 0 });
    await secretary.sync();
    const [told] = (await secretary.inbox.waiting()).items;
    assert.deepEqual([told?.kind, told?.note, told?.patient?.id], ['to-tell', 'Équilibre à revoir', anna]);
    await secretary.inbox.markTold(told?.id ?? '');
    await settle(secretary);
    assert.deepEqual((await secretary.inbox.waiting()).items, []);
    await doctor.sync();
    const tasks = (await doctor.readPatient(anna)).records.filter(({ type }) => type === 'Task');
    const [read, said] = tasks.map(({ content }) => JSON.parse(content ?? '{}'));
    assert.deepEqual([read.code.coding[0].code, read.focus.reference], ['read', `DiagnosticReport/${id}`]);
    assert.equal(read.owner.reference, `Practitioner/${bytesToHex(doctor.keyring.member)}`);
    assert.equal(said.code.coding[0].code, 'told');
  });

  it('of two who file it at once, one wins and the other is told', async () => {
    const { made, doctor } = await makeScene();
    const id = await receive(doctor);
    const other = await open(made, made.seed);
    await other.inbox.waiting();
    await doctor.inbox.file(id, anna);
    await settle(doctor);
    // The other's device had not heard of it when it filed.
    await other.inbox.file(id, 'Patient/bea').catch((error: unknown) => {
      assert.equal((error as { code?: string }).code, 'DEPOSIT_FILED');
    });
    await settle(other);
    const refused = other.outbox.items.map(({ problem }) => problem);
    assert.ok(refused.length === 0 || refused[0] === 'DEPOSIT_FILED', String(refused));
    await doctor.sync();
    assert.equal((await doctor.readPatient('Patient/bea')).records.length, 1);
    await assert.rejects(doctor.inbox.file(id, 'Patient/bea'), { code: 'DEPOSIT_FILED' });
  });

  it('is not written again when the same bytes come again, before, after, or read long since', async () => {
    const { doctor } = await makeScene();
    const id = await receive(doctor);
    const again = async () => {
      const [arrived] = await doctor.inbox.receive({ ...hprim, name: 'autre nom.txt' });
      return [arrived?.outcome, arrived?.id, arrived?.patient?.id ?? null];
    };
    const { size } = doctor.mirror;
    assert.deepEqual(await again(), ['again', id, null]);
    const { identity } = await doctor.inbox.content(id);
    assert.deepEqual([...(await doctor.inbox.stated())], [[id, identity]]);
    await doctor.inbox.file(id, anna);
    assert.equal((await doctor.inbox.stated()).size, 0);
    assert.deepEqual(await again(), ['again', id, anna]);
    await settle(doctor);
    await doctor.inbox.markRead(id, null);
    await settle(doctor);
    assert.deepEqual(await again(), ['again', null, anna]);
    assert.ok(doctor.mirror.size > size);
    assert.deepEqual((await doctor.inbox.waiting()).items, []);
  });

  it('that nothing is understood of is a document all the same, byte for byte', async () => {
    const { doctor } = await makeScene();
    const files = {
      'cut.xml': fixture('benoit-biologie.xml').slice(0, 3_000),
      'nul.hpr': utf8ToBytes('BENOIT\u0000\u0000\nx'),
      'lettre.pdf': utf8ToBytes('%PDF-1.7 …'),
      'grand.txt': new Uint8Array(17 * 1024 * 1024).fill(0x41),
    };
    for (const [name, bytes] of Object.entries(files)) {
      const [arrived] = await doctor.inbox.receive({ name: `../../etc/${name}`, bytes });
      await settle(doctor);
      assert.deepEqual([arrived?.outcome, arrived?.title], ['received', name]);
      const kept = await doctor.inbox.document(arrived?.id ?? '');
      assert.deepEqual(sha256(kept.bytes), sha256(bytes));
    }
    await assert.rejects(doctor.inbox.receive({ name: 'vide', bytes: new Uint8Array() }), { code: 'RECEIVED_EMPTY' });
    assert.equal((await doctor.inbox.counts()).toFile, 4);
    assert.deepEqual([...(await doctor.inbox.stated())], []);
    const [first] = (await doctor.inbox.waiting()).items;
    await doctor.inbox.file(first?.id ?? '', anna);
    await settle(doctor);
    assert.equal(
      (await doctor.readPatient(anna)).records.some(({ type }) => type === 'DocumentReference'),
      true,
    );
  });

  it('of several patients is filed apart, and each keeps its own bytes', async () => {
    const { doctor } = await makeScene();
    const whole = fixture('trois-comptes-rendus-1252.hpr');
    const arrived = await doctor.inbox.receive({ name: 'trois.hpr', bytes: whole });
    await settle(doctor);
    const kept = await Promise.all(arrived.map(({ id }) => doctor.inbox.document(id ?? '')));
    assert.deepEqual(Buffer.concat(kept.map(({ bytes }) => bytes)), Buffer.from(whole));
    const identities = await Promise.all(arrived.map(({ id }) => doctor.inbox.content(id ?? '')));
    assert.deepEqual(
      identities.map(({ identity }) => identity?.family),
      ['BENOIT', 'DIALLO', 'MARCHAND'],
    );
  });

  it('unread for two days is counted as late, and goes to who reads for an absent doctor', async () => {
    const { made, doctor } = await makeScene();
    const { member, seed } = await addMember(doctor, 'substitute');
    const id = await receive(doctor);
    await doctor.inbox.file(id, anna);
    await settle(doctor);
    const substitute = await open(made, seed);
    assert.equal((await substitute.inbox.counts()).toRead, 0);
    const [from, until] = [Date.now() - 1_000, Date.now() + 3_600_000].map((at) => new Date(at).toISOString());
    const absence = { reader: member, start: from ?? '', end: until ?? '' };
    await assert.rejects(doctor.inbox.setAbsence({ ...absence, reader: 'ab'.repeat(16) }), { code: 'READER_REFUSED' });
    await assert.rejects(doctor.inbox.setAbsence({ ...absence, end: absence.start }), { code: 'SAVE_INVALID' });
    await doctor.inbox.setAbsence(absence);
    await settle(doctor);
    await substitute.sync();
    assert.equal((await substitute.inbox.counts()).toRead, 1);
    assert.equal((await doctor.inbox.counts()).toRead, 0);
    const [view] = await substitute.inbox.absences();
    assert.deepEqual([view?.of, view?.reader], [bytesToHex(doctor.keyring.member), member]);
    // Nobody sends another one's results elsewhere: not even by the same words.
    await doctor.inbox.cancelAbsence(view?.id ?? '');
    await settle(doctor);
    await substitute.sync();
    assert.equal((await substitute.inbox.counts()).toRead, 0);
    const later = await openDevice(made, { cache: memoryCache(), clock: () => Date.now() + lateAfterMs + 60_000 });
    opened.push(later);
    assert.deepEqual(await later.inbox.counts(), { toFile: 0, toRead: 1, late: 1, toTell: 0, missing: 0 });
  });

  it('of a file that is kept from a member says nothing to that one', async () => {
    const { made, doctor } = await makeScene();
    const { seed } = await addMember(doctor, 'substitute');
    const id = await receive(doctor);
    await doctor.inbox.file(id, anna);
    await settle(doctor);
    await restrictPatient(doctor, anna, [bytesToHex(doctor.keyring.member)]);
    const substitute = await open(made, seed);
    const [item] = (await substitute.inbox.waiting()).items;
    assert.deepEqual([item?.isRestricted, item?.title, item?.outOfRange], [true, '', []]);
    await assert.rejects(substitute.inbox.content(id), { code: 'PATIENT_RESTRICTED' });
    const unfiled = await receive(doctor, { name: 'b.xml', bytes: fixture('benoit-biologie.xml') });
    await substitute.sync();
    await assert.rejects(substitute.inbox.file(unfiled, anna), { code: 'PATIENT_RESTRICTED' });
    await breakGlass(substitute, anna, 'Urgence vue ce jour');
    await substitute.inbox.file(unfiled, anna);
  });

  it('without the line is refused, and nothing of it is lost or half written', async () => {
    const { made } = await makeScene();
    const network = new Network();
    const doctor = await openDevice(made, { cache: memoryCache(), fetch: network.fetch });
    opened.push(doctor);
    network.isUp = false;
    await assert.rejects(doctor.inbox.receive(hprim), { code: 'UNREACHABLE' });
    assert.deepEqual((await doctor.inbox.waiting()).items, []);
    network.isUp = true;
    const [arrived] = await doctor.inbox.receive(hprim);
    assert.equal(arrived?.outcome, 'received');
  });

  it('is not said to be nothing where the host holds it back, nor after it gave it', async () => {
    const { made, doctor } = await makeScene();
    await receive(doctor);
    const liar = await Liar.start(server.url);
    liar.lie(/^GET .*\/streams\//, async ({ forward }) => {
      const answer = await forward();
      return cborAnswer(encodeStreamAnswer({ payloads: [], next: parseStreamAnswer(answer.body).next }));
    });
    const other = await openDevice(made, { cache: memoryCache(), url: liar.url });
    opened.push(other);
    const held = await other.inbox.waiting();
    assert.deepEqual([held.items, held.withheld > 0, held.unreadable], [[], true, 0]);
    assert.equal((await other.inbox.counts()).missing, held.withheld);
    liar.repent();
    const given = await other.inbox.waiting();
    assert.deepEqual([given.items.length, given.withheld], [1, 0]);
    await liar.close();
  });

  it('is nothing to who reads no medical file', async () => {
    const { made, doctor } = await makeScene();
    const { seed } = await addMember(doctor, 'desk');
    await receive(doctor);
    const desk = await open(made, seed);
    await assert.rejects(desk.inbox.waiting(), { code: 'COMPARTMENT_CLOSED' });
    await assert.rejects(desk.inbox.receive(hprim), { code: 'COMPARTMENT_CLOSED' });
  });
});
