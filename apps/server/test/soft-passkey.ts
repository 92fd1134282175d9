import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { type Bytes, concatBytes, hexToBytes, utf8ToBytes } from '@serment/core/bytes';

export interface Signing {
  readonly challenge: Bytes;
  readonly origin?: string;
  readonly hostname?: string;
  /** Whether the person was verified. */
  readonly isVerified?: boolean;
  readonly counter?: number;
}

const ownBytes = (buffer: Uint8Array): Bytes => new Uint8Array(buffer);
const head = (major: number, length: number): Bytes => {
  if (length < 24) return new Uint8Array([(major << 5) | length]);
  if (length < 256) return new Uint8Array([(major << 5) | 24, length]);
  return new Uint8Array([(major << 5) | 25, length >> 8, length & 255]);
};
const text = (value: string): Bytes => concatBytes(head(3, value.length), utf8ToBytes(value));
const bytes = (value: Uint8Array): Bytes => concatBytes(head(2, value.length), value);

/** An authenticator in a few lines, ES256 without attestation (WebAuthn level 3, sections 6.1 and 6.5). */
export function makeSoftPasskey(credential: Bytes) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const point = (value: string) => bytes(Buffer.from(value, 'base64url'));
  const cose = concatBytes(hexToBytes('a5010203262001'), hexToBytes('21'), point(x), hexToBytes('22'), point(y));
  const dataOf = ({ hostname = 'localhost', isVerified = true, counter = 0 }: Signing, isMade: boolean): Bytes => {
    const flags = 0x01 | (isVerified ? 0x04 : 0) | (isMade ? 0x40 : 0);
    const count = new Uint8Array(4);
    new DataView(count.buffer).setUint32(0, counter);
    const rpIdHash = ownBytes(createHash('sha256').update(hostname).digest());
    const made = concatBytes(new Uint8Array(16), new Uint8Array([0, credential.length]), credential, cose);
    return concatBytes(rpIdHash, new Uint8Array([flags]), count, isMade ? made : new Uint8Array());
  };
  const clientDataOf = (type: string, { challenge, origin = 'http://localhost:4400' }: Signing): Bytes =>
    utf8ToBytes(
      JSON.stringify({ type, challenge: Buffer.from(challenge).toString('base64url'), origin, crossOrigin: false }),
    );
  return {
    credential,
    make(signing: Signing) {
      const attestation = concatBytes(
        ...[new Uint8Array([0xa3]), text('fmt'), text('none'), text('attStmt'), new Uint8Array([0xa0])],
        ...[text('authData'), bytes(dataOf(signing, true))],
      );
      return { credential, attestation, clientData: clientDataOf('webauthn.create', signing) };
    },
    give(signing: Signing) {
      const [authenticatorData, clientData] = [dataOf(signing, false), clientDataOf('webauthn.get', signing)];
      const hash = createHash('sha256').update(clientData).digest();
      const signature = ownBytes(sign('sha256', concatBytes(authenticatorData, hash), privateKey));
      return { credential, authenticatorData, clientData, signature };
    },
  };
}
