import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { Store, skipReason } from '../../../packages/store/test/copy/s3-fixture.ts';
import { bundlesIn } from './bundles.ts';
import { done, serment, serve, temporaryFolder } from './serment.ts';

const folder = await temporaryFolder();

describe('a copy in a bucket', { skip: skipReason }, () => {
  let practice: string;
  let entries: number;
  const at = (name: string) => join(folder, name);
  const copies = () => ['--copies', at('copies.json')];

  before(async () => {
    const store = await Store.start();
    const { bucket, endpoint, credentials, region } = await store.place();
    await writeFile(at('keys.json'), JSON.stringify(credentials), { mode: 0o600 });
    const nuage = { endpoint, region, bucket, prefix: 'coffre', credentials: { file: 'keys.json' } };
    const described = { nuage, disque: { folder: 'disque' }, faux: { ...nuage, bucket: 'no-such-bucket' } };
    await writeFile(at('copies.json'), JSON.stringify({ copies: described }));
    const { faux: _, ...served } = described;
    await writeFile(at('served.json'), JSON.stringify({ copies: served }));
    const server = await serve(at('data'), ['--copies', at('served.json'), '--host-key-out', at('host.key')]);
    const { url } = server;
    const created = ['practice', 'create', '--server', url, '--name', 'Cabinet', '--doctor', 'Claire VASSEUR'];
    practice = String((await done([...created, '--kit-out', at('kit.txt'), '--json'])).json().practice);
    await done(['import', '--server', url, '--kit', at('kit.txt'), ...(await bundlesIn(at('bundles')))]);
    await server.stop();
    const ran = (await done(['verify', at('disque'), '--json'])).json<{ practices: { size: number }[] }>();
    entries = ran.practices[0]?.size ?? 0;
    assert.ok(entries > 0);
  });

  it('is verified as a folder is, by its name', async () => {
    const document = (await done(['verify', 'nuage', ...copies(), '--json'])).json<{
      practices: { practice: string; size: number }[];
      damages: number;
    }>();
    assert.deepEqual([document.practices[0]?.practice, document.practices[0]?.size], [practice, entries]);
    assert.equal(document.damages, 0);
    assert.equal((await serment(['verify', 'disque', ...copies()])).code, 0);
  });

  it('is drilled, opened with the kit and restored from', async () => {
    const drill = (await done(['drill', '--from', 'nuage', ...copies(), '--json'])).json<{ outcome: string }>();
    assert.equal(drill.outcome, 'proven');
    await done(['open', 'nuage', ...copies(), '--kit', at('kit.txt'), '--out', at('opened')]);
    await done(['open', at('disque'), '--kit', at('kit.txt'), '--out', at('beside')]);
    const files = (path: string) => globSync('**/*.json', { cwd: at(path) }).sort();
    assert.deepEqual(files('opened'), files('beside'));
    assert.ok(files('opened').length > 1);
    await done(['restore', '--from', 'nuage', ...copies(), '--data', at('restored'), '--host-key', at('host.key')]);
    const server = await serve(at('restored'), ['--copies', at('served.json')]);
    await server.stop();
    const again = (await done(['verify', 'nuage', ...copies(), '--json'])).json<{ damages: number }>();
    assert.equal(again.damages, 0);
  });

  it('has a keeper and an eraser of its own', async () => {
    const kept = (await done(['keeper', 'nuage', ...copies(), '--json'])).json<{ live: number; alarms: unknown[] }>();
    assert.ok(kept.live > 10);
    assert.deepEqual(kept.alarms, []);
    const erased = (await done(['eraser', 'nuage', ...copies(), '--json'])).json<{ erased: number; locked: number }>();
    assert.equal(erased.erased, 0);
    assert.ok(erased.locked > 0);
    for (const command of ['keeper', 'eraser']) {
      assert.equal((await serment([command, 'disque', ...copies()])).code, 2);
      assert.equal((await serment([command, 'nuage'])).code, 2);
      const absent = await serment([command, 'faux', ...copies()]);
      assert.deepEqual([absent.code, /no such bucket/.test(absent.stderr)], [3, true]);
    }
  });

  it('that is not there is said, and no secret with it', async () => {
    const absent = await serment(['verify', 'faux', ...copies()], { env: { SERMENT_DEBUG: '1' } });
    assert.equal(absent.code, 3);
    assert.match(absent.stderr, /no such bucket/);
    const unknown = await serment(['verify', 'nuages', ...copies()]);
    assert.equal(unknown.code, 3);
    assert.match(unknown.stderr, /no folder/);
    const { secretAccessKey } = (await Store.start()).ceph;
    assert.ok(!absent.stderr.includes(secretAccessKey));
  });
});

describe('the file of --copies', () => {
  it('that says something wrong stops the server and every command, and tells where', async () => {
    const file = join(folder, 'wrong.json');
    await writeFile(file, '{ "copies": { "nuage": { "bucket": "Wrong", "region": "x" } } }');
    for (const args of [
      ['start', '--data', join(folder, 'data'), '--port', '0', '--copies', file],
      ['verify', 'nuage', '--copies', file],
    ]) {
      const ran = await serment(args);
      assert.equal(ran.code, 2);
      assert.match(ran.stderr, /copies\.nuage\.bucket/);
    }
  });
});
