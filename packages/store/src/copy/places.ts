import { existsSync } from 'node:fs';
import { basename, dirname, isAbsolute, relative, resolve } from 'node:path';
import { ConfigError, ConfigObject, readConfig } from '../config-file.ts';
import { isSecureUrl } from '../loopback.ts';
import type { Destination } from './destination.ts';
import { folderDestination } from './folder.ts';
import type { S3Credentials, S3Place } from './s3/place.ts';

export interface FolderPlace {
  readonly kind: 'folder';
  /** How people recognise it. */
  readonly name: string;
  readonly path: string;
}

/** Where a copy is, with what it takes to reach it. */
export type CopyPlace = FolderPlace | S3Place;

const kind = { option: '--copies', page: 'docs/operations.md' } as const;
const folderMembers = ['folder'];
const bucketMembers = [
  ...['endpoint', 'region', 'bucket', 'prefix', 'credentials'],
  ...['lockDays', 'tailLockDays', 'megabytesPerSecond'],
];

const namePattern = /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,63}$/u;
const nameRule = 'a name has 1 to 64 letters, digits, spaces, dots, hyphens';
const bytesPerMegabyte = 1_000_000;

export function folderPlace(path: string): FolderPlace {
  const whole = resolve(path);
  return { kind: 'folder', name: basename(whole), path: whole };
}

/** `neverBlocks` is for a process that must go on answering while it reads there. */
export async function openPlace(place: CopyPlace, how: { readonly neverBlocks?: boolean } = {}): Promise<Destination> {
  if (place.kind === 'folder') return folderDestination({ ...place, ...how });
  // Loaded where there is a bucket alone: what speaks to one is large.
  const { s3Destination } = await import('./s3/s3.ts');
  return s3Destination(place);
}

/** The copies that the file of `--copies` names (docs/operations.md), with their credentials. Throws USAGE. */
export async function readPlaces(path: string, env: NodeJS.ProcessEnv): Promise<CopyPlace[]> {
  const copies = (await readConfig(path, kind, ['copies'])).object('copies', null);
  const names = copies.names();
  if (names.length === 0) throw copies.wrong('', 'it names one copy at least, each with what describes it');
  const places: CopyPlace[] = [];
  for (const name of names) {
    // The name is quoted by no refusal, as nothing of the file is.
    if (!namePattern.test(name)) throw copies.wrong('', nameRule);
    const given = copies.object(name, [...folderMembers, ...bucketMembers]);
    if (given.has('folder')) places.push(folderOf(name, given, path));
    else {
      const bucket = bucketOf(name, given);
      const from = given.object('credentials', ['file', 'env']);
      places.push({ ...bucket, credentials: await credentialsOf(from, { path, env }) });
    }
  }
  return places;
}

/** The same of a file that need not be there. */
export async function readPlacesIfAny(path: string, env: NodeJS.ProcessEnv): Promise<CopyPlace[]> {
  return existsSync(path) ? readPlaces(path, env) : [];
}

/** The copies of the option's file and of others, each in a place of its own under a name of its own. Throws USAGE. */
export function distinctPlaces(places: readonly CopyPlace[]): readonly CopyPlace[] {
  for (const [at, place] of places.entries())
    for (const other of places.slice(0, at)) {
      const clash = place.name === other.name ? 'one name' : overlap(place, other) ? 'one place' : null;
      if (clash !== null)
        throw new ConfigError('USAGE', `--copy, --copies and what the console added: two copies have ${clash}`, {
          fields: { field: 'copies' },
          hint: `See ${kind.page}.`,
        });
    }
  return places;
}

/** True where what is written to one may land among what is written to the other. */
export function overlap(left: CopyPlace, right: CopyPlace): boolean {
  if (left.kind === 'folder') return right.kind === 'folder' && isWithinEachOther(left.path, right.path);
  if (right.kind === 'folder' || left.bucket !== right.bucket) return false;
  // Of AWS a bucket has one name in the world; of another store, in that store.
  if (left.endpoint !== right.endpoint) return false;
  return left.prefix.startsWith(right.prefix) || right.prefix.startsWith(left.prefix);
}

/** True where one folder is the other, or stands in it. Paths are absolute. */
export function isWithinEachOther(left: string, right: string): boolean {
  const isIn = (inner: string, outer: string) => {
    const way = relative(outer, inner);
    return way === '' || (!isAbsolute(way) && way !== '..' && !/^\.\.[/\\]/.test(way));
  };
  return isIn(left, right) || isIn(right, left);
}

/** What the file says of a place, but for where its credentials are. */
export type PlaceMembers = Readonly<Record<string, string | number>>;

export interface GivenPlace {
  readonly name: string;
  readonly members: PlaceMembers;
  /** Null for a folder. */
  readonly credentials: S3Credentials | null;
}

/** A place that was not read from a file, under the rules of one. Throws USAGE, whose `field` is the member. */
export function placeOf({ name, members, credentials }: GivenPlace): CopyPlace {
  const given = new ConfigObject(kind, '', members, credentials === null ? folderMembers : bucketMembers);
  if (!namePattern.test(name) || name !== name.trim()) throw given.wrong('name', nameRule);
  if (credentials !== null) {
    const { accessKeyId, secretAccessKey, sessionToken } = credentials;
    const refuse = () => given.wrong('credentials', 'they are texts without spaces');
    const bucket = bucketOf(name, given);
    return { ...bucket, credentials: credentialsIn(accessKeyId, secretAccessKey, sessionToken, refuse) };
  }
  const path = given.text('folder');
  if (!isAbsolute(path) || /\p{Cc}/u.test(path)) throw given.wrong('folder', 'it is a path from the root on');
  return { kind: 'folder', name, path: resolve(path) };
}

/** What of a place stands in the file, but for its credentials. */
export function membersOf(place: CopyPlace): PlaceMembers {
  if (place.kind === 'folder') return { folder: place.path };
  const { endpoint, region, bucket, prefix, lockDays, tailLockDays, bytesPerSecond } = place;
  return {
    ...{ ...(endpoint === null ? {} : { endpoint }), region, bucket, ...(prefix === '' ? {} : { prefix }) },
    ...{ lockDays, tailLockDays },
    ...(bytesPerSecond === null ? {} : { megabytesPerSecond: bytesPerSecond / bytesPerMegabyte }),
  };
}

function folderOf(name: string, given: ConfigObject, path: string): FolderPlace {
  if (bucketMembers.some((member) => given.has(member))) throw given.wrong('', 'it is a folder or a bucket, not both');
  return { kind: 'folder', name, path: resolve(dirname(path), given.text('folder')) };
}

function bucketOf(name: string, given: ConfigObject): Omit<S3Place, 'credentials'> {
  const lockDays = given.integer('lockDays', { min: 1, max: 366, absent: 90 });
  const tailLockDays = given.integer('tailLockDays', { min: 1, max: 366, absent: Math.min(14, lockDays) });
  if (tailLockDays > lockDays) throw given.wrong('tailLockDays', 'tails are locked no longer than the rest');
  const megabytes = given.integer('megabytesPerSecond', { min: 1, max: 10_000, absent: null });
  return {
    ...{ kind: 's3', name, endpoint: endpointOf(given), region: matching(given, 'region', /^[A-Za-z0-9-]{1,64}$/) },
    bucket: matching(given, 'bucket', /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/),
    prefix: prefixOf(given),
    ...{ lockDays, tailLockDays },
    bytesPerSecond: megabytes === null ? null : megabytes * bytesPerMegabyte,
  };
}

function endpointOf(given: ConfigObject): string | null {
  if (!given.has('endpoint')) return null;
  const url = URL.parse(given.text('endpoint'));
  const isBare = url !== null && url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '';
  if (!isBare) throw given.wrong('endpoint', 'it is an address without a path, such as https://s3.example.org');
  if (!isSecureUrl(url, true)) throw given.wrong('endpoint', 'off loopback it begins with https://');
  return url.origin;
}

function prefixOf(given: ConfigObject): string {
  if (!given.has('prefix')) return '';
  const prefix = matching(given, 'prefix', /^[A-Za-z0-9_-][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*\/?$/);
  return prefix.endsWith('/') ? prefix : `${prefix}/`;
}

function matching(given: ConfigObject, name: string, pattern: RegExp): string {
  const text = given.text(name);
  if (pattern.test(text)) return text;
  throw given.wrong(name, 'it has characters that it cannot have, or too many');
}

/** From a file of its own, or from the environment: two variables that begin with `env`, AWS where it is not said. */
async function credentialsOf(
  given: ConfigObject,
  { path, env }: { path: string; env: NodeJS.ProcessEnv },
): Promise<S3Credentials> {
  if (!given.has('file')) return environmentOf(given, env);
  if (given.has('env')) throw given.wrong('', 'they come from a file or from the environment, not from both');
  const file = resolve(dirname(path), given.text('file'));
  const text = await given.readNamedText('file', file);
  const value = given.json('file', text);
  const of = (name: string) =>
    typeof value === 'object' && value !== null ? Object.entries(value).find(([key]) => key === name)?.[1] : undefined;
  return credentialsIn(of('accessKeyId'), of('secretAccessKey'), of('sessionToken'), () =>
    given.wrong('file', 'it holds accessKeyId and secretAccessKey, two texts, and may hold sessionToken'),
  );
}

function environmentOf(given: ConfigObject, env: NodeJS.ProcessEnv): S3Credentials {
  const prefix = given.has('env') ? matching(given, 'env', /^[A-Z][A-Z0-9_]{0,63}$/) : 'AWS';
  const of = (name: string) => env[`${prefix}_${name}`];
  return credentialsIn(of('ACCESS_KEY_ID'), of('SECRET_ACCESS_KEY'), of('SESSION_TOKEN') || undefined, () =>
    given.wrong('env', `the environment has no ${prefix}_ACCESS_KEY_ID and ${prefix}_SECRET_ACCESS_KEY`),
  );
}

function credentialsIn(id: unknown, secret: unknown, session: unknown, refuse: () => Error): S3Credentials {
  const isText = (value: unknown): value is string => typeof value === 'string' && /^[!-~]{1,4096}$/.test(value);
  if (!(isText(id) && isText(secret) && (session === undefined || isText(session)))) throw refuse();
  return { accessKeyId: id, secretAccessKey: secret, ...(session === undefined ? {} : { sessionToken: session }) };
}
