import assert from 'node:assert/strict';
import { request } from 'node:https';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { makeDataFolder } from '../../../../packages/store/test/made-data.ts';
import { runToEnd, startProcess } from '../server-process.ts';
import { type CpsFolder, makeCpsFolder, makeHierarchyOfToday, pemOf } from './cps-folder.ts';

let made: CpsFolder;
before(async () => {
  made = await makeCpsFolder(await makeHierarchyOfToday());
});
after(() => made.remove());

describe('a server started with --cps', () => {
  it('serves the listener of cards beside the application, and stops both', async () => {
    const port = await freePort();
    const data = join(made.folder, 'data');
    await makeDataFolder(data);
    const server = await startProcess(['--data', data, '--port', '0', '--cps', await made.configure({ port })]);
    const attempt = '0'.repeat(32);
    const page = await pageAt(port, `/card/${attempt}`);
    assert.ok(page.includes(`href="${server.url}/identity#${attempt}.error.ATTEMPT_UNKNOWN"`), page.slice(-300));
    assert.deepEqual(await server.stop('SIGTERM'), { code: 0, signal: null });
    await assert.rejects(pageAt(port, '/'), { code: 'ECONNREFUSED' });
  });

  it('does not start on a file that is wrong', async () => {
    const file = await made.configure({ authorities: [] });
    const ended = await runToEnd(['--data', join(made.folder, 'none'), '--port', '0', '--cps', file]);
    assert.equal(ended.code, 2);
    assert.match(ended.stderr, /^serment: USAGE: --cps: authorities: there is no root/m);
  });

  it('does not start without its listener of cards', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, 'localhost', resolve));
    const { port } = taken.address() as AddressInfo;
    const data = join(made.folder, 'taken');
    await makeDataFolder(data);
    const ended = await runToEnd(['--data', data, '--port', '0', '--cps', await made.configure({ port })]);
    taken.close();
    assert.equal(ended.code, 3);
    assert.match(ended.stderr, /^serment: PORT_IN_USE/m);
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function pageAt(port: number, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: 'localhost', port, path, ca: pemOf(made.site), agent: false }, (response) => {
      let text = '';
      response.on('data', (part) => {
        text += part;
      });
      response.on('end', () => resolve(text));
    });
    asked.once('error', reject).end();
  });
}
