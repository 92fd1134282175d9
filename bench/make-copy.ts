// A synthetic vault for measuring copies: node bench/make-copy.ts FOLDER ENTRIES
// Its tree, payloads, indexes, checkpoints and genesis are right. Signatures of other entries are not: what reads by hash
// and inclusion does not look at them, and a million real ones would take minutes to make. `verify` therefore reports them.
import { createHash, hash } from 'node:crypto';
import { type Bytes, bytesToHex, hexToBytes } from '@serment/core/bytes';
import { signCheckpoint } from '@serment/core/journal/checkpoint';
import { encodeEntry, parseEntry, signedMessage } from '@serment/core/journal/entry';
import { encodeHeader, governanceStream } from '@serment/core/journal/header';
import { Frontier } from '@serment/core/journal/tree';
import type { CaptureChange, CapturedEntry, CaptureSource } from '@serment/store/copy/capture-source';
import type { Destination } from '@serment/store/copy/destination';
import { folderDestination } from '@serment/store/copy/folder';
import { startPublisher } from '@serment/store/copy/publisher';
import { signerNamed, type TestSigner } from '../packages/core/test/journal/signer.ts';

export const entriesPerPatient = 200;
const payloadBytes = 1096;
const epoch = 1_780_000_000_000;

export interface SyntheticVault {
  readonly source: CaptureSource;
  readonly practice: string;
  readonly host: TestSigner;
  readonly patients: number;
  /** Entries and payloads. */
  readonly bytes: number;
  /** One more entry, told to whoever follows the source. */
  grow(): Promise<void>;
}

/** Stream of a patient of the synthetic vault. */
export function patientStream(patient: number): Bytes {
  return new Uint8Array(createHash('sha256').update(`patient ${patient}`).digest().subarray(0, 16));
}

/** A vault whose entries are made when they are read: it takes no memory. */
export async function makeSyntheticVault(size: number): Promise<SyntheticVault> {
  const host = await signerNamed('synthetic host');
  const device = await signerNamed('synthetic device');
  const genesis = await makeGenesis(host, device);
  const practice = bytesToHex(parseEntry(genesis).id);
  const patients = Math.max(1, Math.round(size / entriesPerPatient));
  const template = makeTemplate(hexToBytes(practice), device);
  const pool = new Uint8Array(65_536);
  for (let offset = 0; offset < pool.length; offset += 32)
    pool.set(createHash('sha256').update(String(offset)).digest(), offset);
  const make = (index: number): CapturedEntry => {
    if (index === 0) return { index, entry: genesis, payload: null, blobs: [] };
    const payload = pool.slice(index % 60_000, (index % 60_000) + payloadBytes);
    new DataView(payload.buffer).setUint32(0, index);
    const entry = template.bytes.slice();
    // Patients take turns, so that each one's entries are as far apart as they can be: the worst case for reading.
    entry.set(patientStream(index % patients), template.streamOffset);
    entry.set(hash('sha256', payload, 'buffer'), template.hashOffset);
    return { index, entry, payload, blobs: [] };
  };
  const frontier = new Frontier();
  let bytes = 0;
  const append = () => {
    const { entry, payload } = make(frontier.size);
    bytes += entry.length + (payload?.length ?? 0);
    frontier.append(new Uint8Array(createHash('sha256').update(new Uint8Array(1)).update(entry).digest()));
  };
  const sign = async () => {
    const head = { size: frontier.size, root: frontier.root(), fence: 1 };
    return { ...head, note: await signCheckpoint({ practice: hexToBytes(practice), ...head }, host) };
  };
  while (frontier.size < size) append();
  let head = await sign();
  const listeners = new Set<(change: CaptureChange) => void>();
  const source: CaptureSource = {
    practices: async () => [practice],
    head: async () => head,
    async *readRange(_practice, from, to) {
      for (let index = from; index < to; index += 1) yield make(index);
    },
    async *openBlob() {
      yield* [];
      throw new RangeError('No documents here');
    },
    async *drafts() {
      yield* [];
    },
    accounts: async () => null,
    onCommit(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const grow = async () => {
    append();
    head = await sign();
    for (const listener of listeners) listener({ kind: 'entries', practice });
  };
  return { source, practice, host, patients, bytes, grow };
}

/** Writes the copy of a synthetic vault with the production publisher; returns how long that took. */
export async function writeSyntheticCopy(vault: SyntheticVault, destination: Destination): Promise<number> {
  const started = performance.now();
  const publisher = startPublisher({
    source: vault.source,
    destinations: [destination],
    signCheckpoint: (checkpoint) => signCheckpoint(checkpoint, vault.host),
  });
  await publisher.settled();
  const [status] = publisher.status(vault.practice);
  await publisher.stop();
  if (status?.state !== 'current') throw new RangeError(`The copy is ${status?.state}: ${status?.error}`);
  return performance.now() - started;
}

/** Its signature is right: it names the host that signs the checkpoints. */
async function makeGenesis(host: TestSigner, device: TestSigner): Promise<Bytes> {
  const headerBytes = encodeHeader({
    format: 1,
    practice: null,
    kind: 'genesis',
    author: device.author,
    stream: governanceStream,
    compartment: null,
    epoch: 0,
    base: null,
    prev: null,
    seen: null,
    time: epoch,
    blobs: [],
    body: { kind: 'genesis', nonce: new Uint8Array(32), founder: new Uint8Array(16), hostAuthor: host.author },
  });
  const signature = await device.sign(signedMessage(headerBytes, null));
  return encodeEntry({ receivedAt: epoch, headerBytes, payloadHash: null, signature });
}

function makeTemplate(practice: Bytes, device: TestSigner): { bytes: Bytes; streamOffset: number; hashOffset: number } {
  const mark = (size: number, byte: number) => new Uint8Array(size).fill(byte);
  const headerBytes = encodeHeader({
    format: 1,
    practice,
    kind: 'records',
    author: device.author,
    stream: mark(16, 0xa1),
    compartment: 'clinical',
    epoch: 1,
    base: mark(32, 1),
    prev: mark(32, 2),
    seen: { size: 100_000, root: mark(32, 3) },
    time: epoch,
    blobs: [],
    body: { kind: 'records', binding: false },
  });
  const bytes = encodeEntry({ receivedAt: epoch, headerBytes, payloadHash: mark(32, 0xa2), signature: mark(64, 4) });
  const text = Buffer.from(bytes);
  return { bytes, streamOffset: text.indexOf(mark(16, 0xa1)), hashOffset: text.indexOf(mark(32, 0xa2)) };
}

if (import.meta.main) {
  const [folder = '', entries = '10000'] = process.argv.slice(2);
  const vault = await makeSyntheticVault(Number(entries));
  const ms = await writeSyntheticCopy(vault, folderDestination({ path: folder }));
  console.log(
    JSON.stringify({
      practice: vault.practice,
      entries: Number(entries),
      bytes: vault.bytes,
      ms,
      megabytesPerSecond: vault.bytes / 1000 / ms,
    }),
  );
}
