import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesToHex, bytesToUtf8 } from '@serment/core/bytes';
import { openRescue, parseRescue, rescueBytes, stretchRescuePhrase } from '@serment/core/keys/rescue';
import { newPrivateNote } from '@serment/records/fhir/private-note';
import { restrictPatient } from '@serment/replica/restrictions';
import { addMember, open, serveMembers } from '../../../../packages/replica/test/members-scene.ts';
import { create, createTestPractice, patient, settle } from '../../../../packages/replica/test/practice-setup.ts';
import { parseRescueContent, type RescueContent } from '../../src/rescue-page/content.ts';
import { RelativesDesk } from '../../src/worker/relatives-desk.ts';
import { type MadeFile, RescueDesk } from '../../src/worker/rescue-desk.ts';

const page = 'document.title = "a page";';
const folder = { kind: 'folder', name: 'clé' } as const;
const nothing = { restricted: 0, absent: 0, partial: 0, beyond: 0 };
const today = new Date().toISOString().slice(0, 10);

/** A note with a conclusion, of a day. */
function consultation(id: string, patientId: string, date: string) {
  const div = `<div xmlns="http://www.w3.org/1999/xhtml"><p style="white-space: pre-wrap">Conclusion ${id}</p></div>`;
  const code = { coding: [{ system: 'http://loinc.org', code: '51848-0' }] };
  const section = [{ title: 'Conclusion', code, text: { status: 'additional', div } }];
  const subject = { reference: `Patient/${patientId}` };
  return { resourceType: 'Composition', id, status: 'final', date, title: `Note ${id}`, subject, section };
}

async function contentOf(file: MadeFile | null, phrase: string): Promise<RescueContent> {
  const text = bytesToUtf8(file?.bytes ?? assert.fail('No file'));
  const base64 = /id="serment-rescue">([^<]*)</.exec(text)?.[1] ?? '';
  const copy = parseRescue(rescueBytes(base64));
  assert.equal(copy.made, file?.madeAt);
  return parseRescueContent(bytesToUtf8(await openRescue(copy, await stretchRescuePhrase(phrase, copy.salt))));
}

describe('the rescue copy of a device', () => {
  const server = serveMembers();

  async function makeScene() {
    const made = await createTestPractice(server.url);
    const doctor = await open(made, made.seed);
    for (const id of ['anna', 'bea', 'cleo', 'dora']) await create(doctor, id, patient(id, `Durand-${id}`));
    await create(doctor, 'anna', consultation('a', 'anna', today));
    // What an import brings is of the day that it says, and not of the one on which it came.
    await create(doctor, 'bea', consultation('b', 'bea', '2019-02-03'));
    await create(doctor, 'cleo', consultation('c', 'cleo', today));
    await settle(doctor);
    const deskOf = (practice: typeof doctor) => {
      const place = { practice: () => practice, send: () => undefined, keysChanged: async () => undefined };
      return new RescueDesk(place, new RelativesDesk(place));
    };
    const desk = deskOf(doctor);
    const setUp = async () => {
      const phrase = await desk.draw();
      assert.equal(await desk.check(3, phrase.slice(-5)), true);
      await desk.begin(folder, 18);
      return phrase;
    };
    const make = (of = desk) => of.make(page, 'fr', () => undefined);
    return { made, doctor, desk, deskOf, setUp, make };
  }

  it('is made of who was seen lately, opens with its passphrase, and leaves restricted files and private notes out', async () => {
    const { doctor, desk, setUp, make } = await makeScene();
    assert.equal(await desk.view(), null);
    assert.equal(await make(), null);
    const member = bytesToHex(doctor.keyring.member);
    await doctor.save({
      patient: 'Patient/anna',
      records: [
        {
          resource: newPrivateNote('p', {
            patient: 'Patient/anna',
            author: `Practitioner/${member}`,
            title: 'Note privée',
            text: 'pour moi seule',
            date: new Date().toISOString(),
          }),
          change: 'create',
          replaces: [],
        },
      ],
    });
    await restrictPatient(doctor, 'Patient/cleo', [member]);
    const phrase = await setUp();
    const file = await make();
    const content = await contentOf(file, phrase);
    assert.deepEqual(
      content.patients.map(({ id }) => id),
      ['Patient/anna'],
    );
    assert.deepEqual(content.left, { ...nothing, restricted: 1 });
    const told = JSON.stringify(content);
    assert.match(told, /Conclusion a/);
    assert.doesNotMatch(told, /pour moi seule|Conclusion [bc]/);
    assert.equal(file?.patients, 1);
    assert.equal(file?.sizeBytes, file?.bytes.length);
    const html = bytesToUtf8(file?.bytes ?? new Uint8Array());
    assert.match(html, /default-src 'none'; script-src 'sha256-[A-Za-z0-9+/]{43}='/);
    assert.doesNotMatch(html, /Durand|unsafe/);
  });

  it('holds a file that a person keeps here though nobody was seen, and says of no file that it could not read', async () => {
    const { doctor, setUp, make } = await makeScene();
    await doctor.kept.pin('Patient/dora');
    const phrase = await setUp();
    const content = await contentOf(await make(), phrase);
    assert.deepEqual(
      content.patients.map(({ id }) => id),
      ['Patient/anna', 'Patient/cleo', 'Patient/dora'],
    );
    const [anna] = content.patients;
    assert.equal(anna?.birthDate, '1954-03-12');
    assert.equal(anna?.alerts[0]?.label, 'Allergies : non renseignées');
    assert.deepEqual(content.left, nothing);
  });

  it('is in the journal once it was saved, once for each device, and others see whose and when', async () => {
    const { made, doctor, desk, deskOf, setUp, make } = await makeScene();
    await setUp();
    const opened = doctor.mirror.size;
    const file = (await make()) ?? assert.fail();
    assert.equal(doctor.mirror.size, opened);
    assert.deepEqual(await desk.all(), []);
    const kept = { madeAt: file.madeAt, patients: file.patients, sizeBytes: file.sizeBytes, place: folder };
    await desk.saved(kept);
    await desk.saved({ ...kept, madeAt: kept.madeAt + 60_000 });
    await settle(doctor);
    const known = (await desk.view()) ?? assert.fail();
    assert.deepEqual(known.last, { ...kept, madeAt: kept.madeAt + 60_000 });
    assert.equal('stretched' in known, false);
    const { seed } = await addMember(doctor, 'doctor');
    const colleague = await open(made, seed);
    const [seen, ...more] = await deskOf(colleague).all();
    assert.deepEqual(more, []);
    assert.deepEqual(
      { at: seen?.at, patients: seen?.patients, isHere: seen?.isHere, who: seen?.who },
      { at: kept.madeAt + 60_000, patients: 2, isHere: false, who: doctor.status().memberName },
    );
    const [id = ''] = (await colleague.shared.views()).flatMap((record) =>
      record.type === 'AuditEvent' ? record.id : [],
    );
    assert.equal((await colleague.shared.history(id)).length, 2);
    // Another device makes its own, and neither knows the other's passphrase.
    assert.equal(await deskOf(colleague).view(), null);
  });

  it('takes a passphrase once a part of it was read back, another one from then on, and ends', async () => {
    const { desk, setUp, make } = await makeScene();
    await assert.rejects(desk.begin(folder, 18), { code: 'CLOSED' });
    assert.equal(await desk.check(0, ''), false);
    const drawn = await desk.draw();
    const [first = '', second = ''] = drawn.split('-');
    assert.equal(await desk.check(0, first.toLowerCase()), true);
    assert.equal(await desk.check(1, first), false);
    await assert.rejects(desk.begin(folder, 18), { code: 'CLOSED' });
    assert.equal(await desk.check(1, ` ${second} `), true);
    assert.equal(await desk.check(7, second), false);
    const phrase = await setUp();
    const copy = await make();
    await assert.rejects(contentOf(copy, drawn), { code: 'SEALED_INVALID' });
    await contentOf(copy, phrase);
    const next = await setUp();
    await contentOf(await make(), next);
    await desk.change({ hour: 7 });
    assert.equal((await desk.view())?.hour, 7);
    await contentOf(await make(), next);
    await desk.stop();
    assert.deepEqual([await desk.view(), await make()], [null, null]);
  });

  it('shows what one is by a copy of nobody', async () => {
    const { desk } = await makeScene();
    const { phrase, ...file } = await desk.example(page, 'fr');
    const content = await contentOf(file, phrase);
    assert.equal(content.patients.length, 2);
    assert.doesNotMatch(JSON.stringify(content), /Durand/);
  });
});
