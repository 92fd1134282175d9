// The independent reader, written from docs/format alone, against the vectors: where both agree, the documents suffice.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

export type Bytes = Uint8Array;
export type Finding = { index: number | null; code: string; detail: string | null };
export type Kit = { practicePrefix: Bytes; seed: Bytes };
type Entry = { receivedAt: number; headerBytes: Bytes; payloadHash: Bytes | null; signature: Bytes; statement: Bytes };
type DocumentKey = { blobId: Bytes; key: Bytes; sealedHash: Bytes; sealedSize: number; size: number; hash: Bytes };
export type Version = { id: string; version: Bytes; replaces: Bytes[]; change: string; fullUrl: string | null };
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
  openReason(glass: { epochKey: Bytes; practice: Bytes; stream: Bytes; author: Bytes; sealed: Bytes }): string;
  openOwnKey(own: { privateKey: Bytes; practice: Bytes; author: Bytes; wrap: Bytes; sealed: Bytes }): Bytes;
  depositKey(seed: Bytes, header: { practice: Bytes; author: Bytes; epoch: number; body: readonly Bytes[] }): Bytes;
  openWrap(
    seed: Bytes,
    wrap: Bytes,
    expected: { purpose: string; practice: Bytes | null; subject: [Bytes | string, number] },
  ): Bytes;
  openAccountSecret(exportKey: Bytes, account: Bytes, sealed: Bytes): Bytes;
  openAccountSecretAsMember(sealedSecret: {
    memberSeed: Bytes;
    account: Bytes;
    generation: number;
    sealed: Bytes;
  }): Bytes;
  passkeyInput(practice: Bytes, author: Bytes): Bytes;
  openDeviceSeed(sealedSeed: {
    way: string;
    share: Bytes;
    deviceSecret: Bytes;
    practice: Bytes;
    author: Bytes;
    sealed: Bytes;
  }): Bytes;
  kitText(practice: Bytes, seed: Bytes): string;
  kitTestValue(seed: Bytes): string;
  parseKit(text: string): Kit;
  parseKitFile(text: string): Kit;
  sheetQr(firstEpochKey: Bytes, subject: string, kind: string): string;
  readSheet(firstEpochKey: Bytes, subject: string, text: string): { is: string; kind: string | null };
  parseRescuePhrase(text: string): string;
  rescueKey(phrase: string, salt: Bytes): Bytes;
  findRescueCopy(page: string): string;
  openRescueCopy(base64: string, phrase: string): { made: number; content: string };
  passkeySeed(prfOutput: Bytes): Bytes;
  passkeyHolderInput(): Bytes;
  parsePasskeyHandle(handle: Bytes): Bytes;
  invitationSeed(secret: Bytes, code: string): Bytes;
  invitationText(link: { practice: Bytes; secret: Bytes }): string;
  parseInvitationLink(text: string): { practice: Bytes; secret: Bytes };
  parseInvitationCode(text: string): string;
  parseEntry(bytes: Bytes): Entry;
  parseStatement(bytes: Bytes): Entry;
  parseHeader(bytes: Bytes): object;
  parseReread(bytes: Bytes): { destination: string; size: number; outcome: string; codes: string[] };
  parseHeads(bytes: Bytes): { size: number; root: Bytes; streams: { stream: Bytes; entries: number[] }[] };
  entryId(entry: Entry): Bytes;
  leafHash(bytes: Bytes): Bytes;
  signedMessage(entry: Entry): Bytes;
  holderProofMessage(holder: { scope: Bytes; member: Bytes; author: Bytes; recipient: Bytes }): Bytes;
  authorize(
    state: object,
    entry: { header: object; payloadHash: Bytes | null; id: Bytes; receivedAt: number },
  ): string | null;
  Verifier: new (practice?: Bytes | null) => Verifier;
  Tree: new () => { add(leaf: Bytes): void; root(): Bytes; frontier(): Bytes[] };
  rootFromFrontier(size: number, hashes: Bytes[]): Bytes;
  verifyInclusion(proof: { index: number; size: number; leaf: Bytes; proof: Bytes[]; root: Bytes }): boolean;
  verifyConsistency(proof: { from: number; to: number; fromRoot: Bytes; toRoot: Bytes; proof: Bytes[] }): boolean;
  openCheckpoint(note: string, host: Bytes): { practice: Bytes; fence: number; size: number; root: Bytes };
  parseWitnessKey(line: string): { name: string; key: Bytes };
  openCosignature(
    note: string,
    witness: { name: string; key: Bytes },
  ): { checkpoint: { size: number; root: Bytes }; time: number };
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

export const reader: Reader = await import(new URL('../../../docs/format/reader.mjs', import.meta.url).href);

export const hex = (bytes: Bytes) => Buffer.from(bytes).toString('hex');
export const bytes = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));
export const bytesOrNull = (text: string | null) => (text === null ? null : bytes(text));
export const sha256 = (content: Bytes) => createHash('sha256').update(content).digest('hex');

export function vectorText(name: string): string {
  return readFileSync(new URL(`../../../vectors/${name}.json`, import.meta.url), 'utf8');
}

export function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
  return 'no error';
}

/** Asserts that an action fails with that code, and that its error tells these facts. */
export function assertRefused(
  { name, error, fields = {} }: { name: string; error: string; fields?: Record<string, unknown> | undefined },
  action: () => unknown,
): void {
  assert.throws(
    action,
    (thrown) => {
      assert.ok(thrown instanceof Error && 'code' in thrown && 'fields' in thrown, name);
      assert.equal(thrown.code, error, name);
      const told = Object.entries(thrown.fields ?? {});
      for (const [field, value] of Object.entries(fields))
        assert.deepEqual(told.find(([key]) => key === field)?.[1], value, name);
      return true;
    },
    name,
  );
}

/** Runs one scenario that either gives `expected` or fails with `error`. */
export function check(
  scenario: { name: string; error?: string },
  action: () => unknown,
  expected: () => unknown,
): void {
  if (scenario.error === undefined) assert.deepEqual(action(), expected(), scenario.name);
  else assert.equal(codeOf(action), scenario.error, scenario.name);
}
