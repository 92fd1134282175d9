import type { BytesPlatform } from './bytes.ts';

export const platform: BytesPlatform = {
  toHex: (bytes) => asBuffer(bytes).toString('hex'),
  // A copy each: a small Buffer is a window on a pool that others share.
  fromHex: (text) => new Uint8Array(Buffer.from(text, 'hex')),
  toBase64: (bytes) => asBuffer(bytes).toString('base64'),
  fromBase64: (text) => new Uint8Array(Buffer.from(text, 'base64')),
};

function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
