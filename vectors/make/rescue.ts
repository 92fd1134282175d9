// Makes vectors/rescue.json: node vectors/make/rescue.ts
import { writeFileSync } from 'node:fs';
import { deflateSync } from 'fflate';
import { type Bytes, bytesToHex, concatBytes, utf8ToBytes } from '../../packages/core/src/bytes.ts';
import { sha256 } from '../../packages/core/src/hash.ts';
import { newRescuePhrase, type RescueKey, stretchRescuePhrase } from '../../packages/core/src/keys/rescue.ts';
import { sealBytes, sealedSize } from '../../packages/core/src/sealed/cobblestone.ts';
import { padmeSize } from '../../packages/core/src/sealed/padme.ts';

const bytesFor = (name: string) => (sizeBytes: number) => {
  const blocks = Array.from({ length: Math.ceil(sizeBytes / 32) }, (_, block) =>
    sha256(utf8ToBytes(`serment vectors rescue ${name} ${block}`)),
  );
  return concatBytes(...blocks).slice(0, sizeBytes);
};
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

const phrase = newRescuePhrase(bytesFor('phrase'));
const otherPhrase = newRescuePhrase(bytesFor('other phrase'));
const salt = bytesFor('salt')(16);
const made = Date.UTC(2026, 10, 30, 17, 2);
const content = JSON.stringify({
  practice: 'Cabinet des Érables',
  patients: [{ family: '</script><b>', given: '\u202e' }],
});
const headSizeBytes = 29;

/** The text of the file. */
export async function makeRescue(): Promise<string> {
  const stretched = await stretchRescuePhrase(phrase, salt);
  const copy = await sealed(stretched, packed(utf8ToBytes(content)), bytesFor('seal'));
  // Two chunks: hexadecimal of random bytes deflates to half.
  const long = bytesToHex(bytesFor('content')(17_000));
  const longCopy = await sealed(stretched, packed(utf8ToBytes(JSON.stringify({ long }))), bytesFor('long'));
  const text = base64(copy);
  const opened = { phrase, made, content };
  const refused = { phrase };
  const vectors = {
    about: 'docs/format/rescue.md. `copy` is base64, as the page holds it.',
    phrases: [
      { name: 'as shown', typed: phrase, characters: phrase.replaceAll('-', '') },
      {
        name: 'in lower case with spaces',
        typed: phrase.toLowerCase().replaceAll('-', ' '),
        characters: phrase.replaceAll('-', ''),
      },
      { name: 'letters for digits', typed: 'o0Oi1-IlL1a-bcdef-ghjkm', characters: '000111111ABCDEFGHJKM' },
      {
        name: 'with dashes and a line feed',
        typed: ` ${phrase.replaceAll('-', '\u2013')}\n`,
        characters: phrase.replaceAll('-', ''),
      },
    ],
    phrasesRefused: [
      { name: 'nothing', typed: '', fields: { found: 0, expected: 20 } },
      { name: 'a character short', typed: phrase.slice(0, -1), fields: { found: 19, expected: 20 } },
      { name: 'a character more', typed: `${phrase}0`, fields: { found: 21, expected: 20 } },
      { name: 'a letter that no passphrase has', typed: `U${phrase.slice(1)}`, fields: { position: 1 } },
      { name: 'an accent', typed: `${phrase.slice(0, 6)}é${phrase.slice(7)}`, fields: { position: 6 } },
      { name: 'a letter of another alphabet', typed: `${phrase.slice(0, -1)}\u0410`, fields: { position: 20 } },
      { name: 'an underscore between groups', typed: phrase.replaceAll('-', '_'), fields: { position: 6 } },
    ],
    keys: [
      { phrase, salt: bytesToHex(salt), key: bytesToHex(stretched.key) },
      {
        phrase: otherPhrase,
        salt: bytesToHex(salt),
        key: bytesToHex((await stretchRescuePhrase(otherPhrase, salt)).key),
      },
    ],
    copies: [
      { name: 'a copy', ...opened, copy: text },
      { name: 'in lines', ...opened, copy: `\n${text.match(/.{1,76}/g)?.join('\r\n')}\n` },
      { name: 'of several chunks', phrase, made, content: JSON.stringify({ long }), copy: base64(longCopy) },
    ],
    refused: [
      { name: 'another passphrase', phrase: otherPhrase, copy: text, error: 'SEALED_INVALID' },
      { name: 'another format', ...refused, copy: base64(replaced(copy, 0, 2)), error: 'FORMAT_UNKNOWN' },
      { name: 'another format, cut', ...refused, copy: base64(Uint8Array.of(2)), error: 'FORMAT_UNKNOWN' },
      { name: 'nothing', ...refused, copy: '', error: 'RESCUE_CUT' },
      { name: 'cut within the head', ...refused, copy: base64(copy.subarray(0, 20)), error: 'RESCUE_CUT' },
      { name: 'cut behind the head', ...refused, copy: base64(copy.subarray(0, headSizeBytes)), error: 'RESCUE_CUT' },
      { name: 'a byte short', ...refused, copy: base64(copy.subarray(0, -1)), error: 'RESCUE_CUT' },
      { name: 'cut within a group of base64', ...refused, copy: text.slice(0, 301), error: 'RESCUE_CUT' },
      { name: 'a byte more', ...refused, copy: base64(concatBytes(copy, Uint8Array.of(0))), error: 'RESCUE_DAMAGED' },
      { name: 'another hour', ...refused, copy: base64(flipped(copy, 8)), error: 'RESCUE_DAMAGED' },
      { name: 'another salt', ...refused, copy: base64(flipped(copy, 9)), error: 'RESCUE_DAMAGED' },
      { name: 'a changed byte within', ...refused, copy: base64(flipped(copy, 150)), error: 'RESCUE_DAMAGED' },
      { name: 'a changed hash', ...refused, copy: base64(flipped(copy, copy.length - 1)), error: 'RESCUE_DAMAGED' },
      { name: 'a smaller size', ...refused, copy: base64(flipped(copy, headSizeBytes - 1)), error: sizeError(copy) },
      { name: 'no base64', ...refused, copy: `${text.slice(0, 40)}*${text.slice(41)}`, error: 'RESCUE_DAMAGED' },
      {
        name: 'base64 of addresses',
        ...refused,
        copy: `${text.slice(0, 40)}-_${text.slice(42)}`,
        error: 'RESCUE_DAMAGED',
      },
      {
        name: 'another hour, hashed anew',
        ...refused,
        copy: base64(hashedAnew(flipped(copy, 8))),
        error: 'SEALED_INVALID',
      },
      {
        name: 'a changed byte within, hashed anew',
        ...refused,
        copy: base64(hashedAnew(flipped(copy, 150))),
        error: 'SEALED_INVALID',
      },
      {
        name: 'bytes that changed places, hashed anew',
        ...refused,
        copy: base64(hashedAnew(swapped(longCopy))),
        error: 'SEALED_INVALID',
      },
      { name: 'not packed', ...refused, copy: base64(await unpacked(stretched)), error: 'PAYLOAD_INVALID' },
    ],
  };
  return `${JSON.stringify(vectors, null, 1)}\n`;
}

function replaced(bytes: Uint8Array, place: number, by: number): Uint8Array {
  const changed = Uint8Array.from(bytes);
  changed[place] = by;
  return changed;
}

function flipped(bytes: Uint8Array, place: number): Uint8Array {
  return replaced(bytes, place, (bytes[place] ?? 0) ^ 1);
}

function hashedAnew(copy: Uint8Array): Uint8Array {
  const body = copy.subarray(0, -32);
  return concatBytes(body, sha256(body));
}

/** What a size that is one off comes to, by which way it went. */
function sizeError(copy: Uint8Array): string {
  return ((copy[headSizeBytes - 1] ?? 0) & 1) === 0 ? 'RESCUE_CUT' : 'RESCUE_DAMAGED';
}

/** The first and the last bytes of what is sealed change places. */
function swapped(copy: Uint8Array): Uint8Array {
  const changed = Uint8Array.from(copy);
  const [start, end] = [headSizeBytes + 56, copy.length - 32];
  const [first, last] = [copy.subarray(start, start + 16), copy.subarray(end - 16, end)];
  changed.set(last, start);
  changed.set(first, end - 16);
  return changed;
}

/** By one release of one library: others deflate the same content to other bytes. */
function packed(content: Uint8Array): Uint8Array {
  const deflated = deflateSync(content);
  const bytes = new Uint8Array(padmeSize(5 + deflated.length));
  bytes[0] = 1;
  new DataView(bytes.buffer).setUint32(1, deflated.length);
  bytes.set(deflated, 5);
  return bytes;
}

async function sealed({ key }: RescueKey, clear: Uint8Array, random: (sizeBytes: number) => Bytes): Promise<Bytes> {
  const head = new Uint8Array(headSizeBytes);
  const view = new DataView(head.buffer);
  head[0] = 1;
  view.setBigUint64(1, BigInt(made));
  head.set(salt, 9);
  view.setUint32(headSizeBytes - 4, sealedSize(clear.length));
  const body = await sealBytes(key, concatBytes(utf8ToBytes('serment/rescue/1'), head), clear, random);
  return concatBytes(head, body, sha256(head, body));
}

/** Opens, and is nothing that was packed. */
function unpacked(key: RescueKey): Promise<Uint8Array> {
  return sealed(key, new Uint8Array(256).fill(7), bytesFor('unpacked'));
}

if (import.meta.main) writeFileSync(new URL('../rescue.json', import.meta.url), await makeRescue());
