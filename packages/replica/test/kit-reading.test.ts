import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatKit, kitQr, newKit } from '@serment/core/keys/kit';
import { readKit } from '../src/kit-reading.ts';

const kit = newKit(new Uint8Array(32).fill(7), new Uint8Array(32).fill(9));
const text = formatKit(kit);
const groups = text.split('-');
/** The text with one group changed. */
const withGroup = (number: number, change: (group: string) => string) =>
  groups.with(number - 1, change(groups[number - 1] ?? '')).join(' ');
const other = (character: string) => (character === '7' ? '8' : '7');

test('a kit is read as it is typed, on one line or several, from its file and from its code', () => {
  for (const given of [
    text,
    text.toLowerCase(),
    groups.join('\n'),
    `Kit\r\n${text}\r\nfin`,
    kitQr(kit),
    ` ${kitQr(kit)}\n`,
  ])
    assert.deepEqual(readKit(given), kit, given);
});

test('a mistake says which group it is in: a character wrong, one too few or too many, one that no kit has', () => {
  for (const number of [1, 9, 17]) {
    const wrong = withGroup(number, (group) => other(group[0] ?? '') + group.slice(1));
    assert.throws(() => readKit(wrong), { code: 'KIT_CHECKSUM', fields: { group: number } }, wrong);
    for (const change of [(group: string) => group.slice(1), (group: string) => `${group}7`, () => 'UUUUU'])
      assert.throws(
        () => readKit(withGroup(number, change)),
        (error: { code?: string; fields?: { group?: unknown } }) =>
          error.code === 'KIT_INVALID' && error.fields?.group === number,
        withGroup(number, change),
      );
    // A character too many before it moves nothing.
    const [first = '', ...rest] = withGroup(number, () => '7777U').split(' ');
    const moved = number === 1 ? null : [`${first}7`, ...rest].join(' ');
    if (moved !== null)
      assert.throws(
        () => readKit(moved),
        (error: { fields?: { group?: unknown } }) => error.fields?.group === number,
      );
  }
});

test('a mistake that no group explains names none', () => {
  const isGroupless = (error: { code?: string; fields?: { group?: unknown } }) =>
    error.code === 'KIT_INVALID' && error.fields?.group == null;
  assert.throws(() => readKit(groups.slice(1).join('-')), isGroupless, 'a group less');
  assert.throws(() => readKit(text.replaceAll('-', '').slice(1)), isGroupless, 'nothing between the groups');
  assert.throws(() => readKit(''), isGroupless);
  assert.throws(() => readKit(text.slice(0, 45)), isGroupless, 'not typed to the end yet');
  assert.throws(() => readKit('bonjour'), isGroupless);
  assert.throws(() => readKit(`${'Ordonnance du 3 mars. '.repeat(40)}`), isGroupless, 'a file without a kit');
  const swapped = [groups[1], groups[0], ...groups.slice(2)].join('-');
  assert.throws(() => readKit(swapped), { code: 'KIT_CHECKSUM' });
});

test('the text of a code that is not whole is told from a kit that was mistyped', () => {
  const qr = kitQr(kit);
  const damaged = [
    qr.slice(0, -1),
    `${qr}7`,
    qr.slice(0, 40),
    qr.replace(/.$/, other),
    'SERMENT-KIT:',
    `\n${qr.slice(0, 50)}`,
  ];
  for (const given of [...damaged, ...damaged.map((one) => one.toLowerCase())])
    assert.throws(() => readKit(given), { code: 'KIT_QR_DAMAGED' }, given);
});

test('a newer kit is no mistake', () => {
  const newer = '09B0W-JKQZ1-PNRFP-S8PA2-8ZP8Y-NQNYX-0A77H-HE8K3-30D0J-H7K4C-9XV7G-86PYF-WEM2D-30H2G-S7AGC-VMYJJ-0HM3R';
  for (const given of [newer, `Kit\n${newer}`, `SERMENT-KIT:${newer.replaceAll('-', '')}`])
    assert.throws(() => readKit(given), { code: 'FORMAT_UNKNOWN' }, given);
});
