import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { bytesToHex, hexToBytes } from '@serment/core/bytes';
import { encodePayloadBundle, parsePayloadBundle } from '@serment/core/copy/bundle';
import { encodeTail, parseTail } from '@serment/core/copy/tail';
import { signCheckpoint } from '@serment/core/journal/checkpoint';
import { signerNamed } from '../../../core/test/journal/signer.ts';
import { type CopyFinding, makeFinding } from '../../src/copy/finding.ts';
import { describeFinding } from '../../src/copy/finding-text.ts';
import { folderDestination } from '../../src/copy/folder.ts';
import { openCopy } from '../../src/copy/open-copy.ts';
import { ReachCount } from '../../src/copy/reach-count.ts';
import { planRestore } from '../../src/copy/restore.ts';
import { type CopyReport, type VerifyOptions, verifyCopy } from '../../src/copy/verify.ts';
import { cloneFolder, filesUnder, flipBit, type MadeCopy, makeCopy, startOn } from './copy-fixture.ts';
import { rootAt, TestSource } from './test-source.ts';

const secondReader: { verifyCopy(folder: string): { findings: { code: string }[] } } = await import(
  new URL('../../../../docs/format/reader.mjs', import.meta.url).href
);
let made: MadeCopy;
let fence = '';

before(async () => {
  made = await makeCopy();
  fence = `${made.practice}/00000001`;
});

function verify(folder: string, options: VerifyOptions = {}): Promise<CopyReport> {
  return verifyCopy(folderDestination({ path: folder }), options);
}

const codes = (findings: readonly CopyFinding[]) => [...new Set(findings.map(({ code }) => code))].sort();

/** What verify says of a copy after something happened to it. */
async function afterDamage(damage: (folder: string) => void): Promise<CopyReport> {
  const folder = cloneFolder(made.folder);
  damage(folder);
  return verify(folder);
}

function tails(): string[] {
  return filesUnder(made.folder, `${fence}/tail`);
}

test('a copy that nothing happened to has no finding', async () => {
  const report = await verify(made.folder);
  assert.deepEqual(report.findings, []);
  assert.equal(report.damages, 0);
  assert.equal(report.practices[0]?.blobs, 7);
});

const flips: readonly (readonly [string, () => string, number, readonly string[]])[] = [
  ['marker', () => 'serment-copy', 3, ['MARKER_DAMAGED']],
  ['entry bundle', () => `${fence}/tile/entries/001`, 5000, ['ENTRY_DAMAGED', 'JOURNAL_UNCHECKED']],
  ['length in an entry bundle', () => `${fence}/tile/entries/001`, 1, ['BUNDLE_DAMAGED', 'JOURNAL_UNCHECKED']],
  ['payload bundle', () => `${fence}/payload/001`, 5000, ['PAYLOAD_DAMAGED']],
  ['length in a payload bundle', () => `${fence}/payload/001`, 3, ['PAYLOADS_DAMAGED']],
  ['hash tile', () => `${fence}/tile/0/001`, 100, ['TILE_DAMAGED']],
  ['nodes', () => `${fence}/nodes/001`, 100, ['NODES_DAMAGED']],
  ['root in nodes', () => `${fence}/nodes/001`, -1, ['NODES_DAMAGED']],
  ['stream index', () => `${fence}/index/0/001`, 100, ['INDEX_DAMAGED']],
  ['checkpoint size', () => `${fence}/checkpoint/0000000000000512`, 76, ['CHECKPOINT_FORGED']],
  ['checkpoint root', () => `${fence}/checkpoint/0000000000000512`, 82, ['CHECKPOINT_DAMAGED']],
  ['checkpoint signature', () => `${fence}/checkpoint/0000000000000512`, -20, ['CHECKPOINT_FORGED']],
  ['tail', () => tails()[1] ?? '', 150, ['TAIL_DAMAGED']],
  ['payload in a tail', () => tails()[1] ?? '', 400, ['PAYLOAD_DAMAGED']],
  ['checkpoint in a tail', () => tails()[1] ?? '', -20, ['CHECKPOINT_FORGED']],
  ['document', () => filesUnder(made.folder, `${made.practice}/blob`)[0] ?? '', 10, ['BLOB_DAMAGED']],
  ['draft', () => filesUnder(made.folder, `${made.practice}/draft`)[0] ?? '', 0, ['DRAFT_DAMAGED']],
  ['account data', () => 'host/0000000000000003', 2, ['ACCOUNTS_DAMAGED']],
];

for (const [kind, name, at, expected] of flips)
  test(`a flipped bit in the ${kind} is ${expected[0]}`, async () => {
    const report = await afterDamage((folder) => flipBit(folder, name(), at));
    assert.deepEqual(codes(report.findings), expected);
    assert.ok(report.damages > 0);
    assert.ok(report.findings.some(({ object }) => object === name()));
  });

test('a damaged entry is named with its number, its stream and nothing else', async () => {
  const report = await afterDamage((folder) => flipBit(folder, `${fence}/tile/entries/001`, 5000));
  const found = report.findings.find(({ code }) => code === 'ENTRY_DAMAGED');
  assert.equal((found?.reach.to ?? 0) - (found?.reach.from ?? 0), 1);
  assert.ok((found?.reach.from ?? 0) >= 256);
  assert.deepEqual(found?.reach.streams, [bytesToHex(made.stream)]);
});

const missing: readonly (readonly [string, readonly string[]])[] = [
  ['tile/entries/000', ['BUNDLE_MISSING', 'JOURNAL_UNCHECKED']],
  ['payload/000', ['PAYLOADS_MISSING']],
  ['tile/0/000', ['TILE_MISSING']],
  ['nodes/000', ['NODES_MISSING']],
  ['index/0/000', ['INDEX_MISSING']],
];

for (const [name, expected] of missing)
  test(`a missing ${name} is ${expected[0]}, and everything else is still checked`, async () => {
    const report = await afterDamage((folder) => {
      rmSync(join(folder, fence, name));
      flipBit(folder, 'host/0000000000000003', 2);
    });
    assert.deepEqual(codes(report.findings), ['ACCOUNTS_DAMAGED', ...expected].sort());
    const found = report.findings.find(({ code }) => code === expected[0]);
    assert.equal(found?.object, `${fence}/${name}`);
    assert.deepEqual([found?.reach.from, found?.reach.to], [0, 256]);
  });

test('a missing bundle still names streams and tells from which hashes the rest was proven', async () => {
  const report = await afterDamage((folder) => rmSync(join(folder, fence, 'tile/entries/001')));
  const found = report.findings.find(({ code }) => code === 'BUNDLE_MISSING');
  assert.ok(found?.reach.streams.includes(bytesToHex(made.stream)));
  assert.equal(report.practices[0]?.size, made.source.journal(made.practice).size);
});

test('a whole bundle that is gone is found object by object', async () => {
  const report = await afterDamage((folder) => {
    for (const name of ['tile/entries/001', 'payload/001', 'tile/0/001', 'nodes/001', 'index/0/001'])
      rmSync(join(folder, fence, name));
  });
  for (const code of ['BUNDLE_MISSING', 'PAYLOADS_MISSING', 'TILE_MISSING', 'NODES_MISSING', 'INDEX_MISSING'])
    assert.ok(
      report.findings.some((finding) => finding.code === code),
      code,
    );
});

test('a truncated bundle is BUNDLE_DAMAGED', async () => {
  for (const size of [0, 1, 5000, 100_000]) {
    const report = await afterDamage((folder) => truncateSync(join(folder, fence, 'tile/entries/000'), size));
    assert.deepEqual(codes(report.findings), ['BUNDLE_DAMAGED', 'JOURNAL_UNCHECKED']);
  }
});

test('payloads in each other’s place are PAYLOAD_SWAPPED, both of them', async () => {
  const report = await afterDamage((folder) => {
    const path = join(folder, fence, 'payload/001');
    const payloads = parsePayloadBundle(new Uint8Array(readFileSync(path)));
    [payloads[3], payloads[9]] = [payloads[9] ?? null, payloads[3] ?? null];
    writeFileSync(path, encodePayloadBundle(payloads));
  });
  assert.deepEqual(
    report.findings.map(({ code, reach }) => [code, reach.from]),
    [
      ['PAYLOAD_SWAPPED', 259],
      ['PAYLOAD_SWAPPED', 265],
    ],
  );
});

test('a payload that was taken out is PAYLOAD_MISSING', async () => {
  const report = await afterDamage((folder) => {
    const path = join(folder, fence, 'payload/001');
    const payloads = parsePayloadBundle(new Uint8Array(readFileSync(path)));
    payloads[3] = null;
    writeFileSync(path, encodePayloadBundle(payloads));
  });
  assert.ok(report.findings.some(({ code, reach }) => code === 'PAYLOAD_MISSING' && reach.from === 259));
});

test('an entry and its payload that another author’s stand for are told from the signed root', async () => {
  const report = await afterDamage((folder) => {
    const [first = '', second = ''] = ['000', '001'].map((number) => join(folder, fence, 'tile/entries', number));
    renameSync(first, `${first}.x`);
    renameSync(second, first);
    renameSync(`${first}.x`, second);
  });
  assert.ok(codes(report.findings).includes('BUNDLE_DAMAGED'));
  assert.ok(report.damages >= 2);
});

test('a tail that was deleted from between others is TAIL_GAP', async () => {
  const [, second = ''] = tails();
  const report = await afterDamage((folder) => rmSync(join(folder, second)));
  assert.deepEqual(codes(report.findings), ['TAIL_GAP']);
  const [from, to] = second.split('/').at(-1)?.split('-').map(Number) ?? [];
  assert.deepEqual([report.findings[0]?.reach.from, report.findings[0]?.reach.to], [from, to]);
  assert.equal(report.practices[0]?.size, from);
});

test('the last tail deleted is seen by who knows how long the journal is', async () => {
  const folder = cloneFolder(made.folder);
  rmSync(join(folder, tails().at(-1) ?? ''));
  assert.deepEqual((await verify(folder)).findings, []);
  const { size, root } = made.source.journal(made.practice).head();
  const report = await verify(folder, { expect: () => ({ size, root }) });
  assert.deepEqual(codes(report.findings), ['COPY_BEHIND']);
});

test('an expected root that is another one is FORK', async () => {
  const { size } = made.source.journal(made.practice);
  const report = await verify(made.folder, { expect: () => ({ size, root: new Uint8Array(32) }) });
  assert.deepEqual(codes(report.findings), ['FORK']);
});

test('a foreign file and a leftover are notices and nothing more', async () => {
  const report = await afterDamage((folder) => {
    writeFileSync(join(folder, 'Thumbs.db'), 'x');
    writeFileSync(join(folder, fence, 'tile/entries/9'), 'x');
    writeFileSync(join(folder, fence, 'nodes/.new-0123456789abcdef'), 'x');
  });
  assert.deepEqual(codes(report.findings), ['FOREIGN_OBJECT', 'LEFTOVER']);
  assert.deepEqual([report.damages, report.notices], [0, 3]);
});

test('two checkpoints of one size that disagree are CHECKPOINT_FORK: the host signed both', async () => {
  const journal = made.source.journal(made.practice);
  const note = await signCheckpoint(
    { practice: journal.practice, fence: 1, size: 512, root: new Uint8Array(32).fill(7) },
    journal.host,
  );
  const report = await afterDamage((folder) => writeFileSync(join(folder, fence, 'checkpoint/0000000000000512'), note));
  assert.deepEqual(codes(report.findings), ['CHECKPOINT_FORK']);
});

test('a tail under a signed checkpoint of another history is CHECKPOINT_FORK', async () => {
  const journal = made.source.journal(made.practice);
  const last = tails().at(-1) ?? '';
  const tail = parseTail(new Uint8Array(readFileSync(join(made.folder, last))));
  const to = tail.from + tail.items.length;
  const note = await signCheckpoint(
    { practice: journal.practice, fence: 1, size: to, root: new Uint8Array(32).fill(7) },
    journal.host,
  );
  const report = await afterDamage((folder) => writeFileSync(join(folder, last), encodeTail({ ...tail, note })));
  assert.deepEqual(codes(report.findings), ['CHECKPOINT_FORK']);
});

test('a checkpoint that somebody else signed is CHECKPOINT_FORGED', async () => {
  const journal = made.source.journal(made.practice);
  const note = await signCheckpoint(
    { practice: journal.practice, fence: 1, size: 256, root: new Uint8Array(32) },
    journal.device,
  );
  const report = await afterDamage((folder) => writeFileSync(join(folder, fence, 'checkpoint/0000000000000256'), note));
  assert.ok(codes(report.findings).some((code) => code === 'CHECKPOINT_FORGED' || code === 'CHECKPOINT_DAMAGED'));
});

/** The copy, and what a vault that was restored at this size under another host key publishes into it. */
async function afterRestore(size: number, change: (restored: TestSource) => void = () => undefined): Promise<string> {
  const folder = cloneFolder(made.folder);
  const restored = new TestSource();
  restored.practicesById.set(made.practice, made.source.journal(made.practice));
  for (const [practice, payloads] of made.source.payloads) restored.payloads.set(practice, payloads);
  for (const [hash, bytes] of made.source.blobs) restored.blobs.set(hash, bytes);
  restored.fence = 2;
  restored.cut = { size, host: await signerNamed('a new host') };
  change(restored);
  const publisher = startOn(restored, folderDestination({ path: folder }));
  await publisher.settled();
  await publisher.stop();
  return folder;
}

for (const size of [300, 512])
  test(`a vault restored at ${size} entries without its host key is a notice until a member acknowledges it, and serves nothing`, async () => {
    const folder = await afterRestore(size);
    const report = await verify(folder);
    assert.deepEqual(codes(report.findings), ['RESTORE_UNACKNOWLEDGED']);
    assert.deepEqual([report.damages, report.notices], [0, 1]);
    assert.deepEqual([report.practices[0]?.fence, report.findings[0]?.reach.to], [1, size]);
    assert.deepEqual(
      secondReader.verifyCopy(folder).findings.map(({ code }) => code),
      ['RESTORE_UNACKNOWLEDGED'],
    );
    // Anybody who writes to the copy could have made that fence up: nothing reads it in place of the proven one.
    const destination = folderDestination({ path: folder });
    assert.equal((await openCopy(destination, made.practice)).fence, 1);
    const plan = await planRestore({ destinations: [destination] });
    assert.deepEqual([plan.practices[0]?.opened.state.place.fence, plan.practices[0]?.fence], [1, 3]);
  });

test('what a restored vault signed while it waited is no finding once a member has named its host', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'serment-acknowledged-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const source = new TestSource();
  const practice = await source.addPractice('acknowledged');
  const journal = source.journal(practice);
  await source.save(practice, 300, { quiet: true });
  const publish = async () => {
    const publisher = startOn(source, folderDestination({ path: folder }));
    await publisher.settled();
    await publisher.stop();
  };
  await publish();
  const host = await signerNamed('a new host');
  source.fence = 2;
  source.cut = { size: journal.size, host };
  const { size, root } = journal.head();
  await publish();
  assert.deepEqual(codes((await verify(folder)).findings), ['RESTORE_UNACKNOWLEDGED']);
  await journal.append({ signer: journal.device, body: { kind: 'host', hostAuthor: host.author } });
  await journal.append({ signer: journal.device, body: { kind: 'restore-ack', fence: 2, size, root } });
  source.cut = { size: journal.size, host };
  await publish();
  const report = await verify(folder);
  assert.deepEqual(codes(report.findings), []);
  assert.deepEqual([report.practices[0]?.fence, report.practices[0]?.size], [2, journal.size]);
  assert.deepEqual(secondReader.verifyCopy(folder).findings, []);
  // One that somebody else signed meanwhile still is one.
  const early = join(folder, `${practice}/00000002/checkpoint/0000000000000256`);
  const note = { practice: journal.practice, fence: 2, size: 256, root: rootAt(journal, 256) };
  writeFileSync(early, await signCheckpoint(note, await signerNamed('a stranger')));
  assert.deepEqual(codes((await verify(folder)).findings), ['CHECKPOINT_FORGED']);
  assert.notDeepEqual(secondReader.verifyCopy(folder).findings, []);
});

test('a fence whose signer nobody named stays CHECKPOINT_FORGED when what came before does not prove it', async () => {
  const folder = await afterRestore(300);
  const journal = made.source.journal(made.practice);
  const planted = join(folder, `${made.practice}/00000002/checkpoint/0000000000000256`);
  const root = new Uint8Array(32).fill(7);
  const stranger = await signerNamed('a stranger');
  writeFileSync(planted, await signCheckpoint({ practice: journal.practice, fence: 2, size: 256, root }, stranger));
  assert.ok((await verify(folder)).damages > 0);
  assert.ok(!secondReader.verifyCopy(folder).findings.some(({ code }) => code === 'RESTORE_UNACKNOWLEDGED'));
  // Without the fence before, nothing proves any of it.
  const alone = await afterRestore(300);
  rmSync(join(alone, fence), { recursive: true });
  assert.ok(codes((await verify(alone)).findings).includes('CHECKPOINT_FORGED'));
});

test('a note of the known host with a wrong signature is no restore that nobody acknowledged', async () => {
  const folder = await afterRestore(512, (restored) => {
    restored.cut = { size: 512, host: made.source.journal(made.practice).host };
  });
  assert.deepEqual(codes((await verify(folder)).findings), []);
  flipBit(folder, `${made.practice}/00000002/checkpoint/0000000000000512`, -20);
  assert.deepEqual(codes((await verify(folder)).findings), [
    'CHECKPOINT_FORGED',
    'CHECKPOINT_MISSING',
    'FENCE_UNPROVEN',
  ]);
});

test('a journal under another practice’s name is PRACTICE_MISMATCH', async () => {
  const other = 'ee'.repeat(32);
  const report = await afterDamage((folder) => renameSync(join(folder, made.practice), join(folder, other)));
  assert.ok(codes(report.findings).includes('PRACTICE_MISMATCH'));
  assert.equal(report.practices[0]?.size, 0);
});

test('a document that is missing names the entry that needs it', async () => {
  const [blob = ''] = filesUnder(made.folder, `${made.practice}/blob`);
  const report = await afterDamage((folder) => rmSync(join(folder, blob)));
  const code = report.findings[0]?.code;
  assert.ok(code === 'BLOB_MISSING' || code === 'PAYLOAD_MISSING');
  assert.notEqual(report.findings[0]?.reach.from, null);
});

test('a name that claims an enormous journal is a finding and costs nothing', async () => {
  const started = performance.now();
  const report = await afterDamage((folder) => {
    writeFileSync(join(folder, fence, 'tail/9007199254740480-9007199254740481'), 'x');
    writeFileSync(join(folder, fence, 'checkpoint/9007199254740480'), 'x');
  });
  assert.ok(codes(report.findings).includes('BUNDLE_MISSING'));
  assert.ok(performance.now() - started < 20_000);
});

test('a copy of another format stops with COPY_FORMAT_UNKNOWN', async () => {
  await assert.rejects(
    afterDamage((folder) => writeFileSync(join(folder, 'serment-copy'), 'serment-copy 2\n')),
    { code: 'COPY_FORMAT_UNKNOWN' },
  );
});

test('a folder that is no copy is told so, and one that is not there is refused', async () => {
  const folder = cloneFolder(made.folder);
  rmSync(folder, { recursive: true });
  await assert.rejects(verify(folder), { code: 'COPY_FOLDER_MISSING' });
  mkdirSync(folder);
  assert.deepEqual(codes((await verify(folder)).findings), ['MARKER_MISSING']);
});

test('one practice alone can be verified', async () => {
  const report = await verify(made.folder, { practice: bytesToHex(hexToBytes('ee'.repeat(32))) });
  assert.deepEqual(report.practices, []);
});

test('damages add up by practice: entries once each, streams, and the instants around them', async () => {
  const report = await afterDamage((folder) => {
    rmSync(join(folder, fence, 'tile/entries/001'));
    flipBit(folder, `${fence}/payload/001`, 5000);
    flipBit(folder, `${fence}/nodes/000`, 100);
    flipBit(folder, 'host/0000000000000003', 2);
  });
  const [accounts, practice] = report.reach.toSorted((left, right) => left.entries - right.entries);
  assert.deepEqual([accounts?.practice, accounts?.damages, accounts?.entries], [null, 1, 0]);
  assert.deepEqual([practice?.practice, practice?.damages, practice?.isAtLeast], [made.practice, 2, false]);
  assert.deepEqual([practice?.entries, (practice?.streams ?? 0) >= 1], [256, true]);
  const journal = made.source.journal(made.practice);
  assert.ok(practice?.since !== null && (practice?.since ?? 0) > 0 && journal.size > 512);
  assert.deepEqual((await verify(made.folder)).reach, []);
});

test('a damaged entry is between the instants of those beside it', async () => {
  const report = await afterDamage((folder) => flipBit(folder, `${fence}/tile/entries/001`, 5000));
  const { since, until } = report.findings.find(({ code }) => code === 'ENTRY_DAMAGED')?.reach ?? {};
  assert.ok(typeof since === 'number' && typeof until === 'number' && since <= until);
});

test('reach is bounded, and says so', () => {
  const count = new ReachCount();
  for (let at = 0; at < 20_000; at += 1) {
    const streams = Array.from({ length: 100 }, (_, stream) => `${at}/${stream}`);
    const reach = { practice: `p${at % 3}`, streams, from: at * 2, to: at * 2 + 1 };
    const finding = makeFinding('ENTRY_DAMAGED', null, reach);
    assert.deepEqual([finding.reach.streams.length, finding.reach.streamCount], [64, 100]);
    count.add(finding);
  }
  for (const { isAtLeast, entries, streams, damages } of count.all()) {
    assert.ok(isAtLeast && entries <= 4096 && streams <= 10_000 && damages > 6000);
  }
});

test('every finding has a meaning and an action in both languages', () => {
  for (const language of ['fr', 'en'] as const)
    for (const code of ['ENTRY_DAMAGED', 'LEFTOVER', 'PUT_ASIDE', 'CHECKPOINT_FORK', 'UNAUTHORIZED'] as const) {
      const { meaning, action } = describeFinding(code, language);
      assert.ok(meaning.endsWith('.') && action.endsWith('.'));
    }
});
