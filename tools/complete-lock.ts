import './require-node-24.js';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './web-build.ts';

/**
 * npm leaves out of package-lock.json the optional platform packages it could not fetch while writing it, and `npm ci`
 * then refuses the file. This names them again, by version; a package whose platform is another's is never fetched.
 */
type LockedPackage = {
  version?: string;
  dev?: boolean;
  license?: string;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optional?: boolean;
  optionalDependencies?: Record<string, string>;
};
export type Lock = { packages: Record<string, LockedPackage> };

/** Optional packages that an entry of the lock file asks for and that have no entry of their own. */
export function missingFrom(lock: Lock): { readonly key: string; readonly version: string; readonly parent: string }[] {
  return Object.entries(lock.packages).flatMap(([parent, { optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies)
      .map(([name, version]) => ({ key: `node_modules/${name}`, version, parent }))
      .filter(({ key }) => !(lock.packages[key] || lock.packages[`${parent}/${key}`])),
  );
}

/** The same lock file with an entry for each missing package, in npm's order. */
export function completeLock(lock: Lock): Lock {
  const packages = { ...lock.packages };
  for (const { key, version, parent } of missingFrom(lock))
    packages[key] = entryFor(key, version, lock.packages[parent]);
  return {
    ...lock,
    packages: Object.fromEntries(Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, 'en'))),
  };
}

function entryFor(key: string, version: string, parent: LockedPackage | undefined): LockedPackage {
  // `…/binding-linux-x64-musl`, `…/cli-darwin-arm64`: the platform ends the name.
  const platform =
    /(android|darwin|freebsd|linux|openharmony|win32)-(x64|arm64|arm|ia32|ppc64|riscv64|s390x)(?:-(\w+))?$/.exec(key);
  if (!platform) throw new Error(`${key} is missing from the lock file and its name does not tell its platform.`);
  const [, os = '', cpu = '', abi] = platform;
  const libc = os !== 'linux' || cpu === 'arm' ? undefined : { gnu: 'glibc', musl: 'musl' }[abi ?? ''];
  return {
    version,
    cpu: [cpu],
    ...(parent?.dev ? { dev: true } : {}),
    ...(libc ? { libc: [libc] } : {}),
    ...(parent?.license ? { license: parent.license } : {}),
    optional: true,
    os: [os],
  };
}

if (import.meta.main) {
  const path = join(root, 'package-lock.json');
  const lock: Lock = JSON.parse(readFileSync(path, 'utf8'));
  const missing = missingFrom(lock);
  if (missing.length > 0) writeFileSync(path, `${JSON.stringify(completeLock(lock), null, 2)}\n`);
  process.stdout.write(`${missing.length} platform packages added to package-lock.json\n`);
}
