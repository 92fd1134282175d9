// The independent reader, written from docs/format alone, against the vectors: where both agree, the documents suffice.
import assert from 'node:assert/strict';
import { createCipheriv, createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { inflateSync } from 'node:zlib';

type Bytes = Uint8Array;
type Finding = { index: number | null; code: string; detail: string | null };
type Kit = { practicePrefix: Bytes; seed: Bytes };
type Entry = { receivedAt: number; headerBytes: Bytes; payloadHash: Bytes | null; signature: Bytes; statement: Bytes };
type DocumentKey = { blobId: Bytes; key: Bytes; sealedHash: Bytes; sealedSize: number; size: number; hash: Bytes };
type Version = { id: string; version: Bytes; replaces: Bytes[]; change: string; fullUrl: string | null };
type Batch = { patient: string | null; versions: Version[]; documents: (DocumentKey & { mediaType: string })[] };
type Source = { index: number; entryId: Bytes; author: Bytes; receivedAt: number; time: number };
type Fold = {
  records: Map<string, { current: Version[]; history: Version[] }>;
  documents: Map<string, unknown>;
  findings: object[];
};
type Verifier = {
  state: object;
  tree: { size: number; root(): Bytes };
  add(bytes: Bytes): { findings: Finding[]; accepted: boolean };
  addLost(leaf: Bytes): Finding[];
  checkpoint(note: string, expected: { fence?: number }): { findings: Finding[] };
};

interface Reader {
  sealedSize(clear: number): number;
  clearSize(sealed: number): number | null;
  openSealed(inputKey: Bytes, context: Bytes, sealed: Bytes): Bytes;
  openSealedRange(inputKey: Bytes, context: Bytes, sealed: Bytes, range: { start: number; end: number }): Bytes;
  padmeSize(size: number): number;
  unpack(packed: Bytes): Bytes;
  openPayload(epochKey: Bytes, header: Bytes, payload: Bytes): Bytes;
  openDocument(document: { key: Bytes; practice: Bytes; blobId: Bytes; sealed: Bytes }): Bytes;
  openDraft(draft: { epochKey: Bytes; practice: Bytes; slot: Bytes; draft: Bytes }): {
    compartment: string;
    epoch: number;
    revision: number;
    content: Bytes;
  };
  identityText(seed: Bytes): string;
  recipientText(recipient: Bytes): string;
  recipientOfSeed(seed: Bytes): Bytes;
  parseRecipient(text: string): Bytes;
  authorOfSeed(seed: Bytes): Bytes;
  verifySignature(author: Bytes, message: Bytes, signature: Bytes): boolean;
  derive(key: Bytes, info: string): Bytes;
  epochCheck(epochKey: Bytes): Bytes;
  streamId(firstEpochKey: Bytes, name: string): Bytes;
  openEpochSecret(sealedKey: {
    epochKey: Bytes;
    scope: Bytes;
    compartment: string;
    number: number;
    sealed: Bytes;
    use: 'inbox' | 'previous';
  }): Bytes;
  openWrap(
    seed: Bytes,
    wrap: Bytes,
    expected: { purpose: string; practice: Bytes | null; subject: [Bytes | string, number] },
  ): Bytes;
  openAccountSecret(exportKey: Bytes, account: Bytes, sealed: Bytes): Bytes;
  openDeviceSeed(sealedSeed: {
    accountSecret: Bytes;
    deviceSecret: Bytes;
    practice: Bytes;
    author: Bytes;
    sealed: Bytes;
  }): Bytes;
  kitText(practice: Bytes, seed: Bytes): string;
  kitTestValue(seed: Bytes): string;
  parseKit(text: string): Kit;
  parseKitFile(text: string): Kit;
  parseEntry(bytes: Bytes): Entry;
  parseStatement(bytes: Bytes): Entry;
  parseHeader(bytes: Bytes): object;
  parseHeads(bytes: Bytes): { size: number; root: Bytes; streams: { stream: Bytes; entries: number[] }[] };
  entryId(entry: Entry): Bytes;
  leafHash(bytes: Bytes): Bytes;
  signedMessage(entry: Entry): Bytes;
  holderProofMessage(holder: { scope: Bytes; member: Bytes; author: Bytes; recipient: Bytes }): Bytes;
  authorize(state: object, entry: { header: object; payloadHash: Bytes | null; id: Bytes }): string | null;
  Verifier: new (practice?: Bytes | null) => Verifier;
  Tree: new () => { add(leaf: Bytes): void; root(): Bytes; frontier(): Bytes[] };
  rootFromFrontier(size: number, hashes: Bytes[]): Bytes;
  verifyInclusion(proof: { index: number; size: number; leaf: Bytes; proof: Bytes[]; root: Bytes }): boolean;
  verifyConsistency(proof: { from: number; to: number; fromRoot: Bytes; toRoot: Bytes; proof: Bytes[] }): boolean;
  openCheckpoint(note: string, host: Bytes): { practice: Bytes; fence: number; size: number; root: Bytes };
  checkPayload(payloadHash: Bytes | null, payload: Bytes | null): string | null;
  parseBatch(bytes: Bytes): Batch;
  foldStream(entries: (Source & { batch: Batch })[]): Fold;
  encodeSnapshot(state: Fold): Bytes;
  checkSnapshot(bytes: Bytes): void;
  writeNarrative(text: string): string;
  readNarrative(div: string): string | null;
  parseCopyName(name: string): object | null;
  splitEntryBundle(bytes: Bytes): Bytes[];
  splitPayloadBundle(bytes: Bytes): (Bytes | null)[];
  splitTile(bytes: Bytes): Bytes[];
  splitNodes(bytes: Bytes): Bytes[];
  nodesOf(hashes: Bytes[]): Bytes;
  indexOfBundle(number: number, items: { stream: Bytes; entrySize: number; payloadSize: number | null }[]): Bytes;
  splitIndex(bytes: Bytes): Bytes[];
  mergeIndexes(indexes: Bytes[]): Bytes;
  parseTail(bytes: Bytes): {
    practice: Bytes;
    fence: number;
    from: number;
    note: string;
    items: { entry: Bytes; payload: Bytes | null }[];
  };
}

const reader: Reader = await import(new URL('../../docs/format/reader.mjs', import.meta.url).href);

const hex = (bytes: Bytes) => Buffer.from(bytes).toString('hex');
const bytes = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));
const bytesOrNull = (text: string | null) => (text === null ? null : bytes(text));
const sha256 = (content: Bytes) => createHash('sha256').update(content).digest('hex');

function vectorText(name: string): string {
  return readFileSync(new URL(`../../vectors/${name}.json`, import.meta.url), 'utf8');
}

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
  return 'no error';
}

/** Runs one scenario that either gives `expected` or fails with `error`. */
function check(scenario: { name: string; error?: string }, action: () => unknown, expected: () => unknown): void {
  if (scenario.error === undefined) assert.deepEqual(action(), expected(), scenario.name);
  else assert.equal(codeOf(action), scenario.error, scenario.name);
}

type Edit = { flip?: number; cut?: number; append?: string; swap?: [number, number]; drop?: number; repeat?: number };
type SealScenario = { name: string; inputKey: string; context: string; clearSize: number; sealedSize: number } & {
  salt: string;
  sealedSha256: string;
  sealed?: string;
};
type OpenScenario = { name: string; base: string; edit?: Edit; context?: string; inputKey?: string; error?: string };

/** The clear message of n bytes that the vectors speak of. */
const clearMessage = (size: number) =>
  Uint8Array.from({ length: size }, (_, i) => (i * 31 + Math.floor(i / 256)) % 256);

/** Cobblestone-256 with a given salt, which only a test wants. */
function seal(scenario: SealScenario): Bytes {
  const label = Buffer.from('c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0');
  const info = Buffer.concat([label, bytes(scenario.salt), bytes(scenario.context)]);
  const expand = (before: Bytes, i: number) =>
    createHmac('sha512', bytes(scenario.inputKey)).update(before).update(info).update(Uint8Array.of(i)).digest();
  const first = expand(new Uint8Array(0), 1);
  const keys = Buffer.concat([first, expand(first, 2)]);
  const clear = clearMessage(scenario.clearSize);
  const chunks: Bytes[] = [];
  for (let k = 0; k * 16384 <= clear.length; k++) {
    const nonce = Buffer.from(keys.subarray(32, 44));
    nonce.writeUInt32BE((nonce.readUInt32BE(8) ^ k) >>> 0, 8);
    const cipher = createCipheriv('aes-256-gcm', keys.subarray(0, 32), nonce);
    chunks.push(cipher.update(clear.subarray(k * 16384, (k + 1) * 16384)), cipher.final(), cipher.getAuthTag());
  }
  return Uint8Array.from(Buffer.concat([bytes(scenario.salt), keys.subarray(44, 76), ...chunks]));
}

function applyEdit(sealed: Bytes, edit: Edit): Bytes {
  if (edit.flip !== undefined) return sealed.with(edit.flip, (sealed[edit.flip] ?? 0) ^ 1);
  if (edit.cut !== undefined) return sealed.slice(0, edit.cut);
  if (edit.append !== undefined) return Uint8Array.from([...sealed, ...bytes(edit.append)]);
  const chunks: Bytes[] = [];
  for (let at = 56; at < sealed.length; at += 16400) chunks.push(sealed.slice(at, at + 16400));
  if (edit.swap) {
    const [a, b] = edit.swap;
    [chunks[a], chunks[b]] = [chunks[b]!, chunks[a]!];
  }
  if (edit.drop !== undefined) chunks.splice(edit.drop, 1);
  if (edit.repeat !== undefined) chunks.splice(edit.repeat, 0, chunks[edit.repeat]!);
  return Uint8Array.from(Buffer.concat([sealed.slice(0, 56), ...chunks]));
}

type SealingVectors = {
  sizes: { clear: number; sealed: number }[];
  impossibleSizes: number[];
  seal: SealScenario[];
  published: {
    name: string;
    inputKey: string;
    context: string;
    sealedZlib: string;
    clearSize: number;
    clearSha512: string;
  }[];
  open: OpenScenario[];
  range: (OpenScenario & { start: number; end: number; clearSha256: string })[];
  padme: { size: number; padded: number }[];
  pack: { name: string; packed: string; content: string; error?: string }[];
  payload: { name: string; epochKey: string; header: string; payload: string; content: string; error?: string }[];
  document: {
    name: string;
    key: string;
    practice: string;
    blobId: string;
    sealed: string;
    clear: string;
    error?: string;
  }[];
  draft: {
    name: string;
    epochKey: string;
    practice: string;
    slot: string;
    draft: string;
    compartment: string;
    epoch: number;
    revision: number;
    content: string;
    error?: string;
  }[];
};

test('sealed messages open as sealing.json says', () => {
  const vectors: SealingVectors = JSON.parse(vectorText('sealing'));
  const messages = new Map(vectors.seal.map((scenario) => [scenario.name, { scenario, sealed: seal(scenario) }]));
  for (const { clear, sealed } of vectors.sizes) {
    assert.equal(reader.sealedSize(clear), sealed);
    assert.equal(reader.clearSize(sealed), clear);
  }
  for (const size of vectors.impossibleSizes) assert.equal(reader.clearSize(size), null, String(size));
  for (const { scenario, sealed } of messages.values()) {
    assert.equal(sha256(sealed), scenario.sealedSha256, scenario.name);
    if (scenario.sealed !== undefined) assert.equal(hex(sealed), scenario.sealed, scenario.name);
    const opened = reader.openSealed(bytes(scenario.inputKey), bytes(scenario.context), sealed);
    assert.deepEqual(opened, clearMessage(scenario.clearSize), scenario.name);
  }
  for (const { name, inputKey, context, sealedZlib, clearSize, clearSha512 } of vectors.published) {
    const opened = reader.openSealed(bytes(inputKey), bytes(context), Uint8Array.from(inflateSync(bytes(sealedZlib))));
    assert.equal(opened.length, clearSize, name);
    assert.equal(createHash('sha512').update(opened).digest('hex'), clearSha512, name);
  }
  const message = ({ base, edit, inputKey, context }: OpenScenario) => {
    const { scenario, sealed } = messages.get(base)!;
    const changed = edit ? applyEdit(sealed, edit) : sealed;
    return [bytes(inputKey ?? scenario.inputKey), bytes(context ?? scenario.context), changed] as const;
  };
  for (const scenario of vectors.open) {
    assert.equal(
      codeOf(() => reader.openSealed(...message(scenario))),
      scenario.error,
      scenario.name,
    );
  }
  for (const scenario of vectors.range) {
    check(
      scenario,
      () => sha256(reader.openSealedRange(...message(scenario), scenario)),
      () => scenario.clearSha256,
    );
  }
});

test('payloads, documents and drafts open as sealing.json says', () => {
  const vectors: SealingVectors = JSON.parse(vectorText('sealing'));
  for (const { size, padded } of vectors.padme) assert.equal(reader.padmeSize(size), padded, String(size));
  for (const scenario of vectors.pack) {
    check(
      scenario,
      () => hex(reader.unpack(bytes(scenario.packed))),
      () => scenario.content,
    );
  }
  for (const scenario of vectors.payload) {
    const { epochKey, header, payload } = scenario;
    check(
      scenario,
      () => hex(reader.openPayload(bytes(epochKey), bytes(header), bytes(payload))),
      () => scenario.content,
    );
  }
  for (const scenario of vectors.document) {
    const { key, practice, blobId, sealed } = scenario;
    const parts = { key: bytes(key), practice: bytes(practice), blobId: bytes(blobId), sealed: bytes(sealed) };
    check(
      scenario,
      () => hex(reader.openDocument(parts)),
      () => scenario.clear,
    );
  }
  for (const scenario of vectors.draft) {
    const { epochKey, practice, slot, draft } = scenario;
    const parts = { epochKey: bytes(epochKey), practice: bytes(practice), slot: bytes(slot), draft: bytes(draft) };
    const { compartment, epoch, revision, content } = scenario;
    check(
      scenario,
      () => reader.openDraft(parts),
      () => ({ compartment, epoch, revision, content: bytes(content) }),
    );
  }
});

type KeysVectors = {
  seeds: { name: string; seed: string; identity: string; recipient: string; author: string }[];
  recipients: { name: string; text: string; error: string }[];
  signatures: { name: string; author: string; message: string; signature: string; valid: boolean }[];
  epochs: {
    epochKey: string;
    check: string;
    payloadInputKey: string;
    draftInputKey: string;
    cacheInputKey: string;
    streamKey: string;
  }[];
  streams: { firstEpochKey: string; name: string; stream: string }[];
  sealedKeys: {
    name: string;
    epochKey: string;
    practice: string;
    compartment: string;
    number: number;
    use: 'inbox' | 'previous';
    sealed: string;
    secret: string;
    error?: string;
  }[];
  wraps: {
    name: string;
    seed: string;
    purpose: string;
    practice: string | null;
    subject: [string, number];
    wrap: string;
    secret: string;
    error?: string;
  }[];
  accountSecrets: {
    name: string;
    exportKey: string;
    account: string;
    sealed: string;
    secret: string;
    error?: string;
  }[];
  deviceSeeds: {
    name: string;
    accountSecret: string;
    deviceSecret: string;
    practice: string;
    author: string;
    sealed: string;
    seed: string;
    error?: string;
  }[];
};

test('seeds, signatures, epochs and wraps are those of keys.json', () => {
  const vectors: KeysVectors = JSON.parse(vectorText('keys'));
  for (const { name, seed, identity, recipient, author } of vectors.seeds) {
    assert.equal(reader.identityText(bytes(seed)), identity, name);
    assert.equal(reader.recipientText(reader.recipientOfSeed(bytes(seed))), recipient, name);
    assert.deepEqual(reader.parseRecipient(recipient), reader.recipientOfSeed(bytes(seed)), name);
    assert.equal(hex(reader.authorOfSeed(bytes(seed))), author, name);
  }
  for (const { name, text, error } of vectors.recipients) {
    assert.equal(
      codeOf(() => reader.parseRecipient(text)),
      error,
      name,
    );
  }
  for (const { name, author, message, signature, valid } of vectors.signatures) {
    assert.equal(reader.verifySignature(bytes(author), bytes(message), bytes(signature)), valid, name);
  }
  for (const epoch of vectors.epochs) {
    const derived = (use: string) => hex(reader.derive(bytes(epoch.epochKey), `serment/${use}/1`));
    assert.equal(hex(reader.epochCheck(bytes(epoch.epochKey))), epoch.check);
    assert.equal(derived('payload'), epoch.payloadInputKey);
    assert.equal(derived('draft'), epoch.draftInputKey);
    assert.equal(derived('cache'), epoch.cacheInputKey);
    assert.equal(derived('stream'), epoch.streamKey);
  }
  for (const { firstEpochKey, name, stream } of vectors.streams) {
    assert.equal(hex(reader.streamId(bytes(firstEpochKey), name)), stream, name);
  }
  for (const scenario of vectors.sealedKeys) {
    const { epochKey, practice, sealed } = scenario;
    const parts = { ...scenario, epochKey: bytes(epochKey), scope: bytes(practice), sealed: bytes(sealed) };
    check(
      scenario,
      () => hex(reader.openEpochSecret(parts)),
      () => scenario.secret,
    );
  }
  for (const scenario of vectors.wraps) {
    const { seed, wrap, purpose, practice, subject } = scenario;
    const [what, number] = subject;
    const expected = {
      purpose,
      practice: bytesOrNull(practice),
      subject: [purpose === 'member' ? bytes(what) : what, number] satisfies [Bytes | string, number],
    };
    check(
      scenario,
      () => hex(reader.openWrap(bytes(seed), bytes(wrap), expected)),
      () => scenario.secret,
    );
  }
});

test('what a password opens is that of keys.json', () => {
  const vectors: KeysVectors = JSON.parse(vectorText('keys'));
  for (const scenario of vectors.accountSecrets) {
    const { exportKey, account, sealed } = scenario;
    check(
      scenario,
      () => hex(reader.openAccountSecret(bytes(exportKey), bytes(account), bytes(sealed))),
      () => scenario.secret,
    );
  }
  for (const scenario of vectors.deviceSeeds) {
    const { accountSecret, deviceSecret, practice, author, sealed } = scenario;
    const parts = {
      accountSecret: bytes(accountSecret),
      deviceSecret: bytes(deviceSecret),
      practice: bytes(practice),
      author: bytes(author),
      sealed: bytes(sealed),
    };
    check(
      scenario,
      () => hex(reader.openDeviceSeed(parts)),
      () => scenario.seed,
    );
  }
});

type KitScenario = {
  name: string;
  text: string;
  practicePrefix: string;
  seed: string;
  error?: string;
  fields?: Record<string, unknown>;
};

test('kits are printed, typed and found in files as kit.json says', () => {
  const vectors: {
    printed: { name: string; practice: string; seed: string; text: string; qr: string; testValue: string }[];
    typed: KitScenario[];
    files: KitScenario[];
  } = JSON.parse(vectorText('kit'));
  for (const { name, practice, seed, text, qr, testValue } of vectors.printed) {
    assert.equal(reader.kitText(bytes(practice), bytes(seed)), text, name);
    assert.equal(reader.kitTestValue(bytes(seed)), testValue, name);
    for (const form of [text, qr]) {
      assert.deepEqual(
        reader.parseKit(form),
        { practicePrefix: bytes(practice).slice(0, 16), seed: bytes(seed) },
        name,
      );
    }
  }
  const checkKit = (scenario: KitScenario, parse: (text: string) => Kit) => {
    const { name, text, practicePrefix, seed, error, fields } = scenario;
    check(
      { name, ...(error === undefined ? {} : { error }) },
      () => parse(text),
      () => ({ practicePrefix: bytes(practicePrefix), seed: bytes(seed) }),
    );
    if (error === undefined) return;
    assert.throws(
      () => parse(text),
      (thrown) => {
        assert.ok(thrown instanceof Error && 'fields' in thrown, name);
        for (const [field, value] of Object.entries(fields ?? {})) {
          assert.deepEqual(Object.entries(thrown.fields ?? {}).find(([key]) => key === field)?.[1], value, name);
        }
        return true;
      },
    );
  };
  for (const scenario of vectors.typed) checkKit(scenario, reader.parseKit);
  for (const scenario of vectors.files) checkKit(scenario, reader.parseKitFile);
});

test('roots and proofs are those of tree.json', () => {
  const vectors: {
    trees: { size: number; root: string; frontier: string[] }[];
    frontiersRefused: { name: string; size: number; hashes: string[] }[];
    inclusion: {
      name: string;
      index: number;
      size: number;
      leaf: string;
      proof: string[];
      root: string;
      valid: boolean;
    }[];
    consistency: {
      name: string;
      from: number;
      to: number;
      fromRoot: string;
      toRoot: string;
      proof: string[];
      valid: boolean;
    }[];
    proofsRefused: { name: string; kind: string; index: number; size: number }[];
  } = JSON.parse(vectorText('tree'));
  for (const { size, root, frontier } of vectors.trees) {
    const tree = new reader.Tree();
    for (let i = 0; i < size; i++) tree.add(reader.leafHash(new Uint8Array(i).fill(0x78)));
    assert.equal(hex(tree.root()), root, String(size));
    assert.deepEqual(tree.frontier().map(hex), frontier, String(size));
    assert.equal(hex(reader.rootFromFrontier(size, frontier.map(bytes))), root, String(size));
  }
  for (const { name, size, hashes } of vectors.frontiersRefused) {
    assert.throws(() => reader.rootFromFrontier(size, hashes.map(bytes)), name);
  }
  for (const { name, index, size, leaf, proof, root, valid } of vectors.inclusion) {
    const parts = { index, size, leaf: bytes(leaf), proof: proof.map(bytes), root: bytes(root) };
    assert.equal(reader.verifyInclusion(parts), valid, name);
  }
  for (const { name, from, to, fromRoot, toRoot, proof, valid } of vectors.consistency) {
    const parts = { from, to, fromRoot: bytes(fromRoot), toRoot: bytes(toRoot), proof: proof.map(bytes) };
    assert.equal(reader.verifyConsistency(parts), valid, name);
  }
  const none = { proof: [], root: new Uint8Array(32), fromRoot: new Uint8Array(32), toRoot: new Uint8Array(32) };
  for (const { name, kind, index, size } of vectors.proofsRefused) {
    const refused =
      kind === 'inclusion'
        ? reader.verifyInclusion({ ...none, index, size, leaf: new Uint8Array(32) })
        : reader.verifyConsistency({ ...none, from: index, to: size });
    assert.equal(refused, false, name);
  }
});

test('checkpoints are read and refused as checkpoint.json says', () => {
  type Signed = { name: string; note: string; fence: number; size: number; root: string };
  const vectors: {
    practice: string;
    host: { author: string };
    signed: Signed[];
    accepted: Signed[];
    refused: { name: string; note: string }[];
  } = JSON.parse(vectorText('checkpoint'));
  const host = bytes(vectors.host.author);
  for (const { name, note, fence, size, root } of [...vectors.signed, ...vectors.accepted]) {
    const expected = { practice: bytes(vectors.practice), fence, size, root: bytes(root) };
    assert.deepEqual(reader.openCheckpoint(note, host), expected, name);
  }
  for (const { name, note } of vectors.refused) {
    assert.equal(
      codeOf(() => reader.openCheckpoint(note, host)),
      'CHECKPOINT_INVALID',
      name,
    );
  }
});

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
function refusalOf(state: object, statement: Bytes): unknown {
  const entry = reader.parseStatement(statement);
  let header: object;
  try {
    header = reader.parseHeader(entry.headerBytes);
  } catch (error) {
    assert.ok(error instanceof Error && 'fields' in error);
    return Object.entries(error.fields ?? {}).find(([field]) => field === 'refusal')?.[1];
  }
  return reader.authorize(state, { header, payloadHash: entry.payloadHash, id: reader.entryId(entry) });
}

test('statements are authorized as authorize.json says', () => {
  const vectors: {
    histories: {
      entries: string[];
      statements: { name: string; length: number; statement: string; refusal: string | null; practice?: string }[];
    }[];
  } = JSON.parse(vectorText('authorize'));
  for (const { entries, statements } of vectors.histories) {
    for (const { name, length, statement, refusal, practice } of statements) {
      const verifier = new reader.Verifier(bytesOrNull(practice ?? null));
      for (const entry of entries.slice(0, length)) assert.deepEqual(verifier.add(bytes(entry)).findings, [], name);
      assert.equal(refusalOf(verifier.state, bytes(statement)), refusal, name);
    }
  }
});

type DocumentRow = { blobId: string; key: string; sealedHash: string; hash: string };
type RecordVectors = {
  batches: {
    name: string;
    bytes: string;
    patient: string | null;
    versions: { id: string; version: string; replaces: string[]; change: string; fullUrl: string | null }[];
    documents: DocumentRow[];
  }[];
  batchesRefused: { name: string; bytes: string; error: string }[];
  folds: {
    name: string;
    entries: {
      index: number;
      entryId: string;
      author: string;
      receivedAt: number;
      time: number;
      batch: string;
    }[];
    current: Record<string, string[]>;
    history: Record<string, string[]>;
    findings: object[];
    snapshot: string;
  }[];
  snapshotsRefused: { name: string; bytes: string; error: string }[];
  narratives: { text: string; div: string }[];
  foreignNarratives: string[];
};

test('batches are read and refused as record.json says', () => {
  const vectors: RecordVectors = JSON.parse(vectorText('record'));
  for (const { name, bytes: batch, patient, versions, documents } of vectors.batches) {
    const expected = {
      patient,
      versions: versions.map((version) => ({
        ...version,
        version: bytes(version.version),
        replaces: version.replaces.map(bytes),
      })),
      documents: documents.map((document) => ({
        ...document,
        blobId: bytes(document.blobId),
        key: bytes(document.key),
        sealedHash: bytes(document.sealedHash),
        hash: bytes(document.hash),
      })),
    };
    assert.deepEqual(reader.parseBatch(bytes(batch)), expected, name);
  }
  for (const { name, bytes: batch, error } of vectors.batchesRefused) {
    assert.equal(
      codeOf(() => reader.parseBatch(bytes(batch))),
      error,
      name,
    );
  }
});

test('streams fold as record.json says, in order, backwards and twice', () => {
  const vectors: RecordVectors = JSON.parse(vectorText('record'));
  const names = (versions: Version[]) => versions.map(({ version }) => hex(version));
  for (const { name, entries, current, history, findings, snapshot } of vectors.folds) {
    const written = entries.map(({ entryId, author, batch, ...rest }) => ({
      ...rest,
      entryId: bytes(entryId),
      author: bytes(author),
      batch: reader.parseBatch(bytes(batch)),
    }));
    for (const order of [written, written.toReversed(), [...written, ...written]]) {
      const state = reader.foldStream(order);
      const records = [...state.records];
      assert.deepEqual(Object.fromEntries(records.map(([id, record]) => [id, names(record.current)])), current, name);
      assert.deepEqual(Object.fromEntries(records.map(([id, record]) => [id, names(record.history)])), history, name);
      assert.deepEqual(state.findings, findings, name);
      assert.equal(hex(reader.encodeSnapshot(state)), snapshot, name);
      reader.checkSnapshot(bytes(snapshot));
    }
  }
  for (const { name, bytes: snapshot, error } of vectors.snapshotsRefused) {
    assert.equal(
      codeOf(() => reader.checkSnapshot(bytes(snapshot))),
      error,
      name,
    );
  }
  for (const { text, div } of vectors.narratives) {
    assert.equal(reader.writeNarrative(text), div);
    assert.equal(reader.readNarrative(div), text);
  }
  for (const div of vectors.foreignNarratives) assert.equal(reader.readNarrative(div), null, div);
});

type ObjectEdit = { why: string; cut?: number; append?: string; set?: string; at?: number };
type CopyVectors = {
  names: { name: string; value: object }[];
  namesRefused: { why: string; name: string }[];
  entryBundle: { size: number; sha256: string };
  entryBundleRefused: ObjectEdit[];
  payloadBundle: { size: number; sha256: string };
  payloadBundleRefused: ObjectEdit[];
  nodes: { tileSha256: string; sha256: string; first: string; root: string };
  tileSizesRefused: number[];
  nodesSizesRefused: number[];
  bundleIndex: { size: number; sha256: string };
  merge: { sources: string[]; merged: string };
  indexesRefused: { why: string; index: string }[];
  mergesRefused: { why: string; sources: string[] }[];
  tail: {
    bytes: string;
    practice: string;
    fence: number;
    from: number;
    note: string;
    items: [string, string | null][];
  };
  tailsRefused: { why: string; bytes: string }[];
};

/** The 256 entries and payloads that copy.json speaks of. */
const copyItems = Array.from({ length: 256 }, (_, i) => ({
  entry: new Uint8Array((i % 7) + 1).fill(i),
  payload: i % 5 === 4 ? null : new Uint8Array(100 * (i % 3)).fill(i),
  stream: Uint8Array.from([...new Uint8Array(15), i % 4]),
}));

function copyBundles(): { entries: Bytes; payloads: Bytes } {
  const entries = copyItems.flatMap(({ entry }) => [Uint8Array.of(0, entry.length), entry]);
  const payloads = copyItems.flatMap(({ payload }) => {
    const size = Buffer.alloc(4);
    size.writeUInt32BE(payload === null ? 0xffffffff : payload.length);
    return payload === null ? [size] : [size, payload];
  });
  return { entries: Uint8Array.from(Buffer.concat(entries)), payloads: Uint8Array.from(Buffer.concat(payloads)) };
}

function editObject(object: Bytes, { cut, append, set, at }: ObjectEdit): Bytes {
  const edited = Buffer.concat([object.subarray(0, cut ?? object.length), bytes(append ?? '')]);
  edited.set(bytes(set ?? ''), at ?? 0);
  return Uint8Array.from(edited);
}

test('names and objects of a copy are those of copy.json', () => {
  const vectors: CopyVectors = JSON.parse(vectorText('copy'));
  for (const { name, value } of vectors.names) assert.deepEqual(reader.parseCopyName(name), value, name);
  for (const { why, name } of vectors.namesRefused) assert.equal(reader.parseCopyName(name), null, why);
  const { entries, payloads } = copyBundles();
  assert.equal(sha256(entries), vectors.entryBundle.sha256);
  assert.equal(sha256(payloads), vectors.payloadBundle.sha256);
  assert.deepEqual(
    reader.splitEntryBundle(entries),
    copyItems.map(({ entry }) => entry),
  );
  assert.deepEqual(
    reader.splitPayloadBundle(payloads),
    copyItems.map(({ payload }) => payload),
  );
  const leaves = copyItems.map(({ entry }) => reader.leafHash(entry));
  const tile = Uint8Array.from(Buffer.concat(leaves));
  assert.equal(sha256(tile), vectors.nodes.tileSha256);
  const nodes = reader.nodesOf(reader.splitTile(tile));
  assert.equal(sha256(nodes), vectors.nodes.sha256);
  assert.equal(hex(reader.splitNodes(nodes)[0]!), vectors.nodes.first);
  assert.equal(hex(reader.splitNodes(nodes)[254]!), vectors.nodes.root);
  const index = reader.indexOfBundle(
    1,
    copyItems.map(({ entry, payload, stream }) => ({
      stream,
      entrySize: entry.length,
      payloadSize: payload?.length ?? null,
    })),
  );
  assert.equal(sha256(index), vectors.bundleIndex.sha256);
  assert.equal(hex(reader.mergeIndexes(vectors.merge.sources.map(bytes))), vectors.merge.merged);
  const { practice, fence, from, note, items } = reader.parseTail(bytes(vectors.tail.bytes));
  const read = items.map(({ entry, payload }) => [hex(entry), payload === null ? null : hex(payload)]);
  const expected = { ...vectors.tail, bytes: undefined };
  assert.deepEqual({ practice: hex(practice), fence, from, note, items: read, bytes: undefined }, expected);
});

test('damaged objects of a copy are refused as copy.json says', () => {
  const vectors: CopyVectors = JSON.parse(vectorText('copy'));
  const { entries, payloads } = copyBundles();
  const refused = (name: string, action: () => unknown) => assert.notEqual(codeOf(action), 'no error', name);
  for (const edit of vectors.entryBundleRefused) {
    refused(edit.why, () => reader.splitEntryBundle(editObject(entries, edit)));
  }
  for (const edit of vectors.payloadBundleRefused) {
    refused(edit.why, () => reader.splitPayloadBundle(editObject(payloads, edit)));
  }
  for (const size of vectors.tileSizesRefused) refused(`tile of ${size}`, () => reader.splitTile(new Uint8Array(size)));
  for (const size of vectors.nodesSizesRefused)
    refused(`nodes of ${size}`, () => reader.splitNodes(new Uint8Array(size)));
  for (const { why, index } of vectors.indexesRefused) refused(why, () => reader.splitIndex(bytes(index)));
  for (const { why, sources } of vectors.mergesRefused) refused(why, () => reader.mergeIndexes(sources.map(bytes)));
  for (const { why, bytes: tail } of vectors.tailsRefused) refused(why, () => reader.parseTail(bytes(tail)));
});
