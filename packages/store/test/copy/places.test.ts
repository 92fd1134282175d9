import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type CopyPlace, readPlaces } from '../../src/copy/places.ts';
import { temporaryFolder } from './copy-fixture.ts';

const folder = temporaryFolder();
mkdirSync(join(folder, 'keys'));
writeFileSync(join(folder, 'keys/nuage.json'), '{ "accessKeyId": "id", "secretAccessKey": "hush" }');
const env = {
  AWS_ACCESS_KEY_ID: 'own',
  AWS_SECRET_ACCESS_KEY: 'quiet',
  B_ACCESS_KEY_ID: 'b',
  B_SECRET_ACCESS_KEY: 'still',
};
const bucket = { endpoint: 'https://s3.example.org', region: 'fr-par', bucket: 'cabinet-du-port' };

function read(copies: unknown): Promise<CopyPlace[]> {
  const path = join(folder, 'copies.json');
  writeFileSync(path, JSON.stringify({ copies }));
  return readPlaces(path, env);
}

test('folders and buckets are read with their names, their credentials and what they hold back', async () => {
  const places = await read({
    disque: { folder: 'copie' },
    nuage: {
      ...bucket,
      prefix: 'coffre',
      credentials: { file: 'keys/nuage.json' },
      lockDays: 30,
      megabytesPerSecond: 2,
    },
    autre: { region: 'eu-west-3', bucket: 'autre', credentials: { env: 'B' } },
    dernier: { ...bucket, tailLockDays: 3 },
  });
  const common = { kind: 's3', prefix: '', endpoint: bucket.endpoint, region: 'fr-par', bucket: bucket.bucket };
  assert.deepEqual(places, [
    { kind: 'folder', name: 'disque', path: join(folder, 'copie') },
    {
      ...{ ...common, name: 'nuage', prefix: 'coffre/', lockDays: 30, tailLockDays: 14, bytesPerSecond: 2_000_000 },
      credentials: { accessKeyId: 'id', secretAccessKey: 'hush' },
    },
    {
      ...{ ...common, name: 'autre', endpoint: null, region: 'eu-west-3', bucket: 'autre' },
      ...{ lockDays: 90, tailLockDays: 14, bytesPerSecond: null },
      credentials: { accessKeyId: 'b', secretAccessKey: 'still' },
    },
    {
      ...{ ...common, name: 'dernier', lockDays: 90, tailLockDays: 3, bytesPerSecond: null },
      credentials: { accessKeyId: 'own', secretAccessKey: 'quiet' },
    },
  ]);
});

test('what is wrong is told by its place, and quotes no secret', async () => {
  writeFileSync(join(folder, 'keys/wrong.json'), '{ "accessKeyId": "id", "secret": "hush" }');
  const cases: readonly [copies: unknown, field: string][] = [
    [{}, 'copies'],
    [{ 'a/b': { folder: 'x' } }, 'copies'],
    [{ a: { folder: 'x', ...bucket } }, 'copies.a'],
    [{ a: { folder: 'x', secret: 'hush' } }, 'copies.a'],
    [{ a: { ...bucket, endpoint: 'http://s3.example.org' } }, 'copies.a.endpoint'],
    [{ a: { ...bucket, endpoint: 'https://hush@s3.example.org/' } }, 'copies.a.endpoint'],
    [{ a: { ...bucket, endpoint: 'https://s3.example.org/path' } }, 'copies.a.endpoint'],
    [{ a: { ...bucket, bucket: 'Nuage' } }, 'copies.a.bucket'],
    [{ a: { ...bucket, prefix: '../x' } }, 'copies.a.prefix'],
    [{ a: { ...bucket, region: undefined } }, 'copies.a.region'],
    [{ a: { ...bucket, lockDays: 3650 } }, 'copies.a.lockDays'],
    [{ a: { ...bucket, lockDays: 7, tailLockDays: 14 } }, 'copies.a.tailLockDays'],
    [{ a: { ...bucket, credentials: { file: 'keys/none.json' } } }, 'copies.a.credentials.file'],
    [{ a: { ...bucket, credentials: { file: 'keys/wrong.json' } } }, 'copies.a.credentials.file'],
    [{ a: { ...bucket, credentials: { env: 'NOBODY' } } }, 'copies.a.credentials.env'],
    [{ a: { ...bucket, credentials: { file: 'keys/nuage.json', env: 'B' } } }, 'copies.a.credentials'],
    [{ a: { ...bucket, accessKeyId: 'hush' } }, 'copies.a'],
  ];
  for (const [copies, field] of cases)
    await assert.rejects(read(copies), (error: Error & { code?: string; fields?: { field?: string } }) => {
      assert.deepEqual([error.code, error.fields?.field], ['USAGE', field], error.message);
      assert.doesNotMatch(`${error.stack}${JSON.stringify(error)}`, /hush/);
      return true;
    });
});
