import { trustedScriptUrl } from '../worker/trusted-url.ts';

const address = '/service-worker.js';
const lookEveryMs = 3_600_000;

let waiting: ServiceWorker | null = null;
const listeners = new Set<() => void>();

/** Lets the application start without a network from the next time on, and watches for newer versions of it. */
export async function registerServiceWorker(): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  try {
    const registration = await navigator.serviceWorker.register(trustedScriptUrl(address), { updateViaCache: 'none' });
    const look = () => void registration.update().catch(() => undefined);
    watch(registration);
    setInterval(look, lookEveryMs);
    addEventListener('online', look);
  } catch {
    // A browser that keeps nothing (a private window, a full disk) runs the application from the server.
  }
}

/** True once another version is here, whole, and waits for the next start. */
export function isNewVersionReady(): boolean {
  return waiting !== null;
}

export function watchNewVersion(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Starts again with the new version, where this window is the only one; else returns how many others are open. */
export async function takeNewVersion(): Promise<number> {
  const taken = waiting;
  if (taken === null) return 0;
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise<number>((resolve) => {
    port1.onmessage = (event: MessageEvent<number>) => resolve(event.data);
  });
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
  taken.postMessage('take-over', [port2]);
  return answer;
}

function watch(registration: ServiceWorkerRegistration): void {
  const see = () => {
    // The first one of all takes nobody's place, and waits for nobody.
    const next = registration.active === null ? null : registration.waiting;
    if (next === waiting) return;
    waiting = next;
    for (const listener of listeners) listener();
  };
  registration.addEventListener('updatefound', () => registration.installing?.addEventListener('statechange', see));
  see();
}
