import { stat } from 'node:fs/promises';
import { markerName } from '@serment/core/copy/names';
import type { Destination } from '@serment/store/copy/destination';
import { type CopyPlace, folderPlace, openPlace, readPlaces } from '@serment/store/copy/places';
import type { S3Place } from '@serment/store/copy/s3/place';
import type { Given, Option } from './command.ts';
import { CliError, usageError } from './error.ts';

export const copiesOption: Option = {
  name: 'copies',
  value: 'FILE',
  help: 'JSON of copies by name (docs/operations.md); a COPY that it names is that one',
};

/**
 * A copy that must be there: one that the file of `--copies` names, or a folder. With `mayBeEmpty`, a place that holds
 * nothing will do. Throws COPY_ABSENT.
 */
export async function openCopyPlace(
  given: Given,
  text: string,
  { mayBeEmpty = false }: { mayBeEmpty?: boolean } = {},
): Promise<Destination> {
  const place = (await placesOf(given)).find(({ name }) => name === text) ?? folderPlace(text);
  if (place.kind === 'folder' && !(await isFolder(place.path))) throw absent('There is no folder at this path', place);
  const destination = await openPlace(place);
  try {
    const practices = (await destination.listFolders('')).filter((name) => /^[0-9a-f]{64}$/.test(name));
    if (practices.length > 0 || (await destination.has(markerName))) return destination;
    if (mayBeEmpty && (await isEmpty(destination))) return destination;
  } catch (cause) {
    await destination.close();
    throw cause;
  }
  await destination.close();
  throw absent(place.kind === 'folder' ? 'This folder holds no copy' : 'This bucket holds no copy', place);
}

/** The bucket of that name in the file of `--copies`. Throws USAGE. */
export async function bucketNamed(given: Given, text: string, command: string): Promise<S3Place> {
  const place = (await placesOf(given)).find(({ name }) => name === text);
  if (place?.kind === 's3') return place;
  throw usageError(
    place === undefined ? 'The file of --copies has no copy of that name' : 'That copy is a folder, which has no locks',
    command,
  );
}

async function placesOf(given: Given): Promise<readonly CopyPlace[]> {
  const file = given.optional('copies');
  return file === null ? [] : readPlaces(file, process.env);
}

async function isEmpty(destination: Destination): Promise<boolean> {
  for await (const _ of destination.list('')) return false;
  return true;
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}

function absent(message: string, { kind }: CopyPlace): CliError {
  const hint =
    kind === 'folder'
      ? 'Check the path of the copy, and that its disk is mounted; a copy in a bucket is named by the file of --copies.'
      : 'Check bucket and prefix in the file of --copies.';
  return new CliError('COPY_ABSENT', message, { hint });
}
