import { createHash, createHmac, randomBytes } from 'node:crypto';
import { type Bytes, concatBytes, equalSecret } from '@serment/core/bytes';
import { verifySignature } from '@serment/core/signature';
import {
  type Challenge,
  type ChallengeRequest,
  type Session,
  type SessionRequest,
  sessionMessage,
} from '@serment/core/wire/session';
import { asHost, byValue, inPractice } from './database-scope.ts';
import { StoreError } from './error.ts';
import type { Database } from './postgres/connect.ts';

export interface SessionsOptions {
  readonly database: Database;
  /** 32 secret bytes that every instance of the host shares. */
  readonly key: Bytes;
  readonly clock: () => number;
}

/** Whose session it is. */
export interface SessionOwner {
  readonly practice: Bytes;
  readonly author: Bytes;
  readonly expires: number;
}

const challengeMs = 60_000;
const sessionMs = 12 * 3_600_000;
const cachedMs = 30_000;
const maxCached = 10_000;

/** Sessions of authors, kept as hashes. A nonce is its own record: what it was given for and until when is sealed in it. */
export class Sessions {
  readonly #options: SessionsOptions;
  readonly #cache = new Map<string, { owner: SessionOwner; until: number }>();

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
    const expires = clock() + sessionMs;
    const opened = await inPractice(
      database,
      practice,
      (sql) => sql`
        INSERT INTO serment.sessions (practice, token_hash, author, nonce, expires)
        VALUES (${practice}, ${hashOf(token)}, ${author}, ${nonce}, ${expires}) ON CONFLICT DO NOTHING RETURNING expires`,
    );
    if (opened.length === 0) throw challengeInvalid();
    return { token, expires };
  }

  /** Whose token this is; null when it is nobody's, or ended. */
  async find(token: Bytes): Promise<SessionOwner | null> {
    const { database, clock } = this.#options;
    const hash = hashOf(token);
    const name = Buffer.from(hash).toString('hex');
    const now = clock();
    const cached = this.#cache.get(name);
    if (cached !== undefined && cached.until > now) return cached.owner.expires > now ? cached.owner : null;
    const [owner] = await byValue(
      database,
      'token_hash',
      hash,
      (sql) => sql<SessionOwner[]>`SELECT practice, author, expires FROM serment.sessions WHERE token_hash = ${hash}`,
    );
    if (owner === undefined || owner.expires <= now) return null;
    if (this.#cache.size >= maxCached) this.#cache.clear();
    this.#cache.set(name, { owner, until: now + cachedMs });
    return owner;
  }

  /** Ends a session. Its row stays until its nonce could not serve again anyway. */
  async end(practice: Bytes, token: Bytes): Promise<void> {
    const hash = hashOf(token);
    this.#cache.delete(Buffer.from(hash).toString('hex'));
    await inPractice(
      this.#options.database,
      practice,
      (sql) => sql`UPDATE serment.sessions SET expires = 0 WHERE practice = ${practice} AND token_hash = ${hash}`,
    );
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

  #seal(clear: Uint8Array, { practice, author }: ChallengeRequest): Bytes {
    const seal = createHmac('sha256', this.#options.key).update('serment/nonce/1').update(practice).update(author);
    return new Uint8Array(seal.update(clear).digest().subarray(0, 16));
  }
}

function hashOf(token: Uint8Array): Bytes {
  return new Uint8Array(createHash('sha256').update(token).digest());
}

/** The one answer to whoever does not prove to be an author. */
export function challengeInvalid(): StoreError {
  return new StoreError('CHALLENGE_INVALID', 'The challenge is not answered', { hint: 'Ask for a new challenge.' });
}
