import { type Bytes, bytesToHex, hexToBytes, utf8ToBytes } from '../../packages/core/src/bytes.ts';
import { sha256 } from '../../packages/core/src/hash.ts';
import { signCheckpoint } from '../../packages/core/src/journal/checkpoint.ts';
import {
  type Entry,
  encodeEntry,
  parseEntry,
  type Statement,
  statementToEntry,
} from '../../packages/core/src/journal/entry.ts';
import type { FindingCode } from '../../packages/core/src/journal/finding.ts';
import { Frontier, leafHash } from '../../packages/core/src/journal/tree.ts';
import { type TestPractice, withWrongSignature } from '../../packages/core/test/journal/practice-fixture.ts';
import { signerNamed } from '../../packages/core/test/journal/signer.ts';
import { addLosses } from './losses.ts';
import { addStanding } from './standing-journals.ts';
import { entriesToHex, rawStatement, vectorPractice } from './vector-practice.ts';

/** Number of the entry (null for a checkpoint), code, detail. */
export type Expected = readonly [index: number | null, code: FindingCode, detail: string | null];

interface Note {
  readonly note: string;
  readonly expectFence?: number;
  readonly findings: readonly Expected[];
}

interface Journal {
  readonly name: string;
  /** The practice that is expected, when one is. */
  readonly practice: string | null;
  /** Numbers of entries of `entries`, or entries in hexadecimal; `lost` of an entry, or of a leaf hash. */
  readonly journal: readonly (number | string | { readonly lost: number | string })[];
  readonly findings: readonly Expected[];
  readonly size: number;
  readonly root: string;
  /** Read one after the other once the entries are read. */
  readonly checkpoints: readonly Note[];
}

/** A number of an entry, an entry, or what a copy has lost: the number of an entry, or a leaf hash in hexadecimal. */
export type JournalItem = number | Bytes | { readonly lost: number | string };

const stranger = sha256(utf8ToBytes('another root'));

/** Whole journals with what a verifier finds in them. */
export async function makeJournals(): Promise<object> {
  const practice = await vectorPractice('journals');
  const { host } = practice;
  const stream = practice.random(16);
  for (let count = 0; count < 4; count += 1) await practice.appendRecords({ stream });
  await practice.append({ signer: host, body: { kind: 'operator', action: 'start', detail: '' } });
  const before = practice.size;
  const note = await practice.checkpoint();
  const maker = new JournalMaker(practice);
  const all = practice.entries.map((_, index) => index);
  maker.add('a good journal', all, [], [{ note, findings: [] }]);
  maker.again('a good journal of the practice that is expected', practice.practice, []);
  maker.add('nothing', [], []);
  maker.add('the beginning of a journal', [0, 1], []);
  maker.again('another practice than expected', stranger, [
    [0, 'UNAUTHORIZED', 'PRACTICE_MISMATCH'],
    [1, 'UNAUTHORIZED', 'PRACTICE_MISMATCH'],
  ]);
  await addBroken(maker, all);
  await addLies(maker, all);
  await addCheckpoints(maker, all, note);
  await addFences(maker, before);
  await addLosses(maker);
  await addStanding(maker);
  return { entries: entriesToHex(practice.entries), journals: maker.list };
}

export class JournalMaker {
  readonly list: Journal[] = [];
  readonly practice: TestPractice;

  constructor(practice: TestPractice) {
    this.practice = practice;
  }

  add(
    name: string,
    journal: readonly JournalItem[],
    findings: readonly Expected[],
    checkpoints: readonly Note[] = [],
  ): void {
    const frontier = new Frontier();
    for (const item of journal) frontier.append(this.#leaf(item));
    this.list.push({
      name,
      practice: null,
      journal: journal.map((item) => (item instanceof Uint8Array ? bytesToHex(item) : item)),
      findings,
      size: journal.length,
      root: bytesToHex(frontier.root()),
      checkpoints,
    });
  }

  /** The last journal again, read by who expects that practice. */
  again(name: string, practice: Bytes, findings: readonly Expected[]): void {
    const last = this.list.at(-1);
    if (last !== undefined)
      this.list.push({ ...last, name, practice: bytesToHex(practice), findings, checkpoints: [] });
  }

  /** The entry of a statement that the practice does not take. */
  made(statement: Statement): Bytes {
    return statementToEntry(statement, this.practice.clock()).bytes;
  }

  #leaf(item: JournalItem): Bytes {
    if (typeof item === 'number') return this.entry(item).leaf;
    if (item instanceof Uint8Array) return leafHash(item);
    return typeof item.lost === 'number' ? this.entry(item.lost).leaf : hexToBytes(item.lost);
  }

  entry(index: number): Entry {
    const entry = this.practice.entries[index];
    if (entry === undefined) throw new RangeError(`No entry ${index}`);
    return entry;
  }
}

async function addBroken(maker: JournalMaker, all: readonly number[]): Promise<void> {
  const { practice } = maker;
  const size = all.length;
  maker.add('an entry that is noise', [...all, utf8ToBytes('noise')], [[size, 'ENTRY_INVALID', 'ENTRY_INVALID']]);
  maker.add('an empty entry', [...all, new Uint8Array(0)], [[size, 'ENTRY_INVALID', 'ENTRY_INVALID']]);
  maker.add(
    'an entry past 32 768 bytes',
    [...all, new Uint8Array(32_769)],
    [[size, 'ENTRY_INVALID', 'ENTRY_TOO_LARGE']],
  );
  maker.add(
    'a byte after an entry',
    [...all.slice(0, -1), new Uint8Array([...maker.entry(size - 1).bytes, 0])],
    [[size - 1, 'ENTRY_INVALID', 'ENTRY_INVALID']],
  );
  const kept = await rawStatement(
    practice.device,
    [
      1,
      practice.practice,
      'erase',
      practice.device.author,
      stranger.slice(16),
      'admin',
      1,
      null,
      null,
      null,
      0,
      [],
      null,
    ],
    stranger,
  );
  maker.add(
    'a kind that is kept for later',
    [...all, withReceivedAt(kept, practice.clock())],
    [[size, 'UNAUTHORIZED', 'KIND_UNKNOWN']],
  );
  const later = await rawStatement(practice.device, [2, practice.practice, 'records'], stranger);
  maker.add(
    'an entry of format 2',
    [...all, withReceivedAt(later, practice.clock())],
    [[size, 'ENTRY_INVALID', 'FORMAT_UNKNOWN']],
  );
  const short = await rawStatement(
    practice.device,
    [
      1,
      practice.practice,
      'records',
      practice.device.author,
      stranger.slice(16),
      'admin',
      1,
      null,
      null,
      null,
      0,
      [],
      [false],
    ],
    stranger,
  );
  maker.add(
    'a body of another shape',
    [...all, withReceivedAt(short, practice.clock())],
    [[size, 'ENTRY_INVALID', 'BODY_INVALID']],
  );
  maker.add(
    'noise between good entries',
    [0, 1, 2, utf8ToBytes('noise'), ...all.slice(3, 12)],
    [[3, 'ENTRY_INVALID', 'ENTRY_INVALID']],
  );
}

async function addLies(maker: JournalMaker, all: readonly number[]): Promise<void> {
  const { practice } = maker;
  const { device: signer } = practice;
  const size = all.length;
  const body = { kind: 'records', binding: false } as const;
  const at = (entry: Parameters<typeof statementToEntry>[0], receivedAt = practice.clock()) =>
    statementToEntry(entry, receivedAt).bytes;
  const next = await practice.statement({ signer, body });
  maker.add('one bit of a signature', [...all, at(withWrongSignature(next))], [[size, 'SIGNATURE_INVALID', null]]);
  const swapped = encodeEntry({ ...next, receivedAt: practice.clock(), payloadHash: stranger });
  maker.add('another payload hash under the same signature', [...all, swapped], [[size, 'SIGNATURE_INVALID', null]]);
  const wrongGenesis = at(withWrongSignature(maker.entry(0)), maker.entry(0).receivedAt);
  maker.add(
    'a genesis that its author did not sign',
    [wrongGenesis, 1],
    [
      [0, 'SIGNATURE_INVALID', null],
      [1, 'UNAUTHORIZED', 'PRACTICE_MISMATCH'],
    ],
  );
  maker.add(
    'a wrong signature twice',
    [...all, at(withWrongSignature(next)), at(withWrongSignature(next))],
    [
      [size, 'SIGNATURE_INVALID', null],
      [size + 1, 'DUPLICATE', null],
      [size + 1, 'SIGNATURE_INVALID', null],
    ],
  );
  maker.add('the last entry twice', [...all, at(maker.entry(size - 1))], [[size, 'DUPLICATE', null]]);
  maker.add('an older entry again', [...all, at(maker.entry(12))], [[size, 'DUPLICATE', null]]);
  maker.add('genesis again', [...all, at(maker.entry(0))], [[size, 'DUPLICATE', null]]);
  maker.add(
    'a clock that goes back',
    [...all, at(next, maker.entry(size - 1).receivedAt - 1)],
    [[size, 'TIME_DECREASES', null]],
  );
  maker.add('a clock that stands still', [...all, at(next, maker.entry(size - 1).receivedAt)], []);
  maker.add(
    'a clock set to zero, an entry again',
    [...all, at(maker.entry(12), 0)],
    [
      [size, 'TIME_DECREASES', null],
      [size, 'DUPLICATE', null],
    ],
  );
  const forked = await practice.statement({ signer, body, seen: { size: 13, root: stranger } });
  maker.add('an author who saw another history', [...all, at(forked)], [[size, 'SEEN_FORK', null]]);
  const forkedWrong = await practice.statement({ signer, body, seen: { size: 13, root: stranger }, prev: null });
  maker.add(
    'another history seen, in an entry that is refused',
    [...all, at(forkedWrong)],
    [
      [size, 'SEEN_FORK', null],
      [size, 'UNAUTHORIZED', 'PREV_STALE'],
    ],
  );
  const ahead = await practice.statement({ signer, body, seen: { size: size + 1, root: stranger } });
  maker.add('an author who saw more than there is', [...all, at(ahead)], [[size, 'UNAUTHORIZED', 'SEEN_AHEAD']]);
  maker.add(
    'an entry left out',
    [...all.slice(0, 13), ...all.slice(14)],
    [
      [13, 'UNAUTHORIZED', 'PREV_STALE'],
      [14, 'UNAUTHORIZED', 'PREV_STALE'],
    ],
  );
  maker.add(
    'two entries in the other order',
    [...all.slice(0, 12), 13, 12],
    [
      [12, 'UNAUTHORIZED', 'PREV_STALE'],
      [13, 'TIME_DECREASES', null],
    ],
  );
  const stranded = await practice.statement({ signer: await signerNamed('serment vectors stranger'), body });
  maker.add('an entry of a stranger', [...all, at(stranded)], [[size, 'UNAUTHORIZED', 'AUTHOR_UNKNOWN']]);
  const role = await practice.statement({ signer: practice.kit, body });
  maker.add('records of the kit', [...all, at(role), at(next)], [[size, 'UNAUTHORIZED', 'ROLE_FORBIDDEN']]);
}

async function addCheckpoints(maker: JournalMaker, all: readonly number[], note: string): Promise<void> {
  const { practice } = maker;
  const { host } = practice;
  const size = all.length;
  const root = practice.root();
  const sign = (change: Partial<Parameters<typeof signCheckpoint>[0]>, by = host) =>
    signCheckpoint({ practice: practice.practice, fence: 1, size, root, ...change }, by);
  const invalid: readonly Expected[] = [[null, 'CHECKPOINT_INVALID', null]];
  const older = await sign({ size: 13, root: rootOf(maker, 13) });
  const otherHost = await signerNamed('serment vectors stranger');
  const alone = (name: string, checkpoint: string, findings: readonly Expected[]) =>
    maker.add(name, all, [], [{ note: checkpoint, findings }]);
  alone('a checkpoint of some entries before', older, []);
  alone('a checkpoint that is noise', 'noise', invalid);
  alone('a checkpoint of another host', await sign({}, otherHost), invalid);
  alone('a checkpoint of another practice', await sign({ practice: stranger }), invalid);
  alone('a checkpoint of size 0', await sign({ size: 0, root: sha256() }), invalid);
  alone('a checkpoint with another root', await sign({ root: stranger }), [[null, 'ROOT_MISMATCH', 'root']]);
  alone('a checkpoint of more entries than are there', await sign({ size: size + 1, root: stranger }), [
    [null, 'ROOT_MISMATCH', 'size'],
  ]);
  maker.add(
    'an entry left out under the checkpoint',
    all.slice(0, -1),
    [],
    [{ note, findings: [[null, 'ROOT_MISMATCH', 'size']] }],
  );
  maker.add(
    'an older checkpoint after a newer',
    all,
    [],
    [
      { note, findings: [] },
      { note: older, findings: [[null, 'ROLLBACK', 'size']] },
    ],
  );
  maker.add(
    'the same checkpoint twice',
    all,
    [],
    [
      { note, findings: [] },
      { note, findings: [] },
    ],
  );
  maker.add(
    'another root at a size already verified',
    all,
    [],
    [
      { note, findings: [] },
      { note: await sign({ root: stranger }), findings: [[null, 'FORK', 'root']] },
    ],
  );
  maker.add(
    'an older checkpoint of another history',
    all,
    [],
    [
      { note, findings: [] },
      {
        note: await sign({ size: 13, root: stranger }),
        findings: [
          [null, 'ROLLBACK', 'size'],
          [null, 'FORK', 'root'],
        ],
      },
    ],
  );
  maker.add('a checkpoint before any entry', [], [], [{ note, findings: invalid }]);
  maker.add('a checkpoint under the fence that is expected', all, [], [{ note, expectFence: 1, findings: [] }]);
  maker.add(
    'a checkpoint under another fence than expected',
    all,
    [],
    [{ note, expectFence: 2, findings: [[null, 'CHECKPOINT_INVALID', 'fence']] }],
  );
  maker.add(
    'a restore that nobody acknowledged',
    all,
    [],
    [{ note: await sign({ fence: 2 }), findings: [[null, 'FENCE_UNACKNOWLEDGED', '2']] }],
  );
}

async function addFences(maker: JournalMaker, before: number): Promise<void> {
  const { practice } = maker;
  const { device: signer, host } = practice;
  const next = await signerNamed('serment vectors next host');
  const old = await practice.checkpoint();
  await practice.append({ signer, body: { kind: 'host', hostAuthor: next.author } });
  await practice.append({ signer, body: { kind: 'restore-ack', fence: 2, size: before, root: rootOf(maker, before) } });
  practice.host = next;
  const all = practice.entries.map((_, index) => index);
  const note = await practice.checkpoint();
  const sign = (fence: number, by = next) =>
    signCheckpoint({ practice: practice.practice, fence, size: practice.size, root: practice.root() }, by);
  const add = (name: string, checkpoints: readonly Note[]) => maker.add(name, all, [], checkpoints);
  add('a restore that was acknowledged, by a new host', [
    { note: old, findings: [] },
    { note, findings: [] },
  ]);
  add('the former host after its successor', [
    { note: await sign(2, host), findings: [[null, 'CHECKPOINT_INVALID', null]] },
  ]);
  add('the former fence after its successor', [{ note: await sign(1), findings: [[null, 'ROLLBACK', 'fence']] }]);
  add('the former vault after the restored one', [
    { note, findings: [] },
    { note: old, findings: [[null, 'ROLLBACK', 'fence']] },
  ]);
  add('a second restore that nobody acknowledged', [
    { note: await sign(3), findings: [[null, 'FENCE_UNACKNOWLEDGED', '3']] },
  ]);
}

function rootOf(maker: JournalMaker, size: number): Bytes {
  const frontier = new Frontier();
  for (let index = 0; index < size; index += 1) frontier.append(maker.entry(index).leaf);
  return frontier.root();
}

/** The entry's bytes around a statement that no parser takes. */
function withReceivedAt(statement: Bytes, receivedAt: number): Bytes {
  const tail = statement.subarray(1);
  const whole = new Uint8Array(10 + tail.length);
  new DataView(whole.buffer).setBigUint64(2, BigInt(receivedAt));
  whole[0] = 0x84;
  whole[1] = 0x1b;
  whole.set(tail, 10);
  return whole;
}

/** Payloads beside the hashes of their entries. */
export async function makePayloads(): Promise<object[]> {
  const practice = await vectorPractice('payloads');
  const payload = utf8ToBytes('sealed bytes');
  const records = await practice.appendRecords({ payloadHash: sha256(payload) });
  const genesis = practice.entries[0] ?? parseEntry(new Uint8Array(0));
  const of = (name: string, entry: Entry, bytes: Bytes | null, finding: FindingCode | null) => ({
    name,
    entry: bytesToHex(entry.bytes),
    payload: bytes === null ? null : bytesToHex(bytes),
    finding,
  });
  return [
    of('the payload', records, payload, null),
    of('no payload where none belongs', genesis, null, null),
    of('another payload', records, utf8ToBytes('sealed byte'), 'PAYLOAD_MISMATCH'),
    of('an empty payload', records, new Uint8Array(0), 'PAYLOAD_MISMATCH'),
    of('a payload with a byte more', records, utf8ToBytes('sealed bytes '), 'PAYLOAD_MISMATCH'),
    of('a payload where none belongs', genesis, payload, 'PAYLOAD_MISMATCH'),
    of('no payload where one belongs', records, null, 'PAYLOAD_MISSING'),
  ];
}
