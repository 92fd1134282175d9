import { type NoticePlace, type NoticeWindow, openNotice, readNotice, showNotice } from './notices.ts';
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

interface ClickedEvent extends LifeEvent {
  readonly notification: Notification;
}

interface WorkerScope {
  readonly location: Location;
  readonly registration: ServiceWorkerRegistration;
  readonly clients: {
    claim(): Promise<void>;
    matchAll(options: { type: 'window'; includeUncontrolled: true }): Promise<readonly NoticeWindow[]>;
    openWindow(path: string): Promise<unknown>;
  };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listener: (event: LifeEvent) => void): void;
  addEventListener(type: 'fetch', listener: (event: AskedEvent) => void): void;
  addEventListener(type: 'message', listener: (event: MessageEvent & LifeEvent) => void): void;
  addEventListener(type: 'notificationclick', listener: (event: ClickedEvent) => void): void;
}

// The types of the platform are those of a window everywhere in this repository.
const worker = globalThis as unknown as WorkerScope;
// Once: the build writes the list wherever the name stands.
const shell = sermentShell;
const windows = () => worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
const notices: NoticePlace = {
  windows,
  openWindow: (path) => worker.clients.openWindow(path),
  show: (title, options) => worker.registration.showNotification(title, options),
};
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
    const others = Math.max(0, (await windows()).length - 1);
    event.ports[0]?.postMessage(others);
    if (others === 0) await worker.skipWaiting();
  };
  event.waitUntil(takeOver());
});

worker.addEventListener('message', (event) => {
  const notice = readNotice(event.data);
  if (notice !== null) event.waitUntil(showNotice(notice, notices));
});

worker.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(openNotice(event.notification.data, notices));
});
