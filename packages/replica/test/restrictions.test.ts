import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesToHex, utf8ToBytes } from '@serment/core/bytes';
import type { DocumentKey } from '@serment/records/version';
import { memoryCache } from '../src/cache.ts';
import { uploadDocument } from '../src/documents.ts';
import { exportPractice } from '../src/export.ts';
import type { Practice } from '../src/practice.ts';
import { breakGlass, fileAccess, restrictPatient } from '../src/restrictions.ts';
import { vaultEvents } from '../src/vault.ts';
import { addMember, makeScene, open, refusedAs, serveMembers } from './members-scene.ts';
import { create, fileStream, note, openDevice, settle, titles } from './practice-setup.ts';

const anna = 'Patient/anna';
const ownMember = ({ keyring }: Practice) => bytesToHex(keyring.member);

describe('a restricted file', () => {
  const server = serveMembers();

  /** A doctor, a substitute and another doctor; the file of Anna, with a document, is the first doctor's. */
  async function makeRestricted() {
    const scene = await makeScene(server.url);
    const { doctor, made, first } = scene;
    const clear = new Blob([utf8ToBytes('un courrier')]).stream();
    const document: DocumentKey = await uploadDocument({ clear, mediaType: 'text/plain' }, partsOf(doctor));
    await doctor.save({
      patient: anna,
      records: [{ resource: note('two', 'anna', 'Avec un courrier'), change: 'create', replaces: [] }],
      documents: [document],
    });
    await settle(doctor);
    const { seed } = await addMember(doctor, 'doctor');
    const colleague = await open(made, seed);
    await first.sync();
    // What a device holds before the restriction is no way round it.
    assert.deepEqual(titles(await colleague.openPatient(anna)).sort(), ['Avant', 'Avec un courrier']);
    await restrictPatient(doctor, anna, [ownMember(doctor)]);
    await colleague.sync();
    return { ...scene, colleague, colleagueSeed: seed, document };
  }

  it('is served and shown to who is named, and to nobody else', async () => {
    const { doctor, colleague, first, document } = await makeRestricted();
    assert.deepEqual(titles(await doctor.readPatient(anna)).sort(), ['Avant', 'Avec un courrier']);
    const { id } = fileStream(doctor, 'anna');
    const [index = 0] = doctor.mirror.entriesOf(id);
    await first.sync();
    for (const other of [colleague, first]) {
      await assert.rejects(other.readPatient(anna), { code: 'PATIENT_RESTRICTED' });
      await assert.rejects(other.history(anna, 'Composition/one'), { code: 'PATIENT_RESTRICTED' });
      const refused = refusedAs('STREAM_RESTRICTED');
      await assert.rejects(other.transport.stream(id, 0, 10), refused);
      await assert.rejects(other.transport.payloads([index]), refused);
      await assert.rejects(other.transport.payloads([0, index]), refused);
      await assert.rejects(other.transport.blob(document.sealedHash), refused);
      // Its name stays: somebody must be able to call.
      assert.equal(other.search('durand', 5).length, 1);
      assert.deepEqual(other.status().findings, []);
    }
    assert.equal((await doctor.transport.payloads([index])).length, 1);
  });

  it('leaves nothing of it on a device that it is kept from', async () => {
    const { made, doctor, colleagueSeed } = await makeRestricted();
    await restrictPatient(doctor, anna, null);
    const cache = memoryCache();
    const device = await openDevice(made, { seed: colleagueSeed, cache });
    await device.openPatient(anna);
    await settle(device);
    const name = bytesToHex(fileStream(doctor, 'anna').id);
    const kept = async () => (await cache.keys('')).filter((key) => key.endsWith(`payloads/${name}`)).length;
    assert.equal(await kept(), 1);
    await restrictPatient(doctor, anna, [ownMember(doctor)]);
    await device.sync();
    await assert.rejects(device.readPatient(anna), { code: 'PATIENT_RESTRICTED' });
    assert.equal(await kept(), 0);
    await device.lock();
  });

  it('opens with a reason, which all who read medical files see, until it is closed again', async () => {
    const { doctor, colleague, first } = await makeRestricted();
    for (const reason of ['', '   ', 'x'.repeat(513), 'avec un\0zéro'])
      await assert.rejects(breakGlass(colleague, anna, reason), { code: 'REASON_INVALID' });
    await breakGlass(colleague, anna, '  Vue en garde, allergies à vérifier ');
    assert.equal(titles(await colleague.openPatient(anna)).length, 2);
    await first.sync();
    await assert.rejects(first.readPatient(anna), { code: 'PATIENT_RESTRICTED' });
    await doctor.sync();
    const access = await fileAccess(doctor, anna);
    assert.deepEqual(
      access.broken.map(({ reason }) => reason),
      ['Vue en garde, allergies à vérifier'],
    );
    assert.deepEqual([access.isRestricted, access.mayChange], [true, true]);
    assert.equal((await fileAccess(colleague, anna)).mayChange, false);
    for (const reader of [doctor, first]) {
      const { events } = await vaultEvents(reader, 3);
      const [glass] = events.flatMap(({ body }) => (body.kind === 'break-glass' ? [body] : []));
      assert.equal(glass?.reason, 'Vue en garde, allergies à vérifier');
      assert.equal(glass?.patient?.family, 'Durand');
    }
    const before = doctor.mirror.size;
    await breakGlass(colleague, anna, 'Encore');
    await doctor.sync();
    assert.equal(doctor.mirror.governance.restrictions.values().next().value?.broken.length, 1);
    assert.ok(doctor.mirror.size >= before);
    await restrictPatient(doctor, anna, [ownMember(doctor)]);
    await colleague.sync();
    await assert.rejects(colleague.readPatient(anna), { code: 'PATIENT_RESTRICTED' });
  });

  it('is not lifted, nor named anew, by who is not named', async () => {
    const { doctor, colleague } = await makeRestricted();
    for (const members of [null, [ownMember(colleague)]])
      await assert.rejects(restrictPatient(colleague, anna, members), { code: 'SERVER_REFUSED' });
    await assert.rejects(restrictPatient(doctor, anna, ['00'.repeat(16)]), { code: 'MEMBER_UNKNOWN' });
    await restrictPatient(doctor, anna, [ownMember(doctor), ownMember(colleague)]);
    await colleague.sync();
    assert.equal(titles(await colleague.readPatient(anna)).length, 2);
    await restrictPatient(colleague, anna, null);
    await doctor.sync();
    assert.equal((await fileAccess(doctor, anna)).isRestricted, false);
  });

  it('goes on with what its own doctor writes, and is left out of another’s export, which says so', async () => {
    const { doctor, colleague } = await makeRestricted();
    await create(doctor, 'anna', note('three', 'anna', 'Après'));
    await settle(doctor);
    assert.equal(titles(await doctor.readPatient(anna)).length, 3);
    await colleague.sync();
    const written = new Map<string, Uint8Array>();
    const write = async (path: string, bytes: Uint8Array) => void written.set(path, bytes);
    const report = await exportPractice(exportSource(colleague), { write });
    assert.deepEqual(
      report.findings.map(({ code }) => code),
      ['PATIENT_RESTRICTED'],
    );
    const text = [...written.values()].map((bytes) => new TextDecoder().decode(bytes)).join('\n');
    assert.ok(text.includes('Durand'));
    assert.ok(!text.includes('Avec un courrier'));
  });
});

function partsOf({ practice, transport, random }: Practice) {
  return { practice, transport, cache: memoryCache(), random };
}

function exportSource(practice: Practice) {
  const openDocument = () => Promise.reject(new Error('No document is asked for'));
  return { ...practice.streamParts(), keyring: practice.keyring, openDocument };
}
