import { type Bytes, ownBytes } from '@serment/core/bytes';
import type { PasskeyGiven, PasskeyMade } from '@serment/core/wire/passkey';
import { verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server';

/** EdDSA, ES256 and RS256, by their numbers in COSE. */
const algorithms = [-8, -7, -257];

/** What tells that a passkey was there. */
export interface PublicPasskey {
  readonly credential: Bytes;
  /** COSE, as the authenticator gave it. */
  readonly publicKey: Bytes;
  /** The greatest that it signed; 0 for one that does not count. */
  readonly counter: number;
}

/** What a passkey must have signed for. */
export interface PasskeyExpected {
  /** True for a challenge that was given out and not answered yet, in base64url. */
  readonly takes: (challenge: string) => boolean;
  /** The origin that browsers know this server by, whose host name is the relying party. */
  readonly origin: string;
}

/**
 * What an authenticator made; null for another challenge, origin or algorithm, and where the person was not verified. Of
 * which make the authenticator is, nothing is asked.
 */
export async function passkeyMade(
  { credential, attestation, clientData }: PasskeyMade,
  expected: PasskeyExpected,
): Promise<PublicPasskey | null> {
  const made = await orNull(() =>
    verifyRegistrationResponse({
      response: {
        ...credentialOf(credential),
        response: { attestationObject: toText(attestation), clientDataJSON: toText(clientData) },
      },
      ...termsOf(expected),
      supportedAlgorithmIDs: algorithms,
    }),
  );
  const info = made?.verified === true ? made.registrationInfo : undefined;
  // The name is the client's word, until it is the authenticator's.
  if (info?.credential.id !== toText(credential)) return null;
  return { credential, publicKey: ownBytes(info.credential.publicKey), counter: info.credential.counter };
}

/** The counter that a passkey signed with; null for another challenge, origin, key or person, and for a copied passkey. */
export async function passkeyCounter(
  { credential, authenticatorData, clientData, signature }: PasskeyGiven,
  known: PublicPasskey,
  expected: PasskeyExpected,
): Promise<number | null> {
  const given = await orNull(() =>
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
  return given?.verified === true ? given.authenticationInfo.newCounter : null;
}

function credentialOf(credential: Bytes) {
  const id = toText(credential);
  return { id, rawId: id, type: 'public-key' as const, clientExtensionResults: {} };
}

function termsOf({ takes, origin }: PasskeyExpected) {
  return {
    expectedChallenge: takes,
    expectedOrigin: origin,
    expectedRPID: new URL(origin).hostname,
    requireUserVerification: true,
  };
}

/** What the library throws says what differs: nobody is told. */
async function orNull<Result>(verify: () => Promise<Result>): Promise<Result | null> {
  try {
    return await verify();
  } catch {
    return null;
  }
}

/** Bytes as browsers write them, in base64url. */
export function toText(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}
