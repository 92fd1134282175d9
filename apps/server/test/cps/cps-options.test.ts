import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { CodedError } from '@serment/core/error';
import { readCpsOptions } from '../../src/cps/cps-options.ts';
import { parseOptions } from '../../src/options.ts';
import { type CpsFolder, makeCpsFolder } from './cps-folder.ts';
import { issueAuthority, issueCard, makeHierarchy } from './test-authority.ts';

let made: CpsFolder;
before(async () => {
  made = await makeCpsFolder(await makeHierarchy());
});
after(() => made.remove());

async function isRefused(more: Readonly<Record<string, unknown>>, message: RegExp): Promise<void> {
  const file = await made.configure(more);
  await assert.rejects(readCpsOptions(file), (error) => {
    assert.ok(error instanceof CodedError, String(error));
    assert.equal(error.code, 'USAGE');
    assert.match(error.message, message);
    return true;
  });
}

describe('the file of --cps', () => {
  it('is read with the files that it names beside it', async () => {
    const hosts = ['127.0.0.1:8080', 'crl.example.fr'];
    const file = await made.configure({ revocationHosts: hosts, crls: ['a.crl', 'http://crl.example.fr/b.crl'] });
    const options = ['--data', '/nowhere', '--port', '0', '--cps', file];
    const { cps } = await parseOptions(options, {});
    assert.equal(cps?.publicUrl.origin, 'https://localhost:4443');
    assert.equal(cps.authorities.length, 2);
    const crls = [join(made.folder, 'a.crl'), 'http://crl.example.fr/b.crl'];
    assert.deepEqual(cps.revocation, { hosts, crls, ocsp: true });
    assert.equal((await parseOptions(options.slice(0, 4), {})).cps, null);
  });

  it('takes certificates in PEM with words of any encoding around them', async () => {
    const words = Buffer.from('Autorité des personnes\n', 'latin1');
    const pem = await readFile(join(made.folder, 'cards.pem'));
    await writeFile(join(made.folder, 'spoken.pem'), Buffer.concat([words, pem]));
    const file = await made.configure({ authorities: ['root.pem', 'spoken.pem'] });
    assert.equal((await readCpsOptions(file)).authorities.length, 2);
  });

  it('is refused when it is not there, not JSON, or not an object', async () => {
    await assert.rejects(readCpsOptions(join(made.folder, 'none.json')), { code: 'USAGE' });
    for (const wrong of ['', '[', '[]', 'null', '"x"', '\u0000', '{"port":1}', '[]'.repeat(9999)]) {
      await writeFile(made.file, wrong);
      await assert.rejects(readCpsOptions(made.file), { code: 'USAGE' }, wrong.slice(0, 20));
    }
  });

  it('is refused with the name of the field that is wrong', async () => {
    await isRefused({ crl: [] }, /--cps: the file has a member that is not known: there are port, .*crls/);
    for (const port of [undefined, '4443', -1, 1.5, 65_536])
      await isRefused({ port }, /--cps: port: it is a whole number from 0 to 65535/);
    await isRefused({ host: undefined }, /--cps: host: it is needed/);
    for (const publicUrl of ['http://a.example', 'a.example', 'https://a.example/x', 'https://u@a.example'])
      await isRefused({ publicUrl }, /publicUrl: it is an https address/);
    await isRefused({ key: 'none.key' }, /key: its file cannot be read \(ENOENT\)/);
    await isRefused({ key: 'cards.key' }, /key: it is not the private key/);
    await isRefused({ cert: 'cps.json' }, /key: it is not the private key/);
    await isRefused({ ocsp: 'no' }, /ocsp: it is true or false/);
    for (const revocationHosts of ['x', [1], ['']])
      await isRefused({ revocationHosts }, /revocationHosts: it is a list/);
    for (const host of ['http://a.example', 'A.example', 'a.example/x', '*.example', 'u@a.example', 'a.example:80'])
      await isRefused({ revocationHosts: ['b.example', host] }, /revocationHosts.1: it is a host/);
    await isRefused({ crls: ['http://a.example/x.crl'] }, /crls.0: it is an address/);
  });

  it('is refused when an authority could never vouch for a card', async () => {
    const { pki } = made;
    await made.save('holder', await issueCard(pki.cards));
    await made.save('weak', await issueAuthority('AC 1024', { issuer: pki.root, bits: 1024 }));
    await made.save('stranger', await issueAuthority('AC X', { issuer: (await makeHierarchy()).root }));
    await isRefused({ authorities: [] }, /authorities: there is no root/);
    await isRefused({ authorities: ['cards.pem'] }, /authorities: there is no root/);
    await isRefused(
      { authorities: ['root.pem', 'site.key'] },
      /authorities.1: its file is without a certificate in PEM/,
    );
    await isRefused(
      { authorities: ['root.pem', 'cards.pem', 'holder.pem'] },
      /authorities: one may not vouch for cards/,
    );
    await isRefused({ authorities: ['root.pem', 'weak.pem'] }, /authorities: one may not vouch for cards/);
    await isRefused({ authorities: ['root.pem', 'stranger.pem'] }, /authorities: the one above is lacking: .*AC X/);
    const broken = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
    await writeFile(join(made.folder, 'broken.pem'), broken);
    await isRefused({ authorities: ['root.pem', 'broken.pem'] }, /authorities.1: its file holds a certificate that/);
    await isRefused({ authorities: ['root.pem', 'none.pem'] }, /authorities.1: its file cannot be read/);
  });
});
