import { buildApp } from '../apps/server/src/app.ts';
import { CopyReadings } from '../apps/server/src/copy-readings.ts';
import { IdentityAttempts } from '../apps/server/src/identity/attempts.ts';
import { ServerHealth } from '../apps/server/src/server-health.ts';
import type { BenchVault } from './make-vault.ts';

export interface ServedVault {
  readonly url: string;
  /** Paths of the scripts and of the WebAssembly that browsers asked for since they were last forgotten, with when, ms since 1970. */
  readonly code: Map<string, number>;
  close(): Promise<void>;
}

/** The server over a vault, with the pages of a folder. */
export async function serveVault(vault: BenchVault, webDir: string): Promise<ServedVault> {
  const reading = new CopyReadings({ places: () => [], clock: Date.now, sizeOf: () => 0 });
  const app = await buildApp({
    store: vault.store,
    drills: null,
    health: new ServerHealth(vault.store),
    alerts: {
      open: () => [],
      of: () => [],
      onChange: () => () => undefined,
      noteRevoked: () => undefined,
      noteOtherHistory: () => undefined,
      isAnnounced: () => false,
      noteAnnounced: () => undefined,
    },
    copies: { status: () => [], verify: () => false, onChange: () => () => undefined, reading },
    sms: { isLocal: true, send: async () => undefined },
    version: '0',
    publicUrl: null,
    isHttps: false,
    invitations: null,
    attempts: new IdentityAttempts(Date.now),
    psc: null,
    cardOrigin: null,
    clock: Date.now,
    webDir,
  });
  const code = new Map<string, number>();
  // A page is not told what its worker fetches.
  app.server.on('request', ({ url = '' }) => {
    if (/\.(?:js|wasm)$/.test(url) && !code.has(url)) code.set(url, Date.now());
  });
  await app.listen({ host: 'localhost', port: 0 });
  const address = app.addresses().find((one) => typeof one === 'object');
  return { url: `http://localhost:${address?.port}`, code, close: () => app.close() };
}
