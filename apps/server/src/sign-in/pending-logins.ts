import { randomBytes } from 'node:crypto';
import { type Bytes, bytesToHex } from '@serment/core/bytes';

const maxLogins = 5000;

/** Logins under way, in memory: each has a name of 16 random bytes, and ends after its time or when too many follow. */
export class PendingLogins<Login> {
  readonly #clock: () => number;
  readonly #logins = new Map<string, { readonly login: Login; readonly expires: number }>();

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Keeps a login for that long, and returns its name. */
  add(login: Login, lifeMs: number): Bytes {
    const name = new Uint8Array(randomBytes(16));
    this.put(bytesToHex(name), login, lifeMs);
    return name;
  }

  put(name: string, login: Login, lifeMs: number): void {
    const now = this.#clock();
    for (const [other, { expires }] of this.#logins) {
      if (expires >= now && this.#logins.size < maxLogins) break;
      this.#logins.delete(other);
    }
    this.#logins.set(name, { login, expires: now + lifeMs });
  }

  /** Null when there is none of that name, or no longer. */
  get(name: string): Login | null {
    const found = this.#logins.get(name);
    return found === undefined || found.expires < this.#clock() ? null : found.login;
  }

  /** The same, and it is there no more: an attempt serves once, right or wrong. */
  take(name: string): Login | null {
    const login = this.get(name);
    this.#logins.delete(name);
    return login;
  }
}
