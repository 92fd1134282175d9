import { bytesToHex, hexToBytes } from '@serment/core/bytes';
import { CoreError } from '@serment/core/error';
import { type Entry, parseEntry, parseStatement } from '@serment/core/journal/entry';
import { applyEntry, authorize, emptyGovernance } from '@serment/core/journal/governance';
import { type Finding, Scenarios } from './scenario.ts';

interface Attempt {
  readonly name: string;
  readonly length: number;
  readonly statement: string;
  readonly refusal: string | null;
  readonly practice?: string;
  readonly receivedAt?: number;
}

export interface AuthorizeVectors {
  readonly histories: readonly {
    readonly name: string;
    readonly entries: readonly string[];
    readonly statements: readonly Attempt[];
  }[];
}

/** Runs vectors/authorize.json; nothing found is what it should give. */
export async function runAuthorizeVectors(vectors: AuthorizeVectors): Promise<Finding[]> {
  const scenarios = new Scenarios();
  for (const { entries, statements } of vectors.histories)
    for (const attempt of statements)
      await scenarios.gives(attempt.name, JSON.stringify(attempt.refusal), async () =>
        JSON.stringify(await refusalOf(entries, attempt)),
      );
  return scenarios.findings;
}

async function refusalOf(entries: readonly string[], attempt: Attempt): Promise<string | null> {
  const { length, statement, practice } = attempt;
  const state = emptyGovernance();
  const heads = new Map<string, Entry>();
  let receivedAt = 0;
  for (const [index, bytes] of entries.slice(0, length).entries()) {
    const entry = parseEntry(hexToBytes(bytes));
    applyEntry(state, entry, index);
    receivedAt = entry.receivedAt;
    heads.set(bytesToHex(entry.header.stream), entry);
  }
  try {
    const parsed = parseStatement(hexToBytes(statement));
    const head = heads.get(bytesToHex(parsed.header.stream));
    const place = { streamHead: head?.id ?? null, streamCompartment: head?.header.compartment ?? null };
    const expected = practice === undefined ? null : hexToBytes(practice);
    const at = { index: length, receivedAt: attempt.receivedAt ?? receivedAt };
    return await authorize(state, parsed, { ...at, ...place, practice: expected });
  } catch (error) {
    if (error instanceof CoreError && typeof error.fields.refusal === 'string') return error.fields.refusal;
    throw error;
  }
}
