import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { equalResource, indexRecords, patientBundle } from '../../src/export/bundle.ts';
import { foldStream, type StreamState, type WrittenBatch } from '../../src/fold.ts';
import type { RoutedBatch } from '../../src/import/batch.ts';
import { readFhir } from '../../src/import/bundle.ts';
import { planImport } from '../../src/import/plan.ts';
import { encodeSnapshot, parseSnapshot, streamFromSnapshot } from '../../src/snapshot.ts';
import { encodeRecordBatch, parseRecordBatch } from '../../src/version.ts';

const root = path.resolve(import.meta.dirname, '../../../..');
const folder = path.resolve(root, '../shared/data/fhir');
const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
const random = (sizeBytes: number) => new Uint8Array(randomBytes(sizeBytes));

interface Entry {
  readonly fullUrl: string;
  readonly resource: { readonly resourceType: string; readonly id: string };
}

/** Through the bytes of payloads and snapshots, entries in any order. */
function storedAndFolded(batches: readonly RoutedBatch[]): StreamState[] {
  const written = batches.map((routed, index) => {
    const batch = parseRecordBatch(encodeRecordBatch(routed.batch));
    const entry: WrittenBatch = {
      index,
      entryId: random(32),
      author: random(32),
      receivedAt: index,
      time: index,
      batch,
    };
    return { key: `${routed.compartment} ${routed.stream}`, entry };
  });
  const shuffled = written.toSorted(() => random(1)[0]! - 128);
  return [...Map.groupBy(shuffled, (one) => one.key).values()].map((group) =>
    streamFromSnapshot(parseSnapshot(encodeSnapshot(foldStream(group.map((one) => one.entry))))),
  );
}

for (const name of names) {
  const bytes = new Uint8Array(readFileSync(path.join(folder, name)));
  const entries: Entry[] = JSON.parse(new TextDecoder().decode(bytes)).entry;
  const file = readFhir(bytes, { name, random });

  test(`${name}: every resource comes back deeply equal, in the same bundle, with its references`, () => {
    assert.equal(file.refusal, null);
    assert.deepEqual(file.findings, []);
    const patient = entries.find((entry) => entry.resource.resourceType === 'Patient')?.resource.id;
    const out = patientBundle(`Patient/${patient}`, indexRecords(storedAndFolded(file.batches)));
    const byUrl = new Map(JSON.parse(out.text).entry.map((entry: Entry) => [entry.fullUrl, entry.resource]));
    assert.equal(byUrl.size, entries.length);
    for (const entry of entries) assert.deepEqual(byUrl.get(entry.fullUrl), entry.resource);
    assert.deepEqual([out.unresolved, out.conflicts, out.removed], [[], [], []]);
  });

  test(`${name}: numbers keep their characters`, () => {
    const versions = new Map(
      file.batches.flatMap(({ batch }) => batch.versions).map((version) => [version.id, version.content]),
    );
    const lexemes = (text: string) => text.match(/(?<=": ?)-?\d[\d.eE+-]*/g)?.sort() ?? [];
    const all = [...versions.values()].join('\n');
    assert.deepEqual(lexemes(all), lexemes(new TextDecoder().decode(bytes)));
    for (const entry of entries)
      assert.ok(
        equalResource(
          versions.get(`${entry.resource.resourceType}/${entry.resource.id}`) ?? '',
          JSON.stringify(entry.resource),
        ) || /\d\.\d*0\b|E/.test(all),
      );
  });

  test(`${name}: read again, nothing is left to write`, () => {
    const streams = [...Map.groupBy(file.batches, (one) => `${one.compartment} ${one.stream}`).values()].map(
      (group) => ({
        compartment: group[0]!.compartment,
        stream: group[0]!.stream,
        state: foldStream(
          group.map(({ batch }, index) => ({
            index,
            entryId: random(32),
            author: random(32),
            receivedAt: 0,
            time: 0,
            batch,
          })),
        ),
      }),
    );
    const plan = planImport(readFhir(bytes, { name, random }).batches, streams);
    assert.deepEqual([plan.batches, plan.findings, plan.counts.unchanged], [[], [], entries.length]);
  });

  test(`${name}: cut anywhere, it is refused and says so`, () => {
    for (const part of [0.01, 0.37, 0.5, 0.999]) {
      const cut = readFhir(bytes.subarray(0, Math.floor(bytes.length * part)), { name, random });
      assert.equal(cut.refusal?.code, 'JSON_TRUNCATED');
      assert.deepEqual(cut.batches, []);
    }
  });
}
