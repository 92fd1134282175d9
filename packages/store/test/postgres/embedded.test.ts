import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { startEmbeddedPostgres } from '../../src/postgres/embedded.ts';
import { postgresProcesses } from '../../src/postgres/process-table.ts';
import { cleanup, isRoot, killed, query, serve, started, temporaryDataDir } from './temporary.ts';

test('a first start makes a durable cluster, and a restart keeps what it holds', async (t) => {
  const dataDir = await temporaryDataDir(t);
  const first = performance.now();
  const server = await started(t, dataDir);
  t.diagnostic(`first start ${Math.round(performance.now() - first)} ms, PostgreSQL ${server.version}`);
  const wanted = { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on', data_checksums: 'on' };
  const others = { server_encoding: 'UTF8', TimeZone: 'UTC', listen_addresses: '' };
  for (const [name, value] of Object.entries({ ...wanted, ...others })) {
    assert.deepEqual(await query(server.url, `SELECT current_setting('${name}') AS value`), [{ value }], name);
  }
  const collations = await query(server.url, `SELECT datcollate FROM pg_database WHERE datname = 'postgres'`);
  assert.deepEqual(collations, [{ datcollate: 'C' }]);
  assert.equal((await stat(path.join(dataDir, 'postgres'))).mode & 0o777, 0o700);
  assert.deepEqual(JSON.parse(await readFile(path.join(dataDir, 'serment.json'), 'utf8')), { format: 1 });
  await query(server.url, 'CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)');
  await server.stop();

  const second = performance.now();
  const again = await started(t, dataDir);
  t.diagnostic(`second start ${Math.round(performance.now() - second)} ms`);
  assert.deepEqual(await query(again.url, 'SELECT n FROM kept'), [{ n: 7 }]);
  const stop = performance.now();
  await again.stop();
  t.diagnostic(`stop ${Math.round(performance.now() - stop)} ms`);
});

test('stopping twice, at once or later, is one stop', async (t) => {
  const server = await started(t, await temporaryDataDir(t));
  await Promise.all([server.stop(), server.stop()]);
  await server.stop();
  assert.deepEqual(await server.exited, { code: 0, signal: null });
});

test('a stop does not wait for idle clients or open transactions', async (t) => {
  const server = await started(t, await temporaryDataDir(t));
  const sleeping = assert.rejects(query(server.url, 'SELECT pg_sleep(60)'));
  await delay(200);
  const begun = performance.now();
  await server.stop();
  await sleeping;
  assert.ok(performance.now() - begun < 10_000);
});

test('what was committed is there after PostgreSQL was killed', async (t) => {
  const dataDir = await temporaryDataDir(t);
  const server = await started(t, dataDir);
  await query(server.url, 'CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)');
  process.kill(server.pid, 'SIGKILL');
  assert.deepEqual(await server.exited, { code: null, signal: 'SIGKILL' });
  await server.stop();
  const again = await started(t, dataDir);
  assert.deepEqual(await query(again.url, 'SELECT n FROM kept'), [{ n: 7 }]);
});

test('when Serment was killed, the next start stops the PostgreSQL it left and takes over', async (t) => {
  const dataDir = await temporaryDataDir(t);
  const { child, said } = await serve(t, dataDir);
  assert.ok(typeof said.url === 'string' && typeof said.pid === 'number');
  await query(said.url, 'CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)');
  await killed(child);
  assert.doesNotThrow(() => process.kill(Number(said.pid), 0));
  const server = await started(t, dataDir);
  assert.notEqual(server.pid, said.pid);
  assert.deepEqual(await query(server.url, 'SELECT n FROM kept'), [{ n: 7 }]);
  const { pids } = await postgresProcesses(path.join(dataDir, 'postgres'));
  assert.ok(!pids.includes(Number(said.pid)));
});

test('when both were killed, the next start recovers', async (t) => {
  const dataDir = await temporaryDataDir(t);
  const { child, said } = await serve(t, dataDir);
  assert.ok(typeof said.url === 'string' && typeof said.pid === 'number');
  await query(said.url, 'CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)');
  process.kill(said.pid, 'SIGKILL');
  await killed(child);
  const server = await started(t, dataDir);
  assert.deepEqual(await query(server.url, 'SELECT n FROM kept'), [{ n: 7 }]);
});

test('a second server on one data folder is refused and disturbs nothing, in another process or in the same', async (t) => {
  const dataDir = await temporaryDataDir(t);
  const server = await started(t, dataDir);
  const { said } = await serve(t, dataDir);
  assert.deepEqual(said, { code: 'DATA_IN_USE' });
  await assert.rejects(startEmbeddedPostgres({ dataDir }), { code: 'DATA_IN_USE' });
  assert.deepEqual(await query(server.url, 'SELECT 1 AS one'), [{ one: 1 }]);
});

test('of several servers started at once on a new folder, one wins', async (t) => {
  const dataDir = await temporaryDataDir(t);
  const starts = await Promise.allSettled([1, 2, 3].map(() => startEmbeddedPostgres({ dataDir })));
  for (const start of starts) if (start.status === 'fulfilled') cleanup(t).defer(() => start.value.stop());
  const codes = starts.map((start) => (start.status === 'fulfilled' ? 'started' : start.reason.code));
  assert.deepEqual(codes.sort(), ['DATA_IN_USE', 'DATA_IN_USE', 'started']);
});

test('a folder of a newer Serment or PostgreSQL is refused and not touched', async (t) => {
  const dataDir = await temporaryDataDir(t);
  await mkdir(path.join(dataDir, 'postgres'), { recursive: true });
  await writeFile(path.join(dataDir, 'serment.json'), '{"format":2}');
  await assert.rejects(startEmbeddedPostgres({ dataDir }), { code: 'DATA_NEWER' });
  await rm(path.join(dataDir, 'serment.json'));
  await writeFile(path.join(dataDir, 'postgres', 'PG_VERSION'), '19\n');
  await assert.rejects(startEmbeddedPostgres({ dataDir }), { code: 'DATA_NEWER' });
  await writeFile(path.join(dataDir, 'postgres', 'PG_VERSION'), '17\n');
  await assert.rejects(startEmbeddedPostgres({ dataDir }), { code: 'DATA_OLDER' });
  assert.deepEqual(await readdir(dataDir), ['postgres']);
  assert.deepEqual(await readdir(path.join(dataDir, 'postgres')), ['PG_VERSION']);
});

test('a folder whose description or cluster cannot be understood is refused as damaged', async (t) => {
  const dataDir = await temporaryDataDir(t);
  await mkdir(path.join(dataDir, 'postgres'), { recursive: true });
  for (const text of ['', 'null', '{"format":"1"}', '{"format":0}', '\u0000']) {
    await writeFile(path.join(dataDir, 'serment.json'), text);
    await assert.rejects(startEmbeddedPostgres({ dataDir }), { code: 'DATA_DAMAGED' });
  }
  await rm(path.join(dataDir, 'serment.json'));
  await writeFile(path.join(dataDir, 'postgres', 'stray'), '');
  await assert.rejects(startEmbeddedPostgres({ dataDir }), { code: 'DATA_DAMAGED' });
  assert.deepEqual(await readdir(path.join(dataDir, 'postgres')), ['stray']);
});

test('a cluster that lost its control file is refused as damaged, and stays as it is', async (t) => {
  const dataDir = await temporaryDataDir(t);
  await (await started(t, dataDir)).stop();
  await rm(path.join(dataDir, 'postgres', 'global', 'pg_control'));
  await assert.rejects(startEmbeddedPostgres({ dataDir }), { code: 'DATA_DAMAGED' });
  await assert.rejects(startEmbeddedPostgres({ dataDir }), { code: 'DATA_DAMAGED' });
});

test('an interrupted first start leaves nothing in the way of the next', async (t) => {
  const dataDir = await temporaryDataDir(t);
  await mkdir(path.join(dataDir, 'postgres.init-cut', 'cluster'), { recursive: true });
  await writeFile(path.join(dataDir, 'postgres.init-cut', 'cluster', 'PG_VERSION'), '18\n');
  const stopped = new AbortController();
  const start = assert.rejects(startEmbeddedPostgres({ dataDir, signal: stopped.signal }), { name: 'AbortError' });
  const halfway = async () => {
    for (const name of await readdir(dataDir)) {
      if (name.startsWith('postgres.init-') && (await readdir(path.join(dataDir, name, 'cluster'))).includes('base'))
        return true;
    }
    return false;
  };
  while (!(await halfway().catch(() => false))) await delay(5);
  stopped.abort();
  await start;
  await started(t, dataDir);
  assert.deepEqual((await readdir(dataDir)).filter((name) => name.startsWith('postgres')).sort(), ['postgres']);
});

test('a stale postmaster.pid that names a living process of something else does not prevent a start', async (t) => {
  const dataDir = await temporaryDataDir(t);
  await (await started(t, dataDir)).stop();
  await writeFile(
    path.join(dataDir, 'postgres', 'postmaster.pid'),
    `${process.pid}\n/elsewhere\n1\n5432\n.\n\n1 1\nready\n`,
  );
  await started(t, dataDir);
});

test('a data folder whose path is too long for a socket works, and what a killed server left outside is cleared', async (t) => {
  const dataDir = await temporaryDataDir(t, 'a'.repeat(80), 'é'.repeat(60));
  const { child, said } = await serve(t, dataDir);
  const noted = await readFile(path.join(dataDir, 'socket-link'), 'utf8');
  assert.ok(typeof said.url === 'string' && said.url.includes(encodeURIComponent(noted)));
  await killed(child);
  const server = await started(t, dataDir);
  assert.deepEqual(await query(server.url, 'SELECT 1 AS one'), [{ one: 1 }]);
  await assert.rejects(stat(path.dirname(noted)), { code: 'ENOENT' });
  const { socketDir } = server;
  await server.stop();
  await assert.rejects(stat(path.dirname(socketDir)), { code: 'ENOENT' });
});

test('a data folder that is a file is refused as not writable', async (t) => {
  const dataDir = await temporaryDataDir(t);
  await writeFile(dataDir, '');
  await assert.rejects(startEmbeddedPostgres({ dataDir }), { code: 'DATA_NOT_WRITABLE' });
});

test('the server log reaches the caller and never holds values', async (t) => {
  const lines: string[] = [];
  const dataDir = await temporaryDataDir(t);
  const server = await startEmbeddedPostgres({ dataDir, onLog: (line) => lines.push(line) });
  cleanup(t).defer(() => server.stop());
  await query(server.url, 'CREATE TABLE one (n text PRIMARY KEY); INSERT INTO one VALUES ($$secret$$)');
  await assert.rejects(query(server.url, 'INSERT INTO one VALUES ($$secret$$)'));
  await server.stop();
  const log = lines.join('\n');
  assert.match(log, /ready to accept connections/);
  assert.match(log, /duplicate key value/);
  assert.doesNotMatch(log, /secret/);
});

if (isRoot) {
  test('as root, a data folder in a home closed to others works and stays in place', async (t) => {
    const dataDir = await temporaryDataDir(t, 'home');
    await mkdir(path.dirname(dataDir));
    await chmod(path.dirname(path.dirname(dataDir)), 0o700);
    await chmod(path.dirname(dataDir), 0o700);
    const server = await started(t, dataDir);
    assert.deepEqual(await query(server.url, 'SELECT 1 AS one'), [{ one: 1 }]);
    const { uid } = await stat(path.join(dataDir, 'postgres', 'PG_VERSION'));
    assert.notEqual(uid, 0);
    assert.equal((await stat(`/proc/${server.pid}`)).uid, uid);
  });

  test('as root, a cluster that was brought back as root is given to its account again', async (t) => {
    const dataDir = await temporaryDataDir(t);
    await (await started(t, dataDir)).stop();
    execFileSync('chown', ['-R', '0:0', path.join(dataDir, 'postgres')]);
    await started(t, dataDir);
  });

  test('as root, a full disk is told apart when the cluster is made', async (t) => {
    const dataDir = await temporaryDataDir(t);
    await mkdir(dataDir);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=20m', 'tmpfs', dataDir]);
    cleanup(t).defer(() => void execFileSync('umount', ['-l', dataDir]));
    await assert.rejects(startEmbeddedPostgres({ dataDir }), { code: 'DISK_FULL' });
  });
}
