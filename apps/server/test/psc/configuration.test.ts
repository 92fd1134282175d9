import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ConfigError } from '@serment/store/config-file';
import { parseOptions } from '../../src/options.ts';
import { readPscConfiguration } from '../../src/psc/configuration.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'serment-psc-'));
});
after(() => rm(folder, { recursive: true, force: true }));

const issuer = 'https://auth.example/auth/realms/esante-wallet';
const full = {
  issuer,
  discovery: `${issuer}/.well-known/wallet-openid-configuration`,
  clientId: 'serment',
  clientSecret: 'a secret',
  authentication: 'client_secret_post',
  signingAlgorithm: 'PS256',
  maxAgeSeconds: 120,
};

async function read(content: unknown) {
  const path = join(folder, 'psc.json');
  const isBytes = typeof content === 'string' || content instanceof Uint8Array;
  await writeFile(path, isBytes ? content : JSON.stringify(content));
  return readPscConfiguration(path);
}

async function refuses(content: unknown, message: RegExp): Promise<void> {
  await assert.rejects(read(content), (error) => {
    assert.ok(error instanceof ConfigError);
    assert.equal(error.code, 'USAGE');
    assert.match(error.message, message);
    assert.doesNotMatch(`${error.stack}${JSON.stringify(error)}${error.cause}`, /a secret/);
    return true;
  });
}

describe('the file of Pro Santé Connect', () => {
  it('says all of how the host is known to it', async () => {
    const { discovery, ...rest } = full;
    assert.deepEqual(await read(full), { ...rest, discoveryUrl: new URL(discovery) });
  });

  it('says little when the provider is as others are', async () => {
    const { clientId, clientSecret } = full;
    assert.deepEqual(await read({ issuer: `${issuer}/`, clientId, clientSecret }), {
      ...{ issuer: `${issuer}/`, clientId, clientSecret, maxAgeSeconds: null },
      discoveryUrl: new URL(`${issuer}/.well-known/openid-configuration`),
      authentication: 'client_secret_basic',
      signingAlgorithm: 'RS256',
    });
  });

  it('may leave the secret to a file beside it', async () => {
    await writeFile(join(folder, 'secret'), 'of a file\n');
    await writeFile(join(folder, 'empty'), '\n');
    const { clientSecret, ...rest } = full;
    assert.equal((await read({ ...rest, clientSecretFile: 'secret' })).clientSecret, 'of a file');
    await refuses({ ...rest, clientSecretFile: 'empty' }, /clientSecretFile: its file is empty/);
    await refuses({ ...rest, clientSecretFile: 'absent' }, /clientSecretFile: its file cannot be read \(ENOENT\)/);
    await refuses({ ...rest, clientSecretFile: 'not a file: a secret' }, /cannot be read/);
    await writeFile(join(folder, 'latin'), 'secr\xe9t', 'latin1');
    await refuses({ ...rest, clientSecretFile: 'latin' }, /clientSecretFile: its file is not in UTF-8/);
    await refuses({ ...full, clientSecretFile: 'secret' }, /one of clientSecret and clientSecretFile/);
    await refuses(rest, /one of clientSecret and clientSecretFile/);
    assert.equal(clientSecret, 'a secret');
  });

  it('takes http on this machine alone', async () => {
    const of = (address: string) => ({ ...full, issuer: address, discovery: `${address}/.well-known/a` });
    for (const address of ['http://localhost:9', 'http://127.0.0.1:9', 'http://[::1]:9'])
      assert.equal((await read(of(address))).issuer, address);
    for (const address of [
      'http://auth.example',
      'http://localhost.example',
      'http://127.0.0.1.example',
      'ftp://auth.example',
    ])
      await refuses(of(address), /issuer: off loopback it begins with https/);
    await refuses({ ...full, discovery: 'http://auth.example/.well-known/a' }, /discovery: off loopback/);
  });

  it('is refused with what is wrong in it', async () => {
    for (const name of ['issuer', 'clientId'] as const)
      for (const value of [undefined, null, '', ' ', 7, [], {}, ` ${full[name]}`])
        await refuses({ ...full, [name]: value }, new RegExp(`${name}: it is needed`));
    await refuses({ ...full, issuer: 'auth.example' }, /issuer: it is no address/);
    await refuses({ ...full, issuer: 'https://a:b@auth.example' }, /issuer: it is no address/);
    await refuses({ ...full, issuer: `${issuer}?a=b` }, /no query/);
    await refuses({ ...full, issuer: `${issuer}#a` }, /no query/);
    await refuses({ ...full, discovery: issuer }, /whole address/);
    await refuses({ ...full, discovery: null }, /discovery: it is needed/);
    for (const authentication of ['none', 'private_key_jwt', '', null, 1])
      await refuses({ ...full, authentication }, /authentication: it is one of/);
    for (const signingAlgorithm of ['none', 'HS256', 'rs256', null])
      await refuses({ ...full, signingAlgorithm }, /signingAlgorithm: it is one of/);
    for (const maxAgeSeconds of [-1, 1.5, '120', null, 86_401, 1e300])
      await refuses({ ...full, maxAgeSeconds }, /maxAgeSeconds/);
    await refuses({ ...full, clientsecret: 'x' }, /a member that is not known: there are issuer, .*clientSecretFile/);
    await refuses({ ...full, 'a secret': 'x' }, /a member that is not known/);
    await refuses(`{"__proto__":{},${JSON.stringify(full).slice(1)}`, /a member that is not known/);
  });

  it('is refused when it is no such file', async () => {
    await refuses('', /not JSON/);
    await refuses('a secret', /not JSON/);
    for (const text of ['[]', 'null', '"a"', '1']) await refuses(text, /not one object/);
    await refuses(Buffer.from('{"clientId":"é"}', 'latin1'), /not in UTF-8/);
    await refuses(' '.repeat(65_537), /too large/);
    await assert.rejects(readPscConfiguration(join(folder, 'absent')), { code: 'USAGE' });
    await assert.rejects(readPscConfiguration(folder), { code: 'USAGE' });
  });

  it('is named on the command line', async () => {
    const path = join(folder, 'named.json');
    await writeFile(path, JSON.stringify(full));
    const parse = (...more: string[]) => parseOptions(['--data', '/nowhere', '--port', '0', ...more], {});
    assert.equal((await parse('--psc', path)).psc?.clientId, 'serment');
    assert.equal((await parse()).psc, null);
    await assert.rejects(parse('--psc', join(folder, 'absent')), { code: 'USAGE' });
  });
});
