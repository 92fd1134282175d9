import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { openTestVault, type TestVault } from '../../../packages/store/test/test-vault.ts';
import { ask, makeApp } from './test-app.ts';

let vault: TestVault;
let webDir: string;
let app: FastifyInstance;
before(async () => {
  vault = await openTestVault();
  webDir = await mkdtemp(join(tmpdir(), 'serment-web-'));
  await mkdir(join(webDir, 'assets'));
  await writeFile(join(webDir, 'index.html'), '<!doctype html><title>Serment</title>');
  await writeFile(join(webDir, 'assets/index-1a2b.js'), 'export {};');
  await writeFile(join(webDir, 'service-worker.js'), '// kept');
  await mkdir(join(webDir, 'icons'));
  for (const icon of ['favicon.svg', 'icons/icon-180.png']) await writeFile(join(webDir, icon), icon);
  await writeFile(join(webDir, 'manifest.webmanifest'), '{}');
  app = await makeApp(vault.store, { webDir });
});
after(async () => {
  await app.close();
  await rm(webDir, { recursive: true, force: true });
  await vault.close();
});

describe('the page where a proof of identity comes back', () => {
  const headers = { accept: 'text/html' };

  it('is the application, under its policy, and names no other page that it came from', async () => {
    const answer = await ask(app, 'GET', '/identity', { headers: { ...headers, 'sec-fetch-site': 'cross-site' } });
    assert.equal(answer.status, 200);
    assert.match(answer.text, /<title>Serment<\/title>/);
    assert.equal(answer.headers['referrer-policy'], 'no-referrer');
    assert.match(String(answer.headers['content-security-policy']), /default-src 'none'/);
  });

  it('is nowhere among the routes of the API', async () => {
    const answer = await ask(app, 'GET', '/api/identity', { headers });
    assert.deepEqual([answer.status, answer.code], [404, 'NOT_FOUND']);
  });
});

describe('the files of an installed application', () => {
  it('are looked at each time where their name says nothing of their version', async () => {
    for (const path of ['/', '/index.html', '/service-worker.js', '/manifest.webmanifest', '/patients/42']) {
      const answer = await ask(app, 'GET', path, { headers: { accept: 'text/html' } });
      assert.deepEqual([path, answer.status, answer.headers['cache-control']], [path, 200, 'no-cache']);
    }
    for (const path of ['/favicon.svg', '/icons/icon-180.png'])
      assert.equal((await ask(app, 'GET', path)).headers['cache-control'], 'public, max-age=86400');
    const hashed = await ask(app, 'GET', '/assets/index-1a2b.js');
    assert.equal(hashed.headers['cache-control'], 'public, max-age=31536000, immutable');
  });

  it('are of the types that a browser asks for, and under the same policy', async () => {
    const [worker, manifest] = [
      await ask(app, 'GET', '/service-worker.js'),
      await ask(app, 'GET', '/manifest.webmanifest'),
    ];
    assert.match(String(worker.headers['content-type']), /^(?:text|application)\/javascript/);
    assert.match(String(manifest.headers['content-type']), /^application\/manifest\+json/);
    const policy = String(worker.headers['content-security-policy']);
    for (const rule of ["worker-src 'self'", "manifest-src 'self'", "require-trusted-types-for 'script'"])
      assert.ok(policy.includes(rule), rule);
  });

  it('are not the page where a name was forgotten by a newer build', async () => {
    const answer = await ask(app, 'GET', '/assets/index-gone.js', { headers: { accept: 'text/html' } });
    assert.equal(answer.status, 404);
  });
});

describe('files that the build left compressed beside themselves', () => {
  const script = `export const text = '${'serment '.repeat(400)}';`;
  let dir: string;
  let built: FastifyInstance;
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'serment-web-'));
    await mkdir(join(dir, 'assets'));
    for (const [name, text] of [
      ['index.html', '<!doctype html><title>Serment</title>'] as const,
      ['check-browser.js', script] as const,
      ['assets/pdf-frame-1a2b.js', script] as const,
    ]) {
      const bytes = Buffer.from(text);
      await writeFile(join(dir, name), bytes);
      await writeFile(join(dir, `${name}.br`), brotliCompressSync(bytes));
      await writeFile(join(dir, `${name}.gz`), gzipSync(bytes));
    }
    built = await makeApp(vault.store, { webDir: dir });
  });
  after(async () => {
    await built.close();
    await rm(dir, { recursive: true, force: true });
  });

  const plain = (bytes: Buffer) => bytes;
  for (const [coding, open] of [
    ['br', brotliDecompressSync] as const,
    ['gzip', gunzipSync] as const,
    ['identity', plain] as const,
  ])
    it(`are what they are under ${coding}`, async () => {
      for (const method of ['GET', 'HEAD'] as const) {
        const answer = await built.inject({
          method,
          url: '/check-browser.js',
          headers: { 'accept-encoding': coding },
        });
        assert.equal(answer.statusCode, 200);
        assert.equal(answer.headers['content-type'], 'application/javascript; charset=utf-8');
        assert.equal(answer.headers['content-encoding'], coding === 'identity' ? undefined : coding);
        assert.equal(answer.headers.vary, 'accept-encoding');
        if (method === 'GET') assert.equal(open(answer.rawPayload).toString(), script);
      }
      const page = await built.inject({
        url: '/patients/42',
        headers: { accept: 'text/html', 'accept-encoding': coding },
      });
      assert.match(open(page.rawPayload).toString(), /<title>Serment/);
      assert.equal(page.headers['x-frame-options'], 'DENY');
    });

  it('let no script stand within a page but those of the frames that show documents', async () => {
    const hash = createHash('sha256').update(script).digest('base64');
    const { headers } = await built.inject({ url: '/', headers: { accept: 'text/html' } });
    const policy = String(headers['content-security-policy']).split('; ');
    assert.ok(policy.includes(`script-src 'self' 'wasm-unsafe-eval' 'sha256-${hash}'`), policy.join('\n'));
    assert.ok(policy.includes("frame-src 'none'"));
    const unbuilt = await ask(app, 'GET', '/', { headers: { accept: 'text/html' } });
    assert.match(String(unbuilt.headers['content-security-policy']), /script-src 'self' 'wasm-unsafe-eval';/);
  });

  it('are not found while a build replaces them, rather than asked for without end', { timeout: 5_000 }, async () => {
    await rm(dir, { recursive: true });
    for (const url of ['/', '/patients/42', '/check-browser.js']) {
      const answer = await ask(built, 'GET', url, { headers: { accept: 'text/html' } });
      assert.deepEqual([url, answer.status], [url, 404]);
    }
  });
});
