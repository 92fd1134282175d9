import { bytesToHex, hexToBytes } from '@serment/core/bytes';
import { findKit, formatKit, type Kit, kitQr, kitTestValue, newKit, parseKit } from '@serment/core/keys/kit';
import { type Finding, Scenarios } from './scenario.ts';

interface PrintedKit {
  readonly name: string;
  readonly practice: string;
  readonly seed: string;
  readonly text: string;
  readonly qr: string;
  readonly testValue: string;
}
interface TypedKit {
  readonly name: string;
  readonly text: string;
  readonly practicePrefix?: string;
  readonly seed?: string;
  readonly error?: string;
  /** Facts that the error tells. */
  readonly fields?: Readonly<Record<string, number | null>>;
}

export interface KitVectors {
  readonly printed: readonly PrintedKit[];
  readonly typed: readonly TypedKit[];
  readonly files: readonly TypedKit[];
}

/** Runs vectors/kit.json; nothing found is what it should give. */
export async function runKitVectors(vectors: KitVectors): Promise<Finding[]> {
  const scenarios = new Scenarios();
  for (const { name, practice, seed, text, qr, testValue } of vectors.printed) {
    const kit = newKit(hexToBytes(practice), hexToBytes(seed));
    await scenarios.gives(`${name}, text`, text, () => formatKit(kit));
    await scenarios.gives(`${name}, QR`, qr, () => kitQr(kit));
    await scenarios.gives(`${name}, test value`, testValue, () => kitTestValue(kit.seed));
    for (const written of [text, qr])
      await scenarios.gives(`${name}, read`, [practice.slice(0, 32), seed], () => shown(parseKit(written)));
  }
  for (const [vector, read] of [...vectors.typed.map(readBy(parseKit)), ...vectors.files.map(readBy(findKit))]) {
    const { name, text, practicePrefix, seed, error, fields } = vector;
    if (error === undefined) await scenarios.gives(name, [practicePrefix, seed], () => shown(read(text)));
    else await scenarios.refuses(name, error, () => read(text), fields);
  }
  return scenarios.findings;
}

function readBy(read: (text: string) => Kit): (vector: TypedKit) => [TypedKit, (text: string) => Kit] {
  return (vector) => [vector, read];
}

function shown(kit: Kit): [string, string] {
  return [bytesToHex(kit.practicePrefix), bytesToHex(kit.seed)];
}
