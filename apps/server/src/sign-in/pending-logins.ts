import { randomBytes } from 'node:crypto';
import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { ExpiringMap } from '../expiring-map.ts';

/** Logins under way, in memory: each ends after its time or when too many follow. */
export class PendingLogins<Login> extends ExpiringMap<Login> {
  /** Keeps a login for that long, and returns its name: 16 random bytes. */
  add(login: Login, lifeMs: number): Bytes {
    const name = new Uint8Array(randomBytes(16));
    this.put(bytesToHex(name), login, lifeMs);
    return name;
  }
}
