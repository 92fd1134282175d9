import type { Proof } from './proof.ts';
import type { Scene } from './scene.ts';

export const badInputProofs: readonly Proof<Scene>[] = [];
