import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeText } from '../src/text-bytes.ts';

const bytes = (text: string, encoding: BufferEncoding) => new Uint8Array(Buffer.from(text, encoding));
const json = '{"family":"Lefèvre"}';

test('UTF-8 is read, with or without a byte order mark', () => {
  assert.deepEqual(decodeText(bytes(json, 'utf8')), { text: json, hadByteOrderMark: false, cut: false });
  assert.deepEqual(decodeText(bytes(`\ufeff${json}`, 'utf8')), { text: json, hadByteOrderMark: true, cut: false });
  assert.deepEqual(decodeText(new Uint8Array()), { text: '', hadByteOrderMark: false, cut: false });
});

test('UTF-16 is recognised, with or without its mark, in both orders', () => {
  const little = bytes(json, 'utf16le');
  const big = new Uint8Array(Buffer.from(json, 'utf16le').swap16());
  for (const [input, encoding] of [
    [little, 'UTF-16LE'],
    [new Uint8Array([0xff, 0xfe, ...little]), 'UTF-16LE'],
    [big, 'UTF-16BE'],
    [new Uint8Array([0xfe, 0xff, ...big]), 'UTF-16BE'],
  ] as const)
    assert.throws(() => decodeText(input), { code: 'TEXT_UTF16', fields: { encoding } });
});

test('Windows-1252 is recognised and never read with wrong accents', () => {
  assert.throws(() => decodeText(bytes(json, 'latin1')), { code: 'TEXT_WINDOWS_1252' });
  assert.throws(() => decodeText(new Uint8Array([0x22, 0x93, 0x94, 0x80, 0x22])), { code: 'TEXT_WINDOWS_1252' });
});

test('bytes that are no text at all are called unreadable', () => {
  assert.throws(() => decodeText(new Uint8Array([0x7b, 0x01, 0xff, 0x81, 0x7d])), { code: 'TEXT_UNREADABLE' });
});

test('files of other kinds are named', () => {
  for (const [start, looksLike] of [
    [[0x1f, 0x8b, 8], 'gzip'],
    [[0x50, 0x4b, 3, 4], 'zip'],
    [[0x25, 0x50, 0x44, 0x46, 0x2d], 'pdf'],
    [[0x0a, 0x20, 0x3c, 0x3f, 0x78], 'xml'],
    [[0xef, 0xbb, 0xbf, 0x3c], 'xml'],
    [[0x89, 0x50, 0x4e, 0x47], 'png'],
  ] as const)
    assert.throws(() => decodeText(new Uint8Array(start)), { code: 'TEXT_FOREIGN', fields: { looksLike } });
});

test('a file cut inside a character is read up to there and said to be cut', () => {
  const whole = bytes(json, 'utf8');
  const cut = decodeText(whole.subarray(0, whole.indexOf(0xc3) + 1));
  assert.deepEqual(cut, { text: '{"family":"Lef', hadByteOrderMark: false, cut: true });
});
