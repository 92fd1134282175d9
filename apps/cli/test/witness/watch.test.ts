import assert from 'node:assert/strict';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { after, beforeEach, describe, it } from 'node:test';
import { bytesToHex } from '@serment/core/bytes';
import { parseWitnessKey, verifyCosignature } from '@serment/core/journal/cosignature';
import { encodeGovernanceAnswer } from '@serment/core/wire/witness';
import { folderDestination } from '@serment/store/copy/folder';
import { makePractice, type TestPractice } from '../../../../packages/core/test/journal/practice-fixture.ts';
import { deterministicRandom } from '../../../../packages/core/test/journal/signer.ts';
import {
  makeCopy,
  makeSource,
  startOn,
  temporaryFolder as storeFolder,
} from '../../../../packages/store/test/copy/copy-fixture.ts';
import { MemorySink } from '../../../../packages/store/test/copy/memory-sink.ts';
import { TestSource } from '../../../../packages/store/test/copy/test-source.ts';
import { drillWhenDue } from '../../src/witness/drill-copy.ts';
import { isAlarm, shownPractice } from '../../src/witness/feed.ts';
import { newWatched, silenceMs, watchOnce } from '../../src/witness/watch.ts';
import { readWatched, type Watched, writeWatched } from '../../src/witness/watch-file.ts';
import { openWitness, type Witness } from '../../src/witness/witness-key.ts';
import { temporaryFolder } from '../serment.ts';
import { type MadeHost, makeHost } from './made-host.ts';

let dir: string;
let witness: Witness;
let host: MadeHost;
let now: number;
const hosts: MadeHost[] = [];
beforeEach(async () => {
  dir = await temporaryFolder();
  witness = await openWitness(dir, 'witness.example/w1');
  host = await hostOf(await grown(5));
  now = 1_790_000_000_000;
});
after(() => Promise.all(hosts.map((one) => one.close())));

async function hostOf(practice: TestPractice): Promise<MadeHost> {
  const made = await makeHost(practice);
  hosts.push(made);
  return made;
}

async function grown(entries: number, time?: number): Promise<TestPractice> {
  const practice = await makePractice({ random: deterministicRandom('watched') });
  for (let count = 0; count < entries; count += 1) await practice.appendRecords(time === undefined ? {} : { time });
  return practice;
}

const start = (practice = host.practice, server = host.url) =>
  writeWatched(
    dir,
    newWatched(
      { practice: practice.practice, known: null, isForked: false, pinned: null },
      { source: { server }, since: now },
    ),
  );
const look = (watched: Watched, stepMs = 5000) =>
  watchOnce(watched, {
    ...{ dir, witness, clock: () => now, stepMs },
    openCopy: async (path) => folderDestination({ path }),
  });
const kept = () => readWatched(dir, bytesToHex(host.practice.practice));
const kinds = ({ events }: Watched) => events.map(({ kind }) => kind);

describe('a watched practice', () => {
  it('is cosigned as it grows, and the host is given each cosignature', async () => {
    const first = await look(await start());
    assert.deepEqual([first.code, first.watched.state], [null, 'following']);
    await host.practice.appendRecords();
    now += 60_000;
    const second = await look(first.watched);
    assert.equal(second.code, null);
    assert.equal(host.given.length, 2);
    const key = parseWitnessKey(witness.keyLine);
    const cosigned = await Promise.all(host.given.map((note) => verifyCosignature(note, key)));
    assert.deepEqual(
      cosigned.map(({ time, checkpoint: { size } }) => [time, size]),
      [
        [1_790_000_000, host.practice.size - 1],
        [1_790_000_060, host.practice.size],
      ],
    );
    assert.deepEqual(kinds(second.watched), ['first']);
  });

  it('is kept on the disk before the host is given anything', async () => {
    let atHost: Watched | null = null;
    await start();
    const before = await kept();
    host.instead = (path, response) => {
      if (path !== '/cosignature') return false;
      kept()
        .then((watched) => {
          atHost = watched;
        })
        .finally(() => response.writeHead(503).end('{}'));
      return true;
    };
    const { code, watched } = await look(before);
    assert.notEqual(code, null);
    assert.deepEqual(atHost, await kept());
    assert.notEqual(watched.cosigned, null);
    host.instead = () => false;
    assert.equal((await look(await kept())).code, null);
    assert.equal(host.given.length, 1);
  });

  it('is not cosigned when it cannot be kept', async () => {
    const watched = await start();
    await chmod(join(dir, 'practices'), 0o500);
    const isRoot = process.getuid?.() === 0;
    // Whoever is root writes everywhere: a folder in the place of the temporary file stops it too.
    if (isRoot)
      await mkdir(join(dir, 'practices', `${bytesToHex(host.practice.practice)}.json.new/x`), { recursive: true });
    await assert.rejects(look(watched), { code: 'OUTPUT_UNWRITABLE' });
    await chmod(join(dir, 'practices'), 0o700);
    assert.deepEqual(host.given, []);
  });

  it('is found forked when one host shows two histories under one key, with both notes kept', async () => {
    const { watched } = await look(await start());
    const shown = await host.practice.checkpoint();
    host.practice = await grown(6, 7);
    const forked = await look(watched);
    assert.deepEqual([forked.code, forked.watched.state], ['FORK', 'fork']);
    assert.equal(host.given.length, 1);
    const { events } = await kept();
    assert.deepEqual(events.at(-1)?.notes, [shown, await host.practice.checkpoint()]);
    host.practice = await grown(8);
    assert.equal((await look(await kept())).code, 'FORK');
    assert.deepEqual(kinds(await kept()), ['first', 'fork']);
    assert.equal(host.given.length, 1);
  });

  it('goes back, is told once, and is in order again', async () => {
    const { watched } = await look(await start());
    const newer = host.practice;
    host.practice = await grown(2);
    const back = await look(watched);
    assert.deepEqual([back.code, back.watched.state], ['ROLLBACK', 'rollback']);
    const still = await look(back.watched);
    host.practice = newer;
    const again = await look(still.watched);
    assert.deepEqual([again.code, kinds(again.watched)], [null, ['first', 'rollback', 'heard']]);
  });

  it('is not cosigned after a restoration until a member acknowledged it', async () => {
    const { watched } = await look(await start());
    host.practice = await grown(2);
    host.note = await host.practice.checkpoint(2);
    const waiting = await look(watched);
    assert.equal(waiting.code, 'UNACKNOWLEDGED');
    host.note = null;
    const { practice } = host;
    await practice.append({ signer: practice.device, body: { kind: 'restore-ack', fence: 2, ...practice.head() } });
    const restored = await look(waiting.watched);
    assert.deepEqual([restored.code, restored.watched.events.at(-1)?.lost], [null, 3]);
    assert.deepEqual(kinds(restored.watched), ['first', 'unacknowledged', 'restored']);
  });

  it('is silent after an hour without a head, whatever kept it, and is heard again', async () => {
    const { watched } = await look(await start());
    const { url } = host;
    for (const instead of [
      (_: string, response: ServerResponse) => response.writeHead(500).end() !== null,
      (path: string, response: ServerResponse) => path === '/checkpoint' && response.end('not a note') !== null,
      (path: string, response: ServerResponse) =>
        path.startsWith('/proofs') && response.writeHead(404).end('{}') !== null,
    ]) {
      host.instead = instead;
      await host.practice.appendRecords();
      assert.equal((await look(watched)).watched.state, 'following');
      now += silenceMs + 1;
      const silent = await look({ ...watched, source: { server: url } });
      assert.equal(silent.watched.state, 'silent');
      assert.deepEqual((await look(silent.watched)).watched, silent.watched);
      host.instead = () => false;
      const heard = await look(silent.watched);
      assert.deepEqual(kinds(heard.watched), ['first', 'silence', 'heard']);
      now -= silenceMs + 1;
    }
  });

  it('does not hang on a host that never ends, nor on one that sends without end', async () => {
    const watched = await start();
    host.instead = (path) => path === '/checkpoint';
    assert.equal((await look(watched, 400)).code, 'UNREACHABLE');
    host.instead = (path, response) => {
      if (path !== '/checkpoint') return false;
      const timer = setInterval(() => response.write('x'), 20);
      response.once('close', () => clearInterval(timer));
      return true;
    };
    assert.equal((await look(watched, 400)).code, 'UNREACHABLE');
    host.instead = (path, response) => {
      if (path !== '/checkpoint') return false;
      response.end('x'.repeat(2_000_000));
      return true;
    };
    assert.equal((await look(watched)).code, 'INVALID');
  });

  it('reads no governance that goes in circles or is made up', async () => {
    const watched = await start();
    for (const answer of [
      { entries: [[0, host.practice.entries[0]?.bytes ?? new Uint8Array()] as const], next: 0 },
      { entries: [[0, host.practice.entries[1]?.bytes ?? new Uint8Array()] as const], next: 1 },
      { entries: [[0, new Uint8Array(40)] as const], next: 1 },
      { entries: [], next: 4 },
    ]) {
      host.instead = (path, response) =>
        path === '/governance' && response.end(encodeGovernanceAnswer(answer)) !== null;
      assert.equal((await look(watched)).code, 'UNPROVEN');
    }
  });

  it('is not cosigned while the witness’s clock is behind what it signed; a small step is no matter', async () => {
    const { watched } = await look(await start());
    now -= 60_000;
    const small = await look(watched);
    assert.deepEqual([small.code, small.watched.cosigned?.time], [null, watched.cosigned?.time]);
    now -= 3_600_000;
    const back = await look(small.watched);
    assert.deepEqual([back.code, back.watched.state, host.given.length], ['CLOCK', 'clock', 2]);
    assert.deepEqual(back.watched.cosigned, small.watched.cosigned);
    now += 4_000_000;
    assert.deepEqual(kinds((await look(back.watched)).watched), ['first', 'clock', 'heard']);
  });

  it('is stopped by a file that was torn, changed or put in another’s place, which is left as it is', async () => {
    await look(await start());
    const practice = bytesToHex(host.practice.practice);
    const path = join(dir, 'practices', `${practice}.json`);
    const whole = await readFile(path, 'utf8');
    for (const text of ['', whole.slice(0, -40), whole.replace('"fork', '"f0rk').replace('following', 'waiting  ')]) {
      await writeFile(path, text);
      await assert.rejects(readWatched(dir, practice), { code: 'WITNESS_STATE_DAMAGED' });
      assert.equal(await readFile(path, 'utf8'), text);
    }
    await rm(path);
    await assert.rejects(readWatched(dir, practice), { code: 'WITNESS_STATE_DAMAGED' });
    await writeFile(path, whole);
    const other = '00'.repeat(32);
    await writeFile(join(dir, 'practices', `${other}.json`), whole);
    await assert.rejects(readWatched(dir, other), { code: 'WITNESS_STATE_DAMAGED' });
    assert.equal((await look(await kept())).code, null);
  });

  it('does not lose what stands when a write was cut before it', async () => {
    const { watched } = await look(await start());
    const practice = bytesToHex(host.practice.practice);
    await writeFile(join(dir, 'practices', `${practice}.json.new`), 'cut');
    assert.deepEqual(await kept(), watched);
    assert.equal((await look(await kept())).code, null);
  });

  it('is followed in a copy as it is at a host, and found forked there', async () => {
    const { source, practice, folder } = await makeCopy();
    const journal = source.journal(practice);
    const followed = { practice: journal.practice, known: null, isForked: false, pinned: null };
    const first = await look(newWatched(followed, { source: { copy: folder }, since: now }));
    assert.deepEqual([first.code, first.watched.followed.known?.size], [null, journal.size]);
    const publisher = startOn(source, folderDestination({ path: folder }));
    await source.save(practice, 700);
    await publisher.settled();
    await source.save(practice, 3);
    await publisher.settled();
    await publisher.stop();
    const grownCopy = await look(first.watched);
    assert.deepEqual([grownCopy.code, grownCopy.watched.followed.known?.size], [null, journal.size]);
    const other = new TestSource();
    const { practice: same } = await makeSource(other);
    assert.equal(same, practice);
    await other.save(practice, 1000, { payloadBytes: 100 });
    const elsewhere = storeFolder();
    const second = startOn(other, folderDestination({ path: elsewhere }));
    await second.settled();
    await second.stop();
    const forked = await look({ ...grownCopy.watched, source: { copy: elsewhere } });
    assert.deepEqual([forked.code, forked.watched.state], ['FORK', 'fork']);
    const gone = await look({ ...first.watched, source: { copy: storeFolder() } });
    assert.deepEqual([gone.code, gone.watched.state], ['COPY_PRACTICE_UNKNOWN', 'following']);
  });

  it('has its copy restored when that is due, and compared with the head that is known', async () => {
    const { practice, folder, source } = await makeCopy();
    const followed = { practice: source.journal(practice).practice, known: null, isForked: false, pinned: null };
    const options = {
      ...{ dir, clock: () => now, everyMs: 24 * 3_600_000 },
      openCopy: async (path: string) => folderDestination({ path }),
      openScratch: async () => new MemorySink(),
    };
    const fresh = newWatched(followed, { source: { copy: folder }, since: now });
    assert.equal(await drillWhenDue(fresh, options), fresh, 'nothing is known yet');
    const { watched } = await look(fresh);
    const proven = await drillWhenDue(watched, options);
    assert.deepEqual(proven.drilled, { at: now, outcome: 'proven', codes: [] });
    now += 3_600_000;
    assert.equal(await drillWhenDue(proven, options), proven);
    now += 24 * 3_600_000;
    const { known } = proven.followed;
    assert.ok(known !== null);
    const differs = { ...proven, followed: { ...proven.followed, known: { ...known, root: new Uint8Array(32) } } };
    const failed = await drillWhenDue(differs, options);
    assert.deepEqual([failed.drilled?.outcome, failed.drilled?.codes], ['failed', ['FORK']]);
    assert.deepEqual(kinds(failed), ['first', 'proven', 'failed']);
    assert.equal(isAlarm(shownPractice(practice, failed)), true);
    const atHost = await start();
    assert.equal(await drillWhenDue(atHost, options), atHost, 'it has no copy here');
  });
});
