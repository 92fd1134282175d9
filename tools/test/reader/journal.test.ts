import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Bytes, bytes, bytesOrNull, codeOf, type Finding, hex, reader, vectorText } from './reader.ts';

type FindingRow = [number | null, string, string | null];
type JournalVectors = {
  accepted: {
    name: string;
    entry: string;
    statement: string;
    receivedAt: number;
    header: string;
    payloadHash: string | null;
    signedMessage: string;
    id: string;
    leaf: string;
  }[];
  holderProof: Record<'scope' | 'member' | 'author' | 'recipient' | 'message' | 'proof', string>;
  entriesRefused: { name: string; bytes: string; error: string }[];
  statementsRefused: { name: string; bytes: string; error: string }[];
  headersRefused: { name: string; bytes: string; error: string }[];
  payloads: { name: string; entry: string; payload: string | null; finding: string | null }[];
  heads: {
    accepted: { name: string; bytes: string; entries: number[][] }[];
    refused: { name: string; bytes: string; error: string }[];
  };
  rereads: {
    accepted: { name: string; bytes: string }[];
    refused: { name: string; bytes: string; error: string }[];
  };
  entries: string[];
  journals: {
    name: string;
    practice: string | null;
    journal: (number | string | { lost: number | string })[];
    findings: FindingRow[];
    size: number;
    root: string;
    checkpoints: { note: string; expectFence?: number; findings: FindingRow[] }[];
  }[];
};

function assertFindings(actual: Finding[], expected: FindingRow[], name: string): void {
  const rows = actual.map(({ index, code, detail }, i) => [index, code, expected[i]?.[2] === null ? null : detail]);
  assert.deepEqual(rows, expected, name);
}

test('entries and headers are read and refused as journal.json says', () => {
  const vectors: JournalVectors = JSON.parse(vectorText('journal'));
  for (const scenario of vectors.accepted) {
    const entry = reader.parseEntry(bytes(scenario.entry));
    assert.equal(hex(entry.statement), scenario.statement, scenario.name);
    assert.equal(entry.receivedAt, scenario.receivedAt, scenario.name);
    assert.equal(hex(entry.headerBytes), scenario.header, scenario.name);
    assert.deepEqual(entry.payloadHash, bytesOrNull(scenario.payloadHash), scenario.name);
    assert.equal(hex(reader.signedMessage(entry)), scenario.signedMessage, scenario.name);
    assert.equal(hex(reader.entryId(entry)), scenario.id, scenario.name);
    assert.equal(hex(reader.leafHash(bytes(scenario.entry))), scenario.leaf, scenario.name);
    assert.deepEqual({ ...reader.parseStatement(entry.statement), receivedAt: entry.receivedAt }, entry);
    reader.parseHeader(entry.headerBytes);
  }
  const { scope, member, author, recipient, message, proof } = vectors.holderProof;
  const proved = reader.holderProofMessage({
    scope: bytes(scope),
    member: bytes(member),
    author: bytes(author),
    recipient: bytes(recipient),
  });
  assert.equal(hex(proved), message);
  assert.ok(reader.verifySignature(bytes(author), proved, bytes(proof)));
  const refusals = [
    { scenarios: vectors.entriesRefused, parse: reader.parseEntry },
    { scenarios: vectors.statementsRefused, parse: reader.parseStatement },
    { scenarios: vectors.headersRefused, parse: reader.parseHeader },
  ];
  for (const { scenarios, parse } of refusals) {
    for (const { name, bytes: refused, error } of scenarios) {
      assert.equal(
        codeOf(() => parse(bytes(refused))),
        error,
        name,
      );
    }
  }
  for (const { name, entry, payload, finding } of vectors.payloads) {
    assert.equal(reader.checkPayload(reader.parseEntry(bytes(entry)).payloadHash, bytesOrNull(payload)), finding, name);
  }
});

test('contents of heads are read and refused as journal.json says', () => {
  const { accepted, refused }: JournalVectors['heads'] = JSON.parse(vectorText('journal')).heads;
  for (const { name, bytes: content, entries } of accepted)
    assert.deepEqual(
      reader.parseHeads(bytes(content)).streams.map((stream) => stream.entries),
      entries,
      name,
    );
  for (const { name, bytes: content, error } of refused)
    assert.equal(
      codeOf(() => reader.parseHeads(bytes(content))),
      error,
      name,
    );
});

test('contents of rereads are read and refused as journal.json says', () => {
  const { accepted, refused }: JournalVectors['rereads'] = JSON.parse(vectorText('journal')).rereads;
  for (const { bytes: content } of accepted) reader.parseReread(bytes(content));
  for (const { name, bytes: content, error } of refused)
    assert.equal(
      codeOf(() => reader.parseReread(bytes(content))),
      error,
      name,
    );
});

test('journals give the findings of journal.json', () => {
  const vectors: JournalVectors = JSON.parse(vectorText('journal'));
  for (const { name, practice, journal, findings, size, root, checkpoints } of vectors.journals) {
    const verifier = new reader.Verifier(bytesOrNull(practice));
    const entryOf = (item: number | string) => bytes(typeof item === 'number' ? (vectors.entries[item] ?? '') : item);
    const leafOf = (item: number | string) => (typeof item === 'number' ? reader.leafHash(entryOf(item)) : bytes(item));
    const found = journal.flatMap((item) =>
      typeof item === 'object' ? verifier.addLost(leafOf(item.lost)) : verifier.add(entryOf(item)).findings,
    );
    assertFindings(found, findings, name);
    assert.equal(verifier.tree.size, size, name);
    assert.equal(hex(verifier.tree.root()), root, name);
    for (const { note, expectFence, findings: expected } of checkpoints) {
      const checked = verifier.checkpoint(note, expectFence === undefined ? {} : { fence: expectFence });
      assertFindings(checked.findings, expected, name);
    }
  }
});

/** The refusal of a statement; that of a kind which is not known is told while its header is read. */
function refusalOf(state: object, statement: Bytes, receivedAt: number): unknown {
  const entry = reader.parseStatement(statement);
  let header: object;
  try {
    header = reader.parseHeader(entry.headerBytes);
  } catch (error) {
    assert.ok(error instanceof Error && 'fields' in error);
    return Object.entries(error.fields ?? {}).find(([field]) => field === 'refusal')?.[1];
  }
  const { payloadHash } = entry;
  return reader.authorize(state, { header, payloadHash, id: reader.entryId(entry), receivedAt });
}

test('statements are authorized as authorize.json says', () => {
  const vectors: {
    histories: {
      entries: string[];
      statements: {
        name: string;
        length: number;
        statement: string;
        refusal: string | null;
        practice?: string;
        receivedAt?: number;
      }[];
    }[];
  } = JSON.parse(vectorText('authorize'));
  for (const { entries, statements } of vectors.histories) {
    for (const { name, length, statement, refusal, practice, receivedAt } of statements) {
      const verifier = new reader.Verifier(bytesOrNull(practice ?? null));
      for (const entry of entries.slice(0, length)) assert.deepEqual(verifier.add(bytes(entry)).findings, [], name);
      const last = length === 0 ? 0 : reader.parseEntry(bytes(entries[length - 1] ?? '')).receivedAt;
      assert.equal(refusalOf(verifier.state, bytes(statement), receivedAt ?? last), refusal, name);
    }
  }
});
