import assert from 'node:assert/strict';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, it } from 'node:test';
import { preparePlace, sweepPlaces } from '../../src/copy/copies-file.ts';
import { type CopyPlace, readPlaces } from '../../src/copy/places.ts';
import { rejects } from '../rejects.ts';
import { temporaryFolder } from './copy-fixture.ts';

const cloud: CopyPlace = {
  ...{ kind: 's3', name: 'nuage', endpoint: 'https://s3.example.org', region: 'fr-par', bucket: 'cabinets' },
  ...{ prefix: 'serment/', lockDays: 30, tailLockDays: 7, bytesPerSecond: 2_000_000 },
  credentials: { accessKeyId: 'id', secretAccessKey: 'hush' },
};
const disk: CopyPlace = { kind: 'folder', name: 'disque', path: '/mnt/copies' };
const root = temporaryFolder();
let folder: string;
let file: string;
let count = 0;
beforeEach(() => {
  count += 1;
  folder = join(root, String(count));
  mkdirSync(folder);
  file = join(folder, 'copies.json');
});

const names = () => readdirSync(folder).sort();
const modeOf = (name: string) => statSync(join(folder, name)).mode & 0o777;
const add = async (place: CopyPlace) => (await preparePlace(file, place, {})).commit();

describe('a copy that is added to the file of copies', () => {
  it('is read by the next start, one after the other, its secret in a file of its own that one user reads', async () => {
    await add(cloud);
    await add(disk);
    assert.deepEqual(await readPlaces(file, {}), [cloud, disk]);
    const [others, secret = ''] = names();
    assert.match(secret, /^copy-[0-9a-f]{16}\.json$/);
    assert.deepEqual([others, names().length], ['copies.json', 2], 'nothing else is left');
    assert.deepEqual([modeOf(secret), modeOf('copies.json')], [0o600, 0o600]);
    assert.doesNotMatch(readFileSync(file, 'utf8'), /hush/);
  });

  it('leaves what the file says of the others as it was, and a link a link', async () => {
    const real = join(folder, 'real.json');
    const others = {
      loin: { folder: 'ailleurs' },
      aws: { region: 'eu-west-3', bucket: 'abc', credentials: { env: 'B' } },
    };
    writeFileSync(real, `\uFEFF${JSON.stringify({ copies: others })}`, { mode: 0o644 });
    symlinkSync('real.json', file);
    const env = { B_ACCESS_KEY_ID: 'x', B_SECRET_ACCESS_KEY: 'y' };
    await (await preparePlace(file, disk, env)).commit();
    assert.ok(lstatSync(file).isSymbolicLink());
    assert.deepEqual(JSON.parse(readFileSync(real, 'utf8')), {
      copies: { ...others, disque: { folder: '/mnt/copies' } },
    });
    assert.equal(modeOf('real.json'), 0o600);
  });

  it('is nowhere until it is committed, and leaves nothing where it is given up', async () => {
    await add(disk);
    const before = readFileSync(file, 'utf8');
    const prepared = await preparePlace(file, cloud, {});
    assert.equal(readFileSync(file, 'utf8'), before);
    assert.equal(names().length, 3);
    await prepared.abandon();
    assert.deepEqual(names(), ['copies.json']);
  });

  it('is not written over what somebody changed meanwhile', async () => {
    const [first, second] = [await preparePlace(file, cloud, {}), await preparePlace(file, disk, {})];
    await first.commit();
    await rejects(second.commit(), 'COPIES_FILE_CHANGED');
    await second.abandon();
    assert.deepEqual(await readPlaces(file, {}), [cloud]);
    assert.equal(names().length, 2);
  });

  it('is refused where the file is not the server’s to write, or says something else than it may', async () => {
    writeFileSync(file, JSON.stringify({ copies: { loin: { folder: 'x' } } }), { mode: 0o444 });
    await rejects(preparePlace(file, cloud, {}), 'COPIES_FILE_FIXED');
    await rejects(preparePlace(join(folder, 'none/copies.json'), cloud, {}), 'COPIES_FILE_FIXED');
    chmodSync(file, 0o644);
    for (const text of [
      '{"hush"',
      '[]',
      '{"copies":[]}',
      '{"copies":{"a":{"secret":"hush"}}}',
      '{"copies":{"nuage":{"folder":"x"}}}',
    ]) {
      writeFileSync(file, text);
      const error = await rejects(preparePlace(file, cloud, {}), 'COPIES_FILE_INVALID');
      assert.doesNotMatch(`${error.stack}${String(error.cause)}`, /hush/);
      assert.equal(readFileSync(file, 'utf8'), text);
      assert.deepEqual(names(), ['copies.json']);
    }
  });

  it('leaves nothing for good when the server was killed in the middle', async () => {
    await add(cloud);
    await preparePlace(file, { ...cloud, name: 'autre' }, {});
    assert.equal(names().length, 4);
    const kept = names();
    await sweepPlaces(file, Date.now());
    assert.deepEqual(names(), kept, 'another server may be in the middle of it now');
    for (const name of names()) utimesSync(join(folder, name), 1, 1);
    await sweepPlaces(file, Date.now());
    assert.equal(names().length, 2);
    assert.deepEqual(await readPlaces(file, {}), [cloud]);
    await sweepPlaces(join(folder, 'none/copies.json'), Date.now());
  });
});
