import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { findViolations } from '../boundaries.ts';

/** The reasons found in a repository made of these files only. */
function reasonsIn(files: Readonly<Record<string, string>>): string[] {
  const root = mkdtempSync(join(tmpdir(), 'serment-boundaries-'));
  try {
    for (const name of ['core', 'records', 'replica', 'store'])
      mkdirSync(join(root, 'packages', name), { recursive: true });
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(join(root, dirname(file)), { recursive: true });
      writeFileSync(join(root, file), text);
    }
    return findViolations(root).map(({ file, line, reason }) => `${file}:${line} ${reason}`);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Asserts that this one file breaks a rule, and that the reason holds `words`. */
function assertRefused(file: string, text: string, words: string): void {
  const reasons = reasonsIn({ [file]: text });
  assert.ok(
    reasons.some((reason) => reason.includes(words)),
    `${file} with ${JSON.stringify(text)} gave ${JSON.stringify(reasons)}`,
  );
}

function assertAllowed(file: string, text: string): void {
  assert.deepEqual(reasonsIn({ [file]: text }), []);
}

const server = 'apps/server/src/routes/entries.ts';

test('this repository breaks no rule', () => {
  assert.deepEqual(findViolations(join(import.meta.dirname, '../..')), []);
});

test('every way of writing an import is seen', () => {
  for (const text of [
    "import { sealPayload } from '@serment/core/sealed/payload';",
    'import { sealPayload } from "@serment/core/sealed/payload"',
    "import type { Sealed } from '@serment/core/sealed/payload';",
    "import { type Sealed } from '@serment/core/sealed/payload';",
    "import * as sealing from '@serment/core/sealed/payload';",
    "import '@serment/core/sealed/payload';",
    "import sealing, { a } from '@serment/core/sealed/payload';",
    "import {\n  a,\n  // a remark from somebody\n  b as c,\n} from '@serment/core/sealed/payload';",
    "import { 'quoted name' as a } from '@serment/core/sealed/payload';",
    "import/* close */{a}from'@serment/core/sealed/payload'",
    "export { sealPayload } from '@serment/core/sealed/payload';",
    "export * from '@serment/core/sealed/payload';",
    "export type { Sealed } from '@serment/core/sealed/payload';",
    "const a = await import('@serment/core/sealed/payload');",
    'const a = await import(`@serment/core/sealed/payload`);',
    "const a = await import(/* late */ '@serment/core/sealed/payload');",
    "type A = import('@serment/core/sealed/payload').Sealed;",
    "const a = require('@serment/core/sealed/payload');",
    "const a = import.meta.resolve('@serment/core/sealed/payload');",
    "new Worker(new URL('../../../../packages/core/src/sealed/payload.ts', import.meta.url));",
    "import { a } from '../../../../packages/core/src/sealed/payload.ts';",
  ]) {
    assertRefused(server, text, 'apps/server may not import core/sealed');
  }
});

test('an import whose module is computed is refused, since no rule can follow it', () => {
  assertRefused(server, 'const a = await import(name);', 'named at run time');
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholder belongs to the planted source.
  assertRefused(server, 'const a = await import(`@serment/core/${name}`);', 'named at run time');
  assertRefused(server, "const a = require('./' + name);\nrequire(name);", 'named at run time');
});

test('the server imports neither keys, nor sealing, nor records, nor the replica', () => {
  for (const target of ['core/keys/vault', 'core/sealed/payload', 'records/patient', 'replica/unlock']) {
    assertRefused(server, `import { a } from '@serment/${target}';`, 'apps/server may not import');
  }
});

test('the server may import the journal, wire messages, the copy layout and the store', () => {
  for (const target of ['core/journal/entry', 'core/wire/append', 'core/copy/bundle', 'core/bytes', 'store/journal']) {
    assertAllowed(server, `import { a } from '@serment/${target}';`);
  }
});

test('the server reaching a record through another package is refused, with the way it went', () => {
  const reasons = reasonsIn({
    [server]: "import { a } from '@serment/store/journal';",
    'packages/store/src/journal.ts': "import { b } from './shelf.ts';",
    'packages/store/src/shelf.ts': "import { c } from '@serment/records/patient';",
    'packages/records/src/patient.ts': 'export const c = 1;',
  });
  const way = `${server} > packages/store/src/journal.ts > packages/store/src/shelf.ts > packages/records/src/patient.ts`;
  assert.ok(
    reasons.some((reason) => reason.includes(way)),
    JSON.stringify(reasons),
  );
});

test('age opens nothing outside core/keys, and core/hostseal only encrypts with it', () => {
  assertRefused(server, "import { Decrypter } from 'age-encryption';", 'only core/keys, core/hostseal');
  assertAllowed('packages/core/src/keys/wrap.ts', "import { Decrypter } from 'age-encryption';");
  assertAllowed('packages/core/src/hostseal-open.ts', "import { Decrypter } from 'age-encryption';");
  assertRefused(server, "import { a } from '@serment/core/hostseal-open';", 'may not import core/hostseal-open');
  assertAllowed('packages/core/src/hostseal.ts', "import { Encrypter } from 'age-encryption';");
  assertRefused('packages/core/src/hostseal.ts', "import { Decrypter } from 'age-encryption';", 'only encrypt');
  assertRefused('packages/core/src/hostseal/seal.ts', "import * as age from 'age-encryption';", 'only encrypt');
});

test('inside core, what the server uses cannot reach what seals', () => {
  assertRefused(
    'packages/core/src/journal/entry.ts',
    "import { a } from '../sealed/payload.ts';",
    'may not import core/sealed',
  );
  assertRefused(
    'packages/core/src/wire/append.ts',
    "import { a } from '../keys/vault.ts';",
    'may not import core/keys',
  );
  assertRefused(
    'packages/core/src/sealed/payload.ts',
    "import { a } from '../keys/vault.ts';",
    'may not import core/keys',
  );
  assertRefused('packages/core/src/bytes.ts', "import { a } from './journal/entry.ts';", 'may not import core/journal');
  assertAllowed('packages/core/src/keys/vault.ts', "import { a } from '../sealed/payload.ts';");
});

test('records knows core basics and nothing else', () => {
  assertAllowed('packages/records/src/patient.ts', "import { a } from '@serment/core/bytes';");
  assertRefused(
    'packages/records/src/patient.ts',
    "import { a } from '@serment/core/journal/entry';",
    'may not import core/journal',
  );
});

test('what runs in browsers uses nothing of Node, a file named -node.ts excepted', () => {
  for (const file of [
    'packages/core/src/bytes.ts',
    'packages/records/src/patient.ts',
    'packages/replica/src/sync.ts',
  ]) {
    assertRefused(file, "import { readFile } from 'node:fs/promises';", 'runs in browsers');
    assertRefused(file, "import fs from 'fs';", 'runs in browsers');
    assertRefused(file, 'const a = Buffer.from(text);', 'uses Buffer');
    assertRefused(file, 'function read(bytes: Buffer) {}', 'uses Buffer');
    assertRefused(file, 'if (process.env.DEBUG) a();', 'uses process');
    assertAllowed(file, '// A Buffer.from() here would share its pool.\nconst a: ArrayBuffer = b.buffer;');
  }
  assertAllowed('packages/replica/src/cache-node.ts', "import { readFile } from 'node:fs/promises';\nBuffer.from('');");
});

test('the web application reaches neither the store, nor the server, nor a Node half', () => {
  const page = 'apps/web/src/main.tsx';
  assertRefused(page, "import { a } from '@serment/store/journal';", 'may not import store');
  assertRefused(page, "import { a } from 'node:crypto';", 'runs in browsers');
  const reasons = reasonsIn({
    [page]: "import { a } from '@serment/replica/cache';",
    'packages/replica/src/cache.ts': "import { a } from './cache-node.ts';",
    'packages/replica/src/cache-node.ts': "import 'node:fs';",
  });
  assert.ok(
    reasons.some((reason) => reason.includes('a file for Node alone')),
    JSON.stringify(reasons),
  );
});

test('the command line locates the server and knows its types, and does not run it inside itself', () => {
  const command = 'apps/cli/src/commands/start.ts';
  assertRefused(command, "import { buildApp } from '@serment/server/app';", 'apps/cli may not import apps/server');
  assertAllowed(command, "import type { Ready } from '@serment/server/ready';");
  assertAllowed(command, "new URL('../../../server/src/main.ts', import.meta.url);");
});

test('another package is imported by its name, never by a path into it', () => {
  assertRefused('packages/replica/src/sync.ts', "import { a } from '../../core/src/bytes.ts';", 'name the package');
});

test('sources import no test, and a file outside the table is refused', () => {
  assertRefused('packages/core/src/bytes.ts', "import { a } from '../test/bytes.test.ts';", 'not source of a package');
  assertRefused('packages/core/src/novelty/thing.ts', 'export const a = 1;', 'belongs to no area');
});
