import { stat } from 'node:fs/promises';
import { markerName } from '@serment/core/copy/names';
import type { Destination } from '@serment/store/copy/destination';
import { folderDestination } from '@serment/store/copy/folder';
import { CliError } from './error.ts';

/** A copy that must be there, for reading. Throws COPY_ABSENT. */
export async function openCopyFolder(path: string): Promise<Destination> {
  const isFolder = (await stat(path).catch(() => null))?.isDirectory() ?? false;
  if (!isFolder) throw absent('There is no folder at this path');
  const destination = folderDestination({ path });
  const practices = (await destination.listFolders('')).filter((name) => /^[0-9a-f]{64}$/.test(name));
  if (practices.length === 0 && !(await destination.has(markerName))) throw absent('This folder holds no copy');
  return destination;
}

function absent(message: string): CliError {
  return new CliError('COPY_ABSENT', message, { hint: 'Check the path of the copy, and that its disk is mounted.' });
}
