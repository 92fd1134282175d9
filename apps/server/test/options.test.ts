import assert from 'node:assert/strict';
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
