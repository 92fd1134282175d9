import { dropOtherShells, fileFor, keepShell, keptFile, type Shell } from './shell.ts';

/** Written in by the build (service-worker-plugin.ts). */
declare const sermentShell: Shell;

interface LifeEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface AskedEvent extends Event {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

interface WorkerScope {
  readonly location: Location;
  readonly clients: {
    claim(): Promise<void>;
    matchAll(options: { type: 'window'; includeUncontrolled: true }): Promise<readonly unknown[]>;
  };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listener: (event: LifeEvent) => void): void;
  addEventListener(type: 'fetch', listener: (event: AskedEvent) => void): void;
  addEventListener(type: 'message', listener: (event: MessageEvent & LifeEvent) => void): void;
}

// The types of the platform are those of a window everywhere in this repository.
const worker = globalThis as unknown as WorkerScope;
// Once: the build writes the list wherever the name stands.
const shell = sermentShell;
const platform = { caches, fetch: (path: string, init: RequestInit) => fetch(path, init) };

worker.addEventListener('install', (event) => event.waitUntil(keepShell(shell, platform)));

worker.addEventListener('activate', (event) =>
  event.waitUntil(dropOtherShells(shell, platform).then(() => worker.clients.claim())),
);

worker.addEventListener('fetch', (event) => {
  const path = fileFor(event.request, shell, worker.location.origin);
  if (path === null) return;
  event.respondWith(keptFile(path, shell, platform).then((kept) => kept ?? fetch(event.request)));
});

/**
 * A window asks that this version takes over now. It does for the only window there is, and answers how many others are
 * open: under those it would take away the files that they still load.
 */
worker.addEventListener('message', (event) => {
  if (event.data !== 'take-over') return;
  const takeOver = async () => {
    const windows = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
    const others = Math.max(0, windows.length - 1);
    event.ports[0]?.postMessage(others);
    if (others === 0) await worker.skipWaiting();
  };
  event.waitUntil(takeOver());
});
