import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parseOptions } from '../src/options.ts';

const parse = (...more: string[]) => parseOptions(['--data', '/nowhere', '--port', '0', ...more], {});

describe('proxies that are trusted', () => {
  it('are none unless they are named, each by an address or a range', async () => {
    assert.deepEqual((await parse()).trustedProxies, []);
    const named = await parse('--trusted-proxy', '10.0.0.5', '--trusted-proxy', 'fd00::/8');
    assert.deepEqual(named.trustedProxies, ['10.0.0.5', 'fd00::/8']);
  });

  it('are never a name, or a range of everything by mistake', async () => {
    for (const wrong of ['', 'proxy.example', 'true', '1', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', '10.0.0.0/-1'])
      await assert.rejects(parse('--trusted-proxy', wrong), { code: 'USAGE' }, wrong);
  });
});

describe('a gateway for SMS', () => {
  it('is read from its file, with secrets of the environment, or is none', async (context) => {
    const folder = await mkdtemp(join(tmpdir(), 'serment-options-'));
    context.after(() => rm(folder, { recursive: true }));
    const file = join(folder, 'sms.json');
    await writeFile(file, '{"url":"https://g.example/{{env:SECRET}}","body":{"to":"{{to}}","text":"{{text}}"}}');
    assert.equal((await parse()).smsGateway, null);
    const args = ['--data', '/nowhere', '--port', '0', '--sms', file];
    const { smsGateway } = await parseOptions(args, { SECRET: 'hidden' });
    assert.equal(smsGateway?.fixed.get('env:SECRET'), 'hidden');
    await assert.rejects(parseOptions(args, {}), { code: 'USAGE', fields: { field: 'url' } });
    await assert.rejects(parse('--sms', join(folder, 'absent.json')), { code: 'USAGE', fields: { field: '' } });
    await assert.rejects(parse('--sms', ''), { code: 'USAGE' });
  });
});
