import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foldStream, type StreamState, type WrittenBatch } from '../../src/fold.ts';
import type { RoutedBatch } from '../../src/import/batch.ts';
import { readFhir } from '../../src/import/bundle.ts';
import { type KnownStream, planImport } from '../../src/import/plan.ts';
import type { RecordVersion } from '../../src/version.ts';

let drawn = 0;
const random = (sizeBytes: number) => {
  drawn += 1;
  return Uint8Array.from({ length: sizeBytes }, (_, place) => (place < 4 ? (drawn >> (place * 8)) % 256 : 0));
};
const read = (resources: readonly object[], type = 'collection') =>
  readFhir(
    new Uint8Array(
      Buffer.from(JSON.stringify({ resourceType: 'Bundle', type, entry: resources.map((resource) => ({ resource })) })),
    ),
    { name: 'x', random },
  );

/** A vault in memory: what was written, folded by stream. */
class Vault {
  readonly #written: { key: string; route: RoutedBatch; batch: WrittenBatch }[] = [];

  write(batches: readonly RoutedBatch[]): void {
    for (const route of batches) {
      const index = this.#written.length;
      const entry = {
        index,
        entryId: new Uint8Array(32).fill(index),
        author: new Uint8Array(32),
        receivedAt: index,
        time: index,
        batch: route.batch,
      };
      this.#written.push({ key: `${route.compartment} ${route.stream}`, route, batch: entry });
    }
  }

  edit(stream: string, id: string, change: 'edit' | 'removed', text: string | null): void {
    const known = this.streams().find((one) => one.stream === stream) ?? assert.fail(stream);
    const replaces = known.state.records.get(id)?.current.map((version) => version.version) ?? [];
    const version: RecordVersion = { id, version: random(16), replaces, change, fullUrl: null, content: text };
    this.write([
      { compartment: known.compartment, stream, batch: { patient: null, versions: [version], documents: [] } },
    ]);
  }

  streams(): (KnownStream & { state: StreamState })[] {
    return [...Map.groupBy(this.#written, (one) => one.key).values()].map((group) => ({
      compartment: group[0]?.route.compartment ?? 'clinical',
      stream: group[0]?.route.stream ?? '',
      state: foldStream(group.map((one) => one.batch)),
    }));
  }

  import(file: ReturnType<typeof read>): ReturnType<typeof planImport> {
    const plan = planImport(file.batches, this.streams(), file.assignedIds);
    this.write(plan.batches);
    return plan;
  }

  current(id: string): (string | null)[] {
    return this.streams().flatMap(
      ({ state }) => state.records.get(id)?.current.map((version) => version.content) ?? [],
    );
  }
}

const patient = (more: object = {}) => ({
  resourceType: 'Patient',
  id: 'a',
  birthDate: '1960-05-30',
  name: [{ family: 'Lefèvre' }],
  ...more,
});
const observation = (x: number, more: object = {}) => ({
  resourceType: 'Observation',
  id: 'o',
  subject: { reference: 'Patient/a' },
  x,
  ...more,
});
const none = { unchanged: 0, changed: 0, new: 0, beside: 0, held: 0 };
const codes = (plan: ReturnType<typeof planImport>) => plan.findings.map((finding) => finding.code);

test('the same file twice adds nothing, even after its records were edited or removed here', () => {
  const vault = new Vault();
  assert.deepEqual(vault.import(read([patient(), observation(1)])).counts, { ...none, new: 2 });
  assert.deepEqual(vault.import(read([patient(), observation(1)])).counts, { ...none, unchanged: 2 });
  vault.edit('patient/a', 'Observation/o', 'edit', JSON.stringify(observation(2)));
  assert.deepEqual(vault.import(read([patient(), observation(1)])), {
    batches: [],
    counts: { ...none, unchanged: 2 },
    heldPatients: new Set(),
    findings: [],
  });
  vault.edit('patient/a', 'Observation/o', 'removed', null);
  const plan = vault.import(read([patient(), observation(1)]));
  assert.deepEqual([plan.counts.unchanged, codes(plan)], [2, ['REMOVED_HERE']]);
  assert.deepEqual(vault.current('Observation/o'), [null]);
});

test('a newer file replaces what an earlier one brought', () => {
  const vault = new Vault();
  vault.import(read([observation(1)]));
  assert.deepEqual(vault.import(read([observation(2)])).counts, { ...none, changed: 1 });
  assert.deepEqual(vault.current('Observation/o'), [JSON.stringify(observation(2))]);
});

test('what a person changed here is never replaced by a file', () => {
  const vault = new Vault();
  vault.import(read([observation(1)]));
  vault.edit('patient/a', 'Observation/o', 'edit', JSON.stringify(observation(2)));
  const plan = vault.import(read([observation(3)]));
  assert.deepEqual([plan.counts, codes(plan)], [{ ...none, beside: 1 }, ['EDITED_HERE']]);
  assert.deepEqual(vault.current('Observation/o').length, 2);
});

test('a longer history adds only its new steps, onto those already here', () => {
  const vault = new Vault();
  const steps = (count: number) => Array.from({ length: count }, (_, step) => observation(count - step));
  vault.import(read(steps(2), 'history'));
  assert.deepEqual(vault.import(read(steps(4), 'history')).counts, { ...none, unchanged: 2, changed: 2 });
  assert.deepEqual(vault.current('Observation/o'), [JSON.stringify(observation(4))]);
  vault.edit('patient/a', 'Observation/o', 'edit', JSON.stringify(observation(9)));
  const plan = vault.import(read(steps(5), 'history'));
  assert.deepEqual([plan.counts.beside, codes(plan)], [1, ['EDITED_HERE']]);
  assert.equal(vault.current('Observation/o').length, 2);
});

test('another person under the same id is held back with all that concerns them', () => {
  const vault = new Vault();
  vault.import(read([patient(), observation(1)]));
  const plan = vault.import(read([patient({ birthDate: '1991-01-01', name: [{ family: 'Durand' }] }), observation(7)]));
  assert.deepEqual([plan.batches, plan.counts, codes(plan)], [[], { ...none, held: 2 }, ['OTHER_PERSON']]);
  assert.deepEqual([...plan.heldPatients], ['Patient/a']);
});

test('the same person written otherwise is not another', () => {
  for (const change of [
    { name: [{ family: 'LEFEVRE' }], birthDate: '1960-05-03' },
    { name: [{ family: 'Durand' }] },
    { name: [], birthDate: undefined },
  ]) {
    const vault = new Vault();
    vault.import(read([patient()]));
    assert.equal(vault.import(read([patient(change)])).counts.changed, 1);
  }
});

test('a record that moves to another month or year stays in its stream', () => {
  const vault = new Vault();
  const slot = (start: string) => ({ resourceType: 'Slot', id: 's', start });
  vault.import(read([slot('2026-01-05T10:00:00Z')]));
  const plan = vault.import(read([slot('2026-02-05T10:00:00Z')]));
  assert.deepEqual([plan.batches[0]?.stream, plan.counts.changed], ['agenda/2026-01', 1]);
  assert.equal(vault.current('Slot/s').length, 1);
});

test('the same id in the file of another patient is another record, and is reported', () => {
  const vault = new Vault();
  vault.import(read([observation(1)]));
  const plan = vault.import(read([observation(1, { subject: { reference: 'Patient/b' } })]));
  assert.deepEqual([plan.batches[0]?.stream, plan.counts.new, codes(plan)], ['patient/b', 1, ['OTHER_PATIENT']]);
});

test('records without ids are recognised by what they say', () => {
  const vault = new Vault();
  const anonymous = { resourceType: 'Basic', code: { text: 'x' } };
  assert.equal(vault.import(read([anonymous])).counts.new, 1);
  assert.equal(vault.import(read([anonymous])).counts.unchanged, 1);
  assert.equal(vault.import(read([{ ...anonymous, code: { text: 'y' } }])).counts.new, 1);
});

test('numbers written otherwise are a change', () => {
  const vault = new Vault();
  const file = (x: string) =>
    readFhir(new Uint8Array(Buffer.from(`{"resourceType":"Basic","id":"b","x":${x}}`)), { name: 'x', random });
  vault.import(file('1.0'));
  assert.equal(vault.import(file('1.00')).counts.changed, 1);
});
