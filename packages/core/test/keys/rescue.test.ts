import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { bytesToHex, utf8ToBytes } from '@serment/core/bytes';
import {
  newRescuePhrase,
  openRescue,
  parseRescue,
  parseRescuePhrase,
  sealRescue,
  stretchRescuePhrase,
} from '@serment/core/keys/rescue';
import { makeRescue } from '../../../../vectors/make/rescue.ts';
import { runRescueVectors } from '../vectors/rescue.ts';

const text = readFileSync(new URL('../../../../vectors/rescue.json', import.meta.url), 'utf8');

test('every scenario of rescue.json gives what it should, and they are those that are made', async () => {
  assert.deepEqual(await runRescueVectors(JSON.parse(text)), []);
  assert.equal(await makeRescue(), text);
});

test('what a device seals has the head that the vectors have, and opens', async () => {
  const [known] = JSON.parse(text).copies;
  const { head, salt, made } = parseRescue(Uint8Array.from(Buffer.from(known.copy, 'base64')));
  const key = await stretchRescuePhrase(known.phrase, salt);
  const parsed = parseRescue(await sealRescue(key, made, utf8ToBytes(known.content)));
  // Up to the size of what is sealed, which the compressor has a say in.
  assert.equal(bytesToHex(parsed.head.subarray(0, 25)), bytesToHex(head.subarray(0, 25)));
  assert.deepEqual(await openRescue(parsed, key), utf8ToBytes(known.content));
});

test('a passphrase has 100 bits, each character drawn alone, and reads back as it was shown', () => {
  const phrases = Array.from({ length: 400 }, () => newRescuePhrase());
  const counts = new Map<string, number>();
  for (const phrase of phrases) {
    assert.match(phrase, /^[0-9A-HJKMNP-TV-Z]{5}(?:-[0-9A-HJKMNP-TV-Z]{5}){3}$/);
    assert.equal(parseRescuePhrase(phrase), phrase.replaceAll('-', ''));
    for (const character of phrase.replaceAll('-', '')) counts.set(character, (counts.get(character) ?? 0) + 1);
  }
  assert.equal(new Set(phrases).size, 400);
  // 8 000 characters over 32: 250 each, give or take 6 standard deviations.
  assert.equal(counts.size, 32);
  for (const count of counts.values()) assert.ok(Math.abs(count - 250) < 95, String(count));
});
