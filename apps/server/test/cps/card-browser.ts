import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type BrowserContext, chromium } from '@playwright/test';
import { chromiumLaunch } from '../../../../e2e/harness/chromium.ts';
import { findChromium } from '../../../../tools/chromium.ts';
import { hasProgram } from './softhsm.ts';

const run = promisify(execFile);

/** Why the tests with a browser that holds a card cannot run here, with what to install; null when they can. */
export const missingForCardBrowser: string | null =
  (await findChromium()) !== null && ['certutil', 'pk12util', 'openssl'].every(hasProgram)
    ? null
    : 'needs a browser with a certificate: apt-get install chromium libnss3-tools openssl';

export interface CardBrowser {
  readonly context: BrowserContext;
  close(): Promise<void>;
}

/**
 * The system's Chromium, with a profile and an NSS database of its own that holds a certificate and its key, as a card's
 * module would. It presents it at `origin` without asking, as a workstation's policy may have it; null leaves it without.
 */
export async function openCardBrowser(
  origin: string,
  card: { cert: string; key: string } | null,
): Promise<CardBrowser> {
  const home = await mkdtemp(join(tmpdir(), 'serment-card-browser-'));
  const profile = join(home, 'profile');
  const database = join(home, '.pki/nssdb');
  await mkdir(database, { recursive: true });
  await mkdir(join(profile, 'Default'), { recursive: true });
  await run('certutil', ['-d', `sql:${database}`, '-N', '--empty-password']);
  if (card !== null) {
    const pkcs12 = join(home, 'card.p12');
    const held = ['-inkey', card.key, '-in', card.cert, '-name', 'card'];
    await run('openssl', ['pkcs12', '-export', ...held, '-out', pkcs12, '-passout', 'pass:card']);
    await run('pk12util', ['-d', `sql:${database}`, '-i', pkcs12, '-W', 'card', '-K', '']);
  }
  const chosen = { [`${origin},*`]: { setting: { filters: [{}] } } };
  const exceptions = { auto_select_certificate: chosen };
  const preferences = { profile: { content_settings: { exceptions } } };
  await writeFile(join(profile, 'Default/Preferences'), JSON.stringify(preferences));
  const launch = await chromiumLaunch();
  const env = { ...process.env, HOME: home, XDG_DATA_HOME: join(home, '.local/share') };
  const context = await chromium.launchPersistentContext(profile, {
    ...launch,
    args: [...launch.args, '--headless=new'],
    env: env as Record<string, string>,
    ignoreHTTPSErrors: true,
    locale: 'fr-FR',
  });
  return {
    context,
    async close() {
      await context.close();
      await rm(home, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
