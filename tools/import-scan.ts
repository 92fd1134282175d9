import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';

/** One import written in a file. `url` is a module named through `new URL(…, import.meta.url)`. */
export type Import = {
  readonly specifier: string;
  readonly kind: 'value' | 'type' | 'url';
  readonly names: string;
  readonly line: number;
};

const gap = String.raw`(?:\s|/\*[\s\S]*?\*/|//[^\n]*\n)*`;
const quoted = '(["\'`])([^"\'`\\n]+)';

// The whole text is searched, comments and strings included: a false alarm costs a rewording, a miss costs the rule.
const statement = new RegExp(
  String.raw`\b(import|export)\b(${gap}type\b(?!${gap}(?:from\b|,)))?((?:${gap}(?:[\w$*{},]|'[^'\n]*'|"[^"\n]*"))*?)${gap}\bfrom${gap}${quoted}`,
  'g',
);
const bare = new RegExp(String.raw`\bimport${gap}${quoted}`, 'g');
const called = new RegExp(
  String.raw`\b(import(?:\.meta\.resolve|\.defer|\.source)?|require(?:\.resolve)?)${gap}\(${gap}${quoted}`,
  'g',
);
const located = new RegExp(String.raw`\bnew${gap}URL${gap}\(${gap}${quoted}\1${gap},${gap}import\.meta`, 'g');
const computed = new RegExp(
  String.raw`\b(?:import(?:\.meta\.resolve|\.defer|\.source)?|require)${gap}\(${gap}(?:[^"'\`\s)/]|\`[^\`]*\$\{)`,
  'g',
);

/** Every module a source file names, in any form: static, dynamic, type, re-export, side effect, worker or asset URL. */
export function importsIn(source: string): Import[] {
  const found: Import[] = [];
  const add = (match: RegExpMatchArray, part: Omit<Import, 'line'>) => {
    found.push({ ...part, line: lineAt(source, match.index ?? 0) });
  };
  for (const match of source.matchAll(statement)) {
    const [, , type, names = '', , specifier = ''] = match;
    add(match, { specifier, kind: type ? 'type' : 'value', names });
  }
  for (const match of source.matchAll(bare)) add(match, { specifier: match[2] ?? '', kind: 'value', names: '' });
  for (const match of source.matchAll(called)) {
    // In a type, a call of import may ask for the module or for a type of it: both count as values.
    add(match, { specifier: match[3] ?? '', kind: 'value', names: '*' });
  }
  for (const match of source.matchAll(located)) add(match, { specifier: match[2] ?? '', kind: 'url', names: '' });
  return found;
}

/** Lines of the imports whose module is computed, which no rule can follow. */
export function computedImportsIn(source: string): number[] {
  return [...source.matchAll(computed)].map((match) => lineAt(source, match.index ?? 0));
}

/** Lines where a name of Node's own globals is used, comments left out. */
export function nodeGlobalsIn(source: string): { readonly name: string; readonly line: number }[] {
  const found: { name: string; line: number }[] = [];
  const lines = withoutComments(source).split('\n');
  for (const [index, line] of lines.entries()) {
    for (const match of line.matchAll(
      /(?<![\w$.'"-])(?:globalThis\.)?(Buffer|process|__dirname|__filename|setImmediate)\b(?=\s*[.(;,)<>|&\]]|$)/g,
    )) {
      found.push({ name: match[1] ?? '', line: index + 1 });
    }
  }
  return found;
}

/**
 * The path, from the repository's root, that a specifier written in `from` names: a file of this repository, or null
 * for a package of somebody else's.
 */
export function resolveImport(root: string, from: string, specifier: string): string | null {
  const clean = specifier.replace(/[?#].*$/, '');
  if (clean.startsWith('.')) return posix.normalize(posix.join(posix.dirname(from), clean));
  if (clean.startsWith('/') || clean.startsWith('file:')) return clean;
  // A package's own choice between browser and Node (`imports` of its package.json): what browsers get counts.
  const chosen = /^#platform\/(.+)$/.exec(specifier);
  if (chosen) return `${from.replace(/\/src\/.*$/, '/src')}/${chosen[1]}-web.ts`;
  const own = /^@serment\/([\w-]+)(?:\/(.*))?$/.exec(clean);
  if (!own) return null;
  const [, name = '', path = ''] = own;
  const home = existsSync(join(root, 'packages', name)) ? `packages/${name}` : `apps/${name}`;
  return `${home}/src/${path.replace(/\.ts$/, '')}.ts`;
}

function withoutComments(source: string): string {
  const blank = (text: string) => text.replace(/[^\n]/g, ' ');
  const token = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;
  return source.replace(token, (text) => (text.startsWith('//') || text.startsWith('/*') ? blank(text) : text));
}

function lineAt(source: string, index: number): number {
  return source.slice(0, index).split('\n').length;
}
