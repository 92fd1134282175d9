import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { demoPractice } from '@serment/records/demo/demo-practice';
import { readAppointment } from '@serment/records/fhir/appointment';
import type { RoutedBatch } from '@serment/records/import/batch';
import { isJsonObject, parseJson } from '@serment/records/json-text';
import { patientStream, routeOf } from '@serment/records/route';
import { newVersion } from '@serment/records/version';
import { importBatches } from '../src/bulk-import.ts';
import { fillDemonstration } from '../src/demo-practice.ts';
import { isDemonstration } from '../src/demonstration.ts';
import type { Practice } from '../src/practice.ts';
import { createTestPractice, note, openDevice, type TestPractice } from './practice-setup.ts';
import { type RunningServer, startRunningServer } from './running-server.ts';

describe('a bulk import', () => {
  let server: RunningServer;
  let made: TestPractice;
  let device: Practice;

  before(async () => {
    server = await startRunningServer();
    made = await createTestPractice(server.url);
    device = await openDevice(made);
  });
  after(() => server?.remove());

  function* notes(count: number): Generator<RoutedBatch> {
    for (let place = 0; place < count; place += 1) {
      const version = newVersion(
        { resource: note(`n${place}`, 'p', `Note ${place}`), change: 'create' },
        device.random,
      );
      const batch = { patient: 'Patient/p', versions: [version], documents: [] };
      yield { compartment: 'clinical', stream: 'patient/p', batch };
    }
  }

  it('tells what is stored group by group, in order, with the places that the journal gave', async () => {
    const told: string[] = [];
    const indexes: number[] = [];
    await importBatches(device, notes(600), {
      onStored: (batches, receipts) => {
        told.push(...batches.flatMap(({ batch }) => batch.versions.map(({ id }) => id)));
        indexes.push(...receipts.map(({ index }) => index));
        assert.ok(device.mirror.size > Math.max(...indexes), 'told only once it stands in the verified journal');
      },
    });
    assert.deepEqual(
      told,
      Array.from({ length: 600 }, (_, place) => `Composition/n${place}`),
    );
    assert.deepEqual(
      indexes,
      indexes.toSorted((left, right) => left - right),
    );
  });

  it('whose source fails has told of the group that was under way, and sends nothing after it', async () => {
    const before = device.mirror.size;
    let stored = 0;
    const failing = function* () {
      yield* notes(300);
      throw new RangeError('the source ended badly');
    };
    const importing = importBatches(device, failing(), {
      onStored: (batches) => {
        stored += batches.length;
      },
    });
    await assert.rejects(importing, RangeError);
    assert.equal(stored, 256);
    await device.sync();
    assert.equal(device.mirror.size - before, 256);
  });

  it('that is given up sends no further group', async () => {
    const giveUp = new AbortController();
    let stored = 0;
    const importing = importBatches(device, notes(2000), {
      signal: giveUp.signal,
      onStored: (batches) => {
        stored += batches.length;
        giveUp.abort();
      },
    });
    await assert.rejects(importing, { name: 'AbortError' });
    assert.ok(stored <= 512);
  });

  it('of the demonstration marks the practice and fills it', async () => {
    const own = await openDevice(await createTestPractice(server.url));
    const filled = await fillDemonstration(own, { patients: 12, seed: 2, today: '2026-11-23' });
    assert.deepEqual([filled.patients, own.directory.size], [12, 12]);
    const practice = own.directoryRecords().find(({ id }) => id.startsWith('Organization/'));
    assert.ok(isDemonstration(JSON.parse(practice?.content ?? '{}')));
    assert.equal(isDemonstration({ resourceType: 'Organization' }), false);
    // Eight of that day's ten are with the twelve first patients; a month is read with those beside it.
    for (const month of ['2026-10', '2026-11', '2026-12']) {
      const { records, withheld, unreadable } = await own.agenda.around(month);
      assert.deepEqual([records.length, withheld, unreadable], [8, 0, 0], month);
    }
    const read = (await own.agenda.around('2026-11')).records.map(({ resource }) => readAppointment(resource));
    assert.ok(read.every((one) => own.directory.get(one?.patients[0] ?? '') !== null));
    assert.ok(read.every((one) => one?.practitioners[0] === `Practitioner/${own.status().member}`));
    for (const month of ['2025-11', '2026-09', '2027-01'])
      assert.equal((await own.agenda.around(month)).records.length, 0, month);
  });
});

it('every record of the demonstration goes where any import would put it', () => {
  for (const { patientId, resources } of demoPractice({ patients: 60, seed: 1, today: '2026-11-23' }).patients()) {
    const patient = `Patient/${patientId}`;
    for (const resource of resources) {
      const value = parseJson(JSON.stringify(resource));
      const expected = ['Patient', 'Coverage', 'RelatedPerson'].includes(resource.resourceType)
        ? { compartment: 'admin', stream: 'directory' }
        : { compartment: 'clinical', stream: patientStream(patient) };
      assert.deepEqual(isJsonObject(value) ? routeOf(value, { kind: 'one', patient }) : null, expected);
    }
  }
});
