import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { CliError, outputError, systemCode } from './error.ts';

const syncedAtOnce = 32;

export interface ExportFolderOptions {
  readonly path: string;
  /** Replaces an export that stands there; nothing else is ever replaced. */
  readonly isForced: boolean;
}

/**
 * A folder that is there whole or not at all: written beside its place under another name, forced to the disk, then
 * renamed. Clear records go in: only its owner may read it.
 */
export class ExportFolder {
  readonly #path: string;
  readonly #written: string;
  readonly #standing: 'nothing' | 'empty' | 'export';
  readonly #files: string[] = [];
  readonly #folders = new Set<string>();

  /** Throws OUTPUT_NOT_EMPTY, OUTPUT_NOT_EXPORT, OUTPUT_UNWRITABLE. */
  static async begin({ path, isForced }: ExportFolderOptions): Promise<ExportFolder> {
    const target = resolve(path);
    try {
      const standing = await standingAt(target, isForced);
      await mkdir(dirname(target), { recursive: true });
      const written = join(dirname(target), `.${basename(target)}.new-${randomBytes(8).toString('hex')}`);
      await mkdir(written, { mode: 0o700 });
      return new ExportFolder(target, written, standing);
    } catch (cause) {
      throw outputError(cause);
    }
  }

  private constructor(path: string, written: string, standing: 'nothing' | 'empty' | 'export') {
    this.#path = path;
    this.#written = written;
    this.#standing = standing;
  }

  /** Writes one file; `path` is relative, with `/`. Throws OUTPUT_ESCAPES for one that would leave the folder. */
  async write(path: string, bytes: Uint8Array): Promise<void> {
    const file = resolve(this.#written, ...path.split('/'));
    if (!file.startsWith(this.#written + sep))
      throw new CliError('OUTPUT_ESCAPES', 'A record’s name would lead out of the folder');
    try {
      await this.#makeFolder(dirname(file));
      await writeFile(file, bytes, { mode: 0o600, flag: 'wx' });
      this.#files.push(file);
    } catch (cause) {
      throw outputError(cause);
    }
  }

  /** Puts the folder in its place. */
  async finish(): Promise<void> {
    try {
      for (let start = 0; start < this.#files.length; start += syncedAtOnce)
        await Promise.all(this.#files.slice(start, start + syncedAtOnce).map(syncPath));
      for (const folder of [...this.#folders, this.#written]) await syncPath(folder);
      const former = this.#standing === 'export' ? `${this.#written}.former` : null;
      if (former !== null) await rename(this.#path, former);
      await rename(this.#written, this.#path);
      await syncPath(dirname(this.#path));
      if (former !== null) await rm(former, { recursive: true, force: true });
    } catch (cause) {
      throw outputError(cause);
    }
  }

  async abandon(): Promise<void> {
    await rm(this.#written, { recursive: true, force: true, maxRetries: 3 });
  }

  async #makeFolder(folder: string): Promise<void> {
    if (folder === this.#written || this.#folders.has(folder)) return;
    await this.#makeFolder(dirname(folder));
    await mkdir(folder, { recursive: true, mode: 0o700 });
    this.#folders.add(folder);
  }
}

async function standingAt(path: string, isForced: boolean): Promise<'nothing' | 'empty' | 'export'> {
  let names: string[];
  try {
    names = await readdir(path);
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return 'nothing';
    if (systemCode(cause) === 'ENOTDIR') throw notEmpty('A file stands where the folder would be written');
    throw cause;
  }
  if (names.length === 0) return 'empty';
  if (!isForced) throw notEmpty('The folder given to --out is not empty');
  if (await isExport(path)) return 'export';
  throw new CliError('OUTPUT_NOT_EXPORT', 'The folder given to --out holds something else than an export', {
    hint: 'Give a folder that does not exist yet: --force replaces an earlier export and nothing else.',
  });
}

async function isExport(path: string): Promise<boolean> {
  const file = join(path, 'index.json');
  if (!(await stat(file).catch(() => null))?.isFile()) return false;
  return /"format":\s*"serment-export \d+"/.test((await readFile(file, 'utf8')).slice(0, 4096));
}

async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function notEmpty(message: string): CliError {
  return new CliError('OUTPUT_NOT_EMPTY', message, {
    hint: 'Give a folder that does not exist yet, or --force to replace an earlier export.',
  });
}
