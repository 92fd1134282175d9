import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { completeLock, type Lock, missingFrom } from '../complete-lock.ts';

test('the lock file names every platform package, so that `npm ci` accepts it anywhere', () => {
  const lock: Lock = JSON.parse(readFileSync(join(import.meta.dirname, '../../package-lock.json'), 'utf8'));
  assert.deepEqual(
    missingFrom(lock).map(({ key }) => key),
    [],
    'run: node tools/complete-lock.ts',
  );
});

test('a missing platform package is named with the platform its name tells', () => {
  const lock: Lock = {
    packages: {
      'node_modules/parser': {
        version: '2.0.0',
        dev: true,
        license: 'MIT',
        optionalDependencies: {
          '@parser/binding-linux-x64-musl': '2.0.0',
          '@parser/binding-win32-arm64-msvc': '2.0.0',
        },
      },
    },
  };
  const { packages } = completeLock(lock);
  assert.deepEqual(packages['node_modules/@parser/binding-linux-x64-musl'], {
    version: '2.0.0',
    cpu: ['x64'],
    dev: true,
    libc: ['musl'],
    license: 'MIT',
    optional: true,
    os: ['linux'],
  });
  assert.equal(packages['node_modules/@parser/binding-win32-arm64-msvc']?.libc, undefined);
  assert.deepEqual(missingFrom({ packages }), []);
});

test('a nested entry counts as present, and a name that tells no platform is refused', () => {
  const present: Lock = {
    packages: {
      'node_modules/a': { optionalDependencies: { b: '1.0.0' } },
      'node_modules/a/node_modules/b': { version: '1.0.0' },
    },
  };
  assert.deepEqual(missingFrom(present), []);
  assert.throws(
    () => completeLock({ packages: { 'node_modules/a': { optionalDependencies: { b: '1.0.0' } } } }),
    /tell/,
  );
});
