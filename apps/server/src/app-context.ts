import type { Bytes } from '@serment/core/bytes';
import type { PracticeAlert } from '@serment/core/wire/alert';
import type { PendingDrill } from '@serment/core/wire/drill';
import type { CopyStatus } from '@serment/core/wire/status';
import type { Alert } from '@serment/store/alerts/alert';
import type { QueueOverview } from '@serment/store/drill-queue';
import type { Store } from '@serment/store/store';
import type { CopyReadings } from './copy-readings.ts';
import type { IdentityAttempts } from './identity/attempts.ts';
import type { PscConfiguration } from './psc/configuration.ts';
import type { ServerHealth } from './server-health.ts';
import type { Sms } from './sms/sms.ts';

/** The copies that this server publishes to, as clients are told of them. */
export interface Copies {
  /** Practice in hexadecimal. */
  status(practice: string): readonly CopyStatus[];
  /** Reads this practice's copy of that name whole as soon as may be. False when that copy holds nothing of it. */
  verify(practice: string, copy: string): boolean;
  readonly reading: CopyReadings;
  /** Tells when what `status` answers has changed. Returns what ends the subscription. */
  onChange(listener: (practice: string) => void): () => void;
}

/** Restorations of copies that are run to prove them. */
export interface Drills {
  /** Has a practice's copy of that name restored as soon as may be. False when that copy holds nothing of it. */
  ask(practice: string, copy: string): Promise<boolean>;
  /** What of a practice is not done yet, or was given up. */
  pending(practice: string): Promise<readonly PendingDrill[]>;
  /** The same of all practices. */
  overview(): Promise<QueueOverview>;
  /** Leaves what is to be restored from a copy that is retired. */
  forget(copy: string): Promise<void>;
}

/** What this host found wrong. */
export interface Alerts {
  /** What is open, of the whole installation. */
  open(): readonly Alert[];
  /** What a practice (in hexadecimal) is told of it. */
  of(practice: string): readonly PracticeAlert[];
  /** A device or kit that was revoked asked to enter. */
  noteRevoked(practice: Bytes, author: Bytes): void;
  /** An author, or a witness, holds another history than this one. */
  noteOtherHistory(practice: Bytes, author: Bytes): void;
  /** Whether a device said, not long ago, what it reads many files for; and that it says so now. */
  isAnnounced(practice: Bytes, author: Bytes): boolean;
  noteAnnounced(practice: Bytes, author: Bytes): void;
  /** Tells when what `of` answers may have changed. Returns what ends the subscription. */
  onChange(listener: () => void): () => void;
}

/** What routes share. */
export interface AppContext {
  readonly store: Store;
  readonly copies: Copies;
  /** Null at a host that has no copy. */
  readonly drills: Drills | null;
  readonly health: ServerHealth;
  readonly alerts: Alerts;
  readonly version: string;
  /** Address under which browsers reach the server; null on loopback. */
  readonly publicUrl: URL | null;
  readonly isHttps: boolean;
  /** Tokens that allow creating a practice; null when anybody who reaches the server may. */
  readonly invitations: readonly string[] | null;
  readonly sms: Sms;
  /** Proofs of identity under way. */
  readonly attempts: IdentityAttempts;
  /** Origin of the listener that checks cards; null when there is none. */
  readonly cardOrigin: string | null;
  /** Null when this host does not offer Pro Santé Connect. */
  readonly psc: PscConfiguration | null;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}
