import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomBytes } from '@serment/core/random';
import { kitText } from '@serment/replica/kit-text';
import { KitReadBack } from '../../src/worker/kit-read-back.ts';

const practice = new Uint8Array(32).fill(7);
const readBack = () => new KitReadBack(kitText(practice, new Uint8Array(32).fill(9)), practice, randomBytes);
const asked = ({ kit }: KitReadBack) => kit.askedGroups.map((place) => kit.text.split('-')[place] ?? assert.fail());

test('nothing is made with a kit before two of its groups were read back, and a later mistake takes it back', () => {
  const kit = readBack();
  assert.throws(() => kit.requireRead(), { code: 'KIT_UNREAD' });
  const [first, second] = asked(kit);
  assert.deepEqual(kit.check([first ?? '', '00000']), [(kit.kit.askedGroups[1] ?? 0) + 1]);
  assert.throws(() => kit.requireRead(), { code: 'KIT_UNREAD' });
  assert.deepEqual(kit.check([first ?? '', second ?? '']), []);
  kit.requireRead();
  assert.equal(kit.check(['', '']).length, 2);
  assert.throws(() => kit.requireRead(), { code: 'KIT_UNREAD' });
});

test('the groups are read as a person types them, and are not the same two for each kit', () => {
  const kit = readBack();
  const typed = asked(kit).map((group) => ` ${group.toLowerCase().replaceAll('0', 'o').replaceAll('1', 'l')} `);
  assert.deepEqual(kit.check(typed), []);
  const places = new Set(Array.from({ length: 60 }, () => readBack().kit.askedGroups.join(' ')));
  assert.ok(places.size > 10, [...places].join(', '));
});
