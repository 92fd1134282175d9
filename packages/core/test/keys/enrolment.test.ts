import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { makeEnrolment } from '../../../../vectors/make/enrolment.ts';
import {
  enrolmentCode,
  formatEnrolmentQr,
  formatEnrolmentReference,
  parseEnrolment,
} from '../../src/keys/enrolment.ts';
import { randomBytes } from '../../src/random.ts';
import { runEnrolmentVectors } from '../vectors/enrolment.ts';

const text = readFileSync(new URL('../../../../vectors/enrolment.json', import.meta.url), 'utf8');

const newcomer = () => ({ author: randomBytes(32), recipient: randomBytes(1216), nonce: randomBytes(32) });
const opener = () => ({
  ...{ practice: randomBytes(32), member: randomBytes(16) },
  ...{ author: randomBytes(32), nonce: randomBytes(32) },
});

describe('an enrolment by an open device', () => {
  test('gives what every scenario of enrolment.json says', async () => {
    assert.deepEqual(await runEnrolmentVectors(JSON.parse(text)), []);
  });

  test('has vectors of which more are refused, or give another code, than give the same', async () => {
    const { changed, refused, texts, read, code } = JSON.parse(text);
    assert.ok(changed.every((one: { code: string }) => one.code !== code));
    const wrong = read.filter((one: { error?: string }) => one.error !== undefined).length;
    assert.ok(wrong > read.length - wrong + texts.length);
    assert.ok(changed.length + refused.length + wrong > 1 + texts.length + read.length - wrong);
  });

  test('making the vectors again gives the same bytes', async () => {
    assert.equal(await makeEnrolment(), text);
  });

  test('shows eight digits, each as often as another', () => {
    const [one, other] = [newcomer(), opener()];
    const counts = new Array<number>(10).fill(0);
    for (let round = 0; round < 400; round += 1) {
      const code = enrolmentCode({ ...one, nonce: randomBytes(32) }, other);
      assert.match(code, /^\d{8}$/);
      for (const digit of code) counts[Number(digit)] = (counts[Number(digit)] ?? 0) + 1;
    }
    // 3200 digits: 320 of each, give or take seven deviations.
    for (const count of counts) assert.ok(Math.abs(count - 320) < 120, counts.join());
  });

  test('is read back from what was made', () => {
    const qr = { reference: randomBytes(5), commitment: randomBytes(32), secret: randomBytes(32) };
    const { commitment, secret } = qr;
    assert.deepEqual(parseEnrolment(formatEnrolmentQr(qr)), {
      reference: qr.reference,
      scanned: { commitment, secret },
    });
    const typed = formatEnrolmentReference(qr.reference);
    assert.deepEqual(parseEnrolment(typed.toLowerCase()), { reference: qr.reference, scanned: null });
  });
});
