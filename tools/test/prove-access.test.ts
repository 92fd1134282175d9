import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fuzzProof } from '../prove/access/fuzz.ts';
import { guessingProof } from '../prove/access/guessing.ts';
import { type AccessScene, makeAccessScene } from '../prove/access/scene.ts';

/** `npm run prove access` tries each body and name on each route with each credential; here they take turns. */
describe('who may enter, the quick part', () => {
  let scene: AccessScene;

  before(async () => {
    scene = await makeAccessScene('share');
  });
  after(() => scene?.close());

  for (const { name, bar, run } of [fuzzProof, guessingProof])
    it(`${name}: ${bar}`, async () => {
      const { holds, figure, details = [] } = await run(scene);
      assert.equal(holds, true, [figure, ...details].join('\n'));
    });
});
