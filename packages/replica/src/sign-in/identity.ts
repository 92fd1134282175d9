import { type Bytes, hexToBytes } from '@serment/core/bytes';
import { sha256 } from '@serment/core/hash';
import { type RandomSource, randomBytes } from '@serment/core/random';
import type { IdentityMethod, IdentityProof } from '@serment/core/wire/identity';
import { ReplicaError } from '../error.ts';
import type { Transport } from '../transport.ts';
import { SignInApi } from './sign-in-api.ts';

/** A proof of identity that a window of the browser is making. */
export interface IdentityAsked {
  /** Names the attempt, in hexadecimal. */
  readonly attempt: string;
  /** Where the window goes; a path of the server, or another origin's address. */
  readonly address: string;
  /** Of the device alone: the proof is worth nothing to whoever has not this. */
  readonly verifier: Bytes;
}

/** What the window brought back. */
export interface IdentityAnswer {
  readonly attempt: string;
  readonly code: string;
}

/** Begins a proof for an account. Throws ATTEMPT_UNKNOWN where this host reads no such card. */
export async function beginIdentity(
  options: { readonly transport: Transport; readonly account: string | null; readonly random?: RandomSource },
  method: IdentityMethod,
): Promise<IdentityAsked> {
  const { transport, account, random = randomBytes } = options;
  if (account === null) throw new ReplicaError('ACCOUNT_UNKNOWN', 'This device has no account yet');
  const verifier = random(32);
  const request = { method, challenge: sha256(verifier) };
  const address = await new SignInApi(transport).beginIdentity(hexToBytes(account), request);
  const attempt = /\/([0-9a-f]{32})$/.exec(address)?.[1];
  if (attempt === undefined) throw new ReplicaError('ANSWER_INVALID', 'The server names no attempt');
  return { attempt, address, verifier };
}

/** The proof of what was asked. Throws ATTEMPT_UNKNOWN for the answer to another attempt. */
export function proofOf(asked: IdentityAsked | null, { attempt, code }: IdentityAnswer): IdentityProof {
  if (asked === null || asked.attempt !== attempt)
    throw new ReplicaError('ATTEMPT_UNKNOWN', 'This device waits for no such proof');
  return { code, verifier: asked.verifier };
}
