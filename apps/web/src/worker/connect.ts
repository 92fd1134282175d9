import { proxy, type Remote, wrap } from 'comlink';
import { carryErrorCodes } from './carried-error.ts';
import workerUrl from './engine-worker.ts?worker&url';
import type { EngineApi, EngineEvent, EngineState } from './protocol.ts';
import { trustedScriptUrl } from './trusted-url.ts';

export type EngineProxy = Remote<EngineApi>;

export interface Connection {
  readonly engine: EngineProxy;
  readonly state: EngineState;
}

const touchEveryMs = 10_000;

/** Joins the worker that holds the keys, shared by every window where the browser allows it. */
export async function connectEngine(listener: (event: EngineEvent) => void): Promise<Connection> {
  carryErrorCodes();
  const engine = wrap<EngineApi>(startWorker());
  const window = crypto.randomUUID();
  const state = await engine.connect(window, proxy(listener));
  addEventListener('pagehide', () => void engine.disconnect(window));
  let touchedAt = 0;
  const touch = () => {
    if (performance.now() - touchedAt < touchEveryMs) return;
    touchedAt = performance.now();
    void engine.touch();
  };
  for (const event of ['pointerdown', 'keydown', 'wheel', 'touchstart'])
    addEventListener(event, touch, { passive: true });
  return { engine, state };
}

function startWorker(): Worker | MessagePort {
  const url = trustedScriptUrl(workerUrl);
  const options = { type: 'module', name: 'serment' } as const;
  if (typeof SharedWorker === 'undefined') return new Worker(url, options);
  return new SharedWorker(url, options).port;
}
