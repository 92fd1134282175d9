import { bytesToHex } from '@serment/core/bytes';
import { withTemporaryCache } from '@serment/replica/cache-node';
import { demonstrationNames, fillDemonstration } from '@serment/replica/demo-practice';
import { openPractice } from '@serment/replica/practice-opening';
import { type Command, jsonOption } from '../command.ts';
import { usageError } from '../error.ts';
import { exits } from '../failure.ts';
import { createPractice } from '../new-practice.ts';
import { transportTo } from '../server-address.ts';

const defaultServer = 'http://localhost:4400';
const mostPatients = 200_000;

export const demoCommand: Command = {
  name: 'demo',
  summary: 'create a practice of invented patients',
  description:
    'Creates a practice on a running server, marked as a demonstration, and fills it with invented patients: records of\nthree years up to yesterday, with documents. The same seed on the same day invents the same patients.',
  operands: null,
  options: [
    { name: 'patients', value: 'N', help: 'how many (default: 1200)' },
    { name: 'server', value: 'URL', help: `address of the server (default: ${defaultServer})` },
    { name: 'seed', value: 'N', help: 'from which everything is invented (default: 1)' },
    { name: 'kit-out', value: 'FILE', help: 'file to make for the kit (default: named after the practice, here)' },
    { name: 'invitation', value: 'TOKEN', help: 'what the host gave, where it asks for one' },
    jsonOption,
  ],
  exits: [
    [0, 'ready'],
    [1, 'created in part: the kit is kept'],
    [2, 'usage'],
    [3, 'cannot reach the server'],
  ],
  safe: 'No other practice was touched; what was acknowledged is stored',
  async run(given, terminal) {
    const startedAt = performance.now();
    const patients = count(given.optional('patients') ?? '1200', '--patients', mostPatients);
    const seed = count(given.optional('seed') ?? '1', '--seed', 0xffff_ffff);
    const transport = transportTo(given.optional('server') ?? defaultServer, {
      invitation: given.optional('invitation'),
    });
    const created = await createPractice({
      ...demonstrationNames(seed),
      transport,
      kitOut: given.optional('kit-out') ?? ((practice) => `kit-demonstration-${practice.slice(0, 8)}.txt`),
      isDemonstration: true,
    });
    const practice = bytesToHex(created.practice);
    terminal.partial({ practice, kit: created.kitPath });
    const filled = await withTemporaryCache(0, async (cache) => {
      const opened = await openPractice({ transport, cache, practice: created.practice, seed: created.seed });
      const today = localDay(new Date());
      const done = await fillDemonstration(opened, {
        ...{ patients, seed, today },
        onProgress: (stored, total) => terminal.progress('Patients', stored, total),
      });
      await opened.lock();
      return done;
    });
    const durationMs = Math.round(performance.now() - startedAt);
    terminal.result({ practice, kit: created.kitPath, server: transport.baseUrl, seed, ...filled, durationMs }, [
      `${filled.patients} invented patients, ${filled.records} records, ${filled.documents} documents in ${(durationMs / 1000).toFixed(1)} s`,
      `Open ${transport.baseUrl} and enrol with the kit: ${created.kitPath}`,
    ]);
    return exits.done;
  },
};

function count(text: string, name: string, most: number): number {
  const value = Number(text);
  if (!/^\d{1,10}$/.test(text) || value > most) throw usageError(`${name} is a number up to ${most}`, 'demo');
  return value;
}

function localDay(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
