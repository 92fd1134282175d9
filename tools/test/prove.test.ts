import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { badInputProofs } from '../prove/bad-inputs.ts';
import { damagedCopyProofs } from '../prove/damaged-copies.ts';
import { powerCutProof } from '../prove/power-cuts.ts';
import { roundTripProofs } from '../prove/round-trip.ts';
import { makeScene, type Scene } from '../prove/scene.ts';

/** Of each family one or two: `npm run prove vault` runs them all. */
const slowRoundTrips = ['once a member accepted it'];
const quickDamages = ['a missing tile', 'beside a whole one'];
const quickBadInputs = ['hostile files'];

describe('what the vault promises, the quick part', () => {
  let scene: Scene;

  before(async () => {
    scene = await makeScene(true);
  });
  after(() => scene?.remove());

  for (const { name, bar, run } of [
    ...roundTripProofs.filter((proof) => !slowRoundTrips.some((part) => proof.name.includes(part))),
    ...badInputProofs.filter((proof) => quickBadInputs.some((part) => proof.name.includes(part))),
    ...damagedCopyProofs.filter((proof) => quickDamages.some((part) => proof.name.includes(part))),
    powerCutProof,
  ])
    it(`${name}: ${bar}`, async () => {
      const { holds, figure, details = [] } = await run(scene);
      assert.equal(holds, true, [figure, ...details].join('\n'));
    });
});
