import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { parseJson } from '@serment/records/json-text';
import { distinctiveTexts } from '../prove/distinctive-text.ts';
import { differingFiles } from '../prove/folder-equality.ts';
import { type Proof, runProofs } from '../prove/proof.ts';
import { type BundleEntry, compareRecords } from '../prove/record-equality.ts';
import { needlesOf, TextSearch } from '../prove/text-search.ts';

describe('what proofs are made of can fail', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'serment-prove-test-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('the search finds a text in every encoding, at any offset and in any file, and no other', async () => {
    const text = 'Élise Müller-Vasseur';
    const search = new TextSearch([text, 'Absente du disque']);
    for (const [place, { encoding, bytes }] of needlesOf(text).entries())
      for (const before of [0, 1, 4095]) {
        const file = join(folder, `search-${place}-${before}`);
        await writeFile(file, Buffer.concat([Buffer.alloc(before, 0x41), bytes, Buffer.from('=\n')]));
        const { hits } = await search.inFolders([file]);
        assert.deepEqual(hits, [{ file, offset: before, text, encoding }]);
      }
  });

  it('the search finds what any encoder of base64 wrote, wherever the text stands in it', () => {
    const text = 'Consultation du matin';
    const search = new TextSearch([text]);
    for (let before = 0; before < 12; before += 1) {
      const encoded = Buffer.from(`${'x'.repeat(before)}${text} et la suite`).toString('base64');
      assert.equal(search.inBytes(Buffer.from(encoded)).length, 1, `after ${before} bytes`);
    }
    assert.equal(search.inBytes(Buffer.from('Consultation du soir')).length, 0);
  });

  it('the texts chosen are those of people, long enough, each once, and the same every time', () => {
    const resources = Array.from({ length: 40 }, (_, place) => ({
      resourceType: 'Patient',
      id: `0c1d2e3f-${place}-4000-8000-000000000000`,
      name: [{ family: `Dupontel-${place}` }],
      telecom: [{ value: `06 12 34 56 ${10 + place}` }],
      text: { div: `<div>Toux depuis ${place} jours<br/>et fièvre</div>` },
    }));
    const texts = distinctiveTexts(resources, 60);
    assert.equal(texts.length, 60);
    assert.equal(new Set(texts).size, 60);
    assert.ok(texts.every((text) => text.length >= 8 && !/[<>]/.test(text)));
    assert.ok(texts.some((text) => text.startsWith('Dupontel')) && texts.some((text) => text.startsWith('Toux')));
    assert.deepEqual(distinctiveTexts(resources, 60), texts);
  });

  it('records that lost a digit, a field, a fullUrl or a target are told apart', () => {
    const entry = (text: string, fullUrl: string | null = null): BundleEntry => ({
      fullUrl,
      resource: parseJson(text) as BundleEntry['resource'],
    });
    const one = entry('{"resourceType":"Observation","id":"a","value":1.10,"subject":{"reference":"urn:uuid:p"}}');
    const patient = entry('{"resourceType":"Patient","id":"p"}', 'urn:uuid:p');
    const same = entry('{"id":"a","resourceType":"Observation","subject":{"reference":"urn:uuid:p"},"value":1.10}');
    assert.equal(compareRecords([one, patient], [patient, same]).equal, 2);
    const changed = entry('{"resourceType":"Observation","id":"a","value":1.1,"subject":{"reference":"urn:uuid:p"}}');
    assert.deepEqual(compareRecords([one], [changed]).differences, ['Observation/a']);
    assert.equal(compareRecords([one], []).equal, 0);
    const elsewhere = entry('{"resourceType":"Patient","id":"p"}', 'urn:uuid:q');
    const { equal, references, resolved } = compareRecords([one, patient], [one, elsewhere]);
    assert.deepEqual([equal, references, resolved], [1, 1, 0]);
  });

  it('folders that differ by one byte, or by one file, are told apart', async () => {
    const [left, right] = [join(folder, 'left'), join(folder, 'right')];
    for (const side of [left, right]) {
      await mkdir(join(side, 'deep'), { recursive: true });
      await writeFile(join(side, 'deep/same'), 'same');
    }
    assert.deepEqual(await differingFiles(left, right), { files: 1, differing: [] });
    await writeFile(join(left, 'other'), 'a');
    await writeFile(join(right, 'other'), 'b');
    await writeFile(join(right, 'alone'), '');
    assert.deepEqual((await differingFiles(left, right)).differing, ['alone', 'other']);
  });

  it('a proof that throws falls short, and the next ones run', async () => {
    const proofs: Proof<null>[] = [
      { name: 'throws', bar: 'x', run: () => Promise.reject(new Error('broken')) },
      { name: 'cannot run', bar: 'x', run: async () => ({ figure: 'no', holds: null }) },
      { name: 'holds', bar: 'x', run: async () => ({ figure: 'yes', holds: true }) },
    ];
    const proven = await runProofs(proofs, null, () => undefined);
    assert.deepEqual(
      proven.map(({ holds }) => holds),
      [false, null, true],
    );
  });
});
