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
