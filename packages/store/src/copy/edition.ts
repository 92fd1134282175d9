import { readdir, readFile } from 'node:fs/promises';
import { equalBytes } from '@serment/core/bytes';
import { formatCopyName, markerName, markerText } from '@serment/core/copy/names';
import { CopyError } from './copy-error.ts';
import type { Destination } from './destination.ts';
import { nameOrNull } from './held.ts';

/** Writes the marker of a copy. Throws COPY_FORMAT_UNKNOWN when the place holds a copy of another format. */
export async function writeMarker(destination: Destination): Promise<void> {
  const marker = new TextEncoder().encode(markerText);
  if (!(await destination.has(markerName))) await destination.put(markerName, marker);
  else if (!equalBytes(await destination.get(markerName), marker))
    throw new CopyError('COPY_FORMAT_UNKNOWN', 'There is a copy of another format', {
      hint: 'Use the release of Serment that wrote it, or another place.',
    });
}

/**
 * Puts the format's documents and the reader beside what they describe. A release that changed them adds an edition:
 * nothing that a copy holds is replaced.
 */
export async function writeEdition(destination: Destination, folder: string): Promise<void> {
  const files = new Map<string, Uint8Array>();
  for (const file of await readdir(folder)) {
    if (!(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(file) && /\.(md|mjs)$/.test(file))) continue;
    files.set(file, new Uint8Array(await readFile(`${folder}/${file}`)));
  }
  const held = new Map<number, Set<string>>([[1, new Set()]]);
  for await (const text of destination.list('FORMAT/')) {
    const name = nameOrNull(text);
    if (name?.kind === 'format') held.set(name.edition, (held.get(name.edition) ?? new Set()).add(name.file));
  }
  const editions = [...held.keys()].sort((left, right) => right - left);
  const newest = editions[0] ?? 1;
  const edition = (await isOpenFor(destination, newest, held.get(newest), files)) ? newest : newest + 1;
  const batch = destination.batch();
  try {
    for (const [file, bytes] of files)
      if (held.get(edition)?.has(file) !== true)
        await batch.put(formatCopyName({ kind: 'format', edition, file }), bytes);
    await batch.commit();
  } finally {
    await batch.abandon();
  }
}

/** True when an edition has nothing that differs from these files, so that it may be these, or a part of them. */
async function isOpenFor(
  destination: Destination,
  edition: number,
  present: ReadonlySet<string> | undefined,
  files: ReadonlyMap<string, Uint8Array>,
): Promise<boolean> {
  for (const file of present ?? []) {
    const bytes = files.get(file);
    if (bytes === undefined) return false;
    if (!equalBytes(bytes, await destination.get(formatCopyName({ kind: 'format', edition, file })))) return false;
  }
  return true;
}
