import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ServerError } from '../../src/error.ts';
import { maskPhoneNumber, parsePhoneNumber } from '../../src/sms/phone-number.ts';

const seed = 20_261_129;

function reasonOf(text: string): unknown {
  try {
    return `taken as ${parsePhoneNumber(text)}`;
  } catch (error) {
    assert.ok(error instanceof ServerError && error.code === 'PHONE_INVALID', text);
    const digits = text.replace(/\D/g, '');
    if (digits.length > 4) assert.ok(!JSON.stringify(error).includes(digits), 'the error tells the number');
    return error.fields.reason;
  }
}

describe('a telephone number', () => {
  it('is taken as people type it', () => {
    const typed = [
      '06 12 34 56 78',
      '06.12.34.56.78',
      '06-12-34-56-78',
      '06/12/34/56/78',
      '0612345678',
      ' 0612345678\n',
      '+33 6 12 34 56 78',
      '+33 (0)6 12 34 56 78',
      '(+33) 6 12 34 56 78',
      '+33 (0) 6.12.34.56.78',
      '0033 6 12 34 56 78',
      '00 33 (0)6 12 34 56 78',
      '33612345678',
      '06\u00a012\u00a034\u00a056\u00a078',
      '06\u202f12\u202f34\u202f56\u202f78',
      '06‑12‑34‑56‑78',
      '06 – 12 – 34 – 56 – 78',
      '\u202a+33 6 12 34 56 78\u202c',
      '\ufeff06 12 34 56\u00ad 78',
      '０６１２３４５６７８',
    ];
    for (const text of typed) assert.equal(parsePhoneNumber(text), '+33612345678', JSON.stringify(text));
    assert.equal(parsePhoneNumber('07 56 78 90 12'), '+33756789012');
  });

  it('gets the prefix of its territory overseas when it is typed as in France', () => {
    const numbers = {
      '0690 00 12 34': '+590690001234',
      '0694 20 12 34': '+594694201234',
      '0696 20 12 34': '+596696201234',
      '0697 12 34 56': '+596697123456',
      '0692 12 34 56': '+262692123456',
      '0693 12 34 56': '+262693123456',
      '0639 69 12 34': '+262639691234',
      '0709 00 12 34': '+590709001234',
      '0708 55 12 34': '+508708551234',
      '+262 692 12 34 56': '+262692123456',
      '+262 (0)692 12 34 56': '+262692123456',
      '00590 690 00 12 34': '+590690001234',
    };
    for (const [text, expected] of Object.entries(numbers)) assert.equal(parsePhoneNumber(text), expected, text);
    // Written in full, a prefix is believed: no other is tried.
    assert.equal(reasonOf('+33 692 12 34 56'), 'not-valid');
  });

  it('may be one of those that ARCEP keeps for fiction', () => {
    for (const typed of ['06 39 98 00 42', '+33 6 39 98 00 42', '0033 (0)6 39 98 00 42'])
      assert.equal(parsePhoneNumber(typed), '+33639980042');
    assert.equal(reasonOf('06 39 98 00 4'), 'not-valid');
    assert.equal(reasonOf('06 39 98 00 423'), 'not-valid');
  });

  it('may be of another country, or typed in one', () => {
    assert.equal(parsePhoneNumber('+32 470 12 34 56'), '+32470123456');
    assert.equal(parsePhoneNumber('+1 202 555 0123'), '+12025550123');
    assert.equal(parsePhoneNumber('0470 12 34 56', 'BE'), '+32470123456');
  });

  it('is refused with its reason where no code can arrive', () => {
    const refusals: readonly (readonly [string, string])[] = [
      ['', 'empty'],
      [' \u00a0\n\t', 'empty'],
      ['()--..', 'empty'],
      ['06 12 34 56 78 '.repeat(5), 'too-long'],
      ['6'.repeat(1_000_000), 'too-long'],
      ['bonjour', 'characters'],
      ['O6 12 34 56 78', 'characters'],
      ['06 12 34 56 78 poste 12', 'characters'],
      ['0612345678;phone-context=+33', 'characters'],
      ['06 12 34 56 78\u0000', 'characters'],
      ['06\u009612\u009634\u009656\u009678', 'characters'],
      ['06\ufffd12\ufffd34\ufffd56\ufffd78', 'characters'],
      ['٠٦١٢٣٤٥٦٧٨', 'characters'],
      ['++33612345678', 'characters'],
      ['06+12345678', 'characters'],
      ['15', 'short-number'],
      ['112', 'short-number'],
      ['3949', 'short-number'],
      ['118 218', 'short-number'],
      // Six digits are a whole number in Saint-Pierre-et-Miquelon, and nowhere near enough here.
      ['55 12 34', 'short-number'],
      ['06 12 34 56 7', 'not-valid'],
      ['06 12 34 56 789', 'not-valid'],
      ['+999 123 456 789', 'not-valid'],
      ['+', 'characters'],
      ['01 42 68 53 00', 'fixed-line'],
      ['+33 (0)4 91 00 00 00', 'fixed-line'],
      ['09 72 12 34 56', 'fixed-line'],
      ['0262 90 12 34', 'fixed-line'],
      ['0892 70 12 34', 'premium'],
      ['+33 899 70 12 34', 'premium'],
      ['0810 12 34 56', 'premium'],
      ['0800 00 00 00', 'no-sms'],
      ['+800 1234 5678', 'no-sms'],
      ['+881 612 345 678', 'no-sms'],
    ];
    for (const [text, reason] of refusals) assert.equal(reasonOf(text), reason, JSON.stringify(text.slice(0, 80)));
  });

  it('gives E.164 or a coded refusal for whatever comes, and reads its own answer again', () => {
    const pieces = [
      '+',
      '00',
      '33',
      '0',
      '6',
      '7',
      '12',
      ' ',
      '.',
      '(0)',
      '-',
      '\u00a0',
      '\u202f',
      'x',
      'ext',
      '\u0000',
    ];
    const looksTyped = fc.array(fc.constantFrom(...pieces), { maxLength: 20 }).map((parts) => parts.join(''));
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 80 }), looksTyped, fc.string({ unit: 'grapheme' }));
    fc.assert(
      fc.property(text, (typed) => {
        let number: string;
        try {
          number = parsePhoneNumber(typed);
        } catch (error) {
          assert.ok(error instanceof ServerError && error.code === 'PHONE_INVALID');
          return;
        }
        assert.match(number, /^\+[1-9][0-9]{6,14}$/);
        assert.equal(parsePhoneNumber(number), number);
      }),
      { seed, numRuns: 5000 },
    );
  });

  it('is the same for each way of spacing it', () => {
    const digits = fc.integer({ min: 10_000_000, max: 99_999_999 }).map((rest) => `06${rest}`);
    const gap = fc.constantFrom('', ' ', '.', '-', '\u00a0', '\u202f', '  ');
    fc.assert(
      fc.property(digits, fc.array(gap, { minLength: 9, maxLength: 9 }), (plain, gaps) => {
        const spaced = [...plain].map((digit, index) => digit + (gaps[index] ?? '')).join('');
        assert.deepEqual(outcomeOf(spaced), outcomeOf(plain));
      }),
      { seed, numRuns: 500 },
    );
  });
});

describe('a masked number', () => {
  it('shows the prefix and the last two digits', () => {
    assert.equal(maskPhoneNumber('+33612345642'), '+33 6 •• •• •• 42');
    assert.equal(maskPhoneNumber('+33756789012'), '+33 7 •• •• •• 12');
    assert.equal(maskPhoneNumber('+262692123456'), '+262 ••• •• •• 56');
    assert.equal(maskPhoneNumber('+12025550123'), '+1 ••• ••• ••23');
  });

  it('tells nothing of what is no number', () => {
    for (const text of ['', '12', 'Dr Martin', '+999123456']) assert.equal(maskPhoneNumber(text), '••••');
  });

  it('never shows more than a prefix and three digits', () => {
    fc.assert(
      fc.property(fc.oneof(fc.bigInt({ min: 1n, max: 999_999_999_999_999n }), fc.constant(33612345678n)), (digits) => {
        const masked = maskPhoneNumber(`+${digits}`);
        const [prefix = '', ...rest] = masked.split(' ');
        assert.ok(rest.join('').replace(/\D/g, '').length <= (prefix === '+33' ? 3 : 2), masked);
      }),
      { seed, numRuns: 2000 },
    );
  });
});

function outcomeOf(text: string): string {
  try {
    return parsePhoneNumber(text);
  } catch (error) {
    return error instanceof ServerError ? String(error.fields.reason) : 'crashed';
  }
}
