import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { before, beforeEach, describe, it } from 'node:test';
import { markerName, markerText } from '@serment/core/copy/names';
import { folderPlace } from '../../src/copy/places.ts';
import type { S3Place } from '../../src/copy/s3/place.ts';
import { claimPlace, tryPlace } from '../../src/copy/try-place.ts';
import { rejects } from '../rejects.ts';
import { temporaryFolder } from './copy-fixture.ts';
import { Store, skipReason } from './s3-fixture.ts';

const [own, foreign] = ['ab'.repeat(32), 'cd'.repeat(32)];
const root = temporaryFolder();
const dataDir = join(root, 'data');
mkdirSync(dataDir);
const options = { dataDir, others: [], practices: new Set([own]) };

describe('a folder that is tried for a copy', () => {
  let path: string;
  let count = 0;
  beforeEach(() => {
    count += 1;
    path = join(root, `place-${count}`);
    mkdirSync(path);
  });
  const attempt = (at = path, more = {}) => tryPlace(folderPlace(at), { ...options, ...more });

  it('is fit when it is empty, or still to be made in one that is there; nothing stays there', async () => {
    for (const at of [path, join(path, 'fresh')]) {
      const { isEmpty, practices, sameDisk, freeBytes } = await attempt(at);
      assert.deepEqual([isEmpty, practices, sameDisk], [true, 0, true]);
      assert.ok((freeBytes ?? 0) > 0);
    }
    assert.deepEqual(readdirSync(path), []);
    // A fresh disk, and a writer that died before its marker.
    mkdirSync(join(path, 'lost+found'));
    writeFileSync(join(path, `.new-${'0'.repeat(16)}`), 'cut');
    assert.equal((await attempt()).isEmpty, true);
  });

  it('is fit with a copy of this installation, and of no other', async () => {
    writeFileSync(join(path, markerName), markerText);
    assert.deepEqual([(await attempt()).isEmpty, (await attempt()).practices], [false, 0]);
    mkdirSync(join(path, own));
    assert.deepEqual([(await attempt()).isEmpty, (await attempt()).practices], [false, 1]);
    mkdirSync(join(path, foreign));
    await rejects(attempt(), 'COPY_OF_ANOTHER');
  });

  it('is not with anything else in it', async () => {
    writeFileSync(join(path, 'notes.txt'), 'x');
    await rejects(attempt(), 'COPY_NOT_EMPTY');
    writeFileSync(join(path, markerName), `serment-copy 9\n${'x'.repeat(2_000_000)}`);
    await rejects(attempt(), 'COPY_FORMAT_UNKNOWN');
  });

  it('is not in another copy, around one, behind a link to one, or so with the data', async () => {
    const others = [folderPlace(path)];
    symlinkSync(path, join(root, `link-${count}`));
    for (const at of [path, join(path, 'inner'), root, join(root, `link-${count}`)])
      await rejects(attempt(at, { others }), 'COPY_PLACE_TAKEN');
    for (const at of [dataDir, join(dataDir, 'blobs'), root]) await rejects(attempt(at), 'COPY_PLACE_TAKEN');
    assert.equal((await attempt(`${path}-beside`, { others })).isEmpty, true);
  });

  it('is not where no folder is, nor in one that would have to be made', async () => {
    writeFileSync(join(path, 'file'), '');
    for (const at of [join(path, 'file'), join(path, 'file/x'), join(path, 'a/b')])
      await rejects(attempt(at), 'COPY_FOLDER_MISSING');
  });

  it('becomes a copy once it is claimed, which may be said twice', async () => {
    const at = join(path, 'fresh');
    for (const _ of [1, 2]) await claimPlace(folderPlace(at), {});
    assert.deepEqual(readdirSync(at), [markerName]);
    assert.equal((await attempt(at)).isEmpty, false);
  });
});

describe('a bucket that is tried for a copy', { skip: skipReason }, () => {
  let store: Store;
  before(async () => {
    store = await Store.start();
  });
  const attempt = (place: S3Place, more = {}) => tryPlace(place, { ...options, ...more });

  it('is fit when it is locked and there is nothing, and nothing is written before it is claimed', async () => {
    const place = await store.place();
    const nothing = { isEmpty: true, practices: 0, sameDisk: false, freeBytes: null };
    assert.deepEqual(await attempt(place), nothing);
    assert.equal((await store.versions(place)).size, 0);
    await claimPlace(place, {});
    assert.deepEqual([...(await store.versions(place))], [[markerName, 1]]);
    assert.equal((await store.first(place, markerName)).mode, 'COMPLIANCE');
    assert.equal((await attempt(place)).isEmpty, false);
    await rejects(attempt({ ...place, prefix: '' }), 'COPY_NOT_EMPTY');
    await rejects(attempt({ ...place, prefix: 'coffre/inner/' }, { others: [place] }), 'COPY_PLACE_TAKEN');
    assert.deepEqual(await attempt({ ...place, prefix: 'beside/' }, { others: [place] }), nothing);
    await store.plant(place, `${foreign}/x`);
    await rejects(attempt(place), 'COPY_OF_ANOTHER');
  });

  it('is not without Object Lock, with other credentials, or where nothing answers', async (context) => {
    const place = await store.place();
    const { accessKeyId } = place.credentials;
    await rejects(attempt(await store.place({ isLocked: false })), 'COPY_NOT_LOCKED');
    await rejects(attempt({ ...place, bucket: 'not-there' }), 'COPY_BUCKET_MISSING');
    const wrong = { accessKeyId, secretAccessKey: 'hush' };
    const refused = await rejects(attempt({ ...place, credentials: wrong }), 'COPY_CREDENTIALS_REFUSED');
    assert.doesNotMatch(`${refused.stack}${JSON.stringify(refused)}`, /hush/);
    await rejects(attempt({ ...place, endpoint: 'http://127.0.0.1:9' }), 'COPY_UNREACHABLE');
    // One that takes the connection and says nothing; then one that serves something else.
    const other = createServer();
    context.after(() => {
      other.closeAllConnections();
      other.close();
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const elsewhere = { ...place, endpoint: `http://127.0.0.1:${port}` };
    await rejects(attempt(elsewhere, { patienceMs: 200 }), 'COPY_UNREACHABLE');
    other.on('request', (_, response) => response.writeHead(404).end());
    await rejects(attempt(elsewhere), 'COPY_BUCKET_MISSING');
  });
});
