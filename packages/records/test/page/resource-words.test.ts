import assert from 'node:assert/strict';
import { test } from 'node:test';
import { displayName } from '../../src/page/resource-words.ts';

test('a person or a place is named by its parts, or by the text where there are none', () => {
  for (const [name, expected] of [
    [[{ prefix: ['Dr'], given: ['Claire', 'Marie'], family: 'Vasseur' }], 'Dr Claire Vasseur'],
    [[{ family: 'Vasseur', text: 'Dr C. Vasseur' }], 'Vasseur'],
    [[{ prefix: ['Dr'], text: 'Dr Claire Vasseur' }], 'Dr Claire Vasseur'],
    [[{ prefix: ['Dr'] }], ''],
    ['Cabinet des Tilleuls', 'Cabinet des Tilleuls'],
    [undefined, ''],
    [7, ''],
    [[null], ''],
  ] as const)
    assert.equal(displayName({ resourceType: 'Practitioner', name }), expected);
});
