import type { Bytes } from '@serment/core/bytes';
import type { SentEntry } from '@serment/core/wire/append';
import { Transport } from '@serment/replica/transport';
import { startSerment } from '../e2e/harness/serment.ts';
import { type Bench, type BenchOptions, type Figure, interleave, median } from './bench.ts';
import { type MadePractice, makePractice, type PracticeHost, signedChain } from './make-practice.ts';

const payloadBytes = 2048;
const writers = 8;
const warmups = 1;
const entriesAtOnce = 1024;

export const appendHttp: Bench = {
  name: 'append-http',
  title: 'Durable appends over HTTP',
  method: `As above, through \`serment start\` with a copy folder: a session for each device, a request for each entry, the
server, its PostgreSQL and its copy in processes of their own, the client's work included. For information.`,
  bars: {},
  async run(options) {
    const serment = await startSerment();
    try {
      return await measure(serment.url, options);
    } finally {
      await serment.stop();
    }
  },
};

async function measure(url: string, { quick, progress }: BenchOptions): Promise<Figure[]> {
  const rounds = quick ? 5 : 9;
  // The server takes 1200 requests of one author a minute.
  const perRound = quick ? 25 : 50;
  progress('signing');
  const made = await makePractice('over http', writers, await hostAt(url));
  const count = perRound * (rounds + warmups);
  // The first device writes alone in its rounds, and with the others in theirs.
  const clients = await Promise.all(
    made.devices.map((_, device) => openClient(url, made, { device, count: count * 2 })),
  );
  const [first] = clients;
  if (first === undefined) throw new RangeError('Somebody writes');
  progress('appending');
  const times = await interleave(
    { one: () => first(perRound), all: () => Promise.all(clients.map((client) => client(perRound))) },
    { rounds, warmups },
  );
  return [
    { label: 'one writer, over HTTP', value: (perRound / median(times.one)) * 1000, unit: '/s' },
    {
      label: `${writers} writers on one practice, over HTTP`,
      value: ((perRound * writers) / median(times.all)) * 1000,
      unit: '/s',
    },
  ];
}

/** A device that sends its next entries, one request each. */
async function openClient(url: string, made: MadePractice, chain: { device: number; count: number }) {
  const transport = new Transport({ baseUrl: url });
  const signer = made.devices[chain.device];
  if (signer === undefined) throw new RangeError('No such device');
  await transport.openSession(made.practice, signer);
  const entries: SentEntry[] = await Array.fromAsync(signedChain(made, { ...chain, payloadBytes }));
  return async (count: number) => {
    for (const entry of entries.splice(0, count)) await transport.append([entry]);
  };
}

/** A server as the host of a practice; each call opens the session it needs. */
async function hostAt(url: string): Promise<PracticeHost> {
  const transport = new Transport({ baseUrl: url });
  const { author } = await transport.host();
  return {
    author,
    create: (sent) => transport.createPractice(sent),
    append: (_practice, sent) => transport.append(sent),
    async entries(practice, signer) {
      await transport.openSession(practice, signer);
      const { size } = await transport.status();
      const all: Bytes[] = [];
      while (all.length < size) all.push(...(await transport.entries(all.length, entriesAtOnce)));
      return all;
    },
  };
}
