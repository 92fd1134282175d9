import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { sha256 } from '@serment/core/hash';
import { encodeStatement, parseEntry, signedMessage } from '@serment/core/journal/entry';
import { type BlobRef, encodeHeader, type TreeHead } from '@serment/core/journal/header';
import type { SentEntry } from '@serment/core/wire/append';
import { TestPractice } from '../packages/core/test/journal/practice-fixture.ts';
import { deterministicRandom, signerFromSeed, type TestSigner } from '../packages/core/test/journal/signer.ts';

/** Where a practice is made: a store in this process, or a server. */
export interface PracticeHost {
  /** The key that the host signs with. */
  readonly author: Bytes;
  create(sent: readonly SentEntry[]): Promise<unknown>;
  append(practice: Bytes, sent: readonly SentEntry[]): Promise<unknown>;
  /** The entries as they stand there, from the first. */
  entries(practice: Bytes, author: TestSigner): Promise<readonly Bytes[]>;
}

export interface MadePractice {
  readonly practice: Bytes;
  readonly devices: readonly TestSigner[];
  /** A head that every later entry may have seen. */
  readonly seen: TreeHead;
  /** The last entry of each device, in their order. */
  readonly last: readonly (Bytes | null)[];
}

/** A practice with real keys and signatures and so many devices that write. */
export async function makePractice(name: string, deviceCount: number, host: PracticeHost): Promise<MadePractice> {
  const random = deterministicRandom(name);
  let now = Date.now();
  const parts = {
    random,
    clock: () => (now += 1),
    founder: random(16),
    device: await signerFromSeed(random(32)),
    kit: await signerFromSeed(random(32)),
    // Only the public half is asked for: it is the host that signs.
    host: { ...(await signerFromSeed(random(32))), author: host.author },
    wrapBytes: 1850,
  };
  const sketch = new TestPractice(parts);
  await sketch.appendGenesisBatch();
  await host.create(sketch.entries.map(toSent));
  const { practice } = sketch;
  let known = await readBack(parts, host, practice);
  const devices = [parts.device];
  while (devices.length < deviceCount) {
    const before = known.size;
    devices.push((await known.addMember('doctor', ['clinical'])).device);
    await host.append(practice, known.entries.slice(before).map(toSent));
    known = await readBack(parts, host, practice);
  }
  const last = devices.map(({ author }) => known.state.authors.get(bytesToHex(author))?.last ?? null);
  return { practice, devices, seen: known.head(), last };
}

async function readBack(
  parts: ConstructorParameters<typeof TestPractice>[0],
  host: PracticeHost,
  practice: Bytes,
): Promise<TestPractice> {
  const known = new TestPractice(parts);
  for (const bytes of await host.entries(practice, parts.device)) {
    const entry = parseEntry(bytes);
    known.accept(entry, entry.receivedAt);
  }
  return known;
}

function toSent(statement: Parameters<typeof encodeStatement>[0]): SentEntry {
  return { statement: encodeStatement(statement), payload: null };
}

export interface ChainOptions {
  readonly device: number;
  readonly count: number;
  readonly payloadBytes: number;
  /** The stream of each save; one stream for all when left out. */
  readonly streams?: readonly Bytes[];
  /** Documents of a save, by its place in the chain. */
  readonly documents?: (place: number) => Promise<readonly BlobRef[]>;
}

/** Signed saves of one device, each following the one before, with random bytes as payloads. */
export async function* signedChain(made: MadePractice, options: ChainOptions): AsyncGenerator<SentEntry, void> {
  const signer = made.devices[options.device];
  if (signer === undefined) throw new RangeError('No such device');
  const streams = options.streams ?? [crypto.getRandomValues(new Uint8Array(16))];
  let prev = made.last[options.device] ?? null;
  for (let index = 0; index < options.count; index += 1) {
    const payload = crypto.getRandomValues(new Uint8Array(options.payloadBytes));
    const payloadHash = sha256(payload);
    const headerBytes = encodeHeader({
      ...{ format: 1, practice: made.practice, kind: 'records', author: signer.author },
      ...{ stream: streams[index % streams.length] ?? new Uint8Array(16), compartment: 'clinical', epoch: 1 },
      ...{
        base: null,
        prev,
        seen: made.seen,
        time: Date.now(),
        blobs: (await options.documents?.(index)) ?? [],
        body: { kind: 'records', binding: false },
      },
    });
    const signature = await signer.sign(signedMessage(headerBytes, payloadHash));
    const statement = encodeStatement({ headerBytes, payloadHash, signature });
    prev = sha256(statement);
    yield { statement, payload };
  }
}
