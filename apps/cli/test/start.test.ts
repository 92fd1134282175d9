import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Served, serment, serve, temporaryFolder } from './serment.ts';

const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
let server: Served;

before(async () => {
  // There, and empty: this start is a first one.
  await mkdir(at('data'));
  server = await serve(at('data'));
});
after(() => server.stop());

test('two servers on one data folder, a port in use and a newer folder are told in three lines', async () => {
  const blocker = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => blocker.once('listening', resolve));
  const address = blocker.address();
  const port = address !== null && typeof address === 'object' ? String(address.port) : '';
  await mkdir(at('newer'));
  await writeFile(at('newer/serment.json'), '{"format":99}');
  const [twice, taken, newer] = await Promise.all([
    serment(['start', '--data', at('data'), '--port', '0']),
    serment(['start', '--data', at('other'), '--port', port]),
    serment(['start', '--data', at('newer'), '--port', '0']),
  ]);
  blocker.close();
  for (const [ran, code, words] of [
    [twice, 3, /Another Serment server/],
    [taken, 3, /port is taken/],
    [newer, 5, /newer version/],
  ] as const) {
    assert.equal(ran.code, code);
    assert.match(ran.stderr, words);
    assert.equal(ran.stdout, '');
    assert.doesNotMatch(ran.stderr, /\n\s+at |"stack"/);
  }
});

test('wrong arguments are usage', async () => {
  for (const args of [
    ['start'],
    ['start', '--data', at('x'), '--port', 'a'],
    ['start', '--data', at('x'), '--copyy', at('y')],
  ])
    assert.equal((await serment(args)).code, 2);
});

test('a gateway for SMS reaches the server, which tells what is wrong in it and quotes nothing', async () => {
  await writeFile(at('sms.json'), '{"url":"https://g.example/?key=s3cret","body":{"to":"{{to}}","text":"{{what}}"}}');
  const ran = await serment(['start', '--data', at('sms'), '--port', '0', '--sms', at('sms.json')]);
  assert.equal(ran.code, 2);
  assert.match(ran.stderr, /--sms: body: only .*\{\{env:NAME\}\}/);
  assert.doesNotMatch(ran.stderr, /s3cret|\n\s+at /);
});

test('a stop is graceful, and the same folder serves again', async () => {
  await server.stop();
  server = await serve(at('data'));
  assert.match(server.url, /^http:\/\/localhost:\d+$/);
});
