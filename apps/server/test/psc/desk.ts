import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import type { Bytes } from '@serment/core/bytes';
import type { Store } from '@serment/store/store';
import { pino } from 'pino';
import type { AppOptions } from '../../src/app.ts';
import { IdentityAttempts, type ProvenIdentity } from '../../src/identity/attempts.ts';
import { makeApp } from '../test-app.ts';
import { TestBrowser } from './test-browser.ts';
import type { TestProvider } from './test-provider.ts';

/** What the device that began an attempt knows of it. */
export interface Begun {
  readonly attempt: string;
  readonly account: Bytes;
  readonly verifier: Bytes;
}

/** What the application's page reads in its fragment. */
export type Told = { readonly attempt: string } & ({ readonly code: string } | { readonly error: string });

/** A server that knows the provider, on a free port of loopback. */
export interface Desk {
  readonly origin: string;
  readonly attempts: IdentityAttempts;
  /** Milliseconds by which its clock is ahead. */
  ahead: number;
  /** What it logged. */
  readonly logged: string[];
  begin(): Begun;
  startUrl(begun: Begun): string;
  /** Goes through the whole sign-in, and answers with what the page is told. */
  signIn(begun: Begun, browser?: TestBrowser): Promise<Told>;
  take(begun: Begun, told: Told): ProvenIdentity;
  /** Asserts that the sign-in is refused by that code and nothing is proven. */
  refuses(code: string, browser?: TestBrowser): Promise<void>;
  close(): Promise<void>;
}

/** Desks that a test opens, and that are closed when it ends, whatever became of it. */
export class Desks {
  readonly #store: Store;
  readonly #open: Desk[] = [];

  constructor(store: Store) {
    this.#store = store;
  }

  async open(provider: TestProvider, options: Partial<AppOptions> = {}): Promise<Desk> {
    const desk = await openDesk(this.#store, provider, options);
    this.#open.push(desk);
    return desk;
  }

  async closeAll(): Promise<void> {
    await Promise.all(this.#open.splice(0).map((desk) => desk.close()));
  }
}

async function openDesk(store: Store, provider: TestProvider, options: Partial<AppOptions> = {}): Promise<Desk> {
  const logged: string[] = [];
  const time = { ahead: 0 };
  const clock = () => Date.now() + time.ahead;
  const attempts = new IdentityAttempts(clock);
  const log = pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) });
  const app = await makeApp(store, { attempts, psc: provider.configuration, clock, log, ...options });
  await app.listen({ host: 'localhost', port: 0 });
  const port = app.addresses().find((address) => typeof address === 'object')?.port;
  const desk: Desk = {
    ...{ origin: `http://localhost:${port}`, attempts, logged },
    get ahead() {
      return time.ahead;
    },
    set ahead(ms) {
      time.ahead = ms;
    },
    begin() {
      const account = new Uint8Array(randomBytes(16));
      const verifier = new Uint8Array(randomBytes(32));
      const challenge = new Uint8Array(createHash('sha256').update(verifier).digest());
      return { attempt: attempts.begin({ account, method: 'psc', challenge }), account, verifier };
    },
    startUrl: ({ attempt }) => `${desk.origin}/api/identity/psc/${attempt}`,
    async signIn(begun, browser = new TestBrowser()) {
      return parseTold(await browser.open(desk.startUrl(begun), isPage), desk.origin);
    },
    take({ attempt, account, verifier }, told) {
      assert.ok('code' in told, JSON.stringify(told));
      return attempts.take(attempt, { account, verifier, code: told.code });
    },
    async refuses(code, browser) {
      const begun = desk.begin();
      assert.deepEqual(await desk.signIn(begun, browser), { attempt: begun.attempt, error: code });
      assert.ok(attempts.isWaiting(begun.attempt, 'psc'), 'nothing is proven');
    },
    close: () => app.close(),
  };
  provider.serve(desk.origin, provider.configuration);
  return desk;
}

export function isPage({ pathname }: URL): boolean {
  return pathname === '/identity';
}

export function isCallback({ pathname }: URL): boolean {
  return pathname === '/api/identity/psc/callback';
}

/** Reads what the page is told, from the address that the server sent to. */
export function parseTold(url: URL, origin: string): Told {
  assert.equal(`${url.origin}${url.pathname}${url.search}`, `${origin}/identity`);
  const [attempt = '', proof = '', code = ''] = url.hash.slice(1).split('.');
  return proof === 'error' ? { attempt, error: code } : { attempt, code: proof };
}
