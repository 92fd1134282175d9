import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parseOptions } from '../src/options.ts';
import { makeCpsFolder, makeHierarchyOfToday } from './cps/cps-folder.ts';

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

describe('the host’s console', () => {
  it('is served where its port says, on loopback or under an address of https, and nowhere without a port', async () => {
    assert.equal((await parse()).console, null);
    assert.deepEqual((await parse('--console-port', '4401')).console, {
      ...{ port: 4401, host: 'localhost', publicUrl: null },
    });
    const out = ['--console-port', '4401', '--console-host', '10.0.0.5'];
    const { console } = await parse(...out, '--console-url', 'https://console.example/');
    assert.deepEqual([console?.host, console?.publicUrl?.origin], ['10.0.0.5', 'https://console.example']);
    await assert.rejects(parse(...out), { code: 'HTTPS_REQUIRED' });
    await assert.rejects(parse(...out, '--console-url', 'http://console.example'), { code: 'HTTPS_REQUIRED' });
    for (const wrong of [
      ['--console-port', 'x'],
      ['--console-port', ''],
      ['--console-url', 'https://c.example'],
    ])
      await assert.rejects(parse(...wrong), { code: 'USAGE' }, wrong.join(' '));
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

describe('files of the command line', () => {
  it('are a certificate and its own key, or the server does not start', async (context) => {
    const { folder, pki, site, save, remove } = await makeCpsFolder(await makeHierarchyOfToday());
    context.after(remove);
    const other = await save('other', pki.root);
    const { cert, key } = await save('server', site);
    const absent = join(folder, 'absent');
    const tls = (certFile: string, keyFile: string) => parse('--tls-cert', certFile, '--tls-key', keyFile);
    assert.match((await tls(cert, key)).tls?.key ?? '', /PRIVATE KEY/);
    const wrong = [
      [cert, other.key],
      [key, cert],
      [cert, absent],
      [cert, folder],
      [cert, ''],
      ['', key],
    ] as const;
    for (const [certFile, keyFile] of wrong) await assert.rejects(tls(certFile, keyFile), { code: 'USAGE' });
  });

  it('are tokens of 16 characters at least, one a line', async (context) => {
    const folder = await mkdtemp(join(tmpdir(), 'serment-options-'));
    context.after(() => rm(folder, { recursive: true }));
    const file = join(folder, 'invitations');
    await writeFile(file, '\n 0123456789abcdef \r\nfedcba9876543210');
    assert.deepEqual((await parse('--invitations', file)).invitations, ['0123456789abcdef', 'fedcba9876543210']);
    for (const wrong of ['short', Buffer.from('0123456789abcd\xe9\xe8\xe0', 'latin1'), 'x'.repeat(1_048_577)]) {
      await writeFile(file, wrong);
      await assert.rejects(parse('--invitations', file), { code: 'USAGE' });
    }
    await assert.rejects(parse('--invitations', join(folder, 'absent')), { code: 'USAGE' });
  });
});

describe('copies', () => {
  it('are those of the command line, of its file and of the one that the console writes, each once', async (context) => {
    const data = await mkdtemp(join(tmpdir(), 'serment-options-'));
    context.after(() => rm(data, { recursive: true }));
    const of = (...more: string[]) => parseOptions(['--data', data, '--port', '0', ...more], {});
    const [own, file] = [join(data, 'copies.json'), join(data, 'host.json')];
    assert.deepEqual([(await of()).copies, (await of()).copiesFile], [[], own]);
    await writeFile(own, '{"copies":{"ajoutée":{"folder":"/mnt/c"}}}');
    await writeFile(file, '{"copies":{"disque":{"folder":"/mnt/b"}}}');
    const names = async (...more: string[]) => (await of(...more)).copies.map(({ name }) => name);
    assert.deepEqual(await names('--copy', '/mnt/a'), ['a', 'ajoutée']);
    assert.deepEqual(await names('--copy', '/mnt/a', '--copies', file), ['a', 'disque', 'ajoutée']);
    assert.equal((await of('--copies', file)).copiesFile, file);
    assert.deepEqual(await names('--copies', own), ['ajoutée']);
    for (const twice of ['/mnt/c', '/srv/ajoutée', '/mnt/c/d'])
      await assert.rejects(of('--copy', twice), { code: 'USAGE' }, twice);
  });
});
