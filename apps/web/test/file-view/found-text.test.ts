import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withWholeFigures } from '../../src/file-view/found-text.ts';

test('a figure is not parted from what it measures, nor in its middle', () => {
  assert.equal(
    withWholeFigures('Metformine 1 000 mg 1 comprimé, HbA1c 7,4 %, à revoir'),
    'Metformine 1\u00a0000\u00a0mg 1\u00a0comprimé, HbA1c 7,4\u00a0%, à revoir',
  );
  assert.equal(withWholeFigures('10 + 3, vu le 28/05/2026 par, D3 400'), '10 + 3, vu le 28/05/2026 par, D3\u00a0400');
});
