// Makes vectors/invitation.json: node vectors/make/invitation.ts
import { writeFileSync } from 'node:fs';
import { base64urlnopad } from '@scure/base';
import { bytesToHex, concatBytes, utf8ToBytes } from '../../packages/core/src/bytes.ts';
import { sha256 } from '../../packages/core/src/hash.ts';
import { formatInvitationLink, invitationSeed } from '../../packages/core/src/keys/invitation.ts';
import { passkeyHandle, passkeyHolderInput, passkeySeed } from '../../packages/core/src/keys/passkey.ts';

const named = (name: string) => sha256(utf8ToBytes(`serment vectors ${name}`));
const [practice, secret] = [named('practice'), named('invitation secret')];
const ones = new Uint8Array(32).fill(255);
const zeros = new Uint8Array(32);

/** The text of the file. */
export function makeInvitation(): string {
  const text = formatInvitationLink({ practice, secret });
  const same = { practice: bytesToHex(practice), secret: bytesToHex(secret) };
  const read = (name: string, written: string) => ({ name: `link: ${name}`, text: written, ...same });
  const refused = (name: string, written: string, error: string, fields: object = {}) => ({
    name: `link: ${name}`,
    text: written,
    error,
    fields,
  });
  const at = (position: number, character: string) => text.slice(0, position - 1) + character + text.slice(position);
  const other = (position: number) => at(position, text[position - 1] === 'A' ? 'B' : 'A');
  const body = concatBytes(Uint8Array.of(2), practice, secret);
  const sum = sha256(utf8ToBytes('serment/invitation-link/1'), body).slice(0, 4);
  const invalid = 'INVITATION_INVALID';
  const vectors = {
    about: 'docs/format/keys.md, invitation and passkey. Positions count from 1, white space and separators apart.',
    links: [
      { name: 'link', practice, secret },
      { name: 'link of ones', practice: ones, secret: ones },
      { name: 'link of zeros', practice: zeros, secret: zeros },
    ].map(({ name, ...link }) => ({
      name,
      practice: bytesToHex(link.practice),
      secret: bytesToHex(link.secret),
      text: formatInvitationLink(link),
    })),
    read: [
      read('behind an address', `https://coffre.exemple/rejoindre#${text}`),
      read('behind an address with a fragment before', `https://coffre.exemple/#a#${text}`),
      read('on two lines, as a mail program breaks it', `${text.slice(0, 60)}\r\n ${text.slice(60)}`),
      read('with spaces around', ` \t${text}\u00a0\n`),
      refused('nothing', '', invalid, { found: 0, expected: 92 }),
      refused('an address without a fragment', 'https://coffre.exemple/rejoindre', invalid, { position: 6 }),
      refused('an empty fragment', `${text}#`, invalid, { found: 0, expected: 92 }),
      refused('a character less', text.slice(0, -1), invalid, { found: 91, expected: 92 }),
      refused('a character more', `${text}A`, invalid, { found: 93, expected: 92 }),
      refused('padded', `${text}=`, invalid, { position: 93 }),
      refused('in the other base64', at(5, '+'), invalid, { position: 5 }),
      refused('a letter with an accent', at(20, 'é'), invalid, { position: 20 }),
      refused('a character outside the first plane', at(20, '𝟘'), invalid, { position: 20 }),
      refused('a zero byte', at(92, '\0'), invalid, { position: 92 }),
      refused('a character changed in the practice', other(10), 'INVITATION_CHECKSUM'),
      refused('a character changed in the secret', other(60), 'INVITATION_CHECKSUM'),
      refused('the last character changed', other(92), 'INVITATION_CHECKSUM'),
      refused('in lower case', text.toLowerCase(), 'INVITATION_CHECKSUM'),
      refused('a newer version', base64urlnopad.encode(concatBytes(body, sum)), 'FORMAT_UNKNOWN'),
      refused('a newer version that was changed', at(2, 'g'), 'INVITATION_CHECKSUM'),
    ],
    codes: [
      { name: 'code: as it is', text: '7K2QX0M1', code: '7K2QX0M1' },
      { name: 'code: lower case', text: '7k2qx0m1', code: '7K2QX0M1' },
      { name: 'code: O for 0, I and L for 1', text: 'oOiIlL00', code: '00111100' },
      { name: 'code: in two groups', text: '7K2Q-X0M1', code: '7K2QX0M1' },
      { name: 'code: with dashes and spaces anywhere', text: ' 7 K–2Q\u00a0X−0 M1\n', code: '7K2QX0M1' },
      ...[
        ['nothing', '', { found: 0, expected: 8 }],
        ['separators alone', ' - - ', { found: 0, expected: 8 }],
        ['a character less', '7K2QX0M', { found: 7, expected: 8 }],
        ['a character more', '7K2QX0M10', { found: 9, expected: 8 }],
        ['a letter U', '7K2QU0M1', { position: 5 }],
        ['a full stop', '7K2Q.0M1', { position: 5 }],
        ['a letter that Unicode makes an S', '7K2Qſ0M1', { position: 5 }],
        ['full-width digits', '７K2QX0M1', { position: 1 }],
        ['a character outside the first plane', '7K2Q𝟘0M1', { position: 5 }],
      ].map(([name, written, fields]) => ({
        name: `code: ${String(name)}`,
        text: written,
        error: 'INVITATION_CODE_INVALID',
        fields,
      })),
    ],
    invitations: [
      { secret, code: '7K2QX0M1' },
      { secret, code: '7K2QX0M2' },
      { secret: zeros, code: '00000000' },
    ].map(({ secret: of, code }) => ({
      secret: bytesToHex(of),
      code,
      seed: bytesToHex(invitationSeed({ secret: of }, code)),
    })),
    passkeys: [named('PRF output'), zeros].map((prf) => ({
      prf: bytesToHex(prf),
      seed: bytesToHex(passkeySeed(prf)),
    })),
    passkeyHolderInput: bytesToHex(passkeyHolderInput()),
    passkeyHandles: makeHandles(),
  };
  return `${JSON.stringify(vectors, null, 1)}\n`;
}

function makeHandles() {
  const [owner, device] = [named('practice of a passkey'), named('device of a passkey')];
  const handle = bytesToHex(passkeyHandle(owner, device));
  const prefix = bytesToHex(owner.subarray(0, 16));
  const zeroed = `01${'00'.repeat(48)}`;
  const invalid = { error: 'PASSKEY_INVALID' };
  const newer = { error: 'FORMAT_UNKNOWN' };
  return [
    { name: 'handle', practice: bytesToHex(owner), device: bytesToHex(device), handle, prefix },
    {
      name: 'handle of zeros',
      practice: '00'.repeat(32),
      device: '00'.repeat(32),
      handle: zeroed,
      prefix: '00'.repeat(16),
    },
    { name: 'handle: empty', handle: '', ...invalid },
    { name: 'handle: of a passkey that unlocks one device', handle: bytesToHex(device), ...invalid },
    { name: 'handle: a byte less', handle: handle.slice(0, -2), ...invalid },
    { name: 'handle: a byte more', handle: `${handle}00`, ...invalid },
    { name: 'handle: the whole practice', handle: `01${bytesToHex(owner)}${bytesToHex(device)}`, ...invalid },
    { name: 'handle: version 0', handle: `00${handle.slice(2)}`, ...newer },
    { name: 'handle: version 2', handle: `02${handle.slice(2)}`, ...newer },
  ];
}

if (import.meta.main) writeFileSync(new URL('../invitation.json', import.meta.url), makeInvitation());
