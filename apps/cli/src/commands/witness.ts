import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { hexToBytes } from '@serment/core/bytes';
import { CodedError } from '@serment/core/error';
import { inParallel } from '@serment/core/in-parallel';
import type { TreeHead } from '@serment/core/journal/header';
import { openScratchStore } from '@serment/store/copy/scratch-store';
import { StoreError } from '@serment/store/error';
import { takeOwnership } from '@serment/store/postgres/owner-lock';
import { type Command, type Given, jsonOption, type Option } from '../command.ts';
import { copiesOption, openCopyPlace } from '../copy-place.ts';
import { CliError, outputError, usageError } from '../error.ts';
import { exits } from '../failure.ts';
import { everyMinutesOption, minute, repeated } from '../repeated.ts';
import { transportTo } from '../server-address.ts';
import { instantText, textTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { drillWhenDue } from '../witness/drill-copy.ts';
import { feedOf, isAlarm, type ShownPractice, shownPractice } from '../witness/feed.ts';
import { pageOf } from '../witness/page.ts';
import { type Published, publish } from '../witness/publish.ts';
import { newWatched, type Step, type WatchOptions, watchOnce } from '../witness/watch.ts';
import { readWatched, type WatchSource, watchedPractices, writeWatched } from '../witness/watch-file.ts';
import { openWitness, type Witness } from '../witness/witness-key.ts';

const stateOption: Option = {
  name: 'state',
  value: 'DIR',
  help: 'folder of the witness: its key, and what it saw of each practice',
  isRequired: true,
};
const safe = 'Nothing was cosigned that this witness had not kept first';
const practicesAtOnce = 8;
const stepMs = 120_000;

export const witnessCommand: Command = {
  name: 'witness',
  summary: 'follow the journals of practices from outside their host, and cosign what only grows',
  description:
    'Asks the host of each practice that this folder follows, or reads its copy, for its signed head, checks that it begins with the one seen\nbefore, and cosigns it (docs/format/witness.md). Run it on another machine than the host’s. It holds no key of a\npractice and reads no record. Whoever restores its folder from a backup restores what it had seen by then.',
  operands: null,
  options: [
    stateOption,
    everyMinutesOption,
    copiesOption,
    { name: 'drills', value: 'HOURS', help: 'restore each copy that is followed, once in so many hours, to prove it' },
    { name: 'port', value: 'N', help: 'with --every: serve a page at / and a feed at /feed.json there' },
    { name: 'host', value: 'H', help: 'address to serve them at (default: loopback)' },
    jsonOption,
  ],
  exits: [
    [0, 'every practice is in order'],
    [
      1,
      'alarm: fork, rollback, silence, a restoration that nobody acknowledged, a clock that went back, a failed drill',
    ],
    [2, 'usage'],
    [3, 'a host cannot be reached or gave no head, the folder is in use, or the address is taken'],
    [5, 'damaged: the key, or what is kept of a practice, which is not cosigned any more'],
  ],
  safe,
  async run(given, terminal) {
    const dir = resolve(given.text('state'));
    const [port, host] = portOf(given);
    return withFolder(dir, async () => {
      const witness = await openWitness(dir, null);
      terminal.log(`Key line: ${witness.keyLine}`);
      let published = publishedOf(witness, []);
      const server = port === null ? null : await publish(port, host, () => published);
      const address = server?.address();
      if (typeof address === 'object' && address) terminal.log(`ready http://${host}:${address.port}`);
      try {
        const run = async () => {
          const { shown, status } = await look(dir, witness, given, terminal);
          published = publishedOf(witness, shown);
          return status;
        };
        return await repeated(given, terminal, { command: 'witness', safe, run, unit: minute });
      } finally {
        server?.closeAllConnections();
        server?.close();
      }
    });
  },
};

export const followCommand: Command = {
  name: 'witness follow',
  summary: 'have this witness follow one more practice',
  description:
    'Adds a practice to those that this folder follows; the witness’s key is made with the first. A doctor then gives the\nkey line that is printed to “Mon coffre”, and from then on the host lets the witness in. Without --head the first head\nthat the host gives is trusted; with it, that head must begin with the one told.',
  operands: null,
  options: [
    stateOption,
    { name: 'server', value: 'URL', help: 'address of its host' },
    { name: 'from', value: 'COPY', help: 'a copy instead: its folder, or its name in the file of --copies' },
    { name: 'practice', value: 'ID', help: 'id of the practice, in hexadecimal', isRequired: true },
    { name: 'name', value: 'NAME', help: 'at first: what the witness signs under, such as witness.example/w1' },
    {
      name: 'head',
      value: 'SIZE:ROOT',
      help: 'a head that a device of the practice verified, its root in hexadecimal',
    },
    jsonOption,
  ],
  exits: [
    [0, 'done: the practice is followed from the next run on'],
    [2, 'usage, or the practice is followed already'],
    [3, 'the folder is in use, or cannot be written'],
    [5, 'the key of this witness is damaged'],
  ],
  safe: 'What this witness keeps is as it was',
  async run(given, terminal) {
    const dir = resolve(given.text('state'));
    const id = given.text('practice');
    if (!/^[0-9a-f]{64}$/.test(id)) throw usageError('--practice is an id of 64 hexadecimal digits', 'witness follow');
    const source = sourceOf(given);
    const pinned = headOf(given.optional('head'));
    return withFolder(dir, async () => {
      const witness = await openWitness(dir, given.optional('name'));
      if ((await watchedPractices(dir)).includes(id))
        throw new CliError('WITNESS_FOLLOWS', 'This witness follows that practice already', {
          hint: 'Where its host has moved, follow it from another folder.',
        });
      const followed = { practice: hexToBytes(id), known: null, isForked: false, pinned };
      await writeWatched(dir, newWatched(followed, { source, since: Date.now() }));
      terminal.result({ practice: id, ...source, key: witness.keyLine }, [
        'Followed from the next run on. The key line of this witness, for “Mon coffre”:',
        witness.keyLine,
      ]);
      return exits.done;
    });
  },
};

/** Looks at every practice once, and says what came of it. */
async function look(
  dir: string,
  witness: Witness,
  given: Given,
  terminal: Terminal,
): Promise<{ shown: ShownPractice[]; status: number }> {
  const rows: { practice: string; shown: ShownPractice; code: string | null }[] = [];
  const practices = await watchedPractices(dir);
  await inParallel(practices, practicesAtOnce, async (practice) => {
    const openCopy = (copy: string) => openCopyPlace(given, copy);
    const { watched, code } = await lookAt(practice, { dir, witness, clock: Date.now, stepMs, openCopy });
    rows.push({ practice, shown: shownPractice(practice, watched), code });
  });
  const everyMs = drillsOf(given);
  if (everyMs !== null) for (const row of rows) row.shown = await drilled(row, { dir, everyMs, given, terminal });
  rows.sort((left, right) => (left.practice < right.practice ? -1 : 1));
  const found = new Set(rows.map(({ shown, code }) => statusOf(shown, code)));
  const status = worstFirst.find((one) => found.has(one)) ?? exits.done;
  const told = rows.map(({ practice, shown: { events: _, practice: name, ...shown }, code }) => ({
    ...{ practice, pseudonym: name, ...shown, code },
  }));
  terminal.result({ witness: witness.name, practices: told }, [
    ...textTable(
      ['practice', 'shown as', 'state', 'entries', 'cosigned', 'drill', ''],
      told.map((one) => [
        ...[one.practice.slice(0, 16), one.pseudonym, one.state, one.size ?? 0],
        ...[instantText(one.cosigned === null ? null : one.cosigned * 1000), one.drill ?? '', one.code ?? ''],
      ]),
    ),
    `${rows.length} practices, ${rows.filter(({ code }) => code === null).length} cosigned`,
  ]);
  return { shown: rows.map(({ shown }) => shown), status };
}

/** One damaged file stops the cosigning of one practice; the others go on. */
async function lookAt(
  practice: string,
  options: WatchOptions,
): Promise<{ watched: Step['watched'] | null; code: string | null }> {
  try {
    return await watchOnce(await readWatched(options.dir, practice), options);
  } catch (error) {
    if (error instanceof CliError && error.code === 'WITNESS_STATE_DAMAGED') return { watched: null, code: error.code };
    throw error;
  }
}

/** One at a time: a restoration takes a disk and a database. */
async function drilled(
  { practice, shown }: { practice: string; shown: ShownPractice },
  { dir, everyMs, given, terminal }: { dir: string; everyMs: number; given: Given; terminal: Terminal },
): Promise<ShownPractice> {
  if (shown.state === 'damaged') return shown;
  const openScratch = (copyBytes: number) => openScratchStore({ copyBytes });
  const openCopy = (copy: string) => openCopyPlace(given, copy);
  try {
    const watched = await readWatched(dir, practice);
    return shownPractice(
      practice,
      await drillWhenDue(watched, { dir, clock: Date.now, everyMs, openCopy, openScratch }),
    );
  } catch (error) {
    // A copy that is not there is no answer: it is tried at the next look.
    if (!(error instanceof CodedError) || error.code === 'OUTPUT_UNWRITABLE') throw error;
    terminal.log(`${shown.practice}: not restored (${error.code})`);
    return shown;
  }
}

/** An alarm is not hidden by a host that cannot be reached. */
const worstFirst: readonly number[] = [exits.damaged, exits.findings, exits.unreachable];

function statusOf(shown: ShownPractice, code: string | null): number {
  if (shown.state === 'damaged') return exits.damaged;
  if (isAlarm(shown)) return exits.findings;
  return code === null ? exits.done : exits.unreachable;
}

function publishedOf(witness: Witness, shown: readonly ShownPractice[]): Published {
  return { page: pageOf(witness, shown, Date.now()), feed: feedOf(witness.keyLine, shown) };
}

/** One program at a time: two that judge the same head could cosign what contradicts. Throws WITNESS_IN_USE. */
async function withFolder(dir: string, use: () => Promise<number>): Promise<number> {
  await mkdir(dir, { recursive: true, mode: 0o700 }).catch((cause: unknown) => {
    throw outputError(cause);
  });
  const lock = await takeOwnership(dir).catch((error: unknown) => {
    if (!(error instanceof StoreError && error.code === 'DATA_IN_USE')) throw error;
    throw new CliError('WITNESS_IN_USE', 'Another witness uses this folder', {
      hint: 'Stop it first; two that sign with one key would contradict each other.',
    });
  });
  try {
    return await use();
  } finally {
    await lock.release();
  }
}

function sourceOf(given: Given): WatchSource {
  const [server, copy] = [given.optional('server'), given.optional('from')];
  if ((server === null) === (copy === null))
    throw usageError('--server URL is needed, or --from COPY', 'witness follow');
  if (server !== null) return { server: transportTo(server).baseUrl };
  return { copy: copy ?? '' };
}

function drillsOf(given: Given): number | null {
  const text = given.optional('drills');
  if (text === null) return null;
  const hours = Number(text);
  if (!/^\d{1,3}$/.test(text) || hours < 1) throw usageError('--drills is a number of hours, from 1 to 999', 'witness');
  return hours * 3_600_000;
}

function portOf(given: Given): [number | null, string] {
  const text = given.optional('port');
  if (text === null) return [null, ''];
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw usageError('--port is a number from 0 to 65535', 'witness');
  if (given.optional('every') === null) throw usageError('--port goes with --every', 'witness');
  return [port, given.optional('host') ?? 'localhost'];
}

function headOf(text: string | null): TreeHead | null {
  if (text === null) return null;
  const [, size = '', root = ''] = /^([1-9]\d{0,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (!Number.isSafeInteger(Number(size)) || root === '')
    throw usageError('--head is a size, a colon and a root of 64 hexadecimal digits', 'witness follow');
  return { size: Number(size), root: hexToBytes(root) };
}
