import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { formatKit, kitQr, newKit } from '@serment/core/keys/kit';
import { memoryCache } from '@serment/replica/cache';
import { enrolByKit } from '@serment/replica/device';
import { DrawnKit } from '@serment/replica/drawn-kit';
import { openPractice } from '@serment/replica/practice-opening';
import { Transport } from '@serment/replica/transport';
import { done, type Served, serment, serve, temporaryFolder } from './serment.ts';

const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
let server: Served | null = null;
let url = '';

before(async () => {
  server = await serve(at('data'), ['--copy', at('copy'), '--host-key-out', at('host.key')]);
  url = server.url;
  const names = ['--name', 'Cabinet d’essai', '--doctor', 'Dr Claire VASSEUR'];
  await done(['practice', 'create', '--server', url, ...names, '--kit-out', at('withdrawn.txt')]);
  const transport = new Transport({ baseUrl: url });
  const kitText = await readFile(at('withdrawn.txt'), 'utf8');
  const { practice, seed, kit } = await enrolByKit({ transport, kitText, label: 'browser' });
  const device = await openPractice({ transport, cache: memoryCache(), practice, seed });
  const [next, givenUp] = [await DrawnKit.draw(device), await DrawnKit.draw(device)];
  await writeFile(at('valid.txt'), next.printed.text);
  await writeFile(at('given-up.txt'), givenUp.printed.text);
  await writeFile(at('qr.txt'), next.printed.qr.slice(0, 60));
  await writeFile(at('group.txt'), next.printed.text.replace(/-.{5}/, '-UUUUU'));
  const elsewhere = newKit(new Uint8Array(32).fill(7), new Uint8Array(32).fill(9));
  await writeFile(at('elsewhere.txt'), `${formatKit(elsewhere)}\n${kitQr(elsewhere)}\n`);
  await next.name([kit]);
  await device.lock();
});
after(() => server?.stop());

const refusals: Readonly<Record<string, RegExp>> = {
  'withdrawn KIT_WITHDRAWN': /This kit was withdrawn/,
  'given-up KIT_UNKNOWN': /never named this kit/,
  'elsewhere KIT_WRONG': /of (a|no) practice/,
  'qr KIT_QR_DAMAGED': /QR code is not whole/,
  'group KIT_INVALID': /Group 2 has not the characters of a kit/,
};

async function assertRefused(command: readonly string[]): Promise<void> {
  for (const [named, words] of Object.entries(refusals)) {
    const [name, code] = named.split(' ');
    const args = [...command, '--kit', at(`${name}.txt`), '--out', at('no')];
    const ran = await serment([...args, '--json']);
    assert.equal(ran.code, 4, named);
    assert.equal(ran.json<{ error: { code: string } }>().error.code, code);
    assert.match((await serment(args)).stderr, words);
    await assert.rejects(stat(at('no')));
  }
}

test('the kit that replaced another opens the server; what opens nothing is told apart, each as exit 4', async () => {
  await done(['export', '--server', url, '--kit', at('valid.txt'), '--out', at('exported')]);
  await assertRefused(['export', '--server', url]);
});

test('an import by a kit that opens nothing adds nothing, and says which it is', async () => {
  await writeFile(at('empty.json'), JSON.stringify({ resourceType: 'Bundle', type: 'collection', entry: [] }));
  for (const [name, code] of Object.keys(refusals).map((named) => named.split(' '))) {
    const ran = await serment(['import', '--server', url, '--kit', at(`${name}.txt`), at('empty.json'), '--json']);
    assert.deepEqual([ran.code, ran.json<{ error: { code: string } }>().error.code], [4, code]);
  }
});

test('a copy opens without a server with the valid kit, and refuses the others as the server does', async () => {
  await server?.stop();
  server = null;
  await done(['open', at('copy'), '--kit', at('valid.txt'), '--out', at('opened')]);
  await assertRefused(['open', at('copy')]);
});
