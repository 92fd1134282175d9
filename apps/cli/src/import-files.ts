import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImportFinding, ImportFindingCode } from '@serment/records/finding';
import { type FhirFile, maxFileBytes, type ReadFhirOptions, readFhir } from '@serment/records/import/bundle';
import { CliError, systemCode } from './error.ts';

/** One file to read. */
export interface FoundFile {
  /** As the command line led to it. */
  readonly path: string;
  readonly sizeBytes: number;
  /** Why it will not be read: no regular file, or not readable. */
  readonly problem: 'NOT_A_FILE' | 'UNREADABLE' | null;
}

/**
 * Every file at these paths, folders with all that is in them; names that begin with a dot are passed over. In each
 * folder files of patients come first: what other files refer to is then known. Throws PATH_MISSING for a path that is
 * not there, before anything is read.
 */
export async function findFiles(paths: readonly string[]): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  for (const path of paths) {
    const entry = await stat(path).catch((cause: unknown) => {
      throw new CliError('PATH_MISSING', 'A path to import cannot be found', {
        cause,
        fields: { system: systemCode(cause) },
        hint: `Check ${path}`,
      });
    });
    if (entry.isDirectory()) found.push(...(await findInFolder(path)));
    else found.push({ path, sizeBytes: entry.size, problem: entry.isFile() ? null : 'NOT_A_FILE' });
  }
  return found;
}

async function findInFolder(folder: string): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  let items: Awaited<ReturnType<typeof listFolder>>;
  try {
    items = await listFolder(folder);
  } catch {
    return [{ path: folder, sizeBytes: 0, problem: 'UNREADABLE' }];
  }
  for (const item of items) {
    const path = join(folder, item.name);
    // A link to a folder could lead back to this one.
    if (item.isDirectory()) found.push(...(await findInFolder(path)));
    else {
      const entry = await stat(path).catch(() => null);
      const problem = entry === null ? 'UNREADABLE' : entry.isFile() ? null : 'NOT_A_FILE';
      found.push({ path, sizeBytes: entry?.size ?? 0, problem });
    }
  }
  return found;
}

async function listFolder(folder: string) {
  const items = await readdir(folder, { withFileTypes: true });
  const rank = (name: string) => (/^patient/i.test(name) ? 0 : 1);
  return items
    .filter((item) => !item.name.startsWith('.'))
    .sort((left, right) => rank(left.name) - rank(right.name) || (left.name < right.name ? -1 : 1));
}

export type UnreadFile = { readonly refusal: { readonly code: FileRefusal; readonly fields: ImportFinding['fields'] } };
export type FileRefusal = ImportFindingCode | 'NOT_A_FILE' | 'UNREADABLE';

/** Reads one file's records; what it holds never throws. */
export async function readFhirFile(
  file: FoundFile,
  options: Omit<ReadFhirOptions, 'name'>,
): Promise<FhirFile | UnreadFile> {
  const { path, sizeBytes, problem } = file;
  if (problem !== null) return { refusal: { code: problem, fields: {} } };
  if (sizeBytes > maxFileBytes)
    return { refusal: { code: 'FILE_TOO_LARGE', fields: { sizeBytes, maxBytes: maxFileBytes } } };
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    return { refusal: { code: 'UNREADABLE', fields: { system: systemCode(cause) } } };
  }
  return readFhir(bytes, { name: path, ...options });
}
