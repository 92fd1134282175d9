// Makes vectors/copy.json: node vectors/make/copy.ts
// Keys come from hashed names and Ed25519 is deterministic, so that making it again gives the same bytes.
import { writeFileSync } from 'node:fs';
import { type Bytes, bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '../../packages/core/src/bytes.ts';
import { type CborValue, encodeCanonical } from '../../packages/core/src/cbor.ts';
import { encodeEntryBundle, encodePayloadBundle } from '../../packages/core/src/copy/bundle.ts';
import { type CopyName, formatCopyName } from '../../packages/core/src/copy/names.ts';
import { encodeNodes, tileRoot } from '../../packages/core/src/copy/nodes.ts';
import { encodeBundleIndex, mergeStreamIndexes } from '../../packages/core/src/copy/stream-index.ts';
import { encodeTail } from '../../packages/core/src/copy/tail.ts';
import { sha256 } from '../../packages/core/src/hash.ts';
import { signCheckpoint } from '../../packages/core/src/journal/checkpoint.ts';
import { signerNamed } from '../../packages/core/test/journal/signer.ts';

const practice = bytesToHex(sha256(utf8ToBytes('practice')));
const hash = bytesToHex(sha256(utf8ToBytes('blob')));
const slot = hash.slice(0, 32);
const fence = 1;
const entries = Array.from({ length: 256 }, (_, index) => new Uint8Array((index % 7) + 1).fill(index));
const payloads = entries.map((_, index) => (index % 5 === 4 ? null : new Uint8Array((index % 3) * 100).fill(index)));
const leaves = concatBytes(...entries.map((entry) => sha256(new Uint8Array(1), entry)));

/** The text of the file. */
export async function makeCopyVectors(): Promise<string> {
  const vectors = {
    about: [
      'docs/format/copy.md. Entry i of the bundle is i mod 7 + 1 times the byte i; payload i is 100 x (i mod 3) times the byte i,',
      'or not here when i mod 5 is 4; stream of entry i is 15 bytes 00 and the byte i mod 4 (01 is the host’s); its number is 1.',
      'An edit is made on that object: cut to so many bytes, set bytes at an offset, or append bytes.',
    ],
    names: makeNames(),
    namesRefused: makeRefusedNames(),
    ...makeBundles(),
    ...makeNodes(),
    ...(await makeIndexes()),
    ...(await makeTails()),
  };
  return `${JSON.stringify(vectors, null, 1)}\n`;
}

function makeNames(): object[] {
  const names: CopyName[] = [
    { kind: 'marker' },
    { kind: 'format', edition: 1, file: 'reader.mjs' },
    { kind: 'format', edition: 12, file: 'copy.md' },
    { kind: 'checkpoint', practice, fence, size: 256 },
    { kind: 'checkpoint', practice, fence: 99_999_999, size: 9_007_199_254_740_736 },
    { kind: 'tile', practice, fence, level: 0, number: 0 },
    { kind: 'tile', practice, fence, level: 1, number: 999 },
    { kind: 'tile', practice, fence, level: 2, number: 1000 },
    { kind: 'entries', practice, fence, number: 1_234_067 },
    { kind: 'payload', practice, fence, number: 1_000_000 },
    { kind: 'nodes', practice, fence, number: 35_184_372_088_830 },
    { kind: 'index', practice, fence, level: 0, number: 7 },
    { kind: 'index', practice, fence, level: 10, number: 3 },
    { kind: 'tail', practice, fence, from: 0, to: 1 },
    { kind: 'tail', practice, fence, from: 256, to: 512 },
    { kind: 'tail', practice, fence, from: 300, to: 310 },
    { kind: 'blob', practice, hash },
    { kind: 'draft', practice, slot, revision: 1 },
    { kind: 'host', sequence: 42 },
  ];
  return names.map((value) => ({ name: formatCopyName(value), value }));
}

function makeRefusedNames(): object[] {
  const at = `${practice}/00000001`;
  return [
    ['nothing', ''],
    ['a slash at the start', `/${at}/nodes/000`],
    ['a slash at the end', `${at}/nodes/000/`],
    ['two slashes', `${at}//nodes/000`],
    ['a way out', `${at}/nodes/../../000`],
    ['an upper-case practice', `${practice.toUpperCase()}/00000001/nodes/000`],
    ['a short practice', `${practice.slice(1)}/00000001/nodes/000`],
    ['fence 0', `${practice}/00000000/nodes/000`],
    ['a fence of 7 digits', `${practice}/0000001/nodes/000`],
    ['a fence of 9 digits', `${practice}/000000001/nodes/000`],
    ['a checkpoint of size 0', `${at}/checkpoint/0000000000000000`],
    ['a checkpoint within a bundle', `${at}/checkpoint/0000000000000257`],
    ['a checkpoint of 15 digits', `${at}/checkpoint/000000000000256`],
    ['a checkpoint past 2^53', `${at}/checkpoint/9007199254740992`],
    ['a level with a leading zero', `${at}/tile/00/000`],
    ['a level that no journal reaches', `${at}/tile/7/000`],
    ['a partial tile', `${at}/tile/0/000.p/12`],
    ['a number of two digits', `${at}/tile/0/00`],
    ['a number of four digits', `${at}/tile/0/1000`],
    ['a group without x', `${at}/tile/0/001/000`],
    ['an x on the last group', `${at}/tile/0/x001/x000`],
    ['a leading group of zeros', `${at}/tile/0/x000/001`],
    ['a number that no entry under 2^53 gives', `${at}/nodes/x035/x184/x372/x088/832`],
    ['an index level that no journal reaches', `${at}/index/12/000`],
    ['an empty tail', `${at}/tail/0000000000000005-0000000000000005`],
    ['a tail backwards', `${at}/tail/0000000000000006-0000000000000005`],
    ['a tail across bundles', `${at}/tail/0000000000000255-0000000000000257`],
    ['a tail of more than a bundle', `${at}/tail/0000000000000000-0000000000000257`],
    ['a blob in another folder', `${practice}/blob/00/${hash}`],
    ['an upper-case blob', `${practice}/blob/${hash.slice(0, 2)}/${hash.toUpperCase()}`],
    ['draft revision 0', `${practice}/draft/${slot}/0000000000000000`],
    ['a short slot', `${practice}/draft/${slot.slice(2)}/0000000000000001`],
    ['account data 0', 'host/0000000000000000'],
    ['edition 1 written out', 'FORMAT/1/copy.md'],
    ['edition 0', 'FORMAT/0/copy.md'],
    ['a document that is hidden', 'FORMAT/.copy.md'],
    ['a document that is a number', 'FORMAT/2'],
    ['a folder in an edition', 'FORMAT/2/a/copy.md'],
    ['a line break', `${at}/nodes/000\n`],
    ['digits of another script', `${at}/nodes/٠٠٠`],
    ['a file that is not yet named', `${at}/nodes/.new-0123456789abcdef`],
    ['a file of somebody else', 'Thumbs.db'],
  ].map(([why, name]) => ({ why, name }));
}

function makeBundles(): object {
  const entryBundle = encodeEntryBundle(entries);
  const payloadBundle = encodePayloadBundle(payloads);
  const lastEntryBytes = entries.at(-1)?.length ?? 0;
  return {
    entryBundle: { size: entryBundle.length, sha256: bytesToHex(sha256(entryBundle)) },
    entryBundleRefused: [
      { why: 'nothing', cut: 0 },
      { why: 'half a length', cut: 1 },
      { why: 'cut within the last entry', cut: entryBundle.length - 1 },
      { why: 'cut after the last length', cut: entryBundle.length - lastEntryBytes },
      { why: '255 entries', cut: entryBundle.length - lastEntryBytes - 2 },
      { why: 'a byte more', append: '00' },
      { why: '257 entries', append: '000161' },
      { why: 'an entry of no byte', set: '0000', at: 0 },
      { why: 'a length that swallows the next entry', set: '0005', at: 0 },
      { why: 'a length past the end', set: '7fff', at: 0 },
      { why: 'an entry over 32 768 bytes', set: '8001', at: 0 },
    ],
    payloadBundle: { size: payloadBundle.length, sha256: bytesToHex(sha256(payloadBundle)) },
    payloadBundleRefused: [
      { why: 'nothing', cut: 0 },
      { why: 'half a length', cut: 3 },
      { why: 'cut within the last payload', cut: payloadBundle.length - 1 },
      { why: 'a byte more', append: '00' },
      { why: '257 payloads', append: 'ffffffff' },
      { why: 'a payload of 65 537 bytes', set: '00010001', at: 0 },
      { why: 'a length past the end', set: '0000ffff', at: 0 },
      { why: 'a length that is nearly "not here"', set: 'fffffffe', at: 0 },
    ],
  };
}

function makeNodes(): object {
  const nodes = encodeNodes(leaves);
  return {
    nodes: {
      tileSha256: bytesToHex(sha256(leaves)),
      sha256: bytesToHex(sha256(nodes)),
      first: bytesToHex(nodes.slice(0, 32)),
      root: bytesToHex(tileRoot(nodes)),
    },
    tileSizesRefused: [0, 1, 31, 32, 8160, 8191, 8193, 8224],
    nodesSizesRefused: [0, 32, 8128, 8159, 8161, 8192],
  };
}

async function makeIndexes(): Promise<object> {
  const streams = entries.map((_, index) => streamOf(index % 4));
  const bundle = { streams, entries: encodeEntryBundle(entries), payloads: encodePayloadBundle(payloads) };
  const index = encodeBundleIndex({ number: 1, ...bundle });
  const record = (stream: number, entry: number) => {
    const bytes = new Uint8Array(40).fill(1, 24);
    bytes.set(streamOf(stream));
    new DataView(bytes.buffer).setBigUint64(16, BigInt(entry));
    return bytes;
  };
  const merged = [
    [record(0, 1), record(2, 3)],
    [],
    [record(0, 300), record(2, 290), record(3, 256)],
    [record(2, 600)],
  ].map((records) => concatBytes(...records));
  const pieces: Uint8Array[] = [];
  for await (const piece of mergeStreamIndexes(merged.map(asStream))) pieces.push(piece);
  const unsafe = record(0, 1);
  unsafe[16] = 0x80;
  return {
    bundleIndex: { size: index.length, sha256: bytesToHex(sha256(index)), first: bytesToHex(index.slice(0, 40)) },
    merge: { sources: merged.map(bytesToHex), merged: bytesToHex(concatBytes(...pieces)) },
    indexesRefused: [
      { why: 'cut', index: bytesToHex(record(0, 1).slice(0, 39)) },
      { why: 'a byte more', index: `${bytesToHex(record(0, 1))}00` },
      { why: 'a record twice', index: bytesToHex(concatBytes(record(0, 1), record(0, 1))) },
      { why: 'entries out of order', index: bytesToHex(concatBytes(record(0, 2), record(0, 1))) },
      { why: 'streams out of order', index: bytesToHex(concatBytes(record(2, 1), record(0, 2))) },
      { why: 'an entry past 2^53', index: bytesToHex(unsafe) },
    ],
    mergesRefused: [
      { why: 'the same record in two', sources: [record(0, 1), record(0, 1)].map(bytesToHex) },
      { why: 'one is out of order', sources: [bytesToHex(concatBytes(record(2, 1), record(0, 2)))] },
      { why: 'one is cut', sources: [bytesToHex(record(0, 1).slice(0, 30))] },
    ],
  };
}

async function makeTails(): Promise<object> {
  const signer = await signerNamed('host');
  const note = (size: number, changes: { fence?: number; practice?: Bytes } = {}) =>
    signCheckpoint(
      {
        practice: changes.practice ?? hexToBytes(practice),
        fence: changes.fence ?? 1,
        size,
        root: sha256(Uint8Array.of(size)),
      },
      signer,
    );
  const items = [
    { entry: utf8ToBytes('first'), payload: utf8ToBytes('sealed') },
    { entry: utf8ToBytes('second'), payload: null },
    { entry: utf8ToBytes('third'), payload: new Uint8Array(0) },
  ];
  const right = await note(13);
  const tail = encodeTail({ practice: hexToBytes(practice), fence: 1, from: 10, items, note: right });
  const list: CborValue = items.map(({ entry, payload }) => [entry, payload]);
  const parts: readonly CborValue[] = [1, hexToBytes(practice), 1, 10, list, right];
  const changed = (position: number, value: CborValue): string =>
    bytesToHex(encodeCanonical(parts.with(position, value)));
  const items253 = Array.from({ length: 253 }, (): CborValue => [utf8ToBytes('e'), null]);
  return {
    tail: {
      bytes: bytesToHex(tail),
      practice,
      fence: 1,
      from: 10,
      note: right,
      items: items.map(({ entry, payload }) => [bytesToHex(entry), payload === null ? null : bytesToHex(payload)]),
    },
    tailsRefused: [
      { why: 'nothing', bytes: '' },
      { why: 'cut', bytes: bytesToHex(tail.slice(0, -1)) },
      { why: 'a byte more', bytes: `${bytesToHex(tail)}00` },
      { why: 'format 2', bytes: changed(0, 2) },
      { why: 'a short practice', bytes: changed(1, new Uint8Array(31)) },
      { why: 'another practice than the checkpoint', bytes: changed(1, new Uint8Array(32)) },
      { why: 'fence 0', bytes: changed(2, 0) },
      { why: 'a fence of 9 digits', bytes: changed(2, 100_000_000) },
      { why: 'another fence than the checkpoint', bytes: changed(2, 2) },
      { why: 'a start under zero', bytes: changed(3, -1) },
      { why: 'another start than the checkpoint allows', bytes: changed(3, 11) },
      { why: 'no item', bytes: changed(4, []) },
      { why: 'an item of three', bytes: changed(4, [[utf8ToBytes('e'), null, null]]) },
      {
        why: 'an entry that is text',
        bytes: changed(4, [
          ['e', null],
          ['e', null],
          ['e', null],
        ]),
      },
      {
        why: 'an entry of no byte',
        bytes: changed(4, [
          [new Uint8Array(0), null],
          [utf8ToBytes('e'), null],
          [utf8ToBytes('e'), null],
        ]),
      },
      {
        why: 'a payload that is false',
        bytes: changed(4, [
          [utf8ToBytes('e'), false],
          [utf8ToBytes('e'), null],
          [utf8ToBytes('e'), null],
        ]),
      },
      {
        why: 'a range across bundles',
        bytes: bytesToHex(encodeCanonical([1, hexToBytes(practice), 1, 10, items253, await note(263)])),
      },
      { why: 'a checkpoint that is bytes', bytes: changed(5, utf8ToBytes(right)) },
      { why: 'a checkpoint that is malformed', bytes: changed(5, right.slice(1)) },
      { why: 'a checkpoint of another size', bytes: changed(5, await note(14)) },
      { why: 'a checkpoint of another fence', bytes: changed(5, await note(13, { fence: 2 })) },
      { why: 'a seventh item', bytes: bytesToHex(encodeCanonical([...parts, null])) },
    ],
  };
}

function streamOf(number: number): Bytes {
  const stream = new Uint8Array(16);
  stream[15] = number;
  return stream;
}

async function* asStream(bytes: Bytes): AsyncGenerator<Uint8Array> {
  if (bytes.length > 0) yield bytes;
}

if (import.meta.main) writeFileSync(new URL('../copy.json', import.meta.url), await makeCopyVectors());
