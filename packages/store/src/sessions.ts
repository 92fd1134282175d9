import { createHash, createHmac, randomBytes } from 'node:crypto';
import { type Bytes, bytesToHex, concatBytes, equalBytes, equalSecret } from '@serment/core/bytes';
import { verifySignature } from '@serment/core/signature';
import {
  type Challenge,
  type ChallengeRequest,
  maxSessionsTold,
  type OpenSession,
  type Session,
  type SessionRequest,
  sessionMessage,
} from '@serment/core/wire/session';
import { asHost, byteaArray, byValue, inPractice, type Transaction } from './database-scope.ts';
import { StoreError } from './error.ts';
import type { Database } from './postgres/connect.ts';

export interface SessionsOptions {
  readonly database: Database;
  /** 32 secret bytes that every instance of the host shares. */
  readonly key: Bytes;
  readonly clock: () => number;
  /** True when other instances may close a session. */
  readonly isShared?: boolean;
}

/** Whose session it is. */
export interface SessionOwner {
  readonly practice: Bytes;
  readonly author: Bytes;
  readonly expires: number;
}

/** The sessions of one member: those that its authors opened. */
export interface SessionsOf {
  readonly practice: Bytes;
  readonly authors: readonly Bytes[];
}

interface Cached {
  readonly owner: SessionOwner;
  readonly until: number;
  /** When this instance was last shown its token, ms. */
  readonly used: number;
}

const challengeMs = 60_000;
const sessionMs = 12 * 3_600_000;
/** Whoever left without a word has no session any more after that. */
const idleMs = 30 * 60_000;
/** How far `used` may be behind. */
const usedMs = 60_000;
/** How long whoever comes back to a session that was closed is told so. */
const closedMs = 7 * 24 * 3_600_000;
const cachedMs = 30_000;
/** What another instance closed must not go on here. */
const sharedCachedMs = 1000;
const maxCached = 10_000;

/** Sessions of authors, kept as hashes. A nonce is its own record: what it was given for and until when is sealed in it. */
export class Sessions {
  readonly #options: SessionsOptions;
  readonly #cache = new Map<string, Cached>();
  /** Grows when sessions were closed or ended here: what was read before that is not kept. */
  #changes = 0;

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  /** A nonce for any practice and author, known or not. */
  challenge(request: ChallengeRequest): Challenge {
    const expires = this.#options.clock() + challengeMs;
    const clear = new Uint8Array(16);
    new DataView(clear.buffer).setBigUint64(0, BigInt(expires));
    clear.set(randomBytes(8), 8);
    return { nonce: concatBytes(clear, this.#seal(clear, request)), expires };
  }

  /** Throws CHALLENGE_INVALID for a nonce that is not ours, late, or not signed by the author. It is not used up. */
  async check(request: SessionRequest): Promise<void> {
    const { author, nonce, signature } = request;
    const clear = nonce.slice(0, 16);
    const validUntil = Number(new DataView(clear.buffer).getBigUint64(0));
    const isOurs = equalSecret(nonce.slice(16), this.#seal(clear, request));
    if (!isOurs || validUntil < this.#options.clock()) throw challengeInvalid();
    if (!(await verifySignature(author, sessionMessage(request, nonce), signature))) throw challengeInvalid();
  }

  /**
   * Opens a session on a signed nonce, once. Whether the author may is for the caller to know first. Throws
   * CHALLENGE_INVALID as `check` does, and for a nonce that is used.
   */
  async open(request: SessionRequest): Promise<Session> {
    await this.check(request);
    const { practice, author, nonce } = request;
    const { database, clock } = this.#options;
    const token = new Uint8Array(randomBytes(32));
    const now = clock();
    const expires = now + sessionMs;
    const opened = await inPractice(
      database,
      practice,
      (sql) => sql`
        INSERT INTO serment.sessions (practice, token_hash, author, nonce, expires, opened, used)
        VALUES (${practice}, ${hashOf(token)}, ${author}, ${nonce}, ${expires}, ${now}, ${now})
        ON CONFLICT DO NOTHING RETURNING expires`,
    );
    if (opened.length === 0) throw challengeInvalid();
    return { token, expires };
  }

  /** Whose token this is; null when it is nobody's, or ended. Throws SESSION_CLOSED when it was closed from elsewhere. */
  async find(token: Bytes): Promise<SessionOwner | null> {
    const { database, clock } = this.#options;
    const hash = hashOf(token);
    const name = bytesToHex(hash);
    const now = clock();
    const cached = this.#cache.get(name);
    if (cached !== undefined && cached.until > now) {
      this.#cache.set(name, { ...cached, used: now });
      return cached.owner.expires > now ? cached.owner : null;
    }
    const changes = this.#changes;
    const [row] = await byValue(
      database,
      'token_hash',
      hash,
      (sql) => sql<(SessionOwner & { used: number; isClosed: boolean })[]>`
        SELECT practice, author, expires, used, closed AS "isClosed" FROM serment.sessions WHERE token_hash = ${hash}`,
    );
    if (row === undefined || row.expires <= now) return null;
    const { used, isClosed, ...owner } = row;
    if (isClosed) throw sessionClosed();
    // What this instance was shown counts where it could not be written: a full disk ends no session.
    if (Math.max(used, cached?.used ?? 0) + idleMs <= now) return null;
    if (used + usedMs <= now) await this.#noteUse(owner.practice, hash).catch(() => undefined);
    if (this.#cache.size >= maxCached) this.#cache.clear();
    const until = now + (this.#options.isShared ? sharedCachedMs : cachedMs);
    if (changes === this.#changes) this.#cache.set(name, { owner, until, used: now });
    return owner;
  }

  /** What a member has open, used last first; `current` is the token of who asks. */
  async list({ practice, authors }: SessionsOf, current: Bytes): Promise<OpenSession[]> {
    const { database, clock } = this.#options;
    const now = clock();
    const rows = await inPractice(
      database,
      practice,
      (sql) => sql<Omit<OpenSession, 'isThis'>[]>`
        SELECT token_hash AS session, author, opened, used FROM serment.sessions
        WHERE practice = ${practice} AND author = ANY(${byteaArray(authors)}::bytea[])
          AND NOT closed AND expires > ${now} AND used > ${now - idleMs}
        ORDER BY used DESC, opened DESC LIMIT ${maxSessionsTold}`,
    );
    const own = hashOf(current);
    return rows.map(({ session, author, opened, used }) => ({
      ...{ session, author, opened },
      used: Math.max(used, this.#cache.get(bytesToHex(session))?.used ?? 0),
      isThis: equalBytes(session, own),
    }));
  }

  /**
   * Closes one session of a member, or all but that of a token (all of them for null), also those that were long not used.
   * Answers with the author of each that was closed: none when it was not theirs, or not open any more.
   */
  async close(
    { practice, authors }: SessionsOf,
    which: { readonly session: Bytes } | { readonly allBut: Bytes | null },
  ): Promise<Bytes[]> {
    const { database, clock } = this.#options;
    const now = clock();
    const closed = await inPractice(
      database,
      practice,
      (sql) => sql<{ session: Bytes; author: Bytes }[]>`
        UPDATE serment.sessions SET closed = true, expires = ${now + closedMs}
        WHERE practice = ${practice} AND author = ANY(${byteaArray(authors)}::bytea[]) AND NOT closed AND expires > ${now}
          AND ${'session' in which ? sql`token_hash = ${which.session}` : allBut(sql, which.allBut)}
        RETURNING token_hash AS session, author`,
    );
    this.#changes += 1;
    for (const { session } of closed) this.#cache.delete(bytesToHex(session));
    return closed.map(({ author }) => author);
  }

  /** Looks at a practice's sessions again before they serve: another instance wrote in its journal. */
  recheck(practice: Bytes): void {
    this.#changes += 1;
    for (const [name, cached] of this.#cache)
      if (equalBytes(cached.owner.practice, practice)) this.#cache.set(name, { ...cached, until: 0 });
  }

  /** Ends a session. Its row stays until its nonce could not serve again anyway. */
  async end(practice: Bytes, token: Bytes): Promise<void> {
    const hash = hashOf(token);
    await inPractice(
      this.#options.database,
      practice,
      (sql) => sql`UPDATE serment.sessions SET expires = 0 WHERE practice = ${practice} AND token_hash = ${hash}`,
    );
    this.#changes += 1;
    this.#cache.delete(bytesToHex(hash));
  }

  /** Forgets sessions that ended, save those whose nonce is not past yet. */
  async sweep(): Promise<void> {
    const { database, clock } = this.#options;
    const past = Buffer.alloc(8);
    past.writeBigUInt64BE(BigInt(clock()));
    await asHost(
      database,
      (sql) => sql`
        DELETE FROM serment.sessions WHERE expires < ${clock()} AND substring(nonce FOR 8) < ${new Uint8Array(past)}`,
    );
  }

  async #noteUse(practice: Bytes, hash: Bytes): Promise<void> {
    const { database, clock } = this.#options;
    await inPractice(
      database,
      practice,
      (sql) => sql`
        UPDATE serment.sessions SET used = ${clock()}
        WHERE practice = ${practice} AND token_hash = ${hash} AND used < ${clock()}`,
    );
  }

  #seal(clear: Uint8Array, { practice, author }: ChallengeRequest): Bytes {
    const seal = createHmac('sha256', this.#options.key).update('serment/nonce/1').update(practice).update(author);
    return new Uint8Array(seal.update(clear).digest().subarray(0, 16));
  }
}

function allBut(sql: Transaction, token: Bytes | null) {
  return token === null ? sql`true` : sql`token_hash <> ${hashOf(token)}`;
}

function hashOf(token: Uint8Array): Bytes {
  return new Uint8Array(createHash('sha256').update(token).digest());
}

function sessionClosed(): StoreError {
  return new StoreError('SESSION_CLOSED', 'This session was closed from elsewhere', {
    hint: 'Unlock the device again.',
  });
}

/** The one answer to whoever does not prove to be an author. */
export function challengeInvalid(): StoreError {
  return new StoreError('CHALLENGE_INVALID', 'The challenge is not answered', { hint: 'Ask for a new challenge.' });
}
