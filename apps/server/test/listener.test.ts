import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, it } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { openListener } from '../src/listener.ts';
import { keyPem, makeCpsFolder, makeHierarchyOfToday, pemOf } from './cps/cps-folder.ts';

const options = { webDir: '/nowhere', publicUrl: null, isHttps: false };

/** A listener with one route whose answer waits, and its port. */
async function opened(https?: { readonly key: string; readonly cert: string }) {
  const app = openListener({ ...options, ...(https === undefined ? {} : { https }) });
  const answer = Promise.withResolvers<string>();
  app.get('/slow', () => answer.promise);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const address = app.addresses().find((one) => typeof one === 'object');
  return { app, port: address?.port ?? 0, answer };
}

async function gone(socket: Socket): Promise<void> {
  socket.on('error', () => undefined);
  socket.resume();
  if (!socket.closed) await once(socket, 'close');
}

describe('a server that stops', () => {
  it('waits for no connection on which nothing was ever asked', async () => {
    const { app, port } = await opened();
    const silent = connect(port, '127.0.0.1');
    await once(silent, 'connect');
    await app.close();
    await gone(silent);
  });

  it('nor for one that is secured and silent', async (context) => {
    const { site, remove } = await makeCpsFolder(await makeHierarchyOfToday());
    context.after(remove);
    const { app, port } = await opened({ key: await keyPem(site), cert: pemOf(site) });
    const silent = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
    await once(silent, 'secureConnect');
    await app.close();
    await gone(silent);
  });

  it('answers what is under way, however long that takes', async () => {
    const { app, port, answer } = await opened();
    const asked = fetch(`http://127.0.0.1:${port}/slow`);
    await once(app.server, 'request');
    const closing = app.close();
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    answer.resolve('answered');
    assert.equal(await (await asked).text(), 'answered');
    await closing;
  });
});
