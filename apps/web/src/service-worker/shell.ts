/** The files of one build of the application, as the service worker keeps them. */
export interface Shell {
  /** Of all that follows: another build has another. */
  readonly version: string;
  /** Path at this origin, and SHA-256 in base64. */
  readonly files: readonly (readonly [path: string, hash: string])[];
}

/** What of the platform the shell is kept with; a test gives its own. */
export interface ShellPlatform {
  readonly caches: Pick<CacheStorage, 'open' | 'keys' | 'delete'>;
  readonly fetch: (path: string, init: RequestInit) => Promise<Response>;
}

/** A request, as far as it decides who answers. */
export type Asked = Pick<Request, 'method' | 'mode' | 'url'>;

const cachePrefix = 'serment-shell-';
const page = '/index.html';
const atOnce = 6;
/** What the server says itself, a window's way to Pro Santé Connect included: never kept, never answered from here. */
const ofServer = /^\/(?:api|health|ready|metrics)(?:\/|$)/;

/**
 * Keeps the build whole, each file under the hash that it was built with: a deployment that is half-way leaves no mixture.
 * What is there already is not fetched again. Throws when one file did not come, and then nothing of the running version
 * has changed.
 */
export async function keepShell(shell: Shell, { caches, fetch }: ShellPlatform): Promise<void> {
  const cache = await caches.open(cacheName(shell));
  const missing: Shell['files'][number][] = [];
  for (const file of shell.files) if ((await cache.match(file[0])) === undefined) missing.push(file);
  const keep = async ([path, hash]: Shell['files'][number]) => {
    // Names under `assets` hold a hash: what the page has just loaded serves again.
    const how = path.startsWith('/assets/') ? 'default' : 'no-cache';
    const answer = await fetch(path, { cache: how, integrity: `sha256-${hash}`, redirect: 'error' });
    if (!answer.ok) throw new TypeError(`The server does not give ${path}`);
    await cache.put(path, answer);
  };
  for (let from = 0; from < missing.length; from += atOnce)
    await Promise.all(missing.slice(from, from + atOnce).map(keep));
}

/** Removes the builds of before. Called once this one is whole and serves. */
export async function dropOtherShells(shell: Shell, { caches }: Pick<ShellPlatform, 'caches'>): Promise<void> {
  for (const name of await caches.keys())
    if (name.startsWith(cachePrefix) && name !== cacheName(shell)) await caches.delete(name);
}

/** The path of the file that answers a request, or null where it is the server's to answer. */
export function fileFor(request: Asked, shell: Shell, origin: string): string | null {
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== origin || ofServer.test(url.pathname)) return null;
  if (shell.files.some(([path]) => path === url.pathname)) return url.pathname;
  // Every address of the application is its one page, as it is at the server.
  const isPage = request.mode === 'navigate' && !url.pathname.startsWith('/assets/');
  return isPage ? page : null;
}

/** A file as it was kept; undefined when the browser has thrown it away. */
export async function keptFile(
  path: string,
  shell: Shell,
  { caches }: Pick<ShellPlatform, 'caches'>,
): Promise<Response | undefined> {
  const cache = await caches.open(cacheName(shell));
  return cache.match(path, { ignoreVary: true });
}

function cacheName({ version }: Shell): string {
  return `${cachePrefix}${version}`;
}
