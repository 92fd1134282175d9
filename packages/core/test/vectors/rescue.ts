import { bytesToUtf8, hexToBytes } from '@serment/core/bytes';
import {
  openRescue,
  parseRescue,
  parseRescuePhrase,
  type RescueKey,
  rescueBytes,
  stretchRescuePhrase,
} from '@serment/core/keys/rescue';
import { type Finding, Scenarios } from './scenario.ts';

interface Copy {
  readonly name: string;
  readonly phrase: string;
  readonly copy: string;
}

export interface RescueVectors {
  readonly phrases: readonly { readonly name: string; readonly typed: string; readonly characters: string }[];
  readonly phrasesRefused: readonly {
    readonly name: string;
    readonly typed: string;
    readonly fields: Readonly<Record<string, number>>;
  }[];
  readonly keys: readonly { readonly phrase: string; readonly salt: string; readonly key: string }[];
  readonly copies: readonly (Copy & { readonly made: number; readonly content: string })[];
  readonly refused: readonly (Copy & { readonly error: string })[];
}

/** Runs vectors/rescue.json; nothing found is what it should give. */
export async function runRescueVectors(vectors: RescueVectors): Promise<Finding[]> {
  const scenarios = new Scenarios();
  for (const { name, typed, characters } of vectors.phrases)
    await scenarios.gives(name, characters, () => parseRescuePhrase(typed));
  for (const { name, typed, fields } of vectors.phrasesRefused)
    await scenarios.refuses(name, 'RESCUE_PHRASE_INVALID', () => parseRescuePhrase(typed), fields);
  const keys = new Map<string, RescueKey>();
  for (const { phrase, salt, key } of vectors.keys) {
    const stretched = await stretchRescuePhrase(phrase, hexToBytes(salt));
    await scenarios.gives(`the key of ${phrase}`, hexToBytes(key), () => stretched.key);
    keys.set(phrase, stretched);
  }
  const open = async ({ copy, phrase }: Copy) => {
    const parsed = parseRescue(rescueBytes(copy));
    const key = keys.get(phrase) ?? (await stretchRescuePhrase(phrase, parsed.salt));
    return { made: parsed.made, content: bytesToUtf8(await openRescue(parsed, key)) };
  };
  for (const { made, content, ...copy } of vectors.copies)
    await scenarios.gives(copy.name, { made, content }, () => open(copy));
  for (const { error, ...copy } of vectors.refused) await scenarios.refuses(copy.name, error, () => open(copy));
  return scenarios.findings;
}
