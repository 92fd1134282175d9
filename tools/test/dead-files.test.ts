import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { findDead } from '../dead-files.ts';

function deadIn(files: Readonly<Record<string, string>>): string[] {
  const root = mkdtempSync(join(tmpdir(), 'serment-dead-'));
  try {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(join(root, dirname(file)), { recursive: true });
      writeFileSync(join(root, file), text);
    }
    return findDead(root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

const manifest = (dependencies: Readonly<Record<string, string>>) => JSON.stringify({ dependencies });

test('a file that no program and no test imports is dead, and so is what only it imports', () => {
  const dead = deadIn({
    'packages/core/package.json': manifest({}),
    'apps/cli/package.json': manifest({ '@serment/core': '0.1.0' }),
    'apps/cli/src/main.ts': "import { a } from '@serment/core/used';",
    'packages/core/src/used.ts': "export { b } from './deep/also.ts';",
    'packages/core/src/deep/also.ts': 'export const b = 1;',
    'packages/core/src/lost.ts': "import { c } from './lost-with-it.ts';",
    'packages/core/src/lost-with-it.ts': 'export const c = 1;',
  });
  assert.deepEqual(dead, [
    'packages/core/src/lost-with-it.ts is imported from nowhere',
    'packages/core/src/lost.ts is imported from nowhere',
  ]);
});

test('a dependency that nothing imports is named, and so is an import that is not declared', () => {
  const dead = deadIn({
    'package.json': manifest({ node: '24.0.0' }),
    'apps/web/package.json': manifest({ react: '19', '@fonts/serif': '5', '@types/react': '19', idle: '1' }),
    'apps/web/src/main.tsx':
      "import { useState } from 'react';\nimport './page.css';\nimport { a } from 'stranger/part';",
    'apps/web/src/page.css': "@import '@fonts/serif/index.css';",
  });
  assert.deepEqual(dead, [
    'apps/web/src/main.tsx imports stranger, undeclared',
    'apps/web/package.json declares idle, unused',
  ]);
});
