import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ConfigError } from '@serment/store/config-file';
import fc from 'fast-check';
import { parseGatewayConfig, readGatewayConfig } from '../../src/sms/gateway-config.ts';

const seed = 20_261_129;
const env = { SECRET: 's3cret', LINES: 'a\nb', EMPTY: '', ACCENT: 'é', COLON: 'a:b' };
const form = { 'content-type': 'application/x-www-form-urlencoded' };
const good = { url: 'https://gateway.example/send', headers: form, body: 'to={{to}}&text={{text}}' };

const parse = (config: unknown) => parseGatewayConfig(Buffer.from(JSON.stringify(config)), env);

/** The field that the refusal names, once it is seen to tell no secret. */
function faultOf(bytes: Uint8Array): unknown {
  try {
    parseGatewayConfig(bytes, env);
    return 'taken';
  } catch (error) {
    assert.ok(error instanceof ConfigError && error.code === 'USAGE', String(error));
    assert.ok(!`${error.stack}${JSON.stringify(error)}${error.cause}`.includes('s3cret'), 'tells a secret');
    return error.fields.field;
  }
}

describe('the configuration of a gateway', () => {
  it('has what is not given', () => {
    const config = parse(good);
    assert.equal(config.method, 'POST');
    assert.equal(config.timeoutMs, 10_000);
    assert.deepEqual(config.success, { status: [200, 299], bodyMatches: null });
    assert.equal(faultOf(Buffer.from(`\ufeff${JSON.stringify(good)}`)), 'taken');
  });

  it('takes a body of JSON written as it is, or as a text under its type', () => {
    const body = { to: '{{to}}', text: '{{text}}' };
    const asIs = parse({ url: good.url, body });
    const asText = parse({
      url: good.url,
      headers: { 'Content-Type': 'application/json; charset=utf-8' },
      body: JSON.stringify(body),
    });
    assert.deepEqual(asIs.body, asText.body);
    assert.deepEqual(asIs.headers, [['content-type', { literals: ['application/json'], names: [] }]]);
  });

  it('is spoken to by https, or on this machine', () => {
    for (const host of ['http://localhost:1', 'http://127.0.0.1', 'http://[::1]:13013', 'HTTPS://gateway.example:8443'])
      assert.ok(parse({ ...good, url: `${host}/send` }), host);
    const urls = [
      'http://gateway.example/',
      'http://127.0.0.2/',
      'http://localhost.example/',
      'http://localhost@gateway.example/',
      'http://127.0.0.1:80@gateway.example/',
      'http://10.0.0.1/',
      'ftp://localhost/',
      'file:///etc/passwd',
      'https:gateway.example/',
      'https://user:s3cret@gateway.example/',
      'https://gateway.example\\@localhost/',
      'https://gateway.example',
      'https://{{env:SECRET}}/send',
      'https://gateway.example:{{env:SECRET}}/send',
      'https://gateway{{to}}/send',
      '{{env:SECRET}}',
      'https:///send',
      'https://gateway.example:99999/',
      'https://gateway.example/#{{to}}',
      'https://gateway.example/a b',
      'https://gateway.example/é',
      '//gateway.example/',
      '',
      undefined,
      1,
      ['https://gateway.example/'],
    ];
    for (const url of urls) assert.equal(faultOf(bytesOf({ ...good, url })), 'url', String(url));
  });

  it('is refused where it is not understood', () => {
    const refusals: readonly (readonly [object, string])[] = [
      [{ ...good, urll: 'x' }, ''],
      [{ ...good, __proto__x: 1 }, ''],
      [{ ...good, method: 'PUT' }, 'method'],
      [{ ...good, method: 'post' }, 'method'],
      [{ ...good, method: null }, 'method'],
      [{ ...good, method: 'GET' }, 'body'],
      [{ ...good, body: undefined }, 'body'],
      [{ ...good, body: 1 }, 'body'],
      [{ ...good, body: 'text={{text}}' }, ''],
      [{ ...good, body: 'to={{to}}' }, ''],
      [{ ...good, body: 'to={{to}}&text={{text}}&x={{Text}}' }, 'body'],
      [{ ...good, body: 'to={{to}}&text={{text}}&x={{s3cret}}' }, 'body'],
      [{ ...good, body: 'to={{to}}&text={{ text }}' }, 'body'],
      [{ ...good, body: 'to={{to}}&text={{text}}}}' }, 'body'],
      [{ ...good, body: 'to={{to}}&text={{{text}}}' }, 'body'],
      [{ ...good, body: 'to={{to}}&text={{text' }, 'body'],
      [{ ...good, body: 'to={{to}}&text={{text}}&x={{}}' }, 'body'],
      [{ ...good, body: 'to={{to}}&text={{text}}&x={{from}}' }, 'body'],
      [{ ...good, body: 'to={{to}}&text={{text}}&x={{env:ABSENT}}' }, 'body'],
      [{ ...good, body: 'to={{to}}&text={{text}}&x={{env:EMPTY}}' }, 'body'],
      [{ ...good, body: 'to={{to}}&text={{text}}&x={{env:LINES}}' }, 'body'],
      [{ ...good, body: 'to={{to}}&text={{text}}&x={{env:A-B}}' }, 'body'],
      [{ ...good, body: 'to={{to}}&text={{text}}&x={{constructor}}' }, 'body'],
      [{ ...good, body: 'to={{to}}&text=Votre code : {{text}}' }, 'body'],
      [{ ...good, from: 'a\nb' }, 'from'],
      [{ ...good, from: '{{to}}' }, 'from'],
      [{ ...good, from: '' }, 'from'],
      [{ ...good, from: 33 }, 'from'],
      [{ url: 'https://g.example/{{text}}?to={{to}}', method: 'GET' }, 'url'],
      [{ url: 'https://g.example/{{text}}?to={{to}}&text={{text}}', method: 'GET' }, 'url'],
      [{ ...good, headers: [] }, 'headers'],
      [{ ...good, headers: null }, 'headers'],
      [{ ...good, headers: undefined }, 'headers.content-type'],
      [{ ...good, success: null }, 'success'],
      [{ ...good, timeoutMs: null }, 'timeoutMs'],
      [{ ...good, from: null }, 'from'],
      [{ ...good, headers: { 'content-type': 'text/xml' } }, 'headers.content-type'],
      [{ ...good, headers: { 'content-type': 'application/json; charset=iso-8859-1' } }, 'headers.content-type'],
      [{ ...good, headers: { ...form, 'Content-Type': 'application/json' } }, 'headers.content-type'],
      [{ ...good, headers: { ...form, 'x-text': '{{text}}' } }, 'headers.x-text'],
      [{ ...good, headers: { ...form, 'x-a': 'a\r\nx-b: c' } }, 'headers.x-a'],
      [{ ...good, headers: { ...form, 'x-a': 'é' } }, 'headers.x-a'],
      [{ ...good, headers: { ...form, 'x-a': '{{env:ACCENT}}' } }, 'headers.x-a'],
      [{ ...good, headers: { ...form, 'x-a': '{{from}}' }, from: 'é' }, 'headers.x-a'],
      [{ ...good, headers: { ...form, 'x-a': 1 } }, 'headers.x-a'],
      [{ ...good, headers: { ...form, 'x a': 'b' } }, 'headers'],
      [{ ...good, headers: { ...form, '': 'b' } }, 'headers'],
      [{ ...good, headers: { ...form, 'x\n': 'b' } }, 'headers'],
      [{ ...good, headers: { ...form, Host: 'other.example' } }, 'headers'],
      [{ ...good, headers: { ...form, 'Content-Length': '0' } }, 'headers'],
      [{ ...good, headers: { ...form, 'transfer-encoding': 'chunked' } }, 'headers'],
      [{ ...good, headers: { ...form, 'proxy-authorization': 'x' } }, 'headers'],
      [{ ...good, headers: { ...form, A: 'x', a: 'y' } }, 'headers.a'],
      [{ ...good, basicAuth: 'a:b' }, 'basicAuth'],
      [{ ...good, basicAuth: { user: 'a', pass: 'b' } }, 'basicAuth'],
      [{ ...good, basicAuth: { user: 'a' } }, 'basicAuth.password'],
      [{ ...good, basicAuth: { user: 'a:b', password: 'c' } }, 'basicAuth.user'],
      [{ ...good, basicAuth: { user: '{{env:COLON}}', password: 'c' } }, 'basicAuth.user'],
      [{ ...good, basicAuth: { user: '{{to}}', password: 'c' } }, 'basicAuth.user'],
      [
        { ...good, basicAuth: { user: 'a', password: 'b' }, headers: { ...form, Authorization: 'c' } },
        'headers.authorization',
      ],
      [{ url: good.url, body: { '{{to}}': '{{to}}', t: '{{text}}' } }, 'body'],
      [{ url: good.url, body: { to: '{{to}}', t: ['{{text}}', { a: '{{what}}' }] } }, 'body'],
      [
        { url: good.url, headers: { 'content-type': 'application/json' }, body: '{"t":{{text}},"to":"{{to}}"}' },
        'body',
      ],
      [{ ...good, success: 200 }, 'success'],
      [{ ...good, success: { code: 200 } }, 'success'],
      [{ ...good, success: { status: 200 } }, 'success.status'],
      [{ ...good, success: { status: [200] } }, 'success.status'],
      [{ ...good, success: { status: [200, 302] } }, 'success.status'],
      [{ ...good, success: { status: [100, 200] } }, 'success.status'],
      [{ ...good, success: { status: [201, 200] } }, 'success.status'],
      [{ ...good, success: { status: [200, 299, 299] } }, 'success.status'],
      [{ ...good, success: { status: ['200', '299'] } }, 'success.status'],
      [{ ...good, success: { bodyMatches: '(' } }, 'success.bodyMatches'],
      [{ ...good, success: { bodyMatches: '' } }, 'success.bodyMatches'],
      [{ ...good, success: { bodyMatches: null } }, 'success.bodyMatches'],
      [{ ...good, success: { bodyMatches: 'a'.repeat(201) } }, 'success.bodyMatches'],
      [{ ...good, timeoutMs: 0 }, 'timeoutMs'],
      [{ ...good, timeoutMs: 999 }, 'timeoutMs'],
      [{ ...good, timeoutMs: 60_001 }, 'timeoutMs'],
      [{ ...good, timeoutMs: 1000.5 }, 'timeoutMs'],
      [{ ...good, timeoutMs: '5000' }, 'timeoutMs'],
    ];
    for (const [config, field] of refusals) assert.equal(faultOf(bytesOf(config)), field, JSON.stringify(config));
  });

  it('is refused where it is not JSON in UTF-8, and quotes nothing of it', () => {
    const files = [
      '',
      'null',
      '[]',
      '"s3cret"',
      '{"url": "https://g.example/", "headers": {"authorization": "Bearer s3cret" "x": 1}}',
      's3cret',
      '{"s3cret": 1}',
      '\u0000',
      `{"a":${'['.repeat(30_000)}${']'.repeat(30_000)}}`,
    ];
    for (const file of files) assert.equal(faultOf(Buffer.from(file)), '', file.slice(0, 40));
    // As an editor of Windows-1252 saves it.
    assert.equal(faultOf(Buffer.from(JSON.stringify({ ...good, from: 'Bébé' }), 'latin1')), '');
    const deep = `{"url":"https://g.example/","body":{"a":${'['.repeat(30_000)}${']'.repeat(30_000)}}}`;
    assert.equal(faultOf(Buffer.from(deep)), 'body');
  });

  it('is taken, or refused by its code, whatever is in it', () => {
    const piece = fc.constantFrom(
      '{{to}}',
      '{{text}}',
      '{{',
      '}}',
      '{',
      'https://',
      'g.example',
      '/',
      '?',
      '{{env:SECRET}}',
      'é',
      '\n',
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(piece, { maxLength: 8 }).map((parts) => parts.join('')),
    );
    const any = fc.oneof(text, fc.jsonValue());
    const config = fc.record(
      { url: any, method: any, headers: any, body: any, from: any, basicAuth: any, success: any, timeoutMs: any },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(config, fc.boolean(), (value, isNearlyGood) => {
        faultOf(bytesOf(isNearlyGood ? { ...good, ...value } : value));
      }),
      { seed, numRuns: 2000 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => assert.notEqual(faultOf(bytes), 'taken')),
      { seed, numRuns: 500 },
    );
  });

  it('is read from a file, and says where there is none', async (context) => {
    const folder = await mkdtemp(join(tmpdir(), 'serment-sms-'));
    context.after(() => rm(folder, { recursive: true }));
    const path = join(folder, 'sms.json');
    for (const absent of [path, folder])
      await assert.rejects(readGatewayConfig(absent, env), { code: 'USAGE', fields: { field: '' } });
    await writeFile(path, `${JSON.stringify(good)}${' '.repeat(70_000)}`);
    await assert.rejects(readGatewayConfig(path, env), { code: 'USAGE', message: /too large/ });
    await writeFile(path, JSON.stringify(good));
    assert.equal((await readGatewayConfig(path, env)).method, 'POST');
  });
});

function bytesOf(config: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(config));
}
