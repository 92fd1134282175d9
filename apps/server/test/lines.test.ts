import assert from 'node:assert/strict';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { type Bytes, bytesToHex } from '@serment/core/bytes';
import type { FastifyInstance } from 'fastify';
import type { TestPractice } from '../../../packages/core/test/journal/practice-fixture.ts';
import { openTestVault, type TestVault } from '../../../packages/store/test/test-vault.ts';
import { makeApp, noCopies, signIn } from './test-app.ts';

let vault: TestVault;
let app: FastifyInstance;
let practice: TestPractice;
let token: Bytes;
let port: number;
let listeners = 0;
before(async () => {
  vault = await openTestVault();
  // Counts who listens: a line that went leaves none behind.
  const onChange = () => {
    listeners += 1;
    return () => {
      listeners -= 1;
    };
  };
  app = await makeApp(vault.store, { copies: { ...noCopies, onChange } });
  await app.listen({ host: '127.0.0.1', port: 0 });
  port = (app.server.address() as AddressInfo).port;
  practice = await vault.createPractice('lines');
  token = await signIn(app, practice);
});
after(async () => {
  await app.close();
  await vault.close();
});

const path = () => `/api/practices/${bytesToHex(practice.practice)}`;

/** A connection that sends this text. */
function dial(text: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text, () => resolve(socket)));
    socket.on('error', reject);
  });
}

async function received(socket: Socket): Promise<string> {
  return new Promise((resolve) => socket.once('data', (bytes) => resolve(bytes.toString('latin1'))));
}

describe('a body', () => {
  it('is not kept for who has no session: the answer comes before it', async () => {
    const head = `POST ${path()}/entries HTTP/1.1\r\nHost: localhost:${port}\r\nContent-Type: application/cbor\r\n`;
    const socket = await dial(`${head}Content-Length: 33000000\r\n\r\n`);
    assert.match(await received(socket), /^HTTP\/1\.1 401 /);
    socket.destroy();
  });

  it('is not waited for without end', () => {
    assert.ok(app.server.requestTimeout > 0 && app.server.requestTimeout <= 600_000);
    assert.ok(app.server.headersTimeout > 0 && app.server.headersTimeout <= 60_000);
  });
});

describe('lines of events', () => {
  const open = () =>
    dial(
      `GET ${path()}/events HTTP/1.1\r\nHost: localhost:${port}\r\nAuthorization: Bearer ${bytesToHex(token)}\r\n\r\n`,
    );
  const settle = async (expected: number) => {
    for (let tries = 0; tries < 100 && listeners !== expected; tries += 1) await setTimeout(20);
    assert.equal(listeners, expected);
  };

  it('leave nothing behind, however soon they are cut', async () => {
    for (let count = 0; count < 100; count += 1) {
      const socket = await open();
      if (count % 2 === 0) await setTimeout(1);
      socket.destroy();
    }
    await setTimeout(300);
    await settle(0);
  });

  it('are so many for one session: the oldest gives way', async () => {
    const sockets: Socket[] = [];
    for (let count = 0; count < 10; count += 1) {
      const socket = await open();
      assert.match(await received(socket), /^HTTP\/1\.1 200 /);
      sockets.push(socket);
    }
    await settle(8);
    await setTimeout(100);
    assert.deepEqual(
      sockets.map(({ closed }) => closed),
      sockets.map((_, place) => place < 2),
    );
    for (const socket of sockets) socket.destroy();
    await settle(0);
  });
});
