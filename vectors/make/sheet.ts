// Makes vectors/sheet.json: node vectors/make/sheet.ts
import { writeFileSync } from 'node:fs';
import { bytesToHex, utf8ToBytes } from '../../packages/core/src/bytes.ts';
import { sha256 } from '../../packages/core/src/hash.ts';
import { encodeCrockford } from '../../packages/core/src/keys/crockford.ts';
import { sheetKey, sheetQr } from '../../packages/core/src/keys/sheet.ts';

const prefix = 'SERMENT-PAGE:';
const named = (name: string) => sha256(utf8ToBytes(`serment vectors ${name}`));
const epochKey = named('admin epoch key');
const otherEpochKey = named('other admin epoch key');
const patient = 'patient/5d2f1c0e-8a53-4f0b-9f27-1f6f3b8d2a11';

/** The text of the file. */
export function makeSheet(): string {
  const qr = sheetQr(sheetKey(epochKey), { subject: patient, kind: 'biology' });
  const characters = qr.slice(prefix.length);
  const last = characters.at(-1) ?? '';
  const read = { epochKey: bytesToHex(epochKey), subject: patient };
  const vectors = {
    about: 'docs/format/keys.md, separator sheets. `is`: `sheet`, `none`, `other-practice` or `unknown`.',
    printed: [
      { name: 'a patient and a kind', subject: patient, kind: 'biology' },
      { name: 'a patient', subject: patient, kind: '' },
      { name: 'a patient whose id came by an import', subject: 'patient/Zoé 7', kind: 'letter' },
      { name: 'the same patient', subject: 'same', kind: '' },
      { name: 'a patient to be said', subject: 'ask', kind: '' },
    ].map((sheet) => ({ ...sheet, epochKey: bytesToHex(epochKey), qr: sheetQr(sheetKey(epochKey), sheet) })),
    read: [
      { name: 'its own', ...read, text: qr, is: 'sheet', kind: 'biology' },
      { name: 'of another practice', ...read, epochKey: bytesToHex(otherEpochKey), text: qr, is: 'other-practice' },
      { name: 'of another patient', ...read, subject: 'patient/other', text: qr, is: 'unknown' },
      {
        name: 'with another check',
        ...read,
        text: `${qr.slice(0, -3)}${otherThan(qr.at(-3))}${qr.slice(-2)}`,
        is: 'unknown',
      },
      { name: 'with another subject', ...read, text: replaced(qr, prefix.length + 20), is: 'unknown' },
      {
        name: 'a kind that is none',
        ...read,
        text: sheetQr(sheetKey(epochKey), { subject: patient, kind: 'will' }),
        is: 'unknown',
      },
      { name: 'an address', ...read, text: 'https://example.org/', is: 'none' },
      { name: 'a kit', ...read, text: 'SERMENT-KIT:05B0W', is: 'none' },
      { name: 'nothing', ...read, text: '', is: 'none' },
      { name: 'in lower case', ...read, text: qr.toLowerCase(), is: 'none' },
    ],
    refused: [
      { name: 'the prefix alone', text: prefix, error: 'SHEET_INVALID' },
      { name: 'characters in lower case', text: prefix + characters.toLowerCase(), error: 'SHEET_INVALID' },
      { name: 'a character short', text: qr.slice(0, -1), error: 'SHEET_INVALID' },
      { name: 'a character more', text: `${qr}0`, error: 'SHEET_INVALID' },
      { name: 'a space', text: `${qr} `, error: 'SHEET_INVALID' },
      { name: 'a letter for a digit', text: replaced(qr, prefix.length + 3, 'O'), error: 'SHEET_INVALID' },
      { name: 'a bit behind the last byte', text: `${qr.slice(0, -1)}${afterIn(last)}`, error: 'SHEET_INVALID' },
      {
        name: 'a newer format',
        text: prefix + encodeCrockford(Uint8Array.of(2, ...new Uint8Array(28))),
        error: 'FORMAT_UNKNOWN',
      },
    ],
  };
  return `${JSON.stringify(vectors, null, 1)}\n`;
}

function otherThan(character: string | undefined): string {
  return character === 'A' ? 'B' : 'A';
}

function replaced(text: string, place: number, by = otherThan(text[place])): string {
  return text.slice(0, place) + by + text.slice(place + 1);
}

/** The character of the next value: the last one of a sheet has three bits that are zero. */
function afterIn(character: string): string {
  const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  return alphabet[alphabet.indexOf(character) + 1] ?? '';
}

if (import.meta.main) writeFileSync(new URL('../sheet.json', import.meta.url), makeSheet());
