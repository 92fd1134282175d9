import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { encodePayloadBundle, parsePayloadBundle } from '@serment/core/copy/bundle';
import { signCheckpoint } from '@serment/core/journal/checkpoint';
import { signerNamed } from '../../../core/test/journal/signer.ts';
import { folderDestination } from '../../src/copy/folder.ts';
import { liveDestination } from '../../src/copy/live-destination.ts';
import { type RepairOptions, type RepairReport, repairCopy } from '../../src/copy/repair.ts';
import { verifyCopy } from '../../src/copy/verify.ts';
import { cloneFolder, filesUnder, flipBit, type MadeCopy, makeCopy, startOn, temporaryFolder } from './copy-fixture.ts';
import { FaultyFileSystem } from './faulty-file-system.ts';
import { TestSource } from './test-source.ts';

const secondReader: { verifyCopy(folder: string): { findings: { code: string }[] } } = await import(
  new URL('../../../../docs/format/reader.mjs', import.meta.url).href
);
let made: MadeCopy;
let fence = '';

before(async () => {
  made = await makeCopy();
  fence = `${made.practice}/00000001`;
});

const objects = (folder: string) => filesUnder(folder).filter((name) => !name.includes('.damaged-'));
const asideIn = (folder: string) => filesUnder(folder).filter((name) => name.includes('.damaged-'));

function repair(bad: string, good: string, options: Partial<RepairOptions> = {}): Promise<RepairReport> {
  return repairCopy({ bad: folderDestination({ path: bad }), good: [folderDestination({ path: good })], ...options });
}

async function damagesOf(folder: string): Promise<number> {
  return (await verifyCopy(folderDestination({ path: folder }))).damages;
}

/** Everything that the good copy has stands in the repaired one, byte for byte, and both readers agree that it is whole. */
async function assertHealed(bad: string, good: string): Promise<void> {
  const { findings, practices } = await verifyCopy(folderDestination({ path: bad }));
  assert.deepEqual(
    findings.filter(({ severity }) => severity === 'damage').map(({ code, object }) => `${code} ${object}`),
    [],
  );
  assert.equal(practices[0]?.size, made.source.journal(made.practice).size);
  assert.deepEqual(secondReader.verifyCopy(bad).findings, []);
  for (const name of objects(good)) {
    if (name.includes('/tail/') || name.includes('/checkpoint/')) continue;
    assert.ok(readFileSync(join(bad, name)).equals(readFileSync(join(good, name))), name);
  }
}

const swap = (folder: string, left: string, right: string) => {
  renameSync(join(folder, left), join(folder, 'swapped'));
  renameSync(join(folder, right), join(folder, left));
  renameSync(join(folder, 'swapped'), join(folder, right));
};

const names: readonly (readonly [string, () => string])[] = [
  ['the marker', () => 'serment-copy'],
  ['an entry bundle', () => `${fence}/tile/entries/001`],
  ['a payload bundle', () => `${fence}/payload/000`],
  ['a hash tile', () => `${fence}/tile/0/001`],
  ['nodes', () => `${fence}/nodes/000`],
  ['a stream index', () => `${fence}/index/0/001`],
  ['a checkpoint', () => `${fence}/checkpoint/0000000000000512`],
  ['the first tail', () => filesUnder(made.folder, `${fence}/tail`)[0] ?? ''],
  ['the last tail', () => filesUnder(made.folder, `${fence}/tail`).at(-1) ?? ''],
  ['a document', () => filesUnder(made.folder, `${made.practice}/blob`)[3] ?? ''],
  ['a draft', () => filesUnder(made.folder, `${made.practice}/draft`)[0] ?? ''],
  ['account data', () => 'host/0000000000000003'],
];
const damages: readonly (readonly [string, (folder: string, name: string) => void])[] = [
  ['lost', (folder, name) => rmSync(join(folder, name))],
  ['cut', (folder, name) => truncateSync(join(folder, name), 10)],
  ['changed by a bit', (folder, name) => flipBit(folder, name, /draft|host|serment-copy/.test(name) ? 0 : -20)],
  ['exchanged for another', (folder, name) => swap(folder, name, `${fence}/index/0/000`)],
];

for (const [kind, name] of names)
  test(`${kind} that is lost, cut, flipped or swapped comes back from another copy`, async () => {
    for (const [how, damage] of damages) {
      const bad = cloneFolder(made.folder);
      damage(bad, name());
      const planned = await repair(bad, made.folder, { isDryRun: true });
      assert.ok(planned.actions.length > 0 || how === 'lost', `${how}: nothing planned`);
      const report = await repair(bad, made.folder);
      assert.deepEqual(report.unrepaired, [], how);
      assert.deepEqual(
        planned.actions.map(({ object }) => object).sort(),
        report.actions.map(({ object }) => object).sort(),
        how,
      );
      await assertHealed(bad, made.folder);
      assert.equal(asideIn(bad).length > 0, how !== 'lost' || report.putAside > 0, how);
      const again = await repair(bad, made.folder);
      assert.deepEqual([again.actions, again.unrepaired], [[], []], how);
    }
  });

test('a dry run writes nothing', async () => {
  const bad = cloneFolder(made.folder);
  flipBit(bad, `${fence}/payload/000`, 5000);
  rmSync(join(bad, `${fence}/tile/entries/001`));
  const held = filesUnder(bad);
  const report = await repair(bad, made.folder, { isDryRun: true });
  assert.deepEqual(
    report.actions.map(({ object, how }) => [object, how]),
    [
      [`${fence}/payload/000`, 'replaced'],
      [`${fence}/tile/entries/001`, 'written'],
    ],
  );
  assert.deepEqual(filesUnder(bad), held);
});

test('an empty folder is filled whole', async () => {
  const bad = temporaryFolder();
  const report = await repair(bad, made.folder);
  assert.deepEqual(report.unrepaired, []);
  assert.deepEqual([report.replaced, report.putAside], [0, 0]);
  assert.deepEqual(
    [report.practices[0]?.size, report.practices[0]?.provenSize],
    [made.source.journal(made.practice).size, made.source.journal(made.practice).size],
  );
  await assertHealed(bad, made.folder);
});

test('a copy that is behind is brought up to what the other proves', async () => {
  const good = cloneFolder(made.folder);
  const stale = cloneFolder(made.folder);
  const source = made.source;
  // Another practice, so that the shared one stays as it is.
  const practice = await source.addPractice('behind');
  for (const folder of [good, stale]) await publish(folder);
  await source.save(practice, 700, { documents: true, quiet: true });
  await publish(good);
  async function publish(folder: string): Promise<void> {
    const publisher = startOn(source, folderDestination({ path: folder }));
    await publisher.settled();
    await publisher.stop();
  }
  const report = await repair(stale, good, { practice });
  assert.deepEqual(report.unrepaired, []);
  assert.equal(report.practices[0]?.provenSize, source.journal(practice).size);
  assert.equal(await damagesOf(stale), 0);
  // Nor does a good copy that is behind take anything away.
  const before = filesUnder(good);
  assert.deepEqual((await repair(good, made.folder, { practice })).actions, []);
  assert.deepEqual(filesUnder(good), before);
  source.practicesById.delete(practice);
});

test('two copies that are damaged differently heal each other, within one object too', async () => {
  const [left, right] = [cloneFolder(made.folder), cloneFolder(made.folder)];
  for (const name of ['tile/entries/000', 'payload/000', 'tile/0/000', 'nodes/000', 'index/0/000'])
    rmSync(join(left, fence, name));
  flipBit(left, `${fence}/payload/001`, 5000);
  flipBit(left, `${fence}/tile/entries/001`, 5000);
  flipBit(right, `${fence}/payload/001`, 50_000);
  flipBit(right, `${fence}/tile/entries/001`, 50_000);
  rmSync(join(right, filesUnder(made.folder, `${fence}/tail`).at(-1) ?? ''));
  rmSync(join(right, `${fence}/checkpoint/0000000000000512`));
  flipBit(right, filesUnder(made.folder, `${made.practice}/blob`)[0] ?? '', 3);
  rmSync(join(left, filesUnder(made.folder, `${made.practice}/blob`)[1] ?? ''));
  for (const [bad, good] of [
    [left, right],
    [right, left],
  ] as const)
    assert.deepEqual((await repair(bad, good)).unrepaired, []);
  await assertHealed(left, made.folder);
  await assertHealed(right, made.folder);
});

test('what is damaged in both is told, left as it is, and nothing of it is invented; the rest heals', async () => {
  const [bad, good] = [cloneFolder(made.folder), cloneFolder(made.folder)];
  const [blob = '', other = ''] = filesUnder(made.folder, `${made.practice}/blob`);
  for (const folder of [bad, good]) {
    flipBit(folder, `${fence}/tile/entries/001`, 5000);
    flipBit(folder, `${fence}/payload/000`, 5000);
    flipBit(folder, blob, 3);
  }
  flipBit(bad, other, 3);
  rmSync(join(bad, `${fence}/tile/0/001`));
  const kept = [`${fence}/tile/entries/001`, `${fence}/payload/000`, blob].map((name) => [
    name,
    readFileSync(join(bad, name)),
  ]);
  const report = await repair(bad, good);
  for (const [name, bytes] of kept)
    assert.ok(readFileSync(join(bad, String(name))).equals(bytes as Buffer), String(name));
  const told = report.unrepaired.map(({ object, reason }) => `${reason} ${object}`);
  for (const [name] of kept) assert.ok(told.includes(`nowhere ${name}`), `${name}`);
  const lost = report.unrepaired.find(({ object }) => object === `${fence}/tile/entries/001`);
  assert.deepEqual([(lost?.to ?? 0) - (lost?.from ?? 0), lost?.practice], [1, made.practice]);
  assert.deepEqual(report.actions.map(({ object }) => object).sort(), [`${fence}/tile/0/001`, other].sort());
});

test('a payload in another’s place at the good copy is not taken for the one that is missing', async () => {
  const [bad, good] = [cloneFolder(made.folder), cloneFolder(made.folder)];
  const path = join(good, fence, 'payload/001');
  const payloads = parsePayloadBundle(new Uint8Array(readFileSync(path)));
  [payloads[3], payloads[9]] = [payloads[9] ?? null, payloads[3] ?? null];
  writeFileSync(path, encodePayloadBundle(payloads));
  rmSync(join(bad, fence, 'payload/001'));
  const report = await repair(bad, good);
  assert.deepEqual(
    report.unrepaired.map(({ from }) => from),
    [259, 265],
  );
  assert.ok(!filesUnder(bad).includes(`${fence}/payload/001`));
});

test('the live store gives back what a copy proves, and nothing that it does not', async () => {
  const { source, practice } = made;
  const live = liveDestination({
    practices: () => source.practices(),
    readRange: (name, from, to) => source.readRange(name, from, Math.min(to, source.journal(name).size)),
    openBlob: (name, hash) => source.openBlob(name, hash),
    hasBlob: async (_, hash) => source.blobs.has(hash),
  });
  const bad = cloneFolder(made.folder);
  for (const name of ['tile/entries/000', 'payload/000', 'tile/0/000', 'nodes/000', 'index/0/000'])
    rmSync(join(bad, fence, name));
  flipBit(bad, `${fence}/payload/001`, 5000);
  for (const name of filesUnder(bad, `${practice}/blob`)) rmSync(join(bad, name));
  const report = await repairCopy({ bad: folderDestination({ path: bad }), good: [live] });
  assert.deepEqual(report.unrepaired, []);
  await assertHealed(bad, made.folder);
  // Without a checkpoint that proves it, it is bytes that anybody may have written.
  const empty = await repairCopy({ bad: folderDestination({ path: temporaryFolder() }), good: [live] });
  assert.deepEqual([empty.practices, empty.actions.map(({ object }) => object)], [[], ['serment-copy']]);
});

test('what an older vault and a restored one wrote is repaired, each under its own fence', async () => {
  const good = temporaryFolder();
  const source = new TestSource();
  const practice = await source.addPractice('restored');
  const journal = source.journal(practice);
  const publish = async () => {
    const publisher = startOn(source, folderDestination({ path: good }));
    await publisher.settled();
    await publisher.stop();
  };
  await source.save(practice, 300, { quiet: true });
  await publish();
  const host = await signerNamed('a new host');
  const { size, root } = journal.head();
  await journal.append({ signer: journal.device, body: { kind: 'host', hostAuthor: host.author } });
  await journal.append({ signer: journal.device, body: { kind: 'restore-ack', fence: 2, size, root } });
  source.fence = 2;
  source.cut = { size: journal.size, host };
  await publish();
  const bad = cloneFolder(good);
  flipBit(bad, `${practice}/00000001/payload/000`, 5000);
  flipBit(bad, `${practice}/00000002/tile/entries/000`, 5000);
  rmSync(join(bad, practice, '00000001/nodes/000'));
  for (const name of filesUnder(bad, `${practice}/00000002/tail`)) rmSync(join(bad, name));
  const report = await repair(bad, good);
  assert.deepEqual(report.unrepaired, []);
  assert.deepEqual([report.practices[0]?.fence, report.practices[0]?.provenSize], [2, journal.size]);
  assert.equal(await damagesOf(bad), 0);
  // A fresh place gets the journal once, under the newest fence.
  const fresh = temporaryFolder();
  await repair(fresh, good);
  assert.equal(await damagesOf(fresh), 0);
  assert.ok(filesUnder(fresh).every((name) => !name.startsWith(`${practice}/00000001`)));
});

test('account data that only the other copy has is not taken over by a copy that has its own', async () => {
  const [bad, good] = [cloneFolder(made.folder), cloneFolder(made.folder)];
  const own = readFileSync(join(good, 'host/0000000000000003'));
  writeFileSync(join(good, 'host/0000000000000004'), own);
  assert.deepEqual((await repair(bad, good)).actions, []);
  rmSync(join(bad, 'host/0000000000000003'));
  const report = await repair(bad, good);
  assert.deepEqual([report.written, report.unproven], [2, 2]);
});

test('two histories that the host signed stop the repair of their practice', async () => {
  const [bad, good] = [cloneFolder(made.folder), cloneFolder(made.folder)];
  const journal = made.source.journal(made.practice);
  const forked = { practice: journal.practice, fence: 1, size: 512, root: new Uint8Array(32).fill(7) };
  writeFileSync(join(good, fence, 'checkpoint/0000000000000512'), await signCheckpoint(forked, journal.host));
  rmSync(join(bad, fence, 'payload/001'));
  const report = await repair(bad, good);
  assert.deepEqual(report.actions, []);
  assert.equal(report.unrepaired[0]?.reason, 'fork');
});

test('a repair that is cut or whose disk is full at any write is finished by running it again', async () => {
  const damaged = cloneFolder(made.folder);
  rmSync(join(damaged, fence, 'tile/entries/001'));
  for (const name of ['payload/000', 'nodes/001', 'checkpoint/0000000000000512'])
    flipBit(damaged, `${fence}/${name}`, -20);
  flipBit(damaged, filesUnder(made.folder, `${fence}/tail`)[1] ?? '', -20);
  flipBit(damaged, filesUnder(made.folder, `${made.practice}/blob`)[0] ?? '', 3);
  const counted = new FaultyFileSystem();
  const whole = cloneFolder(damaged);
  await repairCopy({
    bad: folderDestination({ path: whole, fileSystem: counted }),
    good: [folderDestination({ path: made.folder })],
  });
  let faults = 0;
  for (const code of ['ENOSPC', 'EIO'])
    for (let at = 1; at <= counted.calls.length; at += 6) {
      const bad = cloneFolder(damaged);
      const fileSystem = new FaultyFileSystem();
      // From there on everything fails, as after a crash.
      fileSystem.fault = (_, number) => (number >= at ? code : null);
      await assert.rejects(
        repairCopy({
          bad: folderDestination({ path: bad, fileSystem }),
          good: [folderDestination({ path: made.folder })],
        }),
        { code: code === 'ENOSPC' ? /COPY_FULL|COPY_SYNC_FAILED/ : /COPY_DISK_ERROR|COPY_SYNC_FAILED/ },
      );
      // Whatever stood under a name is still somewhere.
      for (const name of filesUnder(damaged))
        assert.ok(
          filesUnder(bad).some((held) => held === name || held.replace(/\.damaged-[0-9a-f]{16}-/, '') === name),
          name,
        );
      assert.deepEqual((await repair(bad, made.folder)).unrepaired, []);
      await assertHealed(bad, made.folder);
      faults += 1;
    }
  assert.ok(faults > 10, `${faults} faults`);
});

test('a folder that has nothing and a copy that proves nothing are told', async () => {
  const [bad, empty] = [temporaryFolder(), temporaryFolder()];
  mkdirSync(join(empty, made.practice, '00000001/checkpoint'), { recursive: true });
  writeFileSync(join(empty, made.practice, '00000001/checkpoint/0000000000000256'), 'x');
  const report = await repair(empty, bad);
  assert.deepEqual(
    report.unrepaired.map(({ reason }) => reason),
    ['unproven'],
  );
  assert.deepEqual(report.practices, []);
});
