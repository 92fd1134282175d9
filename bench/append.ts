import type { SentEntry } from '@serment/core/wire/append';
import type { Store } from '@serment/store/store';
import { type Bench, type Figure, interleave, median, medianRatio } from './bench.ts';
import { type MadePractice, makePractice, signedChain } from './make-practice.ts';
import { openBenchVault } from './make-vault.ts';
import { PlainInserts } from './plain-inserts.ts';

const payloadBytes = 2048;
const writers = 8;
// Until rates no longer grow: a server runs for weeks, and its code is compiled in full after some ten thousand entries.
const warmups = 12;
// Rights, order, tree and head, for which checked INSERTs do nothing, may take the rest.
const leastOfChecked = 0.6;

const cases = [
  { name: 'one', label: 'one writer', writers: 1, least: 0.5 },
  { name: 'shared', label: `${writers} writers on one practice`, writers, least: 0.8 },
  { name: 'apart', label: `${writers} practices`, writers, least: 0.8 },
] as const;

type Case = (typeof cases)[number];

/** Entries that each writer of a case sends, ready, for every round. */
interface Prepared {
  readonly practices: readonly MadePractice[];
  readonly chains: readonly (readonly SentEntry[])[];
  readonly perRound: number;
}

export const append: Bench = {
  name: 'append',
  title: 'Durable appends against plain INSERTs',
  method: `Each writer sends one entry of ${payloadBytes} sealed bytes at a time and waits until it is durable. Entries are
signed beforehand; the store parses them, checks signature, payload, rights and author's order, orders them, extends the
tree, signs a checkpoint and writes, through the API that the server calls. The baseline is one \`INSERT\` of the same bytes
into a table with a primary key and nothing else, one commit each, on the same PostgreSQL with the same settings
(\`fsync\` and \`synchronous_commit\` on), with a connection of its own for each writer. *Checked INSERTs* are the same
INSERTs, each after the two checks and with the one signature that no host leaves out: payload hash, author's signature,
and a signature of its own, by the same library in the same thread. They show what the checks alone cost; entries
that share a commit may go beyond them.`,
  bars: Object.fromEntries(
    cases.flatMap(({ label, least }) => [
      [`${label}: against checked INSERTs`, { least: leastOfChecked }],
      [`${label}: against plain INSERTs`, { least }],
    ]),
  ),
  async run(options) {
    const figures: Figure[] = [];
    for (const one of cases) {
      options.progress(one.label);
      figures.push(...(await runAlone(one, options.quick)));
    }
    return figures;
  },
};

/** In a vault of its own: what one case leaves behind, PostgreSQL would still be clearing up during the next. */
async function runAlone(one: Case, isQuick: boolean): Promise<Figure[]> {
  const vault = await openBenchVault();
  const plain = await PlainInserts.open(vault.databaseUrl, writers);
  try {
    const rounds = isQuick ? 5 : 15;
    const perRound = (isQuick ? 80 : 400) / (one.writers === 1 ? 1 : 2);
    const prepared = await prepare(one, perRound, rounds + warmups, (name, devices) =>
      makePractice(name, devices, vault.host),
    );
    return await runCase(one, prepared, { store: vault.store, plain, rounds });
  } finally {
    await plain.close();
    await vault.close();
  }
}

async function prepare(
  one: Case,
  perRound: number,
  rounds: number,
  make: (name: string, devices: number) => Promise<MadePractice>,
): Promise<Prepared> {
  const isShared = one.name === 'shared';
  const practices: MadePractice[] = [];
  const chains: SentEntry[][] = [];
  for (let writer = 0; writer < one.writers; writer += 1) {
    const known = isShared ? practices[0] : undefined;
    const made = known ?? (await make(`${one.name} ${writer}`, isShared ? one.writers : 1));
    practices.push(made);
    const options = { device: isShared ? writer : 0, count: perRound * rounds, payloadBytes };
    chains.push(await Array.fromAsync(signedChain(made, options)));
  }
  return { practices, chains, perRound };
}

async function runCase(
  { label, name }: Case,
  { practices, chains, perRound }: Prepared,
  { store, plain, rounds }: { store: Store; plain: PlainInserts; rounds: number },
): Promise<Figure[]> {
  const entries = perRound * chains.length;
  const next = { serment: 0, plain: 0, checked: 0 };
  const take = (who: keyof typeof next) => {
    const from = next[who];
    next[who] += perRound;
    return chains.map((chain) => chain.slice(from, from + perRound));
  };
  const times = await interleave(
    {
      plain: () => plain.write(take('plain'), name !== 'apart'),
      checked: () => plain.write(take('checked'), name !== 'apart', store.hostKeys.signer),
      serment: () => appendAll(store, practices, take('serment')),
    },
    { rounds, warmups },
  );
  const rate = (values: readonly number[]) => (entries / median(values)) * 1000;
  return [
    { label: `${label}: Serment`, value: rate(times.serment), unit: '/s' },
    { label: `${label}: plain INSERTs`, value: rate(times.plain), unit: '/s' },
    { label: `${label}: checked INSERTs`, value: rate(times.checked), unit: '/s' },
    { label: `${label}: checked against plain INSERTs`, value: medianRatio(times.plain, times.checked), unit: '×' },
    { label: `${label}: against checked INSERTs`, value: medianRatio(times.checked, times.serment), unit: '×' },
    { label: `${label}: against plain INSERTs`, value: medianRatio(times.plain, times.serment), unit: '×' },
  ];
}

async function appendAll(
  store: Store,
  practices: readonly MadePractice[],
  works: readonly (readonly SentEntry[])[],
): Promise<void> {
  await Promise.all(
    works.map(async (work, writer) => {
      const made = practices[writer];
      if (made === undefined) throw new RangeError('A practice for each writer');
      for (const entry of work) await store.append(made.practice, [entry]);
    }),
  );
}
