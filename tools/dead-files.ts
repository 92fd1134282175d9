import './require-node-24.js';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { importsIn, resolveImport } from './import-scan.ts';

/** Where execution begins. Everything else must be imported from one of these, however far. */
const entries = [
  'tools/*.{ts,js}',
  'bench/main.ts',
  'bench/browser/page.ts',
  'vectors/make/*.ts',
  'e2e/harness/screenshots.ts',
  'tools/prove/copies/faults/{child,install}.ts',
  'tools/prove/copies/faults/broken/*.ts',
  'apps/server/src/main.ts',
  'apps/server/src/jobs/verify-copy.ts',
  'apps/server/src/jobs/drill-practice.ts',
  'apps/cli/src/main.ts',
  'apps/cli/bin/serment.js',
  'apps/web/src/main.tsx',
  'apps/web/src/console.tsx',
  'apps/web/src/service-worker/service-worker.ts',
  '**/*.config.ts',
  '**/*.test.ts',
  'e2e/**/*.spec.ts',
  'e2e/vectors/run-all.ts',
];

const sourceGlobs = ['{packages,apps,tools,bench,e2e,vectors}/**/*.{ts,tsx,js,css}'];
const exclude = ['**/node_modules/**', '**/dist/**', 'apps/web/public/**'];

/** Dependencies that no import shows, and what uses them. */
const usedOtherwise: Readonly<Record<string, string>> = {
  '@biomejs/biome': 'npm run lint',
  '@mantine/hooks': 'a peer that @mantine/core asks for',
  node: 'every script of package.json',
  typescript: 'npm run types',
};

const builtins = new Set(builtinModules);

/** What nothing uses, and what is used without being declared, under `root`. Empty when all is in use. */
export function findDead(root: string): string[] {
  const files = globSync(sourceGlobs, { cwd: root, exclude }).sort();
  const specifiers = new Map(files.map((file) => [file, specifiersIn(file, readFileSync(join(root, file), 'utf8'))]));
  return [...deadFiles(root, specifiers), ...dependencyFaults(root, specifiers)];
}

function deadFiles(root: string, specifiers: ReadonlyMap<string, readonly string[]>): string[] {
  const alive = new Set(globSync(entries, { cwd: root, exclude }).filter((file) => specifiers.has(file)));
  // A Set grows while it is walked.
  for (const file of alive) {
    for (const specifier of specifiers.get(file) ?? []) {
      const target = resolveImport(root, file, specifier);
      for (const chosen of target === null ? [] : [target, ...nodeHalf(specifier, target)])
        if (specifiers.has(chosen)) alive.add(chosen);
    }
  }
  return [...specifiers.keys()]
    .filter((file) => !(alive.has(file) || file.endsWith('.d.ts')))
    .map((file) => `${file} is imported from nowhere`);
}

/** What Node gets where browsers get `target`. */
function nodeHalf(specifier: string, target: string): string[] {
  return specifier.startsWith('#platform/') ? [target.replace(/-web\.ts$/, '-node.ts')] : [];
}

function dependencyFaults(root: string, specifiers: ReadonlyMap<string, readonly string[]>): string[] {
  const homes = globSync('{packages,apps}/*/package.json', { cwd: root }).map((path) =>
    path.replace('/package.json', ''),
  );
  const rootDeclared = declaredIn(join(root, 'package.json'));
  const faults: string[] = [];
  const brought = new Set(homes.flatMap((home) => [...declaredIn(join(root, home, 'package.json'))]));
  const usedAtRoot = new Set<string>();
  for (const home of [...homes, '']) {
    const declared = home === '' ? rootDeclared : declaredIn(join(root, home, 'package.json'));
    const used = home === '' ? usedAtRoot : new Set<string>();
    for (const [file, named] of specifiers) {
      const inside = home === '' ? !homes.some((other) => file.startsWith(`${other}/`)) : file.startsWith(`${home}/`);
      if (!inside) continue;
      for (const name of named.flatMap(packageName)) {
        used.add(name);
        if (rootDeclared.has(name)) usedAtRoot.add(name);
        const ownHome = home !== '' && `@serment/${home.split('/')[1]}` === name;
        // Programs outside the packages use what the packages brought.
        const fromRoot =
          home === ''
            ? name.startsWith('@serment/') || brought.has(name)
            : rootDeclared.has(name) && !file.includes('/src/');
        if (!(declared.has(name) || ownHome || fromRoot || isTest(file)))
          faults.push(`${file} imports ${name}, undeclared`);
      }
    }
    for (const name of declared) {
      const known = used.has(name) || name in usedOtherwise || name.startsWith('@types/');
      if (!known) faults.push(`${home === '' ? 'package.json' : `${home}/package.json`} declares ${name}, unused`);
    }
  }
  return faults;
}

function isTest(file: string): boolean {
  return /\/test\//.test(file);
}

function specifiersIn(file: string, text: string): string[] {
  if (file.endsWith('.css'))
    return [...text.matchAll(/@import\s+(?:url\()?["']([^"']+)["']/g)].map((match) => match[1] ?? '');
  // `new URL` reads a bare name as a file beside it.
  const imported = importsIn(text).map(({ specifier, kind }) =>
    kind === 'url' ? specifier.replace(/^(?=\w)/, './') : specifier,
  );
  // A test starts its helper programs by file name, from its own folder.
  const started = file.includes('/test/')
    ? [...text.matchAll(/['"]([\w-]+\.ts)['"]/g)].map((match) => `./${match[1]}`)
    : [];
  return [...imported, ...started];
}

function packageName(specifier: string): string[] {
  if (/^[./]|^(?:node|data|file|virtual|https?):/.test(specifier)) return [];
  const name = specifier.replace(/^((?:@[^/]+\/)?[^/]+).*$/, '$1');
  return builtins.has(name) || !/^(?:@[\w.-]+\/)?[\w.-]+$/.test(name) ? [] : [name];
}

function declaredIn(path: string): Set<string> {
  if (!existsSync(path)) return new Set();
  const manifest: { dependencies?: Record<string, string>; devDependencies?: Record<string, string> } = JSON.parse(
    readFileSync(path, 'utf8'),
  );
  return new Set([...Object.keys(manifest.dependencies ?? {}), ...Object.keys(manifest.devDependencies ?? {})]);
}

if (import.meta.main) {
  const dead = findDead(join(import.meta.dirname, '..'));
  for (const line of dead) process.stdout.write(`${line}\n`);
  process.stdout.write(dead.length === 0 ? 'Every file and dependency is in use.\n' : `${dead.length} to mend.\n`);
  process.exitCode = dead.length === 0 ? 0 : 1;
}
