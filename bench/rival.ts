import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const passphrase = 'only ever seals what a bench made up';

/** A backup program that seals what it keeps, on a folder of files. Every step throws what the program says when it fails. */
export interface Rival {
  readonly name: 'restic' | 'Borg';
  readonly version: string;
  /** An empty repository. */
  init(repository: string): Promise<unknown>;
  backup(repository: string, files: string, archive: string): Promise<unknown>;
  restore(repository: string, options: RivalRestore): Promise<unknown>;
  /** Reads every byte again, and compares. */
  verify(repository: string): Promise<unknown>;
}

export interface RivalRestore {
  readonly archive: string;
  /** The folder that was backed up, and the one of its folders that is wanted; all of it without one. */
  readonly files: string;
  readonly only?: string;
  readonly to: string;
}

/** Both programs as Debian has them. Throws, with how to get them, when one is missing. */
export async function findRivals(caches: string): Promise<readonly Rival[]> {
  try {
    return [await restic(join(caches, 'restic')), await borg(join(caches, 'borg'))];
  } catch (cause) {
    const advice = 'This bench compares with restic and Borg: on Debian, apt-get install restic borgbackup';
    throw new Error(advice, { cause });
  }
}

async function restic(cache: string): Promise<Rival> {
  const ask = program('restic', { RESTIC_PASSWORD: passphrase, RESTIC_CACHE_DIR: cache });
  // Nothing that is sealed gets smaller: to look whether it would is left out.
  const at = (repository: string, ...rest: readonly string[]) =>
    ask(['--repo', repository, '--quiet', '--compression', 'off', ...rest]);
  return {
    name: 'restic',
    version: firstWords(await ask(['version'])),
    init: (repository) => at(repository, 'init'),
    backup: (repository, files) => at(repository, 'backup', files),
    restore: (repository, { files, only, to }) =>
      at(
        repository,
        'restore',
        'latest',
        '--target',
        to,
        ...(only === undefined ? [] : ['--include', join(files, only)]),
      ),
    verify: (repository) => at(repository, 'check', '--read-data'),
  };
}

async function borg(cache: string): Promise<Rival> {
  const ask = program('borg', {
    BORG_PASSPHRASE: passphrase,
    BORG_BASE_DIR: cache,
    BORG_RELOCATED_REPO_ACCESS_IS_OK: 'yes',
  });
  return {
    name: 'Borg',
    version: firstWords(await ask(['--version'])),
    init: (repository) => ask(['init', '--encryption', 'repokey', repository]),
    backup: (repository, files, archive) =>
      ask(['create', '--compression', 'none', `${repository}::${archive}`, files]),
    async restore(repository, { archive, files, only, to }) {
      await mkdir(to, { recursive: true });
      const part = only === undefined ? [] : [join(files, only).slice(1)];
      await ask(['extract', `${repository}::${archive}`, ...part], to);
    },
    verify: (repository) => ask(['check', '--verify-data', repository]),
  };
}

function program(name: string, settings: Readonly<Record<string, string>>) {
  return async (args: readonly string[], cwd?: string): Promise<string> => {
    const { stdout } = await run(name, [...args], {
      env: { ...process.env, ...settings },
      maxBuffer: 64 * 2 ** 20,
      ...(cwd === undefined ? {} : { cwd }),
    });
    return stdout;
  };
}

function firstWords(text: string): string {
  return text.trim().split(/\s+/).slice(0, 2).join(' ');
}
