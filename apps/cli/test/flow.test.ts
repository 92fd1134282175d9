import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { globSync } from 'node:fs';
import { cp, mkdir, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { bundlesIn } from './bundles.ts';
import { done, type Served, serment, serve, temporaryFolder } from './serment.ts';

interface Resource {
  readonly resourceType: string;
  readonly id: string;
}
interface DrillDocument {
  readonly outcome: string;
  readonly entry: number;
  readonly practices: readonly { readonly practice: string }[];
}
interface Bundle {
  readonly entry: readonly { readonly fullUrl: string; readonly resource: Resource }[];
}

const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
const kit = at('kit.txt');
const bundles = await bundlesIn(at('bundles'));
let server: Served | null = await serve(at('data'), ['--copy', at('copy'), '--host-key-out', at('host.key')]);
const { url } = server;
let root = '';
let practice = '';
after(() => server?.stop());

test('a practice is created with its kit, for its owner alone, and the kit is never overwritten', async () => {
  const args = ['practice', 'create', '--server', url, '--name', 'Cabinet d’essai', '--doctor', 'Dr Claire VASSEUR'];
  const created = (await done([...args, '--kit-out', kit, '--json'])).json();
  const text = await readFile(kit, 'utf8');
  practice = String(created.practice);
  assert.match(practice, /^[0-9a-f]{64}$/);
  assert.ok(text.includes(practice));
  assert.ok(text.includes(String(created.testValue)));
  assert.equal((await stat(kit)).mode & 0o777, 0o600);
  const again = await serment([...args, '--kit-out', kit]);
  assert.equal(again.code, 2);
  assert.match(again.stderr, /never overwritten/);
  assert.equal(await readFile(kit, 'utf8'), text);
});

test('bundles are imported, told by type, and a second import stores nothing', async () => {
  const first = (await done(['import', '--server', url, '--kit', kit, ...bundles, '--json'])).json<ImportDocument>();
  const expected = (await Promise.all(bundles.map(readBundle))).reduce((sum, { entry }) => sum + entry.length, 0);
  assert.deepEqual([first.totals.read, first.totals.stored, first.totals.refused], [expected, expected, 0]);
  assert.equal(first.stored.records, expected);
  const ran = await serment(['import', '--server', url, '--kit', kit, ...bundles, '--json']);
  const second = ran.json<ImportDocument>();
  assert.deepEqual([second.totals.stored, second.totals.unchanged, second.stored.entries], [0, expected, 0]);
  assert.equal(ran.code, 0);
});

test('an export gives back every resource, with its address', async () => {
  await done(['export', '--server', url, '--kit', kit, '--out', at('out')]);
  for (const path of bundles) {
    const { entry } = await readBundle(path);
    const patient = entry.find(({ resource }) => resource.resourceType === 'Patient')?.resource.id;
    const out = await readBundle(at(`out/patients/${patient}/bundle.json`));
    const byUrl = new Map(out.entry.map((item) => [item.fullUrl, item.resource]));
    assert.equal(byUrl.size, entry.length);
    for (const { fullUrl, resource } of entry) assert.deepEqual(byUrl.get(fullUrl), resource);
  }
  assert.equal((await stat(at('out'))).mode & 0o777, 0o700);
});

test('a folder that is not empty is refused, and --force replaces nothing but an export', async () => {
  await writeFile(at('thesis.txt'), 'mine');
  const refused = await serment(['export', '--server', url, '--kit', kit, '--out', folder, '--force']);
  assert.equal(refused.code, 2);
  assert.equal(await readFile(at('thesis.txt'), 'utf8'), 'mine');
  assert.equal((await serment(['export', '--server', url, '--kit', kit, '--out', at('out')])).code, 2);
  assert.equal((await serment(['export', '--server', url, '--kit', kit, '--out', at('out'), '--force'])).code, 0);
  assert.deepEqual(globSync('.out.new-*', { cwd: folder }), []);
});

test('one patient alone can be exported; one that is not there is said', async () => {
  const [patient = ''] = globSync('*', { cwd: at('out/patients') });
  const one = await done(['export', '--server', url, '--kit', kit, '--out', at('one'), '--patient', patient, '--json']);
  assert.equal(one.json().patients, 1);
  assert.equal(await digestOf(at(`one/patients/${patient}`)), await digestOf(at(`out/patients/${patient}`)));
  const absent = await serment(['export', '--server', url, '--kit', kit, '--out', at('none'), '--patient', 'nobody']);
  assert.equal(absent.code, 2);
  await assert.rejects(stat(at('none')));
});

test('a kit of another practice, a mistyped one and a file without one are exit 4', async () => {
  const other = at('other.txt');
  await done(['practice', 'create', '--server', url, '--name', 'Autre', '--doctor', 'Hugo Morel', '--kit-out', other]);
  const text = await readFile(kit, 'utf8');
  await writeFile(
    at('mistyped.txt'),
    text
      .replace(/\b([0-9A-Z])(?=[0-9A-Z]{4}(?:-[0-9A-Z]{5}){16})/, (one) => (one === '0' ? '1' : '0'))
      .replace(/QR\n.*\n/, ''),
  );
  const mistyped = await serment(['export', '--server', url, '--kit', at('mistyped.txt'), '--out', at('no')]);
  assert.equal(mistyped.code, 4);
  assert.match(mistyped.stderr, /typing mistake, in group 1/);
  await writeFile(at('nothing.txt'), 'no kit here');
  assert.equal((await serment(['export', '--server', url, '--kit', at('nothing.txt'), '--out', at('no')])).code, 4);
  // The same server knows this one: it opens its own practice, where there is nothing.
  assert.equal(
    (await done(['export', '--server', url, '--kit', other, '--out', at('empty'), '--json'])).json().patients,
    0,
  );
  await assert.rejects(stat(at('no')));
});

test('the host has its server restore a copy, which writes it in the journal, and gives a certificate', async () => {
  const host = ['drill', '--data', at('data')];
  const asked = [...host, '--copy', 'copy', '--practice', practice.slice(0, 8), '--certificate', at('certificate.pdf')];
  const drilled = (await done([...asked, '--language', 'en', '--json'])).json<DrillDocument>();
  assert.deepEqual([drilled.outcome, drilled.practices[0]?.practice], ['proven', practice]);
  assert.ok(drilled.entry > 0);
  assert.equal((await readFile(at('certificate.pdf'))).subarray(0, 5).toString(), '%PDF-');
  const [nowhere, unclear, mixed, alone] = await Promise.all([
    serment([...host, '--copy', 'nowhere', '--practice', practice, '--json']),
    serment([...host, '--copy', 'copy']),
    serment([...host, '--copy', 'copy', '--from', at('copy')]),
    serment(['drill', '--from', at('copy'), '--certificate', at('no.pdf')]),
  ]);
  assert.deepEqual([nowhere.code, nowhere.json<{ codes: string[] }>().codes], [1, ['DESTINATION_UNKNOWN']]);
  assert.deepEqual([unclear.code, mixed.code, alone.code], [2, 2, 2]);
  assert.match(unclear.stderr, /several practices/);
});

test('after a stop the server cannot be reached, and its copy is whole, proven and opens to the same files', async () => {
  await server?.stop();
  server = null;
  const unreachable = await serment(['import', '--server', url, '--kit', kit, ...bundles, '--json']);
  assert.equal(unreachable.code, 3);
  assert.equal(unreachable.json<{ error: { code: string } }>().error.code, 'UNREACHABLE');
  assert.doesNotMatch(unreachable.stderr, /\n\s+at /);
  const verified = (await done(['verify', at('copy'), '--json'])).json<VerifyDocument>();
  assert.equal(verified.damages, 0);
  root = rootIn(verified);
  const [drilled] = await Promise.all([
    done(['drill', '--from', at('copy'), '--json']),
    done(['open', at('copy'), '--kit', kit, '--out', at('opened')]),
  ]);
  assert.equal(drilled.json().outcome, 'proven');
  assert.equal(await digestOf(at('opened')), await digestOf(at('out')));
});

test('a data folder that is lost comes back from the copy with the same root, and the kit exports it at once', async () => {
  await rm(at('data'), { recursive: true });
  const restored = (
    await done(['restore', '--from', at('copy'), '--data', at('data2'), '--json'])
  ).json<RestoreDocument>();
  assert.equal(restored.practices.find((one) => one.practice === practice)?.root, root);
  assert.equal((await serment(['restore', '--from', at('copy'), '--data', at('data2')])).code, 2);
  server = await serve(at('data2'));
  await done(['export', '--server', server.url, '--kit', kit, '--out', at('restored')]);
  assert.equal(await digestOf(at('restored')), await digestOf(at('out')));
});

test('a restored vault takes nothing new until a member has acknowledged it', async () => {
  const to = server?.url ?? '';
  const refused = await serment(['import', '--server', to, '--kit', kit, ...bundles]);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /accept-restore/);
  const accepted = (await done(['practice', 'accept-restore', '--server', to, '--kit', kit, '--json'])).json();
  assert.equal(accepted.acknowledged, true);
  assert.equal(
    (await done(['practice', 'accept-restore', '--server', to, '--kit', kit, '--json'])).json().acknowledged,
    false,
  );
  const again = (await done(['import', '--server', to, '--kit', kit, ...bundles, '--json'])).json<ImportDocument>();
  assert.equal(again.totals.stored, 0);
  await server?.stop();
  server = null;
});

test('with its key the host stays the same, and a key of another host is refused', async () => {
  await done(['restore', '--from', at('copy'), '--data', at('data3'), '--host-key', at('host.key')]);
  assert.equal(await readFile(at('data3/host.key'), 'utf8'), await readFile(at('host.key'), 'utf8'));
  const wrong = await serment([
    'restore',
    '--from',
    at('copy'),
    '--data',
    at('data4'),
    '--host-key',
    at('data2/host.key'),
  ]);
  assert.equal(wrong.code, 4);
  await assert.rejects(stat(at('data4')));
});

test('a restore to a time holds nothing that came after it', async () => {
  const early = await serment(['restore', '--from', at('copy'), '--data', at('data5'), '--at', '2001-01-01', '--json']);
  assert.deepEqual(
    early.json<RestoreDocument>().practices.map(({ entries }) => entries),
    [0, 0],
  );
  assert.equal((await serment(['restore', '--from', at('copy'), '--data', at('data6'), '--at', 'yesterday'])).code, 2);
});

test('damage in a copy is found and told with its place, and nothing less passes for whole', async () => {
  await cp(at('copy'), at('spare'), { recursive: true });
  const [last = ''] = globSync(`${practice}/00000001/tail/*`, { cwd: at('copy') })
    .sort()
    .reverse();
  await flipByte(at(`copy/${last}`));
  const [verified, drilled, opened, restored] = await Promise.all([
    serment(['verify', at('copy'), '--json']),
    serment(['drill', '--from', at('copy'), '--practice', practice, '--json']),
    serment(['open', at('copy'), '--kit', kit, '--out', at('damaged'), '--json']),
    serment(['restore', '--from', at('copy'), '--data', at('data7'), '--json']),
  ]);
  assert.equal(verified.code, 1);
  assert.ok(verified.json<VerifyDocument>().findings.some(({ object }) => object === last));
  assert.deepEqual([drilled.code, drilled.json().outcome], [1, 'failed']);
  assert.equal(opened.code, 1);
  assert.ok(opened.json<{ missing: number }>().missing > 0);
  assert.equal(restored.code, 1);
});

test('a damaged copy is repaired from another one: what would be done is said first, and nothing is deleted', async () => {
  const repair = ['repair', at('copy'), '--from', at('spare')];
  const planned = await serment([...repair, '--dry-run', '--json']);
  assert.equal(planned.code, 1);
  assert.equal(planned.json<RepairDocument>().replaced, 1);
  const repaired = (await done([...repair, '--json'])).json<RepairDocument>();
  assert.deepEqual([repaired.replaced, repaired.unrepairedCount], [1, 0]);
  assert.equal(globSync('**/.damaged-*', { cwd: at('copy') }).length, 1);
  assert.match((await done(repair)).stdout, /0 written, 0 replaced, 0 put aside, 0 left/);
  const told = (await done(['verify', at('copy'), '--state', at('state')])).stdout;
  assert.match(told, /PUT_ASIDE/);
  const later = (await done(['verify', at('copy'), '--state', at('state')])).stdout;
  assert.match(later, /was last read in full from .* and was not read again: --full does\./);
  await mkdir(at('fresh'));
  await done(['repair', at('fresh'), '--from', at('copy')]);
  assert.equal((await done(['verify', at('fresh'), '--json'])).json<VerifyDocument>().damages, 0);
  assert.ok(globSync('FORMAT/reader.mjs', { cwd: at('fresh') }).length > 0);
  for (const name of globSync('*/blob/*/*', { cwd: at('fresh') })) await rm(at(`fresh/${name}`));
  await done(['repair', at('fresh'), '--data', at('data2')]);
  assert.equal((await done(['verify', at('fresh'), '--json'])).json<VerifyDocument>().damages, 0);
  assert.equal((await serment(['repair', at('copy'), '--from', at('copy')])).code, 2);
});

test('a copy that was verified is read whole again, and judged once', async () => {
  const verify = ['verify', at('fresh'), '--state', at('state-fresh')];
  assert.match((await done(verify)).stdout, /: whole\n/);
  // Entries that are in no bundle yet are judged each time.
  const hasBundle = globSync('*/*/tile/entries/*', { cwd: at('fresh') }).length > 0;
  const told = (await done([...verify, '--reread'])).stdout;
  assert.match(told, /: whole\n/);
  assert.equal(/Every byte was read and hashed now\./.test(told), hasBundle);
  assert.equal((await serment(['verify', at('fresh'), '--reread'])).code, 2);
});

test('a place that holds no copy cannot be reached', async () => {
  for (const args of [
    ['verify', at('bundles-none')],
    ['verify', at('out')],
    ['drill', '--from', at('out')],
  ])
    assert.equal((await serment(args)).code, 3);
});

interface RepairDocument {
  readonly replaced: number;
  readonly unrepairedCount: number;
}
interface ImportDocument {
  readonly totals: {
    readonly read: number;
    readonly stored: number;
    readonly unchanged: number;
    readonly refused: number;
  };
  readonly stored: { readonly entries: number; readonly records: number };
}
interface VerifyDocument {
  readonly damages: number;
  readonly practices: readonly { readonly practice: string; readonly root: string }[];
  readonly findings: readonly { readonly code: string; readonly object: string | null }[];
}
interface RestoreDocument {
  readonly practices: readonly { readonly practice: string; readonly entries: number; readonly root: string }[];
}

function rootIn({ practices }: VerifyDocument): string {
  return practices.find((one) => one.practice === practice)?.root ?? '';
}

async function readBundle(path: string): Promise<Bundle> {
  return JSON.parse(await readFile(path, 'utf8'));
}

/** One hash of all names and bytes under a folder. */
async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for (const name of globSync('**/*', { cwd: path }).sort()) {
    if (!(await stat(join(path, name))).isFile()) continue;
    hash.update(`${name}\0`).update(await readFile(join(path, name)));
  }
  return hash.digest('hex');
}

async function flipByte(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    const { size } = await file.stat();
    const byte = new Uint8Array(1);
    await file.read(byte, 0, 1, Math.floor(size / 2));
    await file.write(Uint8Array.of((byte[0] ?? 0) ^ 1), 0, 1, Math.floor(size / 2));
  } finally {
    await file.close();
  }
}
