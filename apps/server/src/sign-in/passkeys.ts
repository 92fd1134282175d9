import { type Bytes, ownBytes } from '@serment/core/bytes';
import type { PasskeyGiven, PasskeyMade } from '@serment/core/wire/passkey';
import type { AccountPasskey } from '@serment/store/sign-in/accounts';
import { verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server';
import { ServerError } from '../error.ts';

/** What a passkey must have signed for. */
export interface PasskeyExpected {
  readonly challenge: Bytes;
  /** The origin that browsers know this server by, whose host name is the relying party. */
  readonly origin: string;
}

/** EdDSA, ES256 and RS256, by their numbers in COSE. */
const algorithms = [-8, -7, -257];

/**
 * What an authenticator made, as an account keeps it; what attests to the authenticator's make is asked for by nobody.
 * Throws PASSKEY_REFUSED for another challenge, origin or algorithm, and where the person was not verified.
 */
export async function passkeyMade(
  { credential, attestation, clientData }: PasskeyMade,
  expected: PasskeyExpected,
  added: number,
): Promise<AccountPasskey> {
  const { registrationInfo } = await orRefused(() =>
    verifyRegistrationResponse({
      response: {
        ...credentialOf(credential),
        response: { attestationObject: toText(attestation), clientDataJSON: toText(clientData) },
      },
      ...termsOf(expected),
      supportedAlgorithmIDs: algorithms,
    }),
  );
  // The name is the client's word, until it is the authenticator's.
  if (registrationInfo?.credential.id !== toText(credential)) throw passkeyRefused();
  const { publicKey, counter } = registrationInfo.credential;
  return { credential, publicKey: ownBytes(publicKey), counter, added };
}

/**
 * The counter that a passkey signed with. Throws PASSKEY_REFUSED for another challenge, origin or key, where the person
 * was not verified, and for a counter that did not go on.
 */
export async function passkeyCounter(
  { credential, authenticatorData, clientData, signature }: PasskeyGiven,
  known: AccountPasskey,
  expected: PasskeyExpected,
): Promise<number> {
  const { verified, authenticationInfo } = await orRefused(() =>
    verifyAuthenticationResponse({
      response: {
        ...credentialOf(credential),
        response: {
          authenticatorData: toText(authenticatorData),
          clientDataJSON: toText(clientData),
          signature: toText(signature),
        },
      },
      ...termsOf(expected),
      credential: { id: toText(known.credential), publicKey: ownBytes(known.publicKey), counter: known.counter },
    }),
  );
  if (!verified) throw passkeyRefused();
  return authenticationInfo.newCounter;
}

export function passkeyRefused(): ServerError {
  return new ServerError('PASSKEY_REFUSED', 'This passkey was not asked for, or is none of this account');
}

function credentialOf(credential: Bytes) {
  const id = toText(credential);
  return { id, rawId: id, type: 'public-key' as const, clientExtensionResults: {} };
}

function termsOf({ challenge, origin }: PasskeyExpected) {
  return {
    expectedChallenge: toText(challenge),
    expectedOrigin: origin,
    expectedRPID: new URL(origin).hostname,
    requireUserVerification: true,
  };
}

/** What the library throws says what differs: nobody is told. */
async function orRefused<Result>(verify: () => Promise<Result>): Promise<Result> {
  try {
    return await verify();
  } catch {
    throw passkeyRefused();
  }
}

function toText(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}
