import { buildApp } from '../apps/server/src/app.ts';
import { IdentityAttempts } from '../apps/server/src/identity/attempts.ts';
import type { BenchVault } from './make-vault.ts';

/** The server over a vault, with the pages of a folder. */
export async function serveVault(vault: BenchVault, webDir: string): Promise<{ url: string; close(): Promise<void> }> {
  const app = await buildApp({
    store: vault.store,
    copies: { status: () => [], verify: () => false, onChange: () => () => undefined },
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
  await app.listen({ host: 'localhost', port: 0 });
  const address = app.addresses().find((one) => typeof one === 'object');
  return { url: `http://localhost:${address?.port}`, close: () => app.close() };
}
