import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { isDemonstration } from '@serment/replica/demonstration';
import { done, type Served, serment, serve, temporaryFolder } from './serment.ts';

const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
let server: Served;

before(async () => {
  server = await serve(at('data'), ['--copy', at('copy')]);
});
after(() => server.stop());

test('a demonstration is marked as one, has its documents, and opens from its copy as it exports', async () => {
  const made = (
    await done([
      'demo',
      '--server',
      server.url,
      '--patients',
      '30',
      '--seed',
      '5',
      '--kit-out',
      at('kit.txt'),
      '--json',
    ])
  ).json<{ practice: string; patients: number; documents: number }>();
  assert.equal(made.patients, 30);
  assert.ok(made.documents > 0);
  assert.match(await readFile(at('kit.txt'), 'utf8'), /DÉMONSTRATION/);
  const exported = (
    await done(['export', '--server', server.url, '--kit', at('kit.txt'), '--out', at('out'), '--json'])
  ).json();
  assert.equal(exported.documents, made.documents);
  assert.deepEqual(exported.findings, []);
  const practice = JSON.parse(await readFile(at('out/practice.json'), 'utf8'));
  const resources: { resourceType: string; id: string }[] = practice.entry.map(
    ({ resource }: { resource: object }) => resource,
  );
  assert.ok(isDemonstration(resources.find(({ id }) => id === made.practice)));
  assert.equal(resources.filter(({ resourceType }) => resourceType === 'Organization').length, 1);
  assert.equal(resources.filter(({ resourceType }) => resourceType === 'Practitioner').length, 3);
  await server.stop();
  await done(['open', at('copy'), '--kit', at('kit.txt'), '--out', at('opened')]);
  const files = globSync('**/*.*', { cwd: at('out') }).sort();
  assert.deepEqual(globSync('**/*.*', { cwd: at('opened') }).sort(), files);
  for (const file of files)
    assert.deepEqual(await readFile(at(`opened/${file}`)), await readFile(at(`out/${file}`)), file);
});

test('a demonstration needs a server and sensible numbers', async () => {
  assert.equal((await serment(['demo', '--server', server.url, '--kit-out', at('none.txt')])).code, 3);
  assert.deepEqual(globSync('none.txt', { cwd: folder }), []);
  assert.equal((await serment(['demo', '--patients', 'many'])).code, 2);
  assert.equal((await serment(['demo', '--server', 'localhost:4400'])).code, 2);
});
