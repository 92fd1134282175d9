import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import net, { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { bytesToHex } from '@serment/core/bytes';
import { sha256 } from '@serment/core/hash';
import { parseWitnessKey } from '@serment/core/journal/cosignature';
import { encodeCosignature } from '@serment/core/wire/witness';
import type { Store } from '@serment/store/store';
import type { FastifyInstance } from 'fastify';
import type { TestPractice } from '../../../../packages/core/test/journal/practice-fixture.ts';
import {
  makeTestPractice,
  mirror,
  openTestVault,
  recordsDraft,
  send,
  sent,
  type TestVault,
} from '../../../../packages/store/test/test-vault.ts';
import { ask, makeApp, signIn } from '../../../server/test/test-app.ts';
import { done, serment, temporaryFolder } from '../serment.ts';

/** A real server, its database, and the history that it shows of the practice. */
interface Side {
  readonly store: Store;
  readonly app: FastifyInstance;
  readonly port: number;
  readonly practice: TestPractice;
}

interface Looked {
  readonly practices: readonly { state: string; code: string | null }[];
}

const payload = new Uint8Array(200).fill(3);
const names = ['witness.example/w1', 'witness.example/w2'] as const;
let vault: TestVault;
let [one, other]: Side[] = [];
let front: net.Server;
/** What whoever asks at the front is shown. */
let shown: Side;
let dirs: string[];

before(async () => {
  vault = await openTestVault();
  dirs = await Promise.all(names.map(temporaryFolder));
  front = net.createServer((client) => {
    const server = net.connect(shown.port, '127.0.0.1');
    server.on('error', () => client.destroy());
    client.on('error', () => server.destroy());
    client.pipe(server).pipe(client);
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  // One host's key, one genesis, two databases.
  const genesis = await makeTestPractice('twofold', vault.hostKeys);
  [one, other] = await Promise.all([sideOf(vault.store, genesis), sideOf(await vault.openFresh(), genesis)]);
  shown = one as Side;
});
after(async () => {
  front.close();
  for (const side of [one, other]) await side?.app.close();
  await vault.close();
});

async function sideOf(store: Store, genesis: TestPractice): Promise<Side> {
  await store.create(genesis.entries.map((entry) => sent(entry)));
  const app = await makeApp(store);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const practice = await mirror(store, genesis.practice, genesis);
  return { store, app, port: (app.addresses()[0] as AddressInfo).port, practice };
}

const id = () => bytesToHex(shown.practice.practice);
const look = (dir: string) => serment(['witness', '--state', dir, '--json']);
const stateOf = async (dir: string) => {
  const ran = await look(dir);
  return [ran.code, ran.json<Looked>().practices[0]?.state];
};
const save = ({ store, practice }: Side) => send(store, practice, recordsDraft(practice, sha256(payload)), payload);
const kept = async (dir: string) => {
  const text = await readFile(join(dir, 'practices', `${id()}.json`), 'utf8');
  return JSON.parse(text.slice(text.indexOf('\n') + 1));
};

it('two servers with one key that show two histories to two witnesses are found out once their views meet', async () => {
  assert.ok(one && other);
  const server = `http://127.0.0.1:${(front.address() as AddressInfo).port}`;
  for (const [place, side] of [one, other].entries()) {
    shown = side;
    const [dir = '', name = ''] = [dirs[place], names[place]];
    const followed = await done([
      'witness',
      'follow',
      '--state',
      dir,
      '--server',
      server,
      '--practice',
      id(),
      '--name',
      name,
      '--json',
    ]);
    const { key } = parseWitnessKey(followed.json<{ key: string }>().key);
    // Each history names both witnesses, so that either may look at it.
    for (const { store, practice } of [one, other])
      await send(store, practice, { signer: practice.device, body: practice.witnessBody(name, key) });
  }
  const [first = '', second = ''] = dirs;
  shown = one;
  assert.deepEqual(await stateOf(first), [0, 'following']);
  shown = other;
  assert.deepEqual(await stateOf(second), [0, 'following'], 'each of them saw one history, which only grew');
  for (const side of [one, other]) await save(side);
  assert.deepEqual(await stateOf(second), [0, 'following']);
  shown = one;
  assert.deepEqual(await stateOf(first), [0, 'following']);

  // What the second one signed is no head of the first server's, nor is what a device saw at the second.
  const base = `/api/practices/${id()}`;
  const { cosigned } = await kept(second);
  const body = encodeCosignature(cosigned.note);
  const answer = await ask(one.app, 'PUT', `${base}/cosignature`, { token: await signIn(one.app, one.practice), body });
  assert.ok(answer.status >= 400, answer.text);
  const seen = await other.practice.statement(
    recordsDraft(other.practice, sha256(payload), { seen: other.practice.head() }),
  );
  await assert.rejects(one.store.append(one.practice.practice, [sent(seen, payload)]), { code: /SEEN_FORK|REFUSED/ });

  // The second witness is shown the first history, and keeps both heads: each convicts by the host's own signature.
  await save(one);
  const before = await kept(second);
  assert.deepEqual(await stateOf(second), [1, 'fork']);
  const { events, cosigned: last } = await kept(second);
  const fork = events.at(-1);
  assert.equal(fork.kind, 'fork');
  assert.equal(fork.notes[0], before.known.note);
  assert.equal(fork.notes[1], (await one.store.checkpoint(one.practice.practice))?.note);
  assert.deepEqual(last, cosigned, 'it signed nothing of what it was shown');
  for (const side of [other, one]) {
    shown = side;
    await save(side);
    assert.deepEqual(await stateOf(second), [1, 'fork'], 'and never again under this fence');
  }
  assert.deepEqual((await kept(second)).cosigned, cosigned);
});
