import assert from 'node:assert/strict';
import { createCipheriv, createHash, createHmac } from 'node:crypto';
import { test } from 'node:test';
import { inflateSync } from 'node:zlib';
import { type Bytes, bytes, check, codeOf, hex, reader, sha256, vectorText } from './reader.ts';

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
