import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
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
