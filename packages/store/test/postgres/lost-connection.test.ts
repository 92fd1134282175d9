import assert from 'node:assert/strict';
import net from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { inPractice } from '../../src/database-scope.ts';
import { openDatabase } from '../../src/postgres/connect.ts';
import { cleanup, started, temporaryDataDir } from './temporary.ts';

const practice = new Uint8Array(32);
const soonMs = 5000;

test('whenever a connection is lost in a transaction, it fails with a code, and the next one is served', async (t) => {
  const dataDir = await temporaryDataDir(t);
  const { url, socketDir } = await started(t, dataDir);
  // Cuts the connection that says so many things, in the ways in which a connection is cut.
  const proxy = { cutAt: 0, heard: 0, how: 'close' as 'close' | 'reset' | 'end' };
  const server = net.createServer((client) => {
    const upstream = net.connect(path.join(socketDir, '.s.PGSQL.5432'));
    upstream.on('error', () => client.destroy()).on('close', () => client.destroy());
    client.on('error', () => upstream.destroy()).on('close', () => upstream.destroy());
    upstream.pipe(client);
    client.on('data', (bytes) => {
      proxy.heard += 1;
      if (proxy.heard !== proxy.cutAt) upstream.write(bytes);
      else if (proxy.how === 'close') client.destroy();
      else if (proxy.how === 'reset') client.resetAndDestroy();
      else client.end();
    });
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  cleanup(t).defer(() => void server.close());
  const address = new URL(url);
  address.searchParams.set('host', '127.0.0.1');
  address.searchParams.set('port', String((server.address() as net.AddressInfo).port));
  const refused: string[] = [];
  for (const how of ['close', 'reset', 'end'] as const)
    for (let cutAt = 1; cutAt <= 12; cutAt += 1) {
      Object.assign(proxy, { how, cutAt: 0, heard: 0 });
      const sql = openDatabase({ url: address.href, maxConnections: 1 });
      await sql`SELECT 1`;
      Object.assign(proxy, { cutAt, heard: 0 });
      const work = () =>
        inPractice(sql, practice, async (transaction) => {
          await transaction`SELECT 2`;
          await delay(2);
          await transaction`SELECT ${'x'.repeat(3000)}::text`;
          await transaction`SELECT 4`;
        });
      const first = await work().then(
        () => 'done',
        (error: { code?: string }) => String(error.code),
      );
      refused.push(first);
      proxy.cutAt = 0;
      const next = await Promise.race([work().then(() => 'done'), delay(soonMs, 'late', { ref: false })]);
      assert.equal(next, 'done', `${how} at ${cutAt}, which was ${first}`);
      await sql.end({ timeout: 5 });
    }
  assert.ok(refused.filter((code) => code === 'DATABASE_UNAVAILABLE').length >= 15, refused.join(' '));
  assert.ok(
    refused.every((code) => ['done', 'DATABASE_UNAVAILABLE'].includes(code)),
    refused.join(' '),
  );
});

test('a transaction whose server ends the connection fails with a code, and the next one is served', async (t) => {
  const { url } = await started(t, await temporaryDataDir(t));
  const [sql, other] = [openDatabase({ url, maxConnections: 1 }), openDatabase({ url, maxConnections: 1 })];
  cleanup(t).defer(() => sql.end({ timeout: 5 }));
  cleanup(t).defer(() => other.end({ timeout: 5 }));
  for (const isWaiting of [true, false]) {
    const [own] = await sql<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`;
    const end = async () => void (await other`SELECT pg_terminate_backend(${own?.pid ?? 0})`);
    await assert.rejects(
      inPractice(sql, practice, async (transaction) => {
        await transaction`SELECT 1`;
        if (isWaiting) setTimeout(end, 20);
        else await end().then(() => delay(50));
        await transaction`SELECT pg_sleep(1)`;
      }),
      { code: 'DATABASE_UNAVAILABLE' },
    );
    const next = inPractice(sql, practice, (transaction) => transaction`SELECT 1`);
    assert.notEqual(await Promise.race([next, delay(soonMs, 'late', { ref: false })]), 'late');
  }
});
