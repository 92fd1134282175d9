import { mkdirSync } from 'node:fs';
import { bytesToHex } from '@serment/core/bytes';
import { newWatched, type Step, watchOnce } from '../../../../apps/cli/src/witness/watch.ts';
import { readWatched, writeWatched } from '../../../../apps/cli/src/witness/watch-file.ts';
import { openWitness } from '../../../../apps/cli/src/witness/witness-key.ts';
import { type MadeHost, makeHost } from '../../../../apps/cli/test/witness/made-host.ts';
import { makePractice, type TestPractice } from '../../../../packages/core/test/journal/practice-fixture.ts';
import { deterministicRandom } from '../../../../packages/core/test/journal/signer.ts';
import type { Operation, Order } from './operation.ts';

interface WitnessOrder extends Order {
  /** The witness's folder. */
  readonly state: string;
}

const stepMs = 60_000;
const name = 'witness.example/w1';
const looks = 3;
const sizeBefore = 5;
/** Past any clock that jumped: a witness signs nothing while its own is behind what it signed. */
const later = () => Date.now() + 12 * 3_600_000;

/** A witness looks at a journal that grows, keeps what it saw, and gives its host a cosignature each time. */
export const witnessing: Operation<WitnessOrder> = {
  name: 'witness',

  async order(vault, folder) {
    mkdirSync(folder);
    const state = `${folder}/state`;
    mkdirSync(state);
    const practice = await grown(sizeBefore);
    const order = { folder, state, practice: bytesToHex(practice.practice), hostKey: vault.path('host.key') };
    await openWitness(state, name);
    const followed = { practice: practice.practice, known: null, isForked: false, pinned: null };
    await writeWatched(state, newWatched(followed, { source: { server: 'http://127.0.0.1' }, since: Date.now() }));
    await lookAt(order, practice);
    return order;
  },

  async run(order, tools) {
    const practice = await grown(sizeBefore);
    const host = await makeHost(practice);
    try {
      // Told the moment the host has it: from then on the witness has signed.
      host.instead = (path) => {
        if (path === '/cosignature') tools.tell({ what: 'cosigned', size: practice.size });
        return false;
      };
      tools.begin();
      for (let look = 0; look < looks; look += 1) {
        await practice.appendRecords();
        await step(order, host);
      }
    } finally {
      await host.close();
      tools.end();
    }
  },

  async check(order, { told }) {
    const wrong: string[] = [];
    const signed = Math.max(0, ...told.map(({ size }) => Number(size)));
    const kept = await readWatched(order.state, order.practice);
    const known = kept.followed.known?.size ?? 0;
    if (known < signed) wrong.push(`it signed ${signed} entries and remembers ${known}`);
    if (kept.cosigned === null) wrong.push('it remembers no cosignature');
    // It goes on with the history that it saw, and with no other.
    const on = await lookAt(order, await grown(known + 1), later);
    if (on.code !== null) wrong.push(`it does not go on: ${on.code}`);
    const lied = await lookAt(order, await grown(known + 9, 7), later);
    if (lied.code !== 'FORK') wrong.push(`another history is ${lied.code}`);
    return wrong;
  },

  end: async () => undefined,
};

/** The same journal each time, of as many entries at least; another one with another time. */
async function grown(size: number, time?: number): Promise<TestPractice> {
  const practice = await makePractice({ random: deterministicRandom('watched') });
  while (practice.size < size) await practice.appendRecords(time === undefined ? {} : { time });
  return practice;
}

async function lookAt(order: WitnessOrder, practice: TestPractice, clock = Date.now): Promise<Step> {
  const host = await makeHost(practice);
  try {
    return await step(order, host, clock);
  } finally {
    await host.close();
  }
}

async function step({ state, practice }: WitnessOrder, host: MadeHost, clock = Date.now): Promise<Step> {
  const watched = await readWatched(state, practice);
  return watchOnce(
    { ...watched, source: { server: host.url } },
    {
      ...{ dir: state, witness: await openWitness(state, null), clock, stepMs },
      openCopy: async () => {
        throw new RangeError('It is followed at a host');
      },
    },
  );
}
