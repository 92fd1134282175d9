import { bytesToHex, hexToBytes } from '@serment/core/bytes';
import { type Checkpoint, signCheckpoint, verifyCheckpoint } from '@serment/core/journal/checkpoint';
import { signerFromSeed } from '../journal/signer.ts';
import { type Finding, Scenarios } from './scenario.ts';

interface Signed {
  readonly name: string;
  readonly note: string;
  readonly fence: number;
  readonly size: number;
  readonly root: string;
}

export interface CheckpointVectors {
  readonly practice: string;
  readonly host: { readonly seed: string; readonly author: string };
  readonly signed: readonly Signed[];
  readonly accepted: readonly Signed[];
  readonly refused: readonly { readonly name: string; readonly note: string }[];
}

/** Runs vectors/checkpoint.json; nothing found is what it should give. */
export async function runCheckpointVectors(vectors: CheckpointVectors): Promise<Finding[]> {
  const scenarios = new Scenarios();
  const hostAuthor = hexToBytes(vectors.host.author);
  const signer = await signerFromSeed(hexToBytes(vectors.host.seed));
  const practice = hexToBytes(vectors.practice);
  await scenarios.gives('author of the host', vectors.host.author, () => signer.author);
  for (const { name, note, fence, size, root } of vectors.signed)
    await scenarios.gives(`${name}, signed`, note, () =>
      signCheckpoint({ practice, fence, size, root: hexToBytes(root) }, signer),
    );
  for (const { name, note, fence, size, root } of [...vectors.signed, ...vectors.accepted])
    await scenarios.gives(name, [vectors.practice, fence, size, root], async () =>
      shown(await verifyCheckpoint(note, hostAuthor)),
    );
  for (const { name, note } of vectors.refused)
    await scenarios.refuses(name, 'CHECKPOINT_INVALID', () => verifyCheckpoint(note, hostAuthor));
  return scenarios.findings;
}

function shown({ practice, fence, size, root }: Checkpoint): unknown[] {
  return [bytesToHex(practice), fence, size, bytesToHex(root)];
}
