import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import { importsIn, resolveImport } from '../../../../tools/import-scan.ts';
import { en } from '../../src/i18n/en.ts';
import { fr } from '../../src/i18n/fr.ts';
import { frConsole } from '../../src/i18n/fr-console.ts';
import { frRest } from '../../src/i18n/fr-rest.ts';
import { leaves } from './leaves.ts';

const root = join(import.meta.dirname, '../../../..');
const web = 'apps/web/src/';
const mechanism = `${web}i18n/i18n.ts`;
const late = [...leaves(frRest), ...leaves(frConsole)].map(([key]) => key);

/** The code that comes first: all that main.tsx imports, however far, but not what `import()` and workers bring. */
const first = new Map<string, string>([[`${web}main.tsx`, '']]);
for (const file of first.keys()) {
  const text = readFileSync(join(root, file), 'utf8');
  first.set(file, text);
  for (const { specifier, kind, names } of importsIn(text)) {
    if (kind !== 'value' || names === '*' || specifier.includes('?')) continue;
    const target = resolveImport(root, file, specifier) ?? '';
    if (target.startsWith(web) && /\.tsx?$/.test(target) && !first.has(target)) first.set(target, '');
  }
}
const code = [...first].filter(([file]) => !/\/i18n\/(?:fr|en)[./]/.test(file));

test('the code that comes first is known', () => {
  for (const one of [
    'app.tsx',
    'router.tsx',
    'features/shell/shell.tsx',
    'features/unlock/unlock.tsx',
    'ui/error-text.tsx',
  ])
    assert.ok(first.has(web + one), one);
  assert.ok(!first.has(`${web}features/file/file-page.tsx`));
});

test('the code that comes first says nothing of which the words come later', () => {
  for (const [file, text] of code) {
    // What is looked for before it is said is said only once it is here.
    const lookedFor = new Set(keysIn([...text.matchAll(/\bexists\(`[^`]*`/g)].join('\n')).map(String));
    for (const key of keysIn(text).filter((one) => !lookedFor.has(String(one)))) {
      const missing = late.filter((one) => key.test(one));
      assert.deepEqual(missing, [], `${file}: these belong in a file of i18n/fr.ts, or the code behind an import()`);
    }
  }
});

test('the code that comes first names what it says where this test can read it', () => {
  for (const [file, text] of code) assert.doesNotMatch(text, /\bt\(\s*`\$\{/, file);
});

test('code that comes later waits for its words', () => {
  for (const [file, text] of code) {
    if (file === mechanism) continue;
    const waiting = text.replaceAll(/\bwithWords\(\s*import\(/g, '');
    assert.doesNotMatch(waiting, /\bimport\(/, `${file}: an import() without withWords`);
  }
});

test('the language is changed with all its words', () => {
  for (const file of globSync(`${web}**/*.{ts,tsx}`, { cwd: root }))
    if (file !== mechanism) assert.doesNotMatch(readFileSync(join(root, file), 'utf8'), /\bchangeLanguage\b/, file);
});

test('only what loads the words has French ones of its own: they would come whatever language is read', () => {
  for (const [file, text] of code) {
    if (file === mechanism) continue;
    for (const { specifier, kind } of importsIn(text))
      assert.ok(kind !== 'value' || !/\/i18n\/(?:fr|en)[./]/.test(specifier), `${file} imports ${specifier}`);
  }
});

test('the first words stay few: under 12 kB as they travel', () => {
  for (const part of [fr, en]) {
    const size = brotliCompressSync(JSON.stringify(part)).length;
    assert.ok(size < 12_000, `${size} B: what is said later belongs in a file of i18n/fr-rest.ts`);
  }
});

/** The keys that the strings of a module may name, as patterns: `shield.${condition}` names all of that group. */
function keysIn(text: string): RegExp[] {
  return [...text.matchAll(/(['"`])([A-Za-z]\w*\.(?:(?!\1)[^\\\n])+)\1/g)].map(([, , key = '']) => {
    const pattern = key
      .split(/\$\{(?:[^{}]|\{[^}]*\})*\}/)
      .map((part) => part.replace(/[^\w]/g, '\\$&'))
      .join('.+');
    return new RegExp(`^${pattern}(?:_\\w+|\\..*)?$`);
  });
}
