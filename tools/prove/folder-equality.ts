import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Paths of two folders that differ, byte for byte or by being in one alone. */
export async function differingFiles(left: string, right: string): Promise<{ files: number; differing: string[] }> {
  const [leftFiles, rightFiles] = await Promise.all([filesIn(left), filesIn(right)]);
  const all = [...new Set([...leftFiles, ...rightFiles])].sort();
  const differing: string[] = [];
  for (const path of all) {
    const isInBoth = leftFiles.has(path) && rightFiles.has(path);
    const isSame = isInBoth && (await readFile(join(left, path))).equals(await readFile(join(right, path)));
    if (!isSame) differing.push(path);
  }
  return { files: all.length, differing };
}

async function filesIn(folder: string): Promise<Set<string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return new Set(files.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1)));
}
