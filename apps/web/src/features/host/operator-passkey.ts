import { type Bytes, ownBytes } from '@serment/core/bytes';
import { CodedError } from '@serment/core/error';
import type { OperatorOffer, OperatorPasskeyGiven, OperatorPasskeyMade } from '@serment/core/wire/operator';
import { asked } from '../unlock/passkey.ts';

const timeoutMs = 120_000;

/** Makes a passkey that the authenticator finds again by itself, without a name. Throws as `asked` does. */
export async function makeOperatorPasskey(offer: OperatorOffer): Promise<Omit<OperatorPasskeyMade, 'code'>> {
  const { rawId, response } = await asked(() =>
    navigator.credentials.create({
      publicKey: {
        rp: { name: 'Serment', id: location.hostname },
        user: { id: offer.operator, name: offer.name, displayName: offer.name },
        challenge: offer.challenge,
        pubKeyCredParams: [
          { type: 'public-key', alg: -8 },
          { type: 'public-key', alg: -7 },
          { type: 'public-key', alg: -257 },
        ],
        authenticatorSelection: { userVerification: 'required', residentKey: 'required' },
        attestation: 'none',
        timeout: timeoutMs,
      },
    }),
  );
  if (!(response instanceof AuthenticatorAttestationResponse)) throw notGiven();
  const { attestationObject, clientDataJSON } = response;
  return { credential: copy(rawId), attestation: copy(attestationObject), clientData: copy(clientDataJSON) };
}

/** Asks for any passkey of this host's name. Throws as `asked` does. */
export async function askOperatorPasskey(challenge: Bytes): Promise<OperatorPasskeyGiven> {
  const { rawId, response } = await asked(() =>
    navigator.credentials.get({
      publicKey: { rpId: location.hostname, challenge, userVerification: 'required', timeout: timeoutMs },
    }),
  );
  if (!(response instanceof AuthenticatorAssertionResponse)) throw notGiven();
  const { authenticatorData, clientDataJSON, signature } = response;
  return {
    credential: copy(rawId),
    authenticatorData: copy(authenticatorData),
    clientData: copy(clientDataJSON),
    signature: copy(signature),
  };
}

function copy(buffer: ArrayBuffer): Bytes {
  return ownBytes(new Uint8Array(buffer));
}

function notGiven(): CodedError {
  return new CodedError('PASSKEY_CANCELLED', 'The passkey was not given');
}
