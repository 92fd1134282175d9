// Makes vectors/enrolment.json: node vectors/make/enrolment.ts
import { writeFileSync } from 'node:fs';
import { bytesToHex, concatBytes, utf8ToBytes } from '../../packages/core/src/bytes.ts';
import { sha256 } from '../../packages/core/src/hash.ts';
import { encodeCrockford } from '../../packages/core/src/keys/crockford.ts';
import {
  enrolmentAnswerTag,
  enrolmentCode,
  enrolmentCommitment,
  formatEnrolmentQr,
  formatEnrolmentReference,
  type Newcomer,
  type Opener,
} from '../../packages/core/src/keys/enrolment.ts';
import { seedToRecipient } from '../../packages/core/src/keys/seed.ts';
import { seedToSigner } from '../../packages/core/src/keys/signing.ts';

const named = (name: string) => sha256(utf8ToBytes(`serment vectors ${name}`));
const hexOf = (items: object) =>
  Object.fromEntries(Object.entries(items).map(([name, bytes]) => [name, bytesToHex(bytes)]));

/** The text of the file. */
export async function makeEnrolment(): Promise<string> {
  const [seed, otherSeed] = [named('enrolled device'), named('another device')];
  const newcomer = {
    author: (await seedToSigner(seed)).author,
    recipient: await seedToRecipient(seed),
    nonce: named('newcomer nonce'),
  };
  const opener = {
    ...{ practice: named('practice'), member: named('member').slice(0, 16) },
    ...{ author: (await seedToSigner(named('opener'))).author, nonce: named('opener nonce') },
  };
  const secret = named('enrolment secret');
  const qr = { reference: named('reference').slice(0, 5), commitment: enrolmentCommitment(newcomer), secret };
  const changed = (name: string, own: Partial<Newcomer>, other: Partial<Opener>) => {
    const [theirs, ours] = [
      { ...newcomer, ...own },
      { ...opener, ...other },
    ];
    const commitment = enrolmentCommitment(theirs);
    return {
      ...{ name, newcomer: hexOf(own), opener: hexOf(other), commitment: bytesToHex(commitment) },
      code: enrolmentCode(theirs, ours),
      tag: bytesToHex(enrolmentAnswerTag({ commitment, secret }, ours)),
    };
  };
  const { name: _, newcomer: __, opener: ___, ...same } = changed('', {}, {});
  const refused = (name: string, own: Partial<Newcomer>, other: Partial<Opener>) => ({
    ...{ name, newcomer: hexOf(own), opener: hexOf(other), error: 'KEY_INVALID' },
  });
  const cut = (bytes: Uint8Array) => new Uint8Array(bytes.subarray(0, -1));
  const longer = (bytes: Uint8Array) => concatBytes(bytes, Uint8Array.of(0));
  const vectors = {
    about:
      'docs/format/keys.md, enrolment by an open device. Bytes in hexadecimal; positions from 1, separators apart.',
    ...{ newcomer: hexOf(newcomer), opener: hexOf(opener), secret: bytesToHex(secret), ...same },
    changed: [
      changed('another author', { author: (await seedToSigner(otherSeed)).author }, {}),
      changed('another recipient', { recipient: await seedToRecipient(otherSeed) }, {}),
      changed('another nonce of the newcomer', { nonce: named('another nonce') }, {}),
      changed('author and nonce exchanged', { author: newcomer.nonce, nonce: newcomer.author }, {}),
      changed('another practice', {}, { practice: named('another practice') }),
      changed('another member', {}, { member: named('another member').slice(0, 16) }),
      changed('another opener', {}, { author: newcomer.author }),
      changed('another nonce of the opener', {}, { nonce: named('another nonce') }),
      changed('opener and its nonce exchanged', {}, { author: opener.nonce, nonce: opener.author }),
    ],
    refused: [
      refused('an author of 31 bytes', { author: cut(newcomer.author) }, {}),
      refused('a recipient of 1215 bytes', { recipient: cut(newcomer.recipient) }, {}),
      refused('a recipient of 1217 bytes', { recipient: longer(newcomer.recipient) }, {}),
      refused(
        'a byte of the recipient in the nonce',
        {
          recipient: cut(newcomer.recipient),
          nonce: concatBytes(newcomer.recipient.subarray(-1), newcomer.nonce),
        },
        {},
      ),
      refused('no nonce', { nonce: new Uint8Array(0) }, {}),
      refused('a practice of 16 bytes', {}, { practice: opener.practice.slice(0, 16) }),
      refused('a member of 32 bytes', {}, { member: named('member') }),
      refused('an opener of 33 bytes', {}, { author: longer(opener.author) }),
      refused('an opener\u2019s nonce of 31 bytes', {}, { nonce: cut(opener.nonce) }),
    ],
    texts: [
      { name: 'device', ...qr },
      { name: 'device of ones', ...filledQr(255) },
      { name: 'device of zeros', ...filledQr(0) },
    ].map(({ name, ...one }) => ({
      ...{ name, ...hexOf(one) },
      ...{ typed: formatEnrolmentReference(one.reference), text: formatEnrolmentQr(one) },
    })),
    read: readings(qr),
  };
  return `${JSON.stringify(vectors, null, 1)}\n`;
}

function filledQr(fill: number) {
  const filled = (sizeBytes: number) => new Uint8Array(sizeBytes).fill(fill);
  return { reference: filled(5), commitment: filled(32), secret: filled(32) };
}

function readings(qr: Parameters<typeof formatEnrolmentQr>[0]) {
  const text = formatEnrolmentQr(qr);
  const characters = text.slice(text.indexOf(':') + 1);
  const typed = formatEnrolmentReference(qr.reference);
  const scan = (name: string, written: string) => ({ name: `text: ${name}`, text: written, ...hexOf(qr) });
  const type = (name: string, written: string, reference = qr.reference) => ({
    ...{ name: `reference: ${name}`, text: written, reference: bytesToHex(reference) },
  });
  const refused = (name: string, written: string, error: string, fields: object = {}) => ({
    ...{ name, text: written, error, fields },
  });
  const at = (position: number, character: string) =>
    `SERMENT-DEVICE:${characters.slice(0, position - 1)}${character}${characters.slice(position)}`;
  const other = (position: number) => at(position, characters[position - 1] === 'A' ? 'B' : 'A');
  const last = characters.at(-1) ?? '';
  const padded = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'.at('0123456789ABCDEFGHJKMNPQRSTVWXYZ'.indexOf(last) + 1) ?? '';
  const newer = concatBytes(Uint8Array.of(2), qr.reference, qr.commitment, qr.secret);
  const sum = sha256(utf8ToBytes('serment/enrolment-qr/1'), newer).slice(0, 4);
  const invalid = 'ENROLMENT_INVALID';
  return [
    scan('in lower case', text.toLowerCase()),
    scan('on two lines', `${text.slice(0, 60)}\r\n ${text.slice(60)}`),
    scan('with spaces around', ` \t${text}\u00a0\n`),
    type('in lower case', typed.toLowerCase()),
    type('in two groups', `${typed.slice(0, 4)}-${typed.slice(4)}`),
    type('with dashes and spaces anywhere', ` ${typed.slice(0, 1)} – ${typed.slice(1)}\n`),
    type('O for 0, I and L for 1', 'oOiIlL00', Uint8Array.of(0x00, 0x02, 0x10, 0x84, 0x00)),
    refused('nothing', '', invalid, { found: 0, expected: 8 }),
    refused('separators alone', ' - – ', invalid, { found: 0, expected: 8 }),
    refused('a character less', typed.slice(1), invalid, { found: 7, expected: 8 }),
    refused('a character more', `${typed}0`, invalid, { found: 9, expected: 8 }),
    refused('a letter U', `${typed.slice(0, 4)}U${typed.slice(5)}`, invalid, { position: 5 }),
    refused('full-width digits', `７${typed.slice(1)}`, invalid, { position: 1 }),
    refused('a letter that Unicode makes an S', `${typed.slice(0, 7)}ſ`, invalid, { position: 8 }),
    refused('an address', 'https://coffre.exemple/appareil', invalid, { position: 6 }),
    refused('a kit\u2019s prefix', `SERMENT-KIT:${characters}`, invalid, { position: 11 }),
    refused('the prefix alone', 'SERMENT-DEVICE:', invalid, { found: 0, expected: 119 }),
    refused('a prefix before a reference', `SERMENT-DEVICE:${typed}`, invalid, { found: 8, expected: 119 }),
    refused('a text without its prefix', characters, invalid, { found: 119, expected: 8 }),
    refused('a text cut by a character', text.slice(0, -1), invalid, { found: 118, expected: 119 }),
    refused('a text with a character more', `${text}0`, invalid, { found: 120, expected: 119 }),
    refused('a text with a letter with an accent', at(20, 'é'), invalid, { position: 20 }),
    refused('a text with a padding bit set', at(119, padded), invalid, { position: 119 }),
    refused('a text with another reference', other(4), 'ENROLMENT_CHECKSUM'),
    refused('a text with another commitment', other(30), 'ENROLMENT_CHECKSUM'),
    refused('a text with another secret', other(90), 'ENROLMENT_CHECKSUM'),
    refused('a text with another checksum', other(115), 'ENROLMENT_CHECKSUM'),
    refused('a newer text', `SERMENT-DEVICE:${encodeCrockford(concatBytes(newer, sum))}`, 'FORMAT_UNKNOWN'),
    refused('a newer text that was changed', at(1, '1'), 'ENROLMENT_CHECKSUM'),
  ];
}

if (import.meta.main) writeFileSync(new URL('../enrolment.json', import.meta.url), await makeEnrolment());
