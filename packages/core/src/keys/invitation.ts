import { base64urlnopad } from '@scure/base';
import { type Bytes, concatBytes, equalBytes, ownBytes, utf8ToBytes } from '../bytes.ts';
import { CoreError, type ErrorFields } from '../error.ts';
import { deriveKey, sha256 } from '../hash.ts';
import { type RandomSource, randomBytes } from '../random.ts';
import { crockfordCharacter, crockfordValue, encodeCrockford } from './crockford.ts';

const linkVersion = 1;
const practiceSizeBytes = 32;
const secretSizeBytes = 32;
const bodySizeBytes = 1 + practiceSizeBytes + secretSizeBytes;
const checksumSizeBytes = 4;
/** Base64url of 69 bytes: no bit is left over. */
const linkCharacterCount = 92;
const codeCharacterCount = 8;
const codeSizeBytes = 5;
const label = utf8ToBytes('serment/invitation-link/1');

/** What an invitation's link carries (docs/format/keys.md): it opens nothing without the code, which is told apart. */
export interface InvitationLink {
  /** The practice's id, 32 bytes. */
  readonly practice: Bytes;
  /** 32 random bytes. */
  readonly secret: Bytes;
}

/** A link to that practice. */
export function newInvitationLink(practice: Uint8Array, random: RandomSource = randomBytes): InvitationLink {
  return { practice: ownBytes(practice), secret: random(secretSizeBytes) };
}

/** The code that goes with a link, 8 characters of Crockford's base32. */
export function newInvitationCode(random: RandomSource = randomBytes): string {
  return encodeCrockford(random(codeSizeBytes));
}

/** The holder's seed that a link and its code give together. Throws KEY_INVALID for a code that `parseInvitationCode` did not give. */
export function invitationSeed({ secret }: Pick<InvitationLink, 'secret'>, code: string): Bytes {
  if (secret.length !== secretSizeBytes || !/^[0-9A-HJKMNP-TV-Z]{8}$/.test(code))
    throw new CoreError('KEY_INVALID', 'An invitation has a secret of 32 bytes and a code of 8 characters');
  return deriveKey(concatBytes(secret, utf8ToBytes(code)), 'serment/invitation/1');
}

/** The text of a link's fragment, 92 characters of base64url. Throws KEY_INVALID. */
export function formatInvitationLink({ practice, secret }: InvitationLink): string {
  if (practice.length !== practiceSizeBytes || secret.length !== secretSizeBytes)
    throw new CoreError('KEY_INVALID', 'A link holds 32 bytes of practice and 32 of secret');
  const body = concatBytes(Uint8Array.of(linkVersion), practice, secret);
  return base64urlnopad.encode(concatBytes(body, checksum(body)));
}

/**
 * Reads a link, or the text of its fragment. Throws INVITATION_INVALID for a character that no link has (`position`
 * among the characters, from 1) or a wrong number of them (`found`, `expected`), INVITATION_CHECKSUM for one that was
 * changed, FORMAT_UNKNOWN for a newer one.
 */
export function parseInvitationLink(text: string): InvitationLink {
  // Mail programs break long lines.
  const characters = Array.from(text.slice(text.lastIndexOf('#') + 1).replace(/\s/gu, ''));
  const wrong = characters.findIndex((character) => !/^[0-9A-Za-z_-]$/.test(character));
  if (wrong >= 0) throw linkInvalid({ position: wrong + 1 });
  if (characters.length !== linkCharacterCount)
    throw linkInvalid({ found: characters.length, expected: linkCharacterCount });
  const raw = ownBytes(base64urlnopad.decode(characters.join('')));
  if (!equalBytes(checksum(raw.subarray(0, bodySizeBytes)), raw.subarray(bodySizeBytes)))
    throw new CoreError('INVITATION_CHECKSUM', 'The link was changed or is not whole');
  if (raw[0] !== linkVersion) throw new CoreError('FORMAT_UNKNOWN', 'A link of an unknown format');
  const secretStart = 1 + practiceSizeBytes;
  return { practice: raw.slice(1, secretStart), secret: raw.slice(secretStart, bodySizeBytes) };
}

// White space and the hyphens and dashes that people and word processors put between groups.
const separators = /[\s\u002d\u2010-\u2015\u2212]/gu;

/**
 * Reads a code as a person types it: any case, O for 0, I and L for 1, separators anywhere. Throws
 * INVITATION_CODE_INVALID, with `position` or with `found` and `expected`. A code that is another's is only found out
 * by the host, which knows no such author.
 */
export function parseInvitationCode(text: string): string {
  const values = Array.from(text.replace(separators, '')).map((character, index) => {
    const value = crockfordValue(character);
    if (value === null) throw codeInvalid({ position: index + 1 });
    return value;
  });
  if (values.length !== codeCharacterCount) throw codeInvalid({ found: values.length, expected: codeCharacterCount });
  return values.map(crockfordCharacter).join('');
}

function checksum(body: Uint8Array): Bytes {
  return sha256(label, body).slice(0, checksumSizeBytes);
}

function linkInvalid(fields: ErrorFields): CoreError {
  return new CoreError('INVITATION_INVALID', 'Not the characters of an invitation', { fields });
}

function codeInvalid(fields: ErrorFields): CoreError {
  return new CoreError('INVITATION_CODE_INVALID', 'Not the characters of a code', { fields });
}
