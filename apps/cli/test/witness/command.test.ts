import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdir, readFile, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { bytesToHex } from '@serment/core/bytes';
import { makePractice } from '../../../../packages/core/test/journal/practice-fixture.ts';
import { deterministicRandom } from '../../../../packages/core/test/journal/signer.ts';
import { done, serment, temporaryFolder } from '../serment.ts';
import { type MadeHost, makeHost } from './made-host.ts';

interface Looked {
  readonly practices: readonly { practice: string; pseudonym: string; state: string; code: string | null }[];
}

let dir: string;
let first: MadeHost;
let second: MadeHost;
before(async () => {
  dir = join(await temporaryFolder(), 'witness');
  first = await makeHost(await makePractice({ random: deterministicRandom('first') }));
  second = await makeHost(await makePractice({ random: deterministicRandom('second') }));
});
after(() => Promise.all([first.close(), second.close()]));

const idOf = ({ practice }: MadeHost) => bytesToHex(practice.practice);
const follow = (host: MadeHost, ...more: string[]) =>
  serment(['witness', 'follow', '--state', dir, '--practice', idOf(host), '--server', host.url, ...more]);
const look = () => serment(['witness', '--state', dir, '--json']);

describe('serment witness', () => {
  it('asks for a name at first, and makes nothing without one', async () => {
    assert.equal((await look()).code, 2);
    assert.equal((await follow(first)).code, 2);
    assert.equal((await follow(first, '--name', 'un témoin')).code, 2);
    assert.deepEqual(
      (await readdir(dir)).filter((name) => name.endsWith('.key')),
      [],
    );
  });

  it('makes its key for its owner alone, and prints the line that a practice is given', async () => {
    const head = `${first.practice.size}:${bytesToHex(first.practice.root())}`;
    const made = await follow(first, '--name', 'witness.example/w1', '--head', head);
    assert.equal(made.code, 0);
    assert.match(made.stdout, /^witness\.example\/w1\+[0-9a-f]{8}\+\S+$/m);
    assert.equal((await stat(join(dir, 'witness.key'))).mode & 0o777, 0o600);
    const again = await follow(second, '--json');
    assert.ok(made.stdout.includes(again.json<{ key: string }>().key));
    assert.equal((await follow(second)).code, 2);
    assert.equal((await follow(second, '--name', 'other.example')).code, 2);
  });

  it('follows two practices, and an alarm of one leaves the other as it is', async () => {
    const ran = await look();
    assert.deepEqual(
      [ran.code, ran.json<Looked>().practices.map(({ state }) => state)],
      [0, ['following', 'following']],
    );
    assert.deepEqual([first.given.length, second.given.length], [1, 1]);
    const other = await makePractice({ random: deterministicRandom('second') });
    await other.appendRecords({ time: 3 });
    await second.practice.appendRecords();
    await done(['witness', '--state', dir]);
    second.practice = other;
    const alarmed = await look();
    assert.equal(alarmed.code, 1);
    const states = alarmed.json<Looked>().practices.map(({ practice, state }) => [practice, state]);
    assert.deepEqual(Object.fromEntries(states), { [idOf(first)]: 'following', [idOf(second)]: 'fork' });
    assert.deepEqual([first.given.length, second.given.length], [3, 2]);
  });

  it('publishes a page without script and a feed, where nobody reads whose practice it is', async () => {
    const run = [
      join(import.meta.dirname, '../../src/main.ts'),
      'witness',
      '--state',
      dir,
      '--every',
      '1',
      '--port',
      '0',
    ];
    const child = spawn(process.execPath, [...run, '--json'], { stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = new Promise((resolve) => child.once('close', resolve));
    try {
      let [log, out] = ['', ''];
      await new Promise<void>((resolve) => {
        child.stderr.on('data', (chunk) => (log += chunk));
        child.stdout.on('data', (chunk) => {
          out += chunk;
          if (out.includes('\n')) resolve();
        });
      });
      assert.equal((await look()).code, 3, 'one program at a time uses the folder');
      const url = /ready (http:\S+)/.exec(log)?.[1] ?? '';
      const page = await fetch(url);
      const html = await page.text();
      assert.match(page.headers.get('content-security-policy') ?? '', /^default-src 'none'/);
      assert.doesNotMatch(html, /<script|https?:\/\/(?!127)/);
      assert.match(html, /histoires contradictoires/);
      const feed = await (await fetch(`${url}/feed.json`)).json();
      assert.equal(feed.version, 'https://jsonfeed.org/version/1.1');
      assert.deepEqual(
        new Set(feed._serment.practices.map(({ state }: { state: string }) => state)),
        new Set(['following', 'fork']),
      );
      const fork = feed.items.find(({ _serment }: { _serment: { kind: string } }) => _serment.kind === 'fork');
      assert.equal(fork._serment.heads.length, 2);
      for (const host of [first, second])
        assert.ok(!`${html}${JSON.stringify(feed)}`.includes(idOf(host)), 'a practice is named');
      assert.equal((await fetch(`${url}/witness.key`)).status, 404);
      assert.equal((await fetch(url, { method: 'POST' })).status, 405);
    } finally {
      child.kill('SIGTERM');
      await ended;
    }
  });

  it('says when a host cannot be reached, and when what it keeps is damaged', async () => {
    await first.close();
    const cut = await look();
    assert.equal(cut.json<Looked>().practices.find(({ practice }) => practice === idOf(first))?.code, 'UNREACHABLE');
    assert.equal(cut.code, 1, 'the fork of the other is not hidden');
    const path = join(dir, 'practices', `${idOf(second)}.json`);
    await truncate(path, 200);
    const torn = await readFile(path);
    const damaged = await look();
    assert.equal(damaged.code, 5);
    assert.deepEqual(await readFile(path), torn);
    assert.equal((await follow(second)).code, 2, 'it is not begun anew');
    await truncate(join(dir, 'witness.key'), 20);
    assert.equal((await look()).code, 5);
  });
});
