// Makes vectors/sealing.json, vectors/keys.json and vectors/kit.json: node vectors/make/keys.ts
// All randomness comes from a counter, so that making them again gives the same bytes.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import { bech32 } from '@scure/base';
import { Encrypter, generateX25519Identity, identityToRecipient, Stanza } from 'age-encryption';
import { concatBytes, bytesToHex as hex, utf8ToBytes } from '../../packages/core/src/bytes.ts';
import { type CborValue, encodeCanonical } from '../../packages/core/src/cbor.ts';
import { deriveKey, sha256 } from '../../packages/core/src/hash.ts';
import * as epochs from '../../packages/core/src/keys/epoch.ts';
import { formatKit, kitQr, kitTestValue, newKit } from '../../packages/core/src/keys/kit.ts';
import { offlineShare } from '../../packages/core/src/keys/offline.ts';
import { sealAccountSecret, sealToMember } from '../../packages/core/src/keys/password.ts';
import { sealReason } from '../../packages/core/src/keys/reason.ts';
import { recipientToText, seedToIdentity, seedToRecipient } from '../../packages/core/src/keys/seed.ts';
import { seedToSigner } from '../../packages/core/src/keys/signing.ts';
import { passkeyInput, sealDeviceSeed } from '../../packages/core/src/keys/unlocker.ts';
import { wrapSecret } from '../../packages/core/src/keys/wrap.ts';
import { sealBytes, sealedSize } from '../../packages/core/src/sealed/cobblestone.ts';
import { sealDocument } from '../../packages/core/src/sealed/document.ts';
import { draftInputKey, sealDraft } from '../../packages/core/src/sealed/draft.ts';
import { packContent } from '../../packages/core/src/sealed/pack.ts';
import { padmeSize } from '../../packages/core/src/sealed/padme.ts';
import { payloadInputKey, payloadKey, sealPayload } from '../../packages/core/src/sealed/payload.ts';
import { type Beat, sealBeat } from '../../packages/core/src/sealed/presence.ts';
import { patternBytes } from '../../packages/core/test/vectors/sealing.ts';
import { makeDepositKeys } from './deposits.ts';

let counter = 0;
function random(sizeBytes: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeBytes);
  for (let start = 0; start < sizeBytes; start += 32) {
    counter += 1;
    bytes.set(sha256(utf8ToBytes(`serment vectors ${counter}`)).subarray(0, sizeBytes - start), start);
  }
  return bytes;
}
// The age library takes its randomness from here and offers no other way.
Object.defineProperty(globalThis.crypto, 'getRandomValues', {
  value: <View extends Uint8Array>(view: View): View => {
    view.set(random(view.length));
    return view;
  },
});
const named = (name: string, sizeBytes = 32) => deriveKey(utf8ToBytes('serment vectors'), name, sizeBytes);

function write(file: string, value: object): void {
  writeFileSync(new URL(`../${file}.json`, import.meta.url), `${JSON.stringify(value, null, 1)}\n`);
}

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: a list of scenarios, not logic.
async function makeSealing(): Promise<void> {
  const inputKey = named('input key');
  const context = utf8ToBytes('context of the vectors');
  const seal: object[] = [];
  for (const size of [0, 1, 16_383, 16_384, 16_385, 32_768, 40_000]) {
    const salt = named(`salt ${size}`, 24);
    const sealed = await sealBytes(inputKey, context, patternBytes(size), () => salt);
    seal.push({
      name: `${size} bytes`,
      inputKey: hex(inputKey),
      context: hex(context),
      salt: hex(salt),
      clearSize: size,
      sealedSize: sealed.length,
      sealedSha256: hex(sha256(sealed)),
      ...(size < 100 ? { sealed: hex(sealed) } : {}),
    });
  }
  const bare = await sealBytes(inputKey, new Uint8Array(0), patternBytes(5), () => named('salt bare', 24));
  seal.push({
    name: 'no context',
    inputKey: hex(inputKey),
    context: '',
    salt: hex(named('salt bare', 24)),
    clearSize: 5,
    sealedSize: bare.length,
    sealedSha256: hex(sha256(bare)),
    sealed: hex(bare),
  });
  const base = '40000 bytes';
  const [first, second, third, end] = [56, 56 + 16_400, 56 + 32_800, sealedSize(40_000)];
  const error = 'SEALED_INVALID';
  const open = [
    ...[
      0,
      23,
      24,
      55,
      first,
      first + 16_383,
      first + 16_384,
      second - 1,
      second,
      third - 1,
      third,
      end - 16,
      end - 1,
    ].map((flip) => ({
      name: `byte ${flip} changed`,
      base,
      edit: { flip },
      error,
    })),
    ...[
      0,
      23,
      24,
      55,
      56,
      71,
      72,
      second - 1,
      second,
      second + 15,
      second + 16,
      third,
      third + 15,
      third + 16,
      end - 16,
      end - 1,
    ].map((cut) => ({
      name: `cut to ${cut} bytes`,
      base,
      edit: { cut },
      error,
    })),
    { name: 'extended by a byte', base, edit: { append: '00' }, error },
    { name: 'extended by a tag', base, edit: { append: '00'.repeat(16) }, error },
    { name: 'first two chunks swapped', base, edit: { swap: [0, 1] }, error },
    { name: 'first chunk left out', base, edit: { drop: 0 }, error },
    { name: 'second chunk left out', base, edit: { drop: 1 }, error },
    { name: 'last chunk left out', base, edit: { drop: 2 }, error },
    { name: 'first chunk twice', base, edit: { repeat: 0 }, error },
    { name: 'last chunk twice', base, edit: { repeat: 2 }, error },
    {
      name: 'empty last chunk cut off, so that the last one is full',
      base: '16384 bytes',
      edit: { cut: second },
      error,
    },
    { name: 'second full chunk as the last', base: '32768 bytes', edit: { cut: third }, error },
    { name: 'tag of the empty last chunk changed', base: '32768 bytes', edit: { flip: third + 15 }, error },
    { name: 'tag of an empty message changed', base: '0 bytes', edit: { flip: 71 }, error },
    { name: 'another context', base, context: hex(utf8ToBytes('context of the vectorz')), error },
    { name: 'no context where there was one', base, context: '', error },
    { name: 'a longer context', base, context: `${hex(context)}00`, error },
    { name: 'another key', base, inputKey: hex(named('another key')), error },
    { name: 'a key of 31 bytes', base, inputKey: hex(inputKey.subarray(1)), error: 'KEY_INVALID' },
    { name: 'a key of 33 bytes', base, inputKey: `${hex(inputKey)}00`, error: 'KEY_INVALID' },
  ];
  const clear = patternBytes(40_000);
  const ranges: [string, number, number, object?][] = [
    ['all', 0, 40_000],
    ['the first byte', 0, 1],
    ['the last byte', 39_999, 40_000],
    ['nothing', 7, 7],
    ['nothing, at the end', 40_000, 40_000],
    ['across a boundary', 16_383, 16_385],
    ['the second chunk', 16_384, 32_768],
    ['the second chunk while the first is changed', 16_384, 32_768, { flip: first }],
    ['the second chunk while the last is changed', 16_384, 32_768, { flip: end - 1 }],
    ['the first chunk of a message that was cut behind the second', 0, 16_384, { cut: third + 16 }],
  ];
  const range = [
    ...ranges.map(([name, start, stop, edit]) => ({
      name: `range: ${name}`,
      base,
      ...(edit ? { edit } : {}),
      start,
      end: stop,
      clearSha256: hex(sha256(clear.subarray(start, stop))),
    })),
    { name: 'range: a changed chunk', base, edit: { flip: second }, start: 20_000, end: 20_001, error },
    { name: 'range: the commitment changed', base, edit: { flip: 24 }, start: 0, end: 1, error },
    { name: 'range: the commitment changed, nothing asked', base, edit: { flip: 24 }, start: 0, end: 0, error },
    { name: 'range: the salt changed', base, edit: { flip: 0 }, start: 0, end: 1, error },
    { name: 'range: chunks swapped', base, edit: { swap: [0, 1] }, start: 16_384, end: 16_385, error },
    {
      name: 'range: to the end of a message that was cut',
      base,
      edit: { cut: third + 16 },
      start: 0,
      end: 32_768,
      error,
    },
    {
      name: 'range: the short end of a message that was cut',
      base,
      edit: { cut: end - 1 },
      start: 39_000,
      end: 39_999,
      error,
    },
    { name: 'range: a message cut at a boundary', base, edit: { cut: third }, start: 0, end: 1, error },
    { name: 'range: a message cut inside a tag', base, edit: { cut: third + 15 }, start: 0, end: 1, error },
  ];
  write('sealing', {
    about:
      'docs/format/sealing.md. Byte i of a clear message is (i × 31 + floor(i / 256)) mod 256. Edits of sealed bytes: flip = byte at this offset XOR 1; cut = only the first n bytes; append = these bytes behind; swap, drop, repeat = sealed chunks by number. "published" comes from C2SP Wycheproof (Apache-2.0), testvectors_v1/c2sp_chunked_encryption_aes_256_gcm_test.json.',
    sizes: [0, 1, 16_383, 16_384, 16_385, 32_767, 32_768, 40_000, 200_000_000, 2 ** 40].map((size) => ({
      clear: size,
      sealed: sealedSize(size),
    })),
    impossibleSizes: [-1, 0, 1, 55, 56, 71, second, second + 1, second + 15, third, third + 15, 2 ** 53, 0.5],
    seal,
    published: JSON.parse(readFileSync(new URL('wycheproof.json', import.meta.url), 'utf8')),
    open,
    range,
    padme: [
      0,
      1,
      5,
      255,
      256,
      257,
      272,
      273,
      511,
      512,
      513,
      528,
      529,
      1000,
      4096,
      4097,
      65_535,
      65_536,
      65_537,
      1_000_000,
      536_870_912,
      2 ** 40 + 1,
    ].map((size) => ({ size, padded: padmeSize(size) })),
    pack: await makePacks(),
    payload: await makePayloads(),
    document: await makeDocuments(),
    draft: await makeDrafts(),
    presence: await makeBeats(),
  });
}

const note = utf8ToBytes('{"resourceType":"Composition","title":"Consultation"}'.repeat(12));
const stored = patternBytes(300);

function packedBy(
  deflated: Uint8Array,
  options: { version?: number; size?: number; length?: number; last?: number } = {},
): Uint8Array {
  const packed = new Uint8Array(options.length ?? padmeSize(5 + deflated.length));
  packed[0] = options.version ?? 1;
  new DataView(packed.buffer).setUint32(1, options.size ?? deflated.length);
  packed.set(deflated.subarray(0, packed.length - 5), 5);
  if (options.last !== undefined) packed[packed.length - 1] = options.last;
  return packed;
}

async function makePacks(): Promise<object[]> {
  const deflated = deflateRawSync(note);
  const error = 'PAYLOAD_INVALID';
  const refused = (name: string, packed: Uint8Array) => ({ name: `packed: ${name}`, packed: hex(packed), error });
  return [
    { name: 'packed: a note', packed: hex(await packContent(note)), content: hex(note) },
    { name: 'packed: nothing', packed: hex(await packContent(new Uint8Array(0))), content: '' },
    {
      name: 'packed: a stored block',
      packed: hex(packedBy(deflateRawSync(stored, { level: 0 }))),
      content: hex(stored),
    },
    refused('no bytes', new Uint8Array(0)),
    refused('four bytes', Uint8Array.of(1, 0, 0, 0)),
    refused('version 0', packedBy(deflated, { version: 0 })),
    refused('version 2', packedBy(deflated, { version: 2 })),
    refused('a size of one too few', packedBy(deflated, { size: deflated.length - 1 })),
    refused('a size of one too many', packedBy(deflated, { size: deflated.length + 1 })),
    refused('a size of nothing', packedBy(deflated, { size: 0 })),
    refused('a size beyond the end', packedBy(deflated, { size: 252 })),
    refused('a size of 4 GiB', packedBy(deflated, { size: 0xffffffff })),
    refused('padding that is not zero', packedBy(deflated, { last: 1 })),
    refused('no padding', packedBy(deflated, { length: 5 + deflated.length })),
    refused('too much padding', packedBy(deflated, { length: 272 })),
    refused('a byte behind the stream', packedBy(concatBytes(deflated, Uint8Array.of(0)))),
    refused('another stream behind the stream', packedBy(concatBytes(deflated, deflated))),
    refused('a stream without its end', packedBy(deflated.subarray(0, -2))),
    refused('no DEFLATE stream', packedBy(Uint8Array.of(7, 1, 2, 3))),
    refused('a zlib stream', packedBy(concatBytes(Uint8Array.of(0x78, 0x9c), deflated, Uint8Array.of(1, 2, 3, 4)))),
  ];
}

async function makePayloads(): Promise<object[]> {
  const [epochKey, header] = [named('epoch key'), named('header', 120)];
  const base = { epochKey: hex(epochKey), header: hex(header) };
  const payload = await sealPayload(payloadKey(epochKey), header, note, random);
  const badly = await sealBytes(payloadInputKey(epochKey), header, packedBy(deflateRawSync(note), { last: 1 }), random);
  const plain = await sealBytes(payloadInputKey(epochKey), header, note, random);
  const asDraft = await sealBytes(draftInputKey(epochKey), header, await packContent(note), random);
  const changed = payload.slice();
  changed[100] = (changed[100] ?? 0) ^ 1;
  const error = 'SEALED_INVALID';
  return [
    { name: 'payload: a note', ...base, payload: hex(payload), content: hex(note) },
    {
      name: 'payload: nothing',
      ...base,
      payload: hex(await sealPayload(payloadKey(epochKey), header, new Uint8Array(0), random)),
      content: '',
    },
    {
      name: 'payload: under another header',
      ...base,
      header: hex(named('other header', 120)),
      payload: hex(payload),
      error,
    },
    {
      name: 'payload: under a header with a byte more',
      ...base,
      header: `${hex(header)}00`,
      payload: hex(payload),
      error,
    },
    {
      name: 'payload: under another epoch',
      ...base,
      epochKey: hex(named('other epoch')),
      payload: hex(payload),
      error,
    },
    { name: 'payload: changed', ...base, payload: hex(changed), error },
    { name: 'payload: none', ...base, payload: '', error },
    { name: 'payload: sealed as a draft is', ...base, payload: hex(asDraft), error },
    { name: 'payload: padding that is not zero', ...base, payload: hex(badly), error: 'PAYLOAD_INVALID' },
    { name: 'payload: not packed', ...base, payload: hex(plain), error: 'PAYLOAD_INVALID' },
  ];
}

async function makeDocuments(): Promise<object[]> {
  const seal = { key: named('document key'), practice: named('practice'), blobId: named('blob id', 16) };
  const sealed = hex(await sealDocument(seal, stored, random));
  const base = { key: hex(seal.key), practice: hex(seal.practice), blobId: hex(seal.blobId), sealed };
  const error = 'SEALED_INVALID';
  return [
    { name: 'document', ...base, clear: hex(stored) },
    { name: 'document: of another practice', ...base, practice: hex(named('other practice')), error },
    { name: 'document: under another blob id', ...base, blobId: hex(named('other blob', 16)), error },
    { name: 'document: another key', ...base, key: hex(named('other document')), error },
    { name: 'document: cut', ...base, sealed: sealed.slice(0, -2), error },
  ];
}

async function makeDrafts(): Promise<object[]> {
  const [epochKey, practice, slot] = [named('epoch key'), named('practice'), named('slot', 16)];
  const head = { compartment: 'clinical', epoch: 2, revision: 7 };
  const draft = await sealDraft(epochKey, { practice, slot, ...head }, note, random);
  const base = { epochKey: hex(epochKey), practice: hex(practice), slot: hex(slot), draft: hex(draft) };
  const sealed = draft.slice(-(56 + 256 + 16));
  const as = (value: CborValue) => hex(encodeCanonical(value));
  const error = 'SEALED_INVALID';
  return [
    { name: 'draft', ...base, ...head, content: hex(note) },
    { name: 'draft: another slot', ...base, slot: hex(named('other slot', 16)), error },
    { name: 'draft: another practice', ...base, practice: hex(named('other practice')), error },
    { name: 'draft: another epoch key', ...base, epochKey: hex(named('other epoch')), error },
    { name: 'draft: shown as another revision', ...base, draft: as([1, 'clinical', 2, 8, sealed]), error },
    { name: 'draft: revision 0', ...base, draft: as([1, 'clinical', 2, 0, sealed]), error: 'PAYLOAD_INVALID' },
    { name: 'draft: epoch 0', ...base, draft: as([1, 'clinical', 0, 7, sealed]), error: 'PAYLOAD_INVALID' },
    { name: 'draft: format 2', ...base, draft: as([2, 'clinical', 2, 7, sealed]), error: 'FORMAT_UNKNOWN' },
    { name: 'draft: four items', ...base, draft: as([1, 'clinical', 2, 7]), error: 'PAYLOAD_INVALID' },
    { name: 'draft: six items', ...base, draft: as([1, 'clinical', 2, 7, sealed, null]), error: 'PAYLOAD_INVALID' },
    {
      name: 'draft: a compartment that is no text',
      ...base,
      draft: as([1, 3, 2, 7, sealed]),
      error: 'PAYLOAD_INVALID',
    },
    { name: 'draft: a map', ...base, draft: 'a0', error: 'PAYLOAD_INVALID' },
    { name: 'draft: a byte behind', ...base, draft: `${hex(draft)}00`, error: 'CBOR_INVALID' },
    { name: 'draft: a number in a long head', ...base, draft: `851801${hex(draft).slice(4)}`, error: 'CBOR_INVALID' },
    { name: 'draft: none', ...base, draft: '', error: 'CBOR_INVALID' },
  ];
}

async function makeBeats(): Promise<object[]> {
  const [epochKey, practice, author] = [named('epoch key'), named('practice'), named('author')];
  const scope = { practice, author };
  // The counter's bytes stay those of the vectors before.
  const salt = (sizeBytes: number) => named('presence salt', sizeBytes);
  const seal = async (says: Beat) => hex(await sealBeat(epochKey, scope, says, salt));
  const raw = async (clear: Uint8Array, sizeBytes = 512, length = clear.length) => {
    const padded = new Uint8Array(sizeBytes);
    new DataView(padded.buffer).setUint16(0, length);
    padded.set(clear, 2);
    const context = concatBytes(utf8ToBytes('serment/presence/1'), encodeCanonical([practice, author]));
    return hex(await sealBytes(deriveKey(epochKey, 'serment/presence/1'), context, padded, salt));
  };
  const says = (value: CborValue) => raw(encodeCanonical(value));
  const base = { epochKey: hex(epochKey), practice: hex(practice), author: hex(author) };
  const one = { opening: 3, count: 7, files: [{ patient: 'Patient/p-1', writes: true }] };
  const none = { opening: 1, count: 1, files: [] };
  const longest = { patient: `Patient/${'a'.repeat(64)}`, writes: false };
  const most = { opening: 2 ** 53 - 1, count: 2 ** 53 - 1, files: Array.from({ length: 6 }, () => longest) };
  const beat = await seal(one);
  const [error, wrong] = ['SEALED_INVALID', 'PAYLOAD_INVALID'];
  const clear = encodeCanonical([1, 3, 7, [['Patient/p-1', true]]]);
  return [
    { name: 'beat', ...base, beat, says: one },
    { name: 'beat of no file', ...base, beat: await seal(none), says: none },
    { name: 'beat that says as much as one may', ...base, beat: await seal(most), says: most },
    { name: 'beat: of another author', ...base, author: hex(named('other author')), beat, error },
    { name: 'beat: of another practice', ...base, practice: hex(named('other practice')), beat, error },
    { name: 'beat: under another epoch key', ...base, epochKey: hex(named('other epoch')), beat, error },
    { name: 'beat: cut', ...base, beat: beat.slice(0, -2), error },
    { name: 'beat: none', ...base, beat: '', error },
    { name: 'beat: padded too far', ...base, beat: await raw(clear, 513), error: wrong },
    { name: 'beat: padded too little', ...base, beat: await raw(clear, 511), error: wrong },
    { name: 'beat: longer than its padding', ...base, beat: await raw(clear, 512, 511), error: wrong },
    {
      name: 'beat: a byte behind',
      ...base,
      beat: await raw(concatBytes(clear, Uint8Array.of(1)), 512, clear.length),
      error: wrong,
    },
    { name: 'beat: cut within', ...base, beat: await raw(clear.subarray(0, -1)), error: 'CBOR_INVALID' },
    { name: 'beat: format 2', ...base, beat: await says([2, 3, 7, []]), error: 'FORMAT_UNKNOWN' },
    { name: 'beat: a map', ...base, beat: await raw(Uint8Array.of(0xa0)), error: wrong },
    { name: 'beat: three items', ...base, beat: await says([1, 3, 7]), error: wrong },
    { name: 'beat: five items', ...base, beat: await says([1, 3, 7, [], null]), error: wrong },
    { name: 'beat: opening 0', ...base, beat: await says([1, 0, 7, []]), error: wrong },
    { name: 'beat: count 0', ...base, beat: await says([1, 3, 0, []]), error: wrong },
    {
      name: 'beat: seven files',
      ...base,
      beat: await says([1, 3, 7, Array.from({ length: 7 }, () => ['Patient/p', true])]),
      error: wrong,
    },
    { name: 'beat: of no patient', ...base, beat: await says([1, 3, 7, [['Composition/n-1', true]]]), error: wrong },
    {
      name: 'beat: a patient with a path',
      ...base,
      beat: await says([1, 3, 7, [['Patient/p/1', true]]]),
      error: wrong,
    },
    {
      name: 'beat: a patient without a name',
      ...base,
      beat: await says([1, 3, 7, [['Patient/', true]]]),
      error: wrong,
    },
    {
      name: 'beat: a name that is too long',
      ...base,
      beat: await says([1, 3, 7, [[`Patient/${'a'.repeat(65)}`, true]]]),
      error: wrong,
    },
    {
      name: 'beat: neither writes nor does not',
      ...base,
      beat: await says([1, 3, 7, [['Patient/p-1', 1]]]),
      error: wrong,
    },
    {
      name: 'beat: a file that says more',
      ...base,
      beat: await says([1, 3, 7, [['Patient/p-1', true, null]]]),
      error: wrong,
    },
  ];
}

async function makeKeys(): Promise<void> {
  const seeds: { name: string; seed: string; identity: string; recipient: string; author: string }[] = [];
  for (const [name, seed] of [
    ['seed of zeros', new Uint8Array(32)],
    ['seed', named('seed')],
    ['seed of a kit', named('kit seed')],
  ] as const)
    seeds.push({
      name,
      seed: hex(seed),
      identity: seedToIdentity(seed),
      recipient: recipientToText(await seedToRecipient(seed)),
      author: hex((await seedToSigner(seed)).author),
    });
  write('keys', {
    about: 'docs/format/keys.md. A subject is a member in hexadecimal or a compartment, then a number.',
    seeds,
    recipients: await makeRecipients(seeds[1]?.recipient ?? ''),
    signatures: await makeSignatures(),
    epochs: ['epoch key', 'other epoch'].map((name) => {
      const epochKey = named(name);
      return {
        name,
        epochKey: hex(epochKey),
        check: hex(epochs.epochCheck(epochKey)),
        payloadInputKey: hex(payloadInputKey(epochKey)),
        draftInputKey: hex(draftInputKey(epochKey)),
        cacheInputKey: hex(epochs.cacheInputKey(epochKey)),
        streamKey: hex(epochs.streamKey(epochKey)),
      };
    }),
    streams: [
      'directory',
      'agenda/2026-11',
      'heads',
      `opened/${'ab'.repeat(32)}`,
      'patient/p-1',
      'patient/é',
      'practice',
      'ledger/2026',
      'notes',
      '',
    ].map((name) => ({
      firstEpochKey: hex(named('epoch key')),
      name,
      stream: hex(epochs.streamId(epochs.streamKey(named('epoch key')), name)),
    })),
    sealedKeys: await makeSealedKeys(),
    wraps: await makeWraps(),
    ...(await makeUnlocking()),
    reasons: await makeReasons(),
    deposits: await makeDepositKeys(),
  });
}

async function makeRecipients(recipient: string): Promise<object[]> {
  const error = 'RECIPIENT_INVALID';
  const classic = await identityToRecipient(await generateX25519Identity());
  const changed = recipient.slice(0, 40) + (recipient[40] === 'q' ? 'p' : 'q') + recipient.slice(41);
  return [
    { name: 'recipient: classic', text: classic, error },
    { name: 'recipient: upper case', text: recipient.toUpperCase(), error },
    { name: 'recipient: a character changed', text: changed, error },
    { name: 'recipient: a character less', text: recipient.slice(0, -1), error },
    { name: 'recipient: a space behind', text: `${recipient} `, error },
    { name: 'recipient: an identity', text: seedToIdentity(named('seed')), error },
    { name: 'recipient: coefficients over the modulus', text: longBech32(new Uint8Array(1216).fill(255)), error },
    { name: 'recipient: 1215 bytes', text: longBech32(new Uint8Array(1215)), error },
    { name: 'recipient: 1217 bytes', text: longBech32(new Uint8Array(1217)), error },
    { name: 'recipient: none', text: '', error },
  ];
}

function longBech32(bytes: Uint8Array): string {
  return bech32.encode('age1pq', bech32.toWords(bytes), false);
}

async function makeSignatures(): Promise<object[]> {
  const signer = await seedToSigner(named('seed'));
  const message = utf8ToBytes('a signed statement');
  const signature = await signer.sign(message);
  const flipped = (bytes: Uint8Array, offset: number) =>
    bytes.map((byte, index) => (index === offset ? byte ^ 1 : byte));
  const base = { author: hex(signer.author), message: hex(message), signature: hex(signature) };
  // S + L, with L the order of the group: the same signature for who does not check that S is below it.
  const high = scalarBytes(littleEndian(signature.slice(32)) + order);
  const zero = '00'.repeat(32);
  return [
    { name: 'signature', ...base, valid: true },
    {
      name: 'signature of nothing',
      ...base,
      message: '',
      signature: hex(await signer.sign(new Uint8Array(0))),
      valid: true,
    },
    { name: 'signature: of another message', ...base, message: hex(flipped(message, 0)), valid: false },
    {
      name: 'signature: by another author',
      ...base,
      author: hex((await seedToSigner(named('other seed'))).author),
      valid: false,
    },
    { name: 'signature: changed first half', ...base, signature: hex(flipped(signature, 0)), valid: false },
    { name: 'signature: changed second half', ...base, signature: hex(flipped(signature, 40)), valid: false },
    {
      name: 'signature: second half not below the order',
      ...base,
      signature: hex(concatBytes(signature.slice(0, 32), high)),
      valid: false,
    },
    {
      name: 'signature: first half the neutral point, and the equation holds',
      ...base,
      signature: hex(signatureWithoutNonce(deriveKey(named('seed'), 'serment/sign/1'), signer.author, message)),
      valid: false,
    },
    { name: 'signature: 63 bytes', ...base, signature: hex(signature.slice(0, 63)), valid: false },
    { name: 'signature: 65 bytes', ...base, signature: `${hex(signature)}00`, valid: false },
    { name: 'signature: none', ...base, signature: '', valid: false },
    { name: 'signature: an author of 31 bytes', ...base, author: base.author.slice(2), valid: false },
    { name: 'signature: an author that is no point', ...base, author: `02${'00'.repeat(31)}`, valid: false },
    ...[
      ['order 1', `01${'00'.repeat(31)}`],
      ['order 2', `ec${'ff'.repeat(30)}7f`],
      ['order 4', zero],
      ['order 4, sign bit set', `${'00'.repeat(31)}80`],
      ['order 8', '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'],
      ['order 8, the other', 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa'],
      ['order 1, written not below the prime', `ee${'ff'.repeat(30)}7f`],
      ['order 4, written not below the prime', `ed${'ff'.repeat(30)}7f`],
    ].map(([name, author]) => ({
      name: `signature: an author of ${name}`,
      author,
      message: base.message,
      signature: `01${'00'.repeat(63)}`,
      valid: false,
    })),
  ];
}

const order = 2n ** 252n + 27742317777372353535851937790883648493n;

/** RFC 8032 section 5.1.6 with r = 0: for who checks the equation alone, a signature. */
function signatureWithoutNonce(privateSeed: Uint8Array, author: Uint8Array, message: Uint8Array): Uint8Array {
  const neutral = Uint8Array.of(1, ...new Uint8Array(31));
  const digest = (...parts: Uint8Array[]) =>
    createHash('sha512')
      .update(concatBytes(...parts))
      .digest();
  const secret = Uint8Array.from(digest(privateSeed).subarray(0, 32), (byte, place) =>
    place === 0 ? byte & 248 : place === 31 ? (byte & 127) | 64 : byte,
  );
  const product = littleEndian(digest(neutral, author, message)) * littleEndian(secret);
  return concatBytes(neutral, scalarBytes(product % order));
}

function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);
}

function scalarBytes(scalar: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, place) => Number((scalar >> BigInt(8 * place)) & 255n));
}

async function makeSealedKeys(): Promise<object[]> {
  const [epochKey, practice] = [named('epoch key'), named('practice')];
  const scope = { practice, compartment: 'clinical', number: 2 };
  const base = { epochKey: hex(epochKey), practice: hex(practice), compartment: 'clinical', number: 2 };
  const inbox = { ...base, use: 'inbox', sealed: hex(await epochs.sealInbox(epochKey, scope, named('inbox'), random)) };
  const previous = {
    ...base,
    use: 'previous',
    sealed: hex(await epochs.sealPrevious(epochKey, scope, named('previous'), random)),
  };
  const bound = concatBytes(utf8ToBytes('serment/epoch-inbox/1'), encodeCanonical([practice, 'clinical', 2]));
  const short = await sealBytes(deriveKey(epochKey, 'serment/epoch-inbox/1'), bound, new Uint8Array(31), random);
  const error = 'SEALED_INVALID';
  return [
    { name: 'inbox', ...inbox, secret: hex(named('inbox')) },
    { name: 'previous key', ...previous, secret: hex(named('previous')) },
    { name: 'inbox: of another epoch', ...inbox, number: 3, error },
    { name: 'inbox: of another compartment', ...inbox, compartment: 'admin', error },
    { name: 'inbox: of another practice', ...inbox, practice: hex(named('other practice')), error },
    { name: 'inbox: under another epoch key', ...inbox, epochKey: hex(named('other epoch')), error },
    { name: 'inbox: opened as a previous key', ...inbox, use: 'previous', error },
    { name: 'inbox: of 31 bytes', ...inbox, sealed: hex(short), error },
    { name: 'previous key: of another epoch', ...previous, number: 1, error },
    { name: 'previous key: opened as an inbox', ...previous, use: 'inbox', error },
    { name: 'previous key: none', ...previous, sealed: '', error },
  ];
}

async function makeReasons(): Promise<object[]> {
  const [epochKey, practice, stream, author] = [
    named('epoch key'),
    named('practice'),
    named('stream', 16),
    named('author'),
  ];
  const scope = { practice, stream, author };
  const base = { epochKey: hex(epochKey), practice: hex(practice), stream: hex(stream), author: hex(author) };
  // The counter's bytes stay those of the vectors before.
  const salt = (sizeBytes: number) => named('reason salt', sizeBytes);
  const seal = async (reason: string) => hex(await sealReason(epochKey, scope, reason, salt));
  const raw = async (clear: Uint8Array) => {
    const context = concatBytes(utf8ToBytes('serment/break-glass/1'), encodeCanonical([practice, stream, author]));
    return hex(await sealBytes(deriveKey(epochKey, 'serment/break-glass/1'), context, clear, salt));
  };
  const text = 'Urgence : patient vu en garde, allergies à vérifier.';
  const sealed = await seal(text);
  const padded = (bytes: Uint8Array) => concatBytes(bytes, new Uint8Array(512 - bytes.length));
  const error = 'SEALED_INVALID';
  const longest = 'é'.repeat(256);
  return [
    { name: 'reason', ...base, sealed, reason: text },
    { name: 'reason of one character', ...base, sealed: await seal('?'), reason: '?' },
    { name: 'reason of 512 bytes', ...base, sealed: await seal(longest), reason: longest },
    { name: 'reason: of another stream', ...base, stream: hex(named('other stream', 16)), sealed, error },
    { name: 'reason: of another author', ...base, author: hex(named('other author')), sealed, error },
    { name: 'reason: of another practice', ...base, practice: hex(named('other practice')), sealed, error },
    { name: 'reason: under another epoch key', ...base, epochKey: hex(named('other epoch')), sealed, error },
    { name: 'reason: none', ...base, sealed: '', error },
    { name: 'reason: empty', ...base, sealed: await raw(new Uint8Array(512)), error },
    { name: 'reason: not padded', ...base, sealed: await raw(utf8ToBytes(text)), error },
    {
      name: 'reason: padded too far',
      ...base,
      sealed: await raw(concatBytes(padded(utf8ToBytes(text)), new Uint8Array(1))),
      error,
    },
    { name: 'reason: text after a NUL', ...base, sealed: await raw(padded(utf8ToBytes('Oui\0non'))), error },
    { name: 'reason: not UTF-8', ...base, sealed: await raw(padded(Uint8Array.of(0x4f, 0xff, 0x69))), error },
  ];
}

async function makeWraps(): Promise<object[]> {
  const [seed, practice, member, secret] = [named('seed'), named('practice'), named('member', 16), named('secret')];
  const recipient = await seedToRecipient(seed);
  const text = recipientToText(recipient);
  const epoch = { purpose: 'epoch', practice, subject: ['clinical', 3] } as const;
  const epochWrap = await wrapSecret({ ...epoch, recipient, secret });
  const memberWrap = await wrapSecret({ purpose: 'member', practice, subject: [member, 1], recipient, secret });
  const free = await wrapSecret({ ...epoch, practice: null, recipient, secret });
  const asEpoch = { seed: hex(seed), purpose: 'epoch', practice: hex(practice), subject: ['clinical', 3] };
  const asMember = { seed: hex(seed), purpose: 'member', practice: hex(practice), subject: [hex(member), 1] };
  const content = (...items: CborValue[]) => encodeCanonical(items);
  const good = content('serment/wrap/1', 'epoch', practice, ['clinical', 3], secret);
  const file = async (clear: Uint8Array, ...recipients: (string | Stanza)[]) => {
    const encrypter = new Encrypter();
    for (const one of recipients) encrypter.addRecipient(typeof one === 'string' ? one : { wrapFileKey: () => [one] });
    return hex(await encrypter.encrypt(clear));
  };
  const flipped = (offset: number) => hex(epochWrap.map((byte, index) => (index === offset ? byte ^ 1 : byte)));
  const other = recipientToText(await seedToRecipient(named('other seed')));
  const classic = await identityToRecipient(await generateX25519Identity());
  const error = 'WRAP_INVALID';
  const refused = async (name: string, wrap: string | Promise<string>, use: object = asEpoch) => ({
    name: `wrap: ${name}`,
    ...use,
    wrap: await wrap,
    error,
  });
  const wrap = hex(epochWrap);
  return [
    { name: 'wrap of an epoch key', ...asEpoch, wrap, secret: hex(secret) },
    { name: 'wrap of a member key', ...asMember, wrap: hex(memberWrap), secret: hex(secret) },
    { name: 'wrap without a practice', ...asEpoch, practice: null, wrap: hex(free), secret: hex(secret) },
    await refused('another seed', wrap, { ...asEpoch, seed: hex(named('other seed')) }),
    await refused('another practice', wrap, { ...asEpoch, practice: hex(named('other practice')) }),
    await refused('no practice expected', wrap, { ...asEpoch, practice: null }),
    await refused('a practice expected', hex(free)),
    await refused('another compartment', wrap, { ...asEpoch, subject: ['admin', 3] }),
    await refused('another epoch', wrap, { ...asEpoch, subject: ['clinical', 4] }),
    await refused('a member key expected', wrap, asMember),
    await refused('an epoch key expected', hex(memberWrap)),
    await refused('another generation', hex(memberWrap), { ...asMember, subject: [hex(member), 2] }),
    await refused('another member', hex(memberWrap), { ...asMember, subject: [hex(named('other member', 16)), 1] }),
    await refused('two hybrid stanzas', file(good, text, other)),
    await refused('the same recipient twice', file(good, text, text)),
    await refused('a classic stanza behind', file(good, text, classic)),
    await refused('a classic stanza in front', file(good, classic, text)),
    await refused('a classic recipient alone', file(good, classic)),
    await refused('an unknown stanza beside', file(good, text, new Stanza(['example', 'x'], new Uint8Array(4)))),
    await refused('no version line', wrap.slice(44)),
    await refused('version line changed', flipped(20)),
    await refused('stanza changed', flipped(300)),
    await refused('stanza body changed', flipped(1540)),
    await refused('header MAC changed', flipped(1600)),
    await refused('nonce changed', flipped(1630)),
    await refused('content changed', flipped(1660)),
    await refused('a byte less', wrap.slice(0, -2)),
    await refused('a byte more', `${wrap}00`),
    await refused('header alone', wrap.slice(0, 1627 * 2)),
    await refused('none', ''),
    await refused('armoured', hex(utf8ToBytes('-----BEGIN AGE ENCRYPTED FILE-----\n'))),
    await refused(
      'a secret of 31 bytes',
      file(content('serment/wrap/1', 'epoch', practice, ['clinical', 3], secret.slice(1)), text),
    ),
    await refused(
      'a sixth item',
      file(content('serment/wrap/1', 'epoch', practice, ['clinical', 3], secret, null), text),
    ),
    await refused('another label', file(content('serment/wrap/2', 'epoch', practice, ['clinical', 3], secret), text)),
    await refused('a content that is not CBOR', file(utf8ToBytes('secret'), text)),
    await refused('a content that is not canonical', file(concatBytes(Uint8Array.of(0x98, 5), good.subarray(1)), text)),
    await refused('an empty content', file(new Uint8Array(0), text)),
  ];
}

async function makeUnlocking(): Promise<object> {
  const [exportKey, account, accountSecret] = [named('export key', 64), named('account', 16), named('account secret')];
  const sealedSecret = hex(await sealAccountSecret(exportKey, account, accountSecret, random));
  const secret = { exportKey: hex(exportKey), account: hex(account), sealed: sealedSecret };
  const lock = {
    way: 'password' as const,
    share: accountSecret,
    deviceSecret: named('device secret'),
    practice: named('practice'),
    author: named('author'),
  };
  const device = {
    way: lock.way as string,
    share: hex(lock.share),
    deviceSecret: hex(lock.deviceSecret),
    practice: hex(lock.practice),
    author: hex(lock.author),
    sealed: hex(await sealDeviceSeed(lock, named('seed'), random)),
  };
  const error = 'SEALED_INVALID';
  const others = { share: 'other', deviceSecret: 'other', practice: 'other', author: 'other' };
  const memberLock = { memberSeed: named('member seed'), account, generation: 258 };
  const member = {
    memberSeed: hex(memberLock.memberSeed),
    account: hex(account),
    generation: memberLock.generation,
    sealed: hex(await sealToMember(memberLock, accountSecret, random)),
  };
  const byWay: object[] = [];
  for (const way of ['pin', 'card', 'passkey'] as const) {
    const sealed = hex(await sealDeviceSeed({ ...lock, way }, named('seed'), random));
    byWay.push({ name: `device seed: by ${way}`, ...device, way, sealed, seed: hex(named('seed')) });
  }
  const offlineSalt = named('offline salt', 16);
  const stretched = await offlineShare('Quatre tilleuls, cinq étés', offlineSalt);
  const offlineSealed = await sealDeviceSeed({ ...lock, way: 'offline', share: stretched }, named('seed'), random);
  const offline = { ...device, way: 'offline', share: hex(stretched), sealed: hex(offlineSealed) };
  const share = { password: 'Quatre tilleuls, cinq étés', salt: hex(offlineSalt), share: hex(stretched) };
  const unsalted = { password: share.password, error: 'KEY_INVALID' };
  return {
    accountSecrets: [
      { name: 'account secret', ...secret, secret: hex(accountSecret) },
      { name: 'account secret: another export key', ...secret, exportKey: hex(named('other', 64)), error },
      { name: 'account secret: another account', ...secret, account: hex(named('other', 16)), error },
      { name: 'account secret: cut', ...secret, sealed: sealedSecret.slice(0, -2), error },
    ],
    accountSecretsOfMembers: [
      { name: 'account secret to its member', ...member, secret: hex(accountSecret) },
      { name: 'account secret to its member: another key', ...member, memberSeed: hex(named('other')), error },
      { name: 'account secret to its member: another account', ...member, account: hex(named('other', 16)), error },
      { name: 'account secret to its member: another generation', ...member, generation: 259, error },
      { name: 'account secret to its member: little-endian', ...member, generation: 0x02010000, error },
      { name: 'account secret to its member: cut', ...member, sealed: member.sealed.slice(0, -2), error },
    ],
    passkeyInputs: [
      {
        name: 'input of a passkey',
        practice: device.practice,
        author: device.author,
        input: hex(passkeyInput(lock.practice, lock.author)),
      },
    ],
    offlineShares: [
      { name: 'offline share', ...share },
      {
        name: 'offline share: accents as characters of their own',
        ...share,
        password: share.password.normalize('NFD'),
      },
      { name: 'offline share: a salt of 15 bytes', ...unsalted, salt: share.salt.slice(2) },
      { name: 'offline share: a salt of 17 bytes', ...unsalted, salt: `${share.salt}00` },
      { name: 'offline share: no salt', ...unsalted, salt: '' },
    ],
    deviceSeeds: [
      { name: 'device seed', ...device, seed: hex(named('seed')) },
      ...byWay,
      { name: 'device seed: sealed by password, opened as by PIN', ...device, way: 'pin', error },
      ...Object.keys(others).map((field) => ({
        name: `device seed: another ${field}`,
        ...device,
        [field]: hex(named('other')),
        error,
      })),
      {
        name: 'device seed: secrets in each other’s place',
        ...device,
        share: device.deviceSecret,
        deviceSecret: device.share,
        error,
      },
      {
        name: 'device seed: a device secret of 31 bytes',
        ...device,
        deviceSecret: device.deviceSecret.slice(2),
        error: 'KEY_INVALID',
      },
      { name: 'device seed: offline', ...offline, seed: hex(named('seed')) },
      { name: 'device seed: sealed offline, opened as by password', ...offline, way: 'password', error },
      { name: 'device seed: offline, of another password', ...offline, share: hex(named('other')), error },
      { name: 'device seed: offline, on another device', ...offline, deviceSecret: hex(named('other')), error },
    ],
  };
}

function makeKits(): void {
  const [practice, seed] = [named('practice'), named('kit seed')];
  const text = formatKit(newKit(practice, seed));
  const bare = text.replaceAll('-', '');
  const same = { practicePrefix: hex(practice.subarray(0, 16)), seed: hex(seed) };
  const read = (name: string, written: string) => ({ name: `kit: ${name}`, text: written, ...same });
  const refused = (name: string, written: string, error: string, fields: object = {}) => ({
    name: `kit: ${name}`,
    text: written,
    error,
    fields,
  });
  const at = (position: number, character: string) => bare.slice(0, position - 1) + character + bare.slice(position);
  const other = (position: number) => at(position, bare[position - 1] === '7' ? '8' : '7');
  const letters = bare.replaceAll('0', 'O').replaceAll('1', 'I');
  const swapped = bare.slice(0, 30) + bare[31] + bare[30] + bare.slice(32);
  const sum = (body: Uint8Array) => concatBytes(body, sha256(utf8ToBytes('serment/kit/1'), body).slice(0, 4));
  const second = crockford(sum(concatBytes(Uint8Array.of(2), practice.subarray(0, 16), seed)));
  const wrong = groups(other(12));
  write('kit', {
    about: 'docs/format/keys.md, recovery kit. Positions and groups count from 1, separators apart.',
    printed: [
      ['kit', practice, seed],
      ['kit of ones', new Uint8Array(32).fill(255), new Uint8Array(32).fill(255)],
      ['kit of zeros', new Uint8Array(32), new Uint8Array(32)],
    ].map(([name, of, from]) => {
      const kit = newKit(of as Uint8Array, from as Uint8Array);
      return {
        name,
        practice: hex(of as Uint8Array),
        seed: hex(kit.seed),
        text: formatKit(kit),
        qr: kitQr(kit),
        testValue: kitTestValue(kit.seed),
      };
    }),
    typed: [
      read('lower case', text.toLowerCase()),
      read('spaces between groups', text.replaceAll('-', ' ')),
      read('nothing between groups', bare),
      read('O for 0, I for 1', letters),
      read('l for 1, o for 0', letters.toLowerCase().replaceAll('i', 'l')),
      read('on several lines', text.replaceAll('-', '\r\n')),
      read('spaces around', `\t ${text}  \n`),
      read('dashes of a word processor', text.replaceAll('-', '–')),
      read('QR content in lower case', `serment-kit:${bare.toLowerCase()}`),
      refused('nothing', '', 'KIT_INVALID', { found: 0, expected: 85 }),
      refused('a character less', bare.slice(0, -1), 'KIT_INVALID', { found: 84, expected: 85 }),
      refused('a character more', `${bare}0`, 'KIT_INVALID', { found: 86, expected: 85 }),
      refused('twice', bare + bare, 'KIT_INVALID', { found: 170, expected: 85 }),
      refused('a letter U', at(7, 'U'), 'KIT_INVALID', { position: 7 }),
      refused('a letter with an accent', at(20, 'É'), 'KIT_INVALID', { position: 20 }),
      refused('a letter that Unicode makes an S', at(20, 'ſ'), 'KIT_INVALID', { position: 20 }),
      refused('a character outside the first plane', at(20, '𝟘'), 'KIT_INVALID', { position: 20 }),
      refused('a full stop', at(85, '.'), 'KIT_INVALID', { position: 85 }),
      refused('the padding bit set', at(85, crockfordAfter(bare[84] ?? '0')), 'KIT_INVALID', { position: 85 }),
      refused('the QR prefix of something else', `SERMENT-KEY:${bare}`, 'KIT_INVALID', {}),
      refused('one character wrong in the first group', other(1), 'KIT_CHECKSUM', { group: 1 }),
      refused('one character wrong in the third group', other(12), 'KIT_CHECKSUM', { group: 3 }),
      refused('one character wrong in the checksum', other(82), 'KIT_CHECKSUM', { group: 17 }),
      refused(
        'two characters wrong',
        groups(other(12)).slice(0, 50) + (text[50] === '9' ? '8' : '9') + text.slice(51),
        'KIT_CHECKSUM',
        { group: null },
      ),
      refused('two characters swapped', swapped, 'KIT_CHECKSUM'),
      refused(
        'two groups swapped',
        [text.slice(6, 11), text.slice(0, 5), ...text.slice(12).split('-')].join('-'),
        'KIT_CHECKSUM',
      ),
      refused('a newer version', second, 'FORMAT_UNKNOWN'),
    ],
    files: [
      read(
        'a file with words around',
        `Kit de secours\r\n\r\nÀ garder au coffre.\r\nKit : ${text} (valeur ${kitTestValue(seed)})\r\nfin`,
      ),
      read('a file with a byte order mark', `\ufeff${text}\n`),
      read('a file with the QR content', `<p>SERMENT-KIT:${bare}</p>`),
      read('a file with old line ends', `Kit\r${text}\rfin`),
      read('a file of the bare characters', `a\n  ${bare.toLowerCase()}  \nb`),
      read('a file where a valid kit follows a mistyped one', `${wrong}\n${text}\n`),
      refused('an empty file', '', 'KIT_INVALID'),
      refused('a file without a kit', 'Ordonnance\n', 'KIT_INVALID'),
      refused('a file with a mistyped kit', `Kit\n${wrong}\nfin`, 'KIT_CHECKSUM', { group: 3 }),
      refused('a file with a group less', text.slice(0, -6), 'KIT_INVALID'),
      refused('a file with a group more', `${text}-${text.slice(0, 5)}`, 'KIT_INVALID'),
      refused('a file with the kit on two lines', `${text.slice(0, 48)}\n${text.slice(48)}`, 'KIT_INVALID'),
      refused('a file with a newer kit', groups(second), 'FORMAT_UNKNOWN'),
      refused('a file read as UTF-16', [...text].join('\0'), 'KIT_INVALID'),
    ],
  });
}

function groups(bare: string): string {
  return (bare.match(/.{5}/gu) ?? []).join('-');
}

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
function crockfordAfter(character: string): string {
  return alphabet[alphabet.indexOf(character) + 1] ?? '';
}
function crockford(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? []).map((five) => alphabet[Number.parseInt(five.padEnd(5, '0'), 2)]).join('');
}

await makeSealing();
await makeKeys();
makeKits();
