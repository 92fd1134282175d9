import { createHash, createSign, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { type Bytes, concatBytes, hexToBytes, utf8ToBytes } from '@serment/core/bytes';
import type { PasskeyAsked, PasskeyGiven, PasskeyMade } from '@serment/core/wire/passkey';

/** What an authenticator, or somebody in its place, says otherwise than asked. */
export interface Signing {
  readonly challenge?: Bytes;
  readonly origin?: string;
  /** What the browser takes for the site's name. */
  readonly site?: string;
  readonly type?: string;
  /** Whether the person was verified: by a finger, a face or a code. */
  readonly isVerified?: boolean;
  readonly counter?: number;
  /** The credential that signs, in another one's name. */
  readonly as?: Bytes;
}

/** An authenticator without PRF, with the browser before it (WebAuthn level 2; ES256, attestation `none`). */
export class TestAuthenticator {
  readonly credential: Bytes = new Uint8Array(randomBytes(32));
  readonly #key: KeyObject;
  readonly #x: Bytes;
  readonly #y: Bytes;
  readonly #origin: string;
  #counter = 0;

  constructor(origin = 'http://localhost:4400') {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
    this.#key = privateKey;
    [this.#x, this.#y] = [fromText(x), fromText(y)];
    this.#origin = origin;
  }

  make({ challenge }: PasskeyAsked, signing: Signing = {}): PasskeyMade {
    // COSE: kty EC2, alg ES256, crv P-256, then x and y.
    const key = concatBytes(hexToBytes('a5010203262001215820'), this.#x, hexToBytes('225820'), this.#y);
    const attested = concatBytes(new Uint8Array(16), Uint8Array.of(0, this.credential.length), this.credential, key);
    const data = concatBytes(this.#authenticatorData(signing, 0x40), attested);
    return {
      credential: this.credential,
      attestation: concatBytes(
        // {"fmt": "none", "attStmt": {}, "authData": data}
        hexToBytes('a363666d74646e6f6e656761747453746d74a068617574684461746158'),
        Uint8Array.of(data.length),
        data,
      ),
      clientData: this.#clientData('webauthn.create', challenge, signing),
    };
  }

  give({ challenge }: PasskeyAsked, signing: Signing = {}): PasskeyGiven {
    this.#counter += 1;
    const authenticatorData = this.#authenticatorData({ counter: this.#counter, ...signing }, 0);
    const clientData = this.#clientData('webauthn.get', challenge, signing);
    const signature = createSign('sha256')
      .update(authenticatorData)
      .update(createHash('sha256').update(clientData).digest())
      .sign(this.#key);
    const credential = signing.as ?? this.credential;
    return { credential, authenticatorData, clientData, signature: new Uint8Array(signature) };
  }

  #authenticatorData({ isVerified = true, counter = 0, site = new URL(this.#origin).hostname }: Signing, more: number) {
    const count = new Uint8Array(4);
    new DataView(count.buffer).setUint32(0, counter);
    const flags = 0x01 | (isVerified ? 0x04 : 0) | more;
    return concatBytes(hash(utf8ToBytes(site)), Uint8Array.of(flags), count);
  }

  #clientData(type: string, challenge: Bytes, signing: Signing): Bytes {
    return utf8ToBytes(
      JSON.stringify({
        type: signing.type ?? type,
        challenge: Buffer.from(signing.challenge ?? challenge).toString('base64url'),
        origin: signing.origin ?? this.#origin,
        crossOrigin: false,
      }),
    );
  }
}

function hash(bytes: Uint8Array): Bytes {
  return new Uint8Array(createHash('sha256').update(bytes).digest());
}

function fromText(text: string): Bytes {
  return new Uint8Array(Buffer.from(text, 'base64url'));
}
