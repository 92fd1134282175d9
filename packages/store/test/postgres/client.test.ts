import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

const client = import.meta.resolve('../../src/postgres/client.ts');

/** What a process of its own says that runs this, with where it is so far from the store's packages. */
function said(script: string): string {
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    ...{ cwd: import.meta.dirname, encoding: 'utf8', timeout: 60_000 },
  });
  return status === 0 ? 'loaded' : stderr;
}

const loading = `await import(${JSON.stringify(client)});`;

test('the client is loaded mended or not at all', () => {
  assert.equal(said(loading), 'loaded');
  assert.match(said(`await import('postgres'); ${loading}`), /could not be mended/);
  const another = `
    import { registerHooks } from 'node:module';
    registerHooks({ load(url, context, next) {
      const loaded = next(url, context);
      if (!url.endsWith('/postgres/src/connection.js')) return loaded;
      return { ...loaded, source: Buffer.from(loaded.source).toString().replace('function errored(err) {', '$& stream = null;')
        .replace('stream && (stream.destroy(err), stream = null)', 'stream?.destroy(err)') };
    } });`;
  assert.match(said(`${another} ${loading}`), /connection\.js is not that of 3\.4\.9/);
});
