import { bytesToHex, hexToBytes } from '@serment/core/bytes';
import {
  encodeEntry,
  encodeStatement,
  holderProofMessage,
  parseEntry,
  parseStatement,
  signedMessage,
  statementToEntry,
} from '@serment/core/journal/entry';
import { encodeHeader, parseHeader } from '@serment/core/journal/header';
import { encodeHeads, parseHeads } from '@serment/core/journal/heads';
import { encodeReread, parseReread } from '@serment/core/journal/reread';
import { leafHash } from '@serment/core/journal/tree';
import { checkPayload, JournalVerifier } from '@serment/core/journal/verifier';
import { verifySignature } from '@serment/core/signature';
import { type Finding, Scenarios } from './scenario.ts';

interface Accepted {
  readonly name: string;
  readonly entry: string;
  readonly statement: string;
  readonly receivedAt: number;
  readonly header: string;
  readonly payloadHash: string | null;
  readonly signedMessage: string;
  readonly id: string;
  readonly leaf: string;
}
interface Refused {
  readonly name: string;
  readonly bytes: string;
  readonly error: string;
}
type Expected = readonly [index: number | null, code: string, detail: string | null];
interface Journal {
  readonly name: string;
  readonly practice: string | null;
  /** Numbers of entries, or entries in hexadecimal; `lost` has the number of one, or a leaf hash. */
  readonly journal: readonly (number | string | { readonly lost: number | string })[];
  readonly findings: readonly Expected[];
  readonly size: number;
  readonly root: string;
  readonly checkpoints: readonly {
    readonly note: string;
    readonly expectFence?: number;
    readonly findings: readonly Expected[];
  }[];
}

export interface HeadsVectors {
  /** With the numbers of the entries of each stream. */
  readonly accepted: readonly {
    readonly name: string;
    readonly bytes: string;
    readonly entries: readonly number[][];
  }[];
  readonly refused: readonly Refused[];
}

export interface RereadVectors {
  readonly accepted: readonly { readonly name: string; readonly bytes: string }[];
  readonly refused: readonly Refused[];
}

export interface JournalVectors {
  readonly accepted: readonly Accepted[];
  readonly holderProof: {
    readonly scope: string;
    readonly member: string;
    readonly author: string;
    readonly recipient: string;
    readonly message: string;
    readonly proof: string;
  };
  readonly entriesRefused: readonly Refused[];
  readonly statementsRefused: readonly Refused[];
  readonly headersRefused: readonly Refused[];
  readonly payloads: readonly {
    readonly name: string;
    readonly entry: string;
    readonly payload: string | null;
    readonly finding: string | null;
  }[];
  readonly heads: HeadsVectors;
  readonly rereads: RereadVectors;
  readonly entries: readonly string[];
  readonly journals: readonly Journal[];
}

/** Runs vectors/journal.json; nothing found is what it should give. */
export async function runJournalVectors(vectors: JournalVectors): Promise<Finding[]> {
  const scenarios = new Scenarios();
  for (const vector of vectors.accepted) await runAccepted(scenarios, vector);
  await runHolderProof(scenarios, vectors);
  for (const { name, bytes, error } of vectors.entriesRefused)
    await scenarios.refuses(name, error, () => parseEntry(hexToBytes(bytes)));
  for (const { name, bytes, error } of vectors.statementsRefused)
    await scenarios.refuses(`statement, ${name}`, error, () => parseStatement(hexToBytes(bytes)));
  for (const { name, bytes, error } of vectors.headersRefused)
    await scenarios.refuses(name, error, () => parseHeader(hexToBytes(bytes)));
  for (const { name, entry, payload, finding } of vectors.payloads)
    await scenarios.gives(name, JSON.stringify(finding), () => {
      const bytes = payload === null ? null : hexToBytes(payload);
      return JSON.stringify(checkPayload(parseEntry(hexToBytes(entry)), bytes)?.code ?? null);
    });
  await runHeads(scenarios, vectors.heads);
  await runRereads(scenarios, vectors.rereads);
  for (const journal of vectors.journals) await runJournal(scenarios, vectors.entries, journal);
  return scenarios.findings;
}

async function runAccepted(scenarios: Scenarios, vector: Accepted): Promise<void> {
  const bytes = hexToBytes(vector.entry);
  const of = (what: string, expected: string, actual: () => unknown) =>
    scenarios.gives(`${vector.name}, ${what}`, expected, actual);
  const entry = parseEntry(bytes);
  const statement = parseStatement(hexToBytes(vector.statement));
  await of('id', vector.id, () => entry.id);
  await of('id of the statement', vector.id, () => statement.id);
  await of('leaf', vector.leaf, () => entry.leaf);
  await of('statement', vector.statement, () => encodeStatement(entry));
  await of('header', vector.header, () => encodeHeader(entry.header));
  await of('payload hash', JSON.stringify(vector.payloadHash), () =>
    JSON.stringify(entry.payloadHash === null ? null : bytesToHex(entry.payloadHash)),
  );
  await of('signed message', vector.signedMessage, () => signedMessage(entry.headerBytes, entry.payloadHash));
  await of('entry', vector.entry, () => encodeEntry(entry));
  await of('entry of the statement', vector.entry, () => statementToEntry(statement, vector.receivedAt).bytes);
  await of('signature', 'true', async () =>
    String(await verifySignature(entry.header.author, hexToBytes(vector.signedMessage), entry.signature)),
  );
}

async function runHolderProof(scenarios: Scenarios, { holderProof }: JournalVectors): Promise<void> {
  const { scope, member, author, recipient, message, proof } = holderProof;
  const parts = [scope, member, author, recipient].map(hexToBytes);
  const [scopeBytes, memberBytes, authorBytes, recipientBytes] = parts;
  if (!(scopeBytes && memberBytes && authorBytes && recipientBytes)) return;
  await scenarios.gives('holder proof, message', message, () =>
    holderProofMessage(scopeBytes, memberBytes, authorBytes, recipientBytes),
  );
  await scenarios.gives('holder proof', 'true', async () =>
    String(await verifySignature(authorBytes, hexToBytes(message), hexToBytes(proof))),
  );
}

async function runHeads(scenarios: Scenarios, { accepted, refused }: HeadsVectors): Promise<void> {
  for (const { name, bytes, entries } of accepted) {
    await scenarios.gives(`heads, ${name}`, bytes, () => encodeHeads(parseHeads(hexToBytes(bytes))));
    await scenarios.gives(`heads, entries of ${name}`, JSON.stringify(entries), () =>
      JSON.stringify(parseHeads(hexToBytes(bytes)).streams.map((stream) => stream.entries)),
    );
  }
  for (const { name, bytes, error } of refused)
    await scenarios.refuses(`heads, ${name}`, error, () => parseHeads(hexToBytes(bytes)));
}

async function runRereads(scenarios: Scenarios, { accepted, refused }: RereadVectors): Promise<void> {
  for (const { name, bytes } of accepted)
    await scenarios.gives(`reread, ${name}`, bytes, () => encodeReread(parseReread(hexToBytes(bytes))));
  for (const { name, bytes, error } of refused)
    await scenarios.refuses(`reread, ${name}`, error, () => parseReread(hexToBytes(bytes)));
}

async function runJournal(scenarios: Scenarios, entries: readonly string[], journal: Journal): Promise<void> {
  const { name, practice, findings, size, root, checkpoints } = journal;
  const bytesOf = (item: number | string) => hexToBytes(typeof item === 'number' ? (entries[item] ?? '') : item);
  const leafOf = (item: number | string) => (typeof item === 'number' ? leafHash(bytesOf(item)) : hexToBytes(item));
  const items = journal.journal.map((item) =>
    typeof item === 'object' ? { leaf: leafOf(item.lost), stream: null } : bytesOf(item),
  );
  const bytes = items.filter((item) => item instanceof Uint8Array);
  const isCopy = bytes.length < items.length;
  const verifier = JournalVerifier.start(practice === null ? null : hexToBytes(practice), { isCopy });
  await scenarios.gives(name, shown(findings, findings), async () => {
    const verified = await verifier.addMany(items);
    return shown(
      verified.flatMap((result) => result.findings.map(({ index, code, detail }) => [index, code, detail])),
      findings,
    );
  });
  await scenarios.gives(`${name}, size and root`, [size, root], () => [verifier.size, bytesToHex(verifier.root())]);
  // What a copy has lost is kept by no cache.
  if (!isCopy) await runResumed(scenarios, journal, bytes);
  for (const [position, { note, expectFence = null, findings: expected }] of checkpoints.entries())
    await scenarios.gives(`${name}, checkpoint ${position}`, shown(expected, expected), async () => {
      const found = await verifier.checkpoint(note, { expectFence });
      return shown(
        found.map(({ index, code, detail }) => [index, code, detail]),
        expected,
      );
    });
}

async function runResumed(scenarios: Scenarios, journal: Journal, bytes: readonly Uint8Array[]): Promise<void> {
  const { name, practice, findings } = journal;
  await scenarios.gives(`${name}, one by one and resumed`, shown(findings, findings), async () => {
    let other = JournalVerifier.start(practice === null ? null : hexToBytes(practice));
    for (const entry of bytes) {
      await other.add(entry);
      other = JournalVerifier.resume(other.encode());
    }
    return shown(
      other.findings.map(({ index, code, detail }) => [index, code, detail]),
      findings,
    );
  });
}

/** Findings as text, with the details that the vector leaves open left out. */
function shown(findings: readonly Expected[], expected: readonly Expected[]): string {
  return JSON.stringify(
    findings.map(([index, code, detail], position) => [index, code, expected[position]?.[2] === null ? null : detail]),
  );
}
