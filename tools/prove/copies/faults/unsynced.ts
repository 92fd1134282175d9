import { copyFileSync, existsSync, linkSync, lstatSync, mkdirSync, readdirSync, rmSync, truncateSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What the last crash left of what was not synced. */
export interface Losses {
  /** Bytes of files that were not synced. */
  readonly bytes: boolean;
  /** Names that were given, and folders made. */
  readonly names: boolean;
  /** Names that were taken away: they are there again. */
  readonly removals: boolean;
}

export interface File {
  /** Every name that it has had. */
  readonly names: Set<string>;
  written: number;
  synced: number;
}

/** A change of a folder that is not on the disk before the folder is synced. */
interface Change {
  readonly folder: string;
  readonly kind: 'name' | 'removal';
  undo(): void;
}

/**
 * What of the files under some folders is on the disk for sure: bytes up to the last sync of their file, names up to the last
 * sync of their folder. It can bring the folders into the state that a power cut might leave.
 */
export class Unsynced {
  readonly #keep: string;
  #files: File[] = [];
  #changes: Change[] = [];
  #kept = 0;

  /** `keep` is an absent folder of the same file system, for what is removed and may have to come back. */
  constructor(keep: string) {
    this.#keep = keep;
  }

  begin(): void {
    rmSync(this.#keep, { recursive: true, force: true });
    mkdirSync(this.#keep, { recursive: true });
    this.#files = [];
    this.#changes = [];
  }

  created(path: string): File {
    const file = { names: new Set([path]), written: 0, synced: 0 };
    this.#files.push(file);
    this.#named(path);
    return file;
  }

  /** The file that was made under a name since `begin`. */
  known(path: string): File | undefined {
    return this.#files.findLast(({ names }) => names.has(path));
  }

  linked(from: string, to: string): void {
    this.known(from)?.names.add(to);
    this.#named(to);
  }

  madeFolder(path: string): void {
    this.#named(path);
  }

  /** Asked before the removal. */
  removing(path: string): void {
    const back = this.#keepBack(path);
    if (back === null) return;
    this.known(path)?.names.add(back);
    this.#changes.push({ folder: dirname(path), kind: 'removal', undo: () => putBack(back, path) });
  }

  /** Asked before the renaming, which is whole or not at all. */
  renaming(from: string, to: string): void {
    const [moved, replaced] = [this.#keepBack(from), this.#keepBack(to)];
    this.known(from)?.names.add(to);
    const undo = () => {
      rmSync(to, { recursive: true, force: true });
      if (replaced !== null) putBack(replaced, to);
      if (moved !== null) putBack(moved, from);
    };
    if (moved !== null) this.known(from)?.names.add(moved);
    this.#changes.push({ folder: dirname(to), kind: 'name', undo });
  }

  wrote(file: File, bytes: number): void {
    file.written += bytes;
  }

  syncedFile(file: File, bytes: number): void {
    file.synced = Math.max(file.synced, bytes);
  }

  syncedFolder(path: string): void {
    this.#changes = this.#changes.filter(({ folder }) => folder !== path);
  }

  lose({ bytes, names, removals }: Losses): void {
    if (bytes)
      for (const file of this.#files) {
        const name = [...file.names].find((path) => existsSync(path));
        if (name !== undefined && file.synced < file.written) truncateSync(name, file.synced);
      }
    for (const { kind, undo } of this.#changes.reverse()) if (kind === 'name' ? names : removals) undo();
  }

  #named(path: string): void {
    const undo = () => rmSync(path, { recursive: true, force: true });
    this.#changes.push({ folder: dirname(path), kind: 'name', undo });
  }

  #keepBack(path: string): string | null {
    const back = join(this.#keep, String(this.#kept++));
    try {
      linkTree(path, back);
      return back;
    } catch {
      // It is not there.
      return null;
    }
  }
}

function putBack(back: string, path: string): void {
  if (!existsSync(path)) linkTree(back, path);
}

/** The same files under other names. */
function linkTree(from: string, to: string): void {
  const stat = lstatSync(from);
  if (stat.isDirectory()) {
    mkdirSync(to, { recursive: true });
    for (const name of readdirSync(from)) linkTree(join(from, name), join(to, name));
  } else if (stat.isFile()) linkSync(from, to);
  else if (stat.isFIFO() || stat.isSocket()) return;
  else copyFileSync(from, to);
}
