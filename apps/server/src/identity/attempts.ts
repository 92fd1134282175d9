import { createHash, randomBytes } from 'node:crypto';
import { type Bytes, bytesToHex, equalSecret, hexToBytes } from '@serment/core/bytes';
import type { IdentityMethod } from '@serment/core/wire/identity';
import { ServerError } from '../error.ts';
import { ExpiringMap } from '../expiring-map.ts';

/** Who a card or Pro Santé Connect has just shown to be there. */
export interface ProvenIdentity {
  readonly method: IdentityMethod;
  /** As the directory of health professionals prints it: "8" and eleven digits of RPPS. */
  readonly nationalId: string;
}

interface Attempt {
  /** In hexadecimal. */
  readonly account: string;
  readonly method: IdentityMethod;
  /** SHA-256 of what the device that began keeps to itself. */
  readonly challenge: Bytes;
  /** Set once, when the identity is proven: the hash of the code that went back to the browser. */
  proof: { readonly identity: ProvenIdentity; readonly codeHash: Bytes } | null;
}

const attemptMs = 5 * 60_000;

/**
 * Proofs of identity under way, in memory. A proof is made in one place (the card's listener, or Pro Santé Connect's
 * answer) and taken in another (the account's route): what joins them is a code that only the browser which made the
 * proof is sent, and a verifier that only the device which began holds. Whoever is lured into proving somebody else's
 * attempt receives the code in a browser without that verifier, and nothing opens.
 */
export class IdentityAttempts {
  readonly #attempts: ExpiringMap<Attempt>;

  constructor(clock: () => number) {
    this.#attempts = new ExpiringMap(clock);
  }

  /** Begins an attempt for an account, known or not. `challenge` is the SHA-256 of the verifier, 32 bytes. */
  begin(options: { readonly account: Bytes; readonly method: IdentityMethod; readonly challenge: Bytes }): string {
    const name = randomBytes(16).toString('hex');
    const { account, method, challenge } = options;
    this.#attempts.put(name, { account: bytesToHex(account), method, challenge, proof: null }, attemptMs);
    return name;
  }

  /** Whether this attempt waits for a proof by that method. `name` is whatever came in an address. */
  isWaiting(name: string, method: IdentityMethod): boolean {
    const attempt = this.#attempts.get(name);
    return attempt !== null && attempt.method === method && attempt.proof === null;
  }

  /**
   * Says who was there, once for each attempt, and returns the code, in hexadecimal, that this browser must carry back.
   * Throws ATTEMPT_UNKNOWN when it is not waited for: unknown, late, of another method, or proven already.
   */
  prove(name: string, identity: ProvenIdentity): string {
    const attempt = this.#attempts.get(name);
    if (attempt === null || attempt.method !== identity.method || attempt.proof !== null) throw unknownAttempt();
    const code = randomBytes(32);
    attempt.proof = { identity, codeHash: hash(code) };
    return code.toString('hex');
  }

  /** Takes a proof, once, right or wrong. Throws ATTEMPT_UNKNOWN. */
  take(
    name: string,
    answer: { readonly account: Bytes; readonly code: string; readonly verifier: Bytes },
  ): ProvenIdentity {
    const attempt = this.#attempts.take(name);
    if (attempt === null || attempt.proof === null || attempt.account !== bytesToHex(answer.account))
      throw unknownAttempt();
    const isRight =
      /^[0-9a-f]{64}$/.test(answer.code) &&
      equalSecret(hash(hexToBytes(answer.code)), attempt.proof.codeHash) &&
      equalSecret(hash(answer.verifier), attempt.challenge);
    if (!isRight) throw unknownAttempt();
    return attempt.proof.identity;
  }
}

function hash(bytes: Uint8Array): Bytes {
  return new Uint8Array(createHash('sha256').update(bytes).digest());
}

export function unknownAttempt(): ServerError {
  return new ServerError('ATTEMPT_UNKNOWN', 'This proof of identity is not waited for, or no longer', {
    hint: 'Begin again.',
  });
}
