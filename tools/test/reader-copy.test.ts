// A copy that Serment wrote, read by the independent reader: as it stands, and after each kind of damage.
import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { makeDataFolder } from '../../packages/store/test/made-data.ts';

type Finding = { index: number | null; code: string; detail: string | null; object?: string };
type Verified = { findings: Finding[]; practices: { practice: string; fence: number | null; size: number }[] };
type Index = {
  size: number;
  verified: boolean;
  lost: number;
  patients: { id: string; file: string; records: number; conflicts: string[] }[];
  documents: { hash: string; file: string | null; patient: string | null }[];
  practiceRecords: { records: number };
  unreadable: Record<string, number>;
  findings: Finding[];
};

const PATIENTS = 150;
const readerFile = new URL('../../docs/format/reader.mjs', import.meta.url);
const command = new URL('../../apps/cli/src/main.ts', import.meta.url).pathname;
const reader: { verifyCopy(folder: string): Verified; kitText(practice: Uint8Array, seed: Uint8Array): string } =
  await import(readerFile.href);

const folder = mkdtempSync(join(tmpdir(), 'serment-reader-'));
const copy = join(folder, 'copy');
const kit = join(folder, 'kit.txt');
let server: ChildProcess | null = null;
let made = { practice: '', documents: 0, records: 0 };

function run(args: readonly string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, args, { maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      resolve({ status: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr });
    });
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(address !== null && typeof address === 'object' ? address.port : 0));
    });
  });
}

async function startServer(port: number): Promise<ChildProcess> {
  await makeDataFolder(join(folder, 'data'));
  const args = [command, 'start', '--data', join(folder, 'data'), '--port', String(port), '--copy', copy];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error('the server did not start')));
    child.stdout.on('data', (chunk) => {
      if (String(chunk).includes('ready ')) resolve(child);
    });
  });
}

/** Until the copy holds the whole journal: its last publish comes a moment after the last acknowledgement. */
async function copySettled(): Promise<void> {
  let before = -1;
  for (let i = 0; i < 60; i++) {
    const size = reader.verifyCopy(copy).practices[0]?.size ?? 0;
    if (size > 0 && size === before) return;
    before = size;
    await wait(500);
  }
  assert.fail('the copy did not settle');
}

before(async () => {
  const port = await freePort();
  server = await startServer(port);
  const address = `http://localhost:${port}`;
  const demo = ['demo', '--patients', String(PATIENTS), '--server', address, '--kit-out', kit, '--json'];
  const { status, stdout, stderr } = await run([command, ...demo]);
  assert.equal(status, 0, stderr);
  made = JSON.parse(stdout);
  await copySettled();
  server.kill('SIGTERM');
});

after(async () => {
  if (server !== null && server.exitCode === null && server.signalCode === null) {
    server.kill('SIGTERM');
    await new Promise((resolve) => server?.once('exit', resolve));
  }
  rmSync(folder, { recursive: true, force: true });
});

function fenceFolder(root: string): string {
  return join(root, made.practice, '00000001');
}

/** A copy of the copy, with something done to it. */
function damaged(damage: (root: string) => void): string {
  const root = mkdtempSync(join(folder, 'damaged-'));
  cpSync(copy, root, { recursive: true });
  damage(root);
  return root;
}

function flip(file: string, at: number): void {
  const content = readFileSync(file);
  content[at] = (content[at] ?? 0) ^ 1;
  writeFileSync(file, content);
}

async function open(root: string): Promise<{ status: number; index: Index; out: string }> {
  const out = mkdtempSync(join(folder, 'out-'));
  const { status } = await run([readerFile.pathname, 'open', root, '--kit', kit, '--out', out]);
  const index: Index = JSON.parse(readFileSync(join(out, 'index.json'), 'utf8'));
  return { status, index, out };
}

test('the reader finds nothing wrong in a copy that the software wrote, bundles and tails', () => {
  const { findings, practices } = reader.verifyCopy(copy);
  assert.deepEqual(findings, []);
  assert.deepEqual(
    practices.map(({ practice, fence }) => ({ practice, fence })),
    [{ practice: made.practice, fence: 1 }],
  );
  assert.ok((practices[0]?.size ?? 0) > 256, 'one full bundle at least');
});

test('the reader that the copy carries is this one', () => {
  assert.deepEqual(readFileSync(join(copy, 'FORMAT', 'reader.mjs')), readFileSync(readerFile));
});

test('the kit opens every patient and document', async () => {
  const { status, index, out } = await open(copy);
  assert.equal(status, 0);
  assert.deepEqual(index.findings, []);
  assert.deepEqual(index.unreadable, {});
  assert.equal(index.patients.length, PATIENTS);
  assert.equal(index.documents.length, made.documents);
  for (const { id, file } of index.patients) {
    const bundle: { type: string; entry: { resource: { resourceType: string; id: string } }[] } = JSON.parse(
      readFileSync(join(out, file), 'utf8'),
    );
    assert.equal(bundle.type, 'collection');
    assert.ok(bundle.entry.some(({ resource }) => `${resource.resourceType}/${resource.id}` === id));
  }
  for (const { file, hash } of index.documents) {
    assert.ok(file !== null);
    assert.equal(
      createHash('sha256')
        .update(readFileSync(join(out, file)))
        .digest('hex'),
      hash,
    );
  }
  assert.ok(readFileSync(join(out, 'practice.json'), 'utf8').includes('"Organization"'));
});

/** The middle of the third thing in a bundle that has a length of 100 bytes or more in front, lengths of so many bytes. */
function middleOf(file: string, lengthBytes: number): number {
  const content = readFileSync(file);
  let left = 3;
  for (let at = 0; at < content.length; ) {
    const length = content.readUIntBE(at, lengthBytes);
    const size = length === 0xffffffff ? 0 : length;
    if (size >= 100) left--;
    if (left === 0) return at + lengthBytes + Math.floor(size / 2);
    at += lengthBytes + size;
  }
  throw new Error('nothing to damage');
}

const firstBlob = (root: string) => {
  const blobs = join(root, made.practice, 'blob');
  const [shelf = ''] = readdirSync(blobs);
  return join(blobs, shelf, readdirSync(join(blobs, shelf))[0] ?? '');
};
const lastTail = (root: string) => {
  const tails = join(fenceFolder(root), 'tail');
  return join(tails, readdirSync(tails).sort().at(-1) ?? '');
};
const remove = (file: string) => rmSync(file, { recursive: true });
const object = (name: string) => (root: string) => join(fenceFolder(root), name);

const damages: { name: string; damage: (root: string) => void; codes: string[] }[] = [
  {
    name: 'a bit of an entry',
    damage: (root) => flip(object('tile/entries/000')(root), middleOf(object('tile/entries/000')(root), 2)),
    codes: ['ENTRY_LOST', 'OBJECT_MISMATCH', 'RIGHTS_UNKNOWN'],
  },
  {
    name: 'a bit of a payload',
    damage: (root) => flip(object('payload/000')(root), middleOf(object('payload/000')(root), 4)),
    codes: ['PAYLOAD_MISMATCH'],
  },
  { name: 'a bit of a hash tile', damage: (root) => flip(object('tile/0/000')(root), 50), codes: ['OBJECT_MISMATCH'] },
  { name: 'a bit of the nodes', damage: (root) => flip(object('nodes/000')(root), 50), codes: ['OBJECT_MISMATCH'] },
  { name: 'a bit of an index', damage: (root) => flip(object('index/0/000')(root), 50), codes: ['OBJECT_MISMATCH'] },
  { name: 'a bit of a document', damage: (root) => flip(firstBlob(root), 70), codes: ['BLOB_MISMATCH'] },
  {
    name: 'a bit of a checkpoint',
    damage: (root) => flip(object('checkpoint/0000000000000256')(root), 150),
    codes: ['CHECKPOINT_INVALID'],
  },
  { name: 'no hash tile', damage: (root) => remove(object('tile/0/000')(root)), codes: ['OBJECT_MISSING'] },
  { name: 'no nodes', damage: (root) => remove(object('nodes/000')(root)), codes: ['OBJECT_MISSING'] },
  { name: 'no index', damage: (root) => remove(object('index/0/000')(root)), codes: ['OBJECT_MISSING'] },
  { name: 'no document', damage: (root) => remove(firstBlob(root)), codes: ['BLOB_MISSING'] },
  {
    name: 'no payload bundle',
    damage: (root) => remove(object('payload/000')(root)),
    codes: ['OBJECT_MISSING', 'PAYLOAD_MISSING'],
  },
  {
    name: 'a cut payload bundle',
    damage: (root) => truncateSync(object('payload/000')(root), 3000),
    codes: ['OBJECT_INVALID', 'PAYLOAD_MISSING'],
  },
  { name: 'a cut tail', damage: (root) => truncateSync(lastTail(root), 3000), codes: ['OBJECT_INVALID'] },
  {
    name: 'a file of somebody else',
    damage: (root) => writeFileSync(join(root, 'Thumbs.db'), ''),
    codes: ['NAME_UNKNOWN'],
  },
  {
    name: 'a file not yet named',
    damage: (root) => writeFileSync(join(root, '.new-0123456789abcdef'), ''),
    codes: [],
  },
];

for (const { name, damage, codes } of damages) {
  test(`a copy with ${name} gives ${codes.join(', ') || 'nothing'}, and opens all the same`, async () => {
    const root = damaged(damage);
    const { findings, practices } = reader.verifyCopy(root);
    assert.deepEqual([...new Set(findings.map(({ code }) => code))].sort(), codes);
    assert.equal(practices[0]?.fence, 1);
    const { index } = await open(root);
    assert.ok(index.verified);
    assert.ok(index.patients.length > 0);
    rmSync(root, { recursive: true });
  });
}

/** Exit status and files of `serment open`, which must read what the reader reads. */
async function sermentOpen(root: string): Promise<{ status: number; out: string; stdout: string }> {
  const out = join(mkdtempSync(join(folder, 'opened-')), 'out');
  const { status, stdout } = await run([command, 'open', root, '--kit', kit, '--out', out, '--json']);
  return { status, out, stdout };
}

/** The bytes of the `number`-th thing in a bundle whose lengths are of two bytes. */
function placeOf(file: string, number: number): number {
  const content = readFileSync(file);
  let at = 0;
  for (let left = number; left > 0; left--) at += 2 + content.readUInt16BE(at);
  return at + 2;
}

const loseEntry = (number: number) => (root: string) => {
  const file = object('tile/entries/000')(root);
  flip(file, placeOf(file, number) + 40);
};
type Loss = { code: string; entry: number; about: string | null };
type Opened = { patients: number; losses: Loss[]; findings: { code: string; detail: string | null }[] };

/** Ids of the resources in every bundle under a folder, sorted. */
function resourcesUnder(out: string, names: readonly string[]): string[] {
  const ids = names.flatMap((name) => {
    const bundle: { entry?: { resource: { resourceType: string; id: string } }[] } = JSON.parse(
      readFileSync(join(out, name), 'utf8'),
    );
    return (bundle.entry ?? []).map(({ resource }) => `${resource.resourceType}/${resource.id}`);
  });
  return [...new Set(ids)].sort();
}

function bundlesUnder(out: string): string[] {
  const names = readdirSync(out, { recursive: true }).map(String).sort();
  return names.filter((name) => /bundle\.json$|^practice\.json$|^unjudged\.json$|^patients\/[^/]+\.json$/.test(name));
}

test('of a copy that has lost one record, serment open and the reader write all the rest, and say which is lost', async () => {
  const number = 200;
  const root = damaged(loseEntry(number));
  const [mine, theirs] = [await sermentOpen(root), await open(root)];
  assert.deepEqual([mine.status, theirs.status], [1, 1]);
  const { losses }: Opened = JSON.parse(mine.stdout);
  assert.deepEqual(
    losses.map(({ code, entry }) => [code, entry]),
    [
      ['ENTRY_LOST', number],
      ['RIGHTS_UNKNOWN', number],
    ],
  );
  assert.match(losses[0]?.about ?? '', /^Patient\/|^directory$/);
  const index: { incomplete: Loss[] } = JSON.parse(readFileSync(join(mine.out, 'index.json'), 'utf8'));
  assert.deepEqual(index.incomplete, losses);
  const places = theirs.index.findings.map(({ code, index: entry }) => [code, entry]);
  for (const code of ['ENTRY_LOST', 'RIGHTS_UNKNOWN'])
    assert.ok(places.some((place) => place.join() === `${code},${number}`));
  assert.equal(theirs.index.lost, 1);
  const whole = await sermentOpen(copy);
  assert.equal(whole.status, 0);
  const all = new Set(resourcesUnder(whole.out, bundlesUnder(whole.out)));
  const left = resourcesUnder(mine.out, bundlesUnder(mine.out));
  assert.ok(left.length < all.size && left.length > all.size / 2, `${left.length} of ${all.size}`);
  assert.ok(left.every((id) => all.has(id)));
  assert.deepEqual(resourcesUnder(theirs.out, bundlesUnder(theirs.out)), left);
});

test('when the entry that grants a key is lost, serment open and the reader both read what other keys open', async () => {
  // The genesis batch: genesis, member, device, kit, then epoch and grant of admin, clinical, billing and private.
  const root = damaged(loseEntry(9));
  const [mine, theirs] = [await sermentOpen(root), await open(root)];
  assert.deepEqual([mine.status, theirs.status], [1, 1]);
  const { losses }: Opened = JSON.parse(mine.stdout);
  assert.deepEqual(losses[0], { code: 'ENTRY_LOST', entry: 9, about: 'rights' });
  assert.deepEqual(
    resourcesUnder(theirs.out, bundlesUnder(theirs.out)),
    resourcesUnder(mine.out, bundlesUnder(mine.out)),
  );
});

test('when the entry that names the kit is lost, serment open and the reader both say that nothing opens', async () => {
  const root = damaged(loseEntry(3));
  const mine = await sermentOpen(root);
  assert.equal(mine.status, 5);
  assert.equal(JSON.parse(mine.stdout).error.code, 'COPY_DAMAGED');
  assert.deepEqual(readdirSync(join(mine.out, '..')), []);
  const theirs = await run([readerFile.pathname, 'open', root, '--kit', kit, '--out', join(folder, 'no-kit')]);
  assert.equal(theirs.status, 5);
});

test('when a whole bundle of entries is gone, what is in its tile is not taken for the entries', async () => {
  const root = damaged((one) => remove(object('tile/entries/000')(one)));
  const mine = await sermentOpen(root);
  assert.equal(mine.status, 5);
});

test('without its last tail a copy stands at the state before', async () => {
  const root = damaged((one) => remove(lastTail(one)));
  const { findings, practices } = reader.verifyCopy(root);
  assert.deepEqual(findings, []);
  assert.ok((practices[0]?.size ?? 0) >= 256);
  assert.equal((await open(root)).status, 0);
});

test('exit statuses tell a wrong kit, a folder that is no copy, and wrong usage', async () => {
  const exit = async (...args: string[]) => (await run([readerFile.pathname, ...args])).status;
  const out = join(folder, 'never');
  const otherKit = join(folder, 'other-kit.txt');
  writeFileSync(otherKit, reader.kitText(new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)));
  assert.equal(await exit('open', copy, '--kit', otherKit, '--out', out), 4);
  // Of this practice, but not one of its kits.
  const practice = Uint8Array.from(Buffer.from(made.practice, 'hex'));
  writeFileSync(otherKit, reader.kitText(practice, new Uint8Array(32).fill(2)));
  assert.equal(await exit('open', copy, '--kit', otherKit, '--out', out), 4);
  writeFileSync(otherKit, 'Ordonnance\n');
  assert.equal(await exit('open', copy, '--kit', otherKit, '--out', out), 4);
  assert.equal(await exit('verify', join(folder, 'data')), 5);
  assert.equal(await exit('open', join(folder, 'data'), '--kit', kit, '--out', out), 5);
  assert.equal(await exit('open', copy, '--kit', kit), 2);
  assert.equal(await exit('open', copy, '--kit', kit, '--out', folder), 2);
  assert.equal(await exit('verify'), 2);
  assert.equal(await exit(), 2);
  const root = damaged((one) => remove(join(fenceFolder(one), 'tile')));
  assert.equal(await exit('verify', root), 5);
});

test('a kit whose entries are lost is not called a wrong kit', async () => {
  const root = damaged((one) => remove(object('tile/entries/000')(one)));
  const { status, stderr } = await run([
    readerFile.pathname,
    'open',
    root,
    '--kit',
    kit,
    '--out',
    join(folder, 'none'),
  ]);
  assert.equal(status, 5);
  assert.match(stderr, /lost or damaged/);
});
