import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
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

  it('is refused when it is not there, not JSON, or not an object', async () => {
    await assert.rejects(readCpsOptions(join(made.folder, 'none.json')), { code: 'USAGE' });
    for (const wrong of ['', '[', '[]', 'null', '"x"', '\u0000', '{"port":1}', '[]'.repeat(9999)]) {
      await writeFile(made.file, wrong);
      await assert.rejects(readCpsOptions(made.file), { code: 'USAGE' }, wrong.slice(0, 20));
    }
  });

  it('is refused with the name of the field that is wrong', async () => {
    await isRefused({ crl: [] }, /knows no "crl"/);
    for (const port of [undefined, '4443', -1, 1.5, 65_536]) await isRefused({ port }, /port is a number/);
    await isRefused({ host: undefined }, /host is a text/);
    for (const publicUrl of ['http://a.example', 'a.example', 'https://a.example/x', 'https://u@a.example'])
      await isRefused({ publicUrl }, /publicUrl is an https address/);
    await isRefused({ key: 'none.key' }, /key names a file that cannot be read/);
    await isRefused({ key: 'cards.key' }, /key is not the private key/);
    await isRefused({ cert: 'cps.json' }, /key is not the private key/);
    await isRefused({ ocsp: 'no' }, /ocsp is true or false/);
    for (const revocationHosts of ['x', [1], ['']]) await isRefused({ revocationHosts }, /revocationHosts is a list/);
    for (const host of ['http://a.example', 'A.example', 'a.example/x', '*.example', 'u@a.example', 'a.example:80'])
      await isRefused({ revocationHosts: [host] }, /revocationHosts names hosts/);
    await isRefused({ crls: ['http://a.example/x.crl'] }, /crls names an address/);
  });

  it('is refused when an authority could never vouch for a card', async () => {
    const { pki } = made;
    await made.save('holder', await issueCard(pki.cards));
    await made.save('weak', await issueAuthority('AC 1024', { issuer: pki.root, bits: 1024 }));
    await made.save('stranger', await issueAuthority('AC X', { issuer: (await makeHierarchy()).root }));
    await isRefused({ authorities: [] }, /names no root/);
    await isRefused({ authorities: ['cards.pem'] }, /names no root/);
    await isRefused({ authorities: ['root.pem', 'site.key'] }, /without a certificate in PEM/);
    await isRefused({ authorities: ['root.pem', 'cards.pem', 'holder.pem'] }, /may not vouch for cards/);
    await isRefused({ authorities: ['root.pem', 'weak.pem'] }, /may not vouch for cards/);
    await isRefused({ authorities: ['root.pem', 'stranger.pem'] }, /lacks the one above/);
    const broken = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
    await writeFile(join(made.folder, 'broken.pem'), broken);
    await isRefused({ authorities: ['root.pem', 'broken.pem'] }, /cannot be read/);
  });
});
