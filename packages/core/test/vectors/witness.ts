import { bytesToHex, hexToBytes } from '@serment/core/bytes';
import { cosignCheckpoint, parseWitnessKey, verifyCosignature } from '@serment/core/journal/cosignature';
import { signerFromSeed } from '../journal/signer.ts';
import { type Finding, Scenarios } from './scenario.ts';

export interface WitnessVectors {
  readonly witness: { readonly name: string; readonly seed: string; readonly key: string };
  readonly host: string;
  readonly keyLine: string;
  readonly signed: { readonly note: string; readonly time: number; readonly cosigned: string };
  readonly accepted: readonly {
    readonly name: string;
    readonly note: string;
    readonly time: number;
    readonly size: number;
  }[];
  readonly refused: readonly { readonly name: string; readonly note: string }[];
  readonly refusedKeyLines: readonly { readonly name: string; readonly line: string }[];
}

/** Runs vectors/witness.json; nothing found is what it should give. */
export async function runWitnessVectors(vectors: WitnessVectors): Promise<Finding[]> {
  const scenarios = new Scenarios();
  const { name } = vectors.witness;
  const witness = { name, key: hexToBytes(vectors.witness.key) };
  const signer = await signerFromSeed(hexToBytes(vectors.witness.seed));
  await scenarios.gives('key line', [name, vectors.witness.key], () => {
    const read = parseWitnessKey(` ${vectors.keyLine}\n`);
    return [read.name, bytesToHex(read.key)];
  });
  const { note, time, cosigned } = vectors.signed;
  await scenarios.gives('cosigned', cosigned, () =>
    cosignCheckpoint(note, hexToBytes(vectors.host), { name, signer, time }),
  );
  for (const one of vectors.accepted)
    await scenarios.gives(one.name, [one.time, one.size], async () => {
      const read = await verifyCosignature(one.note, witness);
      return [read.time, read.checkpoint.size];
    });
  for (const one of vectors.refused)
    await scenarios.refuses(one.name, 'COSIGNATURE_INVALID', () => verifyCosignature(one.note, witness));
  for (const one of vectors.refusedKeyLines)
    await scenarios.refuses(one.name, 'WITNESS_KEY_INVALID', () => parseWitnessKey(one.line));
  return scenarios.findings;
}
