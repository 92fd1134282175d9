import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  type CopyPlace,
  distinctPlaces,
  folderPlace,
  membersOf,
  overlap,
  placeOf,
  readPlaces,
} from '../../src/copy/places.ts';
import type { S3Place } from '../../src/copy/s3/place.ts';
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

test('two copies have neither one name nor one place', () => {
  const cloud: S3Place = {
    ...{ ...bucket, kind: 's3', name: 'nuage', prefix: 'a/', credentials: { accessKeyId: 'i', secretAccessKey: 's' } },
    ...{ lockDays: 90, tailLockDays: 14, bytesPerSecond: null },
  };
  const apart = [folderPlace('/mnt/a'), folderPlace('/mnt/ab'), folderPlace('/mnt/..a'), cloud];
  assert.deepEqual(distinctPlaces(apart), apart);
  const clashes: readonly CopyPlace[] = [
    { ...cloud, prefix: 'b/' },
    { ...cloud, name: 'autre' },
    { ...cloud, name: 'autre', prefix: '' },
    { ...cloud, name: 'autre', prefix: 'a/b/' },
    folderPlace('/srv/a'),
    { ...folderPlace('/mnt/a/'), name: 'autre' },
    { ...folderPlace('/mnt'), name: 'autre' },
    { ...folderPlace('/mnt/a/b'), name: 'autre' },
  ];
  for (const other of clashes)
    assert.throws(() => distinctPlaces([...apart, other]), { code: 'USAGE' }, JSON.stringify(other));
  for (const other of [{ bucket: 'autre' }, { endpoint: null }, { prefix: 'ab/' }])
    assert.ok(!overlap(cloud, { ...cloud, ...other }));
});

test('a place that is typed is under the rules of the file, and is written as the file says it', () => {
  const credentials = { accessKeyId: 'id', secretAccessKey: 'hush' };
  const members = { ...bucket, prefix: 'coffre/', lockDays: 30, tailLockDays: 3, megabytesPerSecond: 2 };
  const place = placeOf({ name: 'nuage', members, credentials });
  assert.deepEqual(membersOf(place), members);
  assert.deepEqual(membersOf(placeOf({ name: 'd', members: { folder: '/mnt/a/' }, credentials: null })), {
    folder: '/mnt/a',
  });
  const wrong: readonly [given: Parameters<typeof placeOf>[0], field: string][] = [
    [{ name: 'd', members: { folder: 'relative' }, credentials: null }, 'folder'],
    [{ name: 'd', members: { folder: '/a\u0000b' }, credentials: null }, 'folder'],
    [{ name: 'd', members: { folder: '' }, credentials: null }, 'folder'],
    [{ name: '../d', members: { folder: '/a' }, credentials: null }, 'name'],
    [{ name: 'd ', members: { folder: '/a' }, credentials: null }, 'name'],
    [{ name: 'n', members: { ...members, endpoint: 'http://s3.example.org' }, credentials }, 'endpoint'],
    [{ name: 'n', members: { ...members, prefix: '../x' }, credentials }, 'prefix'],
    [{ name: 'n', members: { ...members, lockDays: 0 }, credentials }, 'lockDays'],
    [{ name: 'n', members: { ...members, tailLockDays: 31 }, credentials }, 'tailLockDays'],
    [{ name: 'n', members, credentials: { accessKeyId: 'id', secretAccessKey: 'hu sh' } }, 'credentials'],
  ];
  for (const [given, field] of wrong)
    assert.throws(
      () => placeOf(given),
      (error: Error & { code?: string; fields?: { field?: string } }) => {
        assert.deepEqual([error.code, error.fields?.field], ['USAGE', field], error.message);
        assert.doesNotMatch(`${error.stack}${JSON.stringify(error)}`, /hush|hu sh/);
        return true;
      },
    );
});
