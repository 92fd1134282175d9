import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { encodeAppendRequest } from '@serment/core/wire/append';
import { type HostOverview, parseHostOverview } from '@serment/core/wire/console';
import { encodeAskedPlace } from '@serment/core/wire/copy-place';
import {
  encodeOperatorCode,
  encodeOperatorPasswordChosen,
  encodeOperatorPasswordConfirmed,
  parseOperatorOffer,
  parseOperatorSession,
} from '@serment/core/wire/operator';
import { loadHostKeys } from '@serment/store/host-keys';
import { asOwner } from '@serment/store/open-owner';
import { addOperator } from '@serment/store/operator-list';
import { makeDataFolder } from '../../../packages/store/test/made-data.ts';
import { makeTestPractice, sent } from '../../../packages/store/test/test-vault.ts';
import { startProcess } from './server-process.ts';
import { totpOf } from './totp.ts';

const password = 'quatre tilleuls au printemps';

it('a copy that was added is there after a server that had none was killed, and is written', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'serment-restart-'));
  const dataDir = join(folder, 'data');
  await makeDataFolder(dataDir);
  const port = await freePort();
  const start = () => startProcess(['--data', dataDir, '--port', '0', '--console-port', String(port)]);
  let server = await start();
  context.after(async () => {
    await server.stop('SIGTERM');
    await rm(folder, { recursive: true, force: true });
  });
  const practice = await makeTestPractice('restarted', await loadHostKeys(join(dataDir, 'host.key')));
  const genesis = encodeAppendRequest(practice.entries.map((entry) => sent(entry)));
  assert.equal((await send('POST', `${server.url}/api/practices`, genesis)).status, 201);

  const ask = (method: string, path: string, body: Bytes | null, token?: Bytes) =>
    send(method, `http://localhost:${port}/api/operators/${path}`, body, token);
  const read = async (method: string, path: string, body: Bytes) => {
    const answer = await ask(method, path, body);
    assert.equal(answer.status, 200, path);
    return new Uint8Array(await answer.arrayBuffer());
  };
  const overview = async (token: Bytes) => parseHostOverview(await (await ask('GET', 'overview', null, token)).text());
  const { code } = await asOwner({ dataDir }, (owner) => addOperator(owner, 'Camille Roux', Date.now()));
  const { totpSecret } = parseOperatorOffer(await read('POST', 'enrolments', encodeOperatorCode(code)));
  // Each code serves once: the present one, then the next, which is taken early.
  const totp = (steps: number) => totpOf(totpSecret, Date.now() + steps * 30_000);
  const chosen = encodeOperatorPasswordChosen({ code, password, totp: totp(0) });
  const { token } = parseOperatorSession(await read('PUT', 'enrolments/password', chosen));
  const confirmed = encodeOperatorPasswordConfirmed({ password, totp: totp(1) });
  assert.equal((await ask('PUT', 'confirmation/password', confirmed, token)).status, 204);
  const place = { kind: 'folder', name: 'armoire', path: join(folder, 'armoire') } as const;
  assert.equal((await ask('POST', 'copies', encodeAskedPlace(place), token)).status, 204);

  await server.stop('SIGKILL');
  server = await start();
  await until(async () => isCurrent(await overview(token)));
});

function isCurrent({ copies }: HostOverview): boolean {
  assert.deepEqual(
    copies.map(({ name }) => name),
    ['armoire'],
  );
  return copies[0]?.current === 1;
}

function send(method: string, url: string, body: Bytes | null, token?: Bytes): Promise<Response> {
  return fetch(url, {
    method,
    headers: {
      ...(body === null ? {} : { 'content-type': 'application/cbor' }),
      ...(token === undefined ? {} : { authorization: `Operator ${bytesToHex(token)}` }),
    },
    ...(body === null ? {} : { body }),
  });
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 60_000; !(await isSo()); ) {
    assert.ok(Date.now() < end, 'it never came');
    await delay(50);
  }
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}
