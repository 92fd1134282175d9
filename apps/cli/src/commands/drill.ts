import { resolve } from 'node:path';
import { bytesToHex } from '@serment/core/bytes';
import type { BodyOf, DrillOutcome } from '@serment/core/journal/body';
import { runDrill } from '@serment/store/copy/drill';
import { openScratchStore } from '@serment/store/copy/scratch-store';
import { keepHeapSmall } from '@serment/store/copy/small-heap';
import { loadHostKeys } from '@serment/store/host-keys';
import { type Command, type Given, jsonOption } from '../command.ts';
import { copiesOption, openCopyPlace } from '../copy-place.ts';
import { usageError } from '../error.ts';
import { exits } from '../failure.ts';
import { databaseOption, placeOf } from '../host-place.ts';
import { whenInterrupted } from '../interruption.ts';
import { textTable } from '../table.ts';
import type { JsonValue, Terminal } from '../terminal.ts';
import { parseTime } from './restore.ts';

export const drillCommand: Command = {
  name: 'drill',
  summary: 'prove a copy by restoring it into a scratch database',
  description:
    'Restores a copy with the code that restores for good into an empty database that is destroyed afterwards, recomputes\nroots, signatures and documents from that database, and says: proven, failed or inconclusive.\nWith --from it reads a copy alone, wherever that is. With --data it has the host’s server do it, as every night: what\ncomes of it is compared with the live journal, signed into it, and read by the practice’s members.',
  operands: null,
  options: [
    {
      name: 'from',
      value: 'COPY',
      help: 'folder of the copy, or its name in the file of --copies, restored by this command alone',
    },
    copiesOption,
    { name: 'data', value: 'DIR', help: 'data folder of the host, whose server runs and restores' },
    databaseOption,
    {
      name: 'copy',
      value: 'NAME',
      help: 'with --data: name of the copy, as its folder is called or the file of --copies names it',
    },
    { name: 'practice', value: 'ID', help: 'this practice alone, in hexadecimal; with --data, how its id begins' },
    { name: 'at', value: 'TIME', help: 'as it stood then: 2026-11-23T14:05, or a day for its end' },
    {
      name: 'scratch',
      value: 'DIR',
      help: 'with --from: where the scratch database is made (default: the temporary folder)',
    },
    { name: 'certificate', value: 'FILE', help: 'with --data: write the certificate of it there, a PDF' },
    { name: 'language', value: 'fr|en', help: 'language of the certificate (default: fr)' },
    {
      name: 'host-key',
      value: 'FILE',
      help: 'the host’s key, for a certificate (default: host.key in the data folder)',
    },
    jsonOption,
  ],
  exits: [
    [0, 'proven'],
    [1, 'failed or inconclusive: the report says why'],
    [2, 'usage'],
    [3, 'cannot reach the copy, the host’s server or its database, or no copy there'],
    [4, 'the host key is not one'],
    [5, 'damaged: nothing of the copy can be restored'],
  ],
  safe: 'The copy is as it was: a drill only reads it',
  async run(given, terminal) {
    keepHeapSmall();
    const isHosts = given.optional('data') !== null || given.optional('database-url') !== null;
    const from = given.optional('from');
    if (isHosts === (from !== null)) throw usageError('--from COPY is needed, or --data DIR with --copy NAME', 'drill');
    if (from !== null) return drillCopy(from, given, terminal);
    return drillAtHost(given, terminal);
  },
};

async function drillCopy(copy: string, given: Given, terminal: Terminal): Promise<number> {
  for (const name of ['copy', 'certificate', 'language', 'host-key'])
    if (given.optional(name) !== null)
      throw usageError(`--${name} goes with --data: a certificate is of what the host signed`, 'drill');
  const at = parseTime(given.optional('at'), 'drill');
  const destination = await openCopyPlace(given, copy);
  const practice = given.optional('practice');
  let stopScratch = (): Promise<void> => Promise.resolve();
  const release = whenInterrupted(() => stopScratch());
  try {
    terminal.progress('Restoring into a scratch database', 0);
    const results = await runDrill({
      destination,
      openScratch: async (copyBytes) => {
        const sink = await openScratchStore({ parent: given.optional('scratch') ?? undefined, copyBytes });
        stopScratch = () => sink.close();
        return sink;
      },
      ...(practice === null ? {} : { practice }),
      ...(at === null ? {} : { at }),
    });
    const outcomes = new Set(results.map(({ outcome }) => outcome));
    const worst = (['failed', 'inconclusive', 'proven'] as const).find((one) => outcomes.has(one)) ?? 'inconclusive';
    terminal.result(
      { copy, outcome: worst, practices: results.map(jsonOf) },
      tableOf(results.map((result) => [result.practice, result])),
    );
    if (results.some(({ codes }) => codes.includes('COPY_NOTHING_READABLE'))) return exits.damaged;
    return exitOf(worst);
  } finally {
    release();
    await destination.close();
  }
}

async function drillAtHost(given: Given, terminal: Terminal): Promise<number> {
  const copy = given.optional('copy');
  if (copy === null) throw usageError('--copy NAME is needed with --data', 'drill');
  if (given.optional('scratch') !== null)
    throw usageError('--scratch goes with --from: the server has its own (serment start --drills)', 'drill');
  const language = languageOf(given.optional('language'));
  const at = parseTime(given.optional('at'), 'drill');
  const file = given.optional('certificate');
  const place = await placeOf(given);
  const keyFile = given.optional('host-key') ?? ('dataDir' in place ? `${place.dataDir}/host.key` : null);
  if (file !== null && keyFile === null) throw usageError('--host-key FILE is needed for a certificate', 'drill');
  // Before a restoration is waited for in vain.
  const keys = file === null || keyFile === null ? null : await loadHostKeys(resolve(keyFile));
  // It brings what writes a PDF along, which no other command waits for.
  const { askHostDrill, writeHostCertificate } = await import('../host-drill.ts');
  const told = await askHostDrill({ place, practice: given.optional('practice'), copy, at }, terminal);
  if ('code' in told) {
    terminal.result({ copy, outcome: 'inconclusive', codes: [told.code] }, [`The server gave it up: ${told.code}`]);
    return exits.findings;
  }
  if (file !== null && keys !== null) await writeHostCertificate(told, { place, keys, file: resolve(file), language });
  const practice = bytesToHex(told.practice);
  terminal.result(
    {
      ...{ copy, outcome: told.drill.outcome, entry: told.index, certificate: file },
      practices: [jsonOf({ practice, ...told.drill })],
    },
    [
      ...tableOf([[practice, told.drill]]),
      `Entry ${told.index} of the practice’s journal.`,
      ...(file === null ? [] : [`Certificate: ${file}`]),
    ],
  );
  return exitOf(told.drill.outcome);
}

function exitOf(outcome: DrillOutcome): number {
  return outcome === 'proven' ? exits.done : exits.findings;
}

function languageOf(text: string | null): 'fr' | 'en' {
  if (text === null || text === 'fr' || text === 'en') return text ?? 'fr';
  throw usageError('--language is fr or en', 'drill');
}

type Told = Omit<BodyOf<'drill'>, 'kind'>;

function jsonOf(told: Told & { readonly practice: string }): JsonValue {
  const { practice, destination, size, root, at, startedAt, durationMs, entries, blobs, bytes } = told;
  const { clinical, billing, findings, outcome, codes } = told;
  return {
    ...{ practice, destination, size, root: bytesToHex(root), at, startedAt, durationMs, entries, blobs, bytes },
    ...{ clinical, billing, findings, outcome, codes },
  };
}

function tableOf(results: readonly (readonly [practice: string, told: Told])[]): string[] {
  return textTable(
    ['practice', 'outcome', 'entries', 'documents', 'root', 'ms', 'found'],
    results.map(([practice, { outcome, entries, blobs, root, durationMs, codes }]) => [
      ...[practice.slice(0, 16), outcome, entries, blobs, bytesToHex(root).slice(0, 16), durationMs, codes.join(' ')],
    ]),
  );
}
