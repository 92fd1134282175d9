import assert from 'node:assert/strict';
import { appendFile, chmod, cp, lchown, mkdir, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { canReach, chooseAccount } from '../../src/postgres/account.ts';
import { placeBinaries, shippedFolder } from '../../src/postgres/binaries.ts';
import { isRoot, temporaryDataDir } from './temporary.ts';

test('the programs are run from where npm put them when this process is not root', async () => {
  const shipped = await shippedFolder();
  const { postgres, version } = await placeBinaries(shipped, null, []);
  assert.equal(postgres, path.join(shipped, 'bin', 'postgres'));
  assert.match(version, /^18\.\d+$/);
});

test('programs that cannot run here are refused with their own code', async (t) => {
  const folder = await temporaryDataDir(t);
  await mkdir(path.join(folder, 'bin'), { recursive: true });
  await assert.rejects(placeBinaries(folder, null, []), { code: 'DATABASE_BINARIES_UNUSABLE' });
});

if (isRoot) {
  /** The programs as a clone in root's home has them, and a place of root's own that others may enter. */
  const closedHome = async (t: TestContext) => {
    const parent = path.dirname(await temporaryDataDir(t));
    await chmod(parent, 0o755);
    const home = path.join(parent, 'home');
    await mkdir(home, { mode: 0o700 });
    const shipped = path.join(home, 'native');
    await cp(await shippedFolder(), shipped, { recursive: true, verbatimSymlinks: true });
    const account = await chooseAccount(path.join(parent, 'none'));
    assert.ok(account !== null);
    return { parent, shipped, base: path.join(parent, 'lib'), account };
  };

  test('as root, programs in a closed home are copied once, even by several at a time, and a damaged copy is replaced', async (t) => {
    const { shipped, base, account } = await closedHome(t);
    assert.equal(await canReach(account, path.join(shipped, 'bin', 'postgres')), false);
    const both = await Promise.all([1, 2].map(() => placeBinaries(shipped, account, [base])));
    const [copy] = await readdir(base);
    assert.deepEqual(await readdir(base), [copy]);
    const postgres = path.join(base, copy ?? '', 'bin', 'postgres');
    assert.deepEqual(
      both.map((found) => found.postgres),
      [postgres, postgres],
    );

    const begun = performance.now();
    await placeBinaries(shipped, account, [base]);
    t.diagnostic(`verifying a copy ${Math.round(performance.now() - begun)} ms`);

    await appendFile(postgres, 'x');
    const { size } = await stat(postgres);
    assert.equal((await placeBinaries(shipped, account, [base])).postgres, postgres);
    assert.equal((await stat(postgres)).size, size - 1);
    assert.equal((await readdir(base)).filter((name) => name.includes('damaged')).length, 1);
  });

  test('as root, programs are never run from a place that another user can write to', async (t) => {
    const { parent, shipped, base, account } = await closedHome(t);
    const shared = path.join(parent, 'shared');
    await mkdir(shared);
    await chmod(shared, 0o777);
    const foreign = path.join(parent, 'foreign');
    await mkdir(foreign);
    await lchown(foreign, account.initUid, account.gid);
    const found = await placeBinaries(shipped, account, [shared, foreign, base]);
    assert.ok(found.postgres.startsWith(base));
    await rm(base, { recursive: true });
    await assert.rejects(placeBinaries(shipped, account, [shared, foreign]), { code: 'DATABASE_BINARIES_UNUSABLE' });
    assert.deepEqual([...(await readdir(shared)), ...(await readdir(foreign))], []);
  });
}
