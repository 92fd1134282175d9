import './require-node-24.js';
import { globSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, posix } from 'node:path';
import { computedImportsIn, type Import, importsIn, nodeGlobalsIn, resolveImport } from './import-scan.ts';

/**
 * Who may import whom. Each area is a set of files; what it does not list in `may`, it does not import.
 * `core` alone means core's basics, the files directly in packages/core/src.
 */
const areas: Readonly<Record<string, { readonly files: RegExp; readonly may: readonly string[] }>> = {
  'core/sealed': { files: /^packages\/core\/src\/sealed\//, may: ['core'] },
  'core/keys': { files: /^packages\/core\/src\/keys\//, may: ['core', 'core/sealed'] },
  'core/journal': { files: /^packages\/core\/src\/journal\//, may: ['core', 'core/wire', 'core/copy'] },
  'core/wire': { files: /^packages\/core\/src\/wire\//, may: ['core', 'core/journal', 'core/copy'] },
  'core/copy': { files: /^packages\/core\/src\/copy\//, may: ['core', 'core/journal', 'core/wire'] },
  'core/hostseal': { files: /^packages\/core\/src\/hostseal[./]/, may: ['core'] },
  // Opening account data takes the host's key, which only restoring is given: the server never needs it.
  'core/hostseal-open': { files: /^packages\/core\/src\/hostseal-open\.ts$/, may: ['core', 'core/hostseal'] },
  core: { files: /^packages\/core\/src\/[^/]+$/, may: [] },
  records: { files: /^packages\/records\/src\//, may: ['core'] },
  replica: {
    files: /^packages\/replica\/src\//,
    may: ['core', 'core/sealed', 'core/keys', 'core/journal', 'core/wire', 'core/copy', 'records'],
  },
  store: {
    files: /^packages\/store\/src\//,
    may: ['core', 'core/journal', 'core/wire', 'core/copy', 'core/hostseal'],
  },
  'apps/server': {
    files: /^apps\/server\/src\//,
    may: ['core', 'core/journal', 'core/wire', 'core/copy', 'store'],
  },
  'apps/web': {
    files: /^apps\/web\/(?:src\/|[^/]+\.ts$)/,
    may: ['core', 'core/sealed', 'core/keys', 'core/journal', 'core/wire', 'core/copy', 'records', 'replica'],
  },
  'apps/cli': {
    files: /^apps\/cli\/(?:src|bin)\//,
    may: [
      ...['core', 'core/sealed', 'core/keys', 'core/journal', 'core/wire', 'core/copy', 'core/hostseal'],
      ...['core/hostseal-open', 'records', 'replica', 'store'],
    ],
  },
};

/** Areas that run in a browser too. A file whose name ends with `-node.ts` is their Node half. */
const isomorphic = [
  'core',
  'core/hostseal-open',
  'core/sealed',
  'core/keys',
  'core/journal',
  'core/wire',
  'core/copy',
  'core/hostseal',
];
const portable = [...isomorphic, 'records', 'replica', 'apps/web'];

/** What opens sealed bytes, or knows what a record is. */
const opening = ['core/sealed', 'core/keys', 'core/hostseal-open', 'records', 'replica'];

/** What may not be reached even through others, whatever each of them may import. */
const unreachable: readonly {
  readonly from: string;
  readonly target: string;
  readonly reaches: (file: string) => boolean;
}[] = [
  {
    from: 'apps/server',
    target: 'what opens or reads records',
    reaches: inAreas(...opening),
  },
  {
    from: 'store',
    target: 'what opens or reads records',
    reaches: inAreas(...opening),
  },
  { from: 'apps/web', target: 'the server side', reaches: inAreas('store', 'apps/server', 'apps/cli') },
  { from: 'apps/web', target: 'a file for Node alone', reaches: isNodeHalf },
];

/** Packages of others that only some areas may name, since they open what is sealed. */
const guarded: Readonly<Record<string, readonly string[]>> = {
  'age-encryption': ['core/keys', 'core/hostseal', 'core/hostseal-open'],
};

const sourceGlobs = ['packages/*/src/**/*.{ts,tsx,js}', 'apps/*/{src,bin}/**/*.{ts,tsx,js}', 'apps/*/*.{ts,js}'];
const builtins = new Set(builtinModules);

export type Violation = { readonly file: string; readonly line: number; readonly reason: string };

type Source = { readonly file: string; readonly text: string; readonly imports: readonly Import[] };

/** Every breach of the import rules under `root`. Never stops at the first. */
export function findViolations(root: string): Violation[] {
  const files = globSync(sourceGlobs, { cwd: root, exclude: ['**/node_modules/**', '**/dist/**'] }).sort();
  const sources = new Map<string, Source>();
  for (const file of files) {
    const text = readFileSync(join(root, file), 'utf8');
    sources.set(file, { file, text, imports: importsIn(text) });
  }
  const direct = [...sources.values()].flatMap((source) => directViolations(root, source));
  return [...direct, ...unreachable.flatMap((rule) => closureViolations(root, sources, rule))];
}

function directViolations(root: string, source: Source): Violation[] {
  const { file, text } = source;
  const area = areaOf(file);
  if (area === null) return [{ file, line: 1, reason: 'belongs to no area of the table: name its folder there' }];
  const found = source.imports.flatMap((imported) => {
    const reason = reasonAgainst(root, { file, area, imported });
    return reason === null ? [] : [{ file, line: imported.line, reason }];
  });
  for (const line of computedImportsIn(text)) found.push({ file, line, reason: 'imports a module named at run time' });
  if (portable.includes(area) && !isNodeHalf(file) && !isBuildFile(file)) {
    for (const { name, line } of nodeGlobalsIn(text))
      found.push({ file, line, reason: `uses ${name}, which browsers lack` });
  }
  return found;
}

type Use = { readonly file: string; readonly area: string; readonly imported: Import };

function reasonAgainst(root: string, { file, area, imported }: Use): string | null {
  const { specifier, kind } = imported;
  const target = resolveImport(root, file, specifier);
  if (target === null) return reasonAgainstPackage({ file, area, imported });
  if (isAsset(target)) return null;
  const targetArea = areaOf(target);
  if (targetArea === null) return `imports ${specifier}, which is not source of a package`;
  const byPath = specifier.startsWith('.') && homeOf(file) !== homeOf(target) && kind !== 'url';
  if (targetArea === area || areas[area]?.may.includes(targetArea)) {
    return byPath ? `imports ${specifier} by its path: name the package` : null;
  }
  // The command line starts the server as a process, so it may locate it and know the shape of what it says.
  if (area === 'apps/cli' && targetArea === 'apps/server' && kind !== 'value') return null;
  return `imports ${specifier}: ${area} may not import ${targetArea}`;
}

function reasonAgainstPackage({ file, area, imported }: Use): string | null {
  const { specifier, names } = imported;
  const name = specifier.replace(/^((?:@[^/]+\/)?[^/]+).*$/, '$1');
  if (specifier.startsWith('node:') || builtins.has(name)) {
    const allowed = !portable.includes(area) || isBuildFile(file) || (isNodeHalf(file) && area !== 'apps/web');
    return allowed ? null : `imports ${specifier}: ${area} runs in browsers`;
  }
  const allowedIn = guarded[name];
  if (allowedIn && !allowedIn.includes(area)) return `imports ${name}: only ${allowedIn.join(', ')} may`;
  if (area === 'core/hostseal' && name === 'age-encryption' && /Decrypter|\*/.test(names)) {
    return `imports ${names.trim()} from ${name}: here it may only encrypt`;
  }
  return null;
}

function closureViolations(
  root: string,
  sources: ReadonlyMap<string, Source>,
  rule: (typeof unreachable)[number],
): Violation[] {
  const start = [...sources.keys()].filter((file) => areaOf(file) === rule.from && !isBuildFile(file));
  const cameFrom = new Map<string, string | null>(start.map((file) => [file, null]));
  const found: Violation[] = [];
  // A Map grows while it is walked, which makes this the breadth-first search it looks like.
  for (const file of cameFrom.keys()) {
    if (rule.reaches(file)) {
      const chain = chainTo(file, cameFrom);
      found.push({ file: chain[0] ?? file, line: 1, reason: `reaches ${rule.target}: ${chain.join(' > ')}` });
      continue;
    }
    for (const { specifier } of sources.get(file)?.imports ?? []) {
      const target = resolveImport(root, file, specifier);
      if (target !== null && !isAsset(target) && !cameFrom.has(target)) cameFrom.set(target, file);
    }
  }
  return found;
}

function chainTo(file: string, cameFrom: ReadonlyMap<string, string | null>): string[] {
  const chain = [file];
  for (let at = cameFrom.get(file); at; at = cameFrom.get(at)) chain.unshift(at);
  return chain;
}

function areaOf(file: string): string | null {
  for (const [name, { files }] of Object.entries(areas)) if (files.test(file)) return name;
  return null;
}

function inAreas(...names: readonly string[]): (file: string) => boolean {
  return (file) => names.includes(areaOf(file) ?? '');
}

function homeOf(file: string): string {
  return file.split('/').slice(0, 2).join('/');
}

function isNodeHalf(file: string): boolean {
  return file.endsWith('-node.ts');
}

/** Files that build the web application and are no part of it. */
function isBuildFile(file: string): boolean {
  return /^apps\/web\/[^/]+$/.test(file);
}

function isAsset(file: string): boolean {
  return !['.ts', '.tsx', '.js', '.mjs', '.cjs', '.mts', ''].includes(posix.extname(file));
}

if (import.meta.main) {
  const root = join(import.meta.dirname, '..');
  const violations = findViolations(root);
  for (const { file, line, reason } of violations) process.stdout.write(`${file}:${line} ${reason}\n`);
  process.stdout.write(violations.length === 0 ? 'Every import is allowed.\n' : `${violations.length} forbidden.\n`);
  process.exitCode = violations.length === 0 ? 0 : 1;
}
