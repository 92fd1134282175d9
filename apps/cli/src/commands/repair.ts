import { join } from 'node:path';
import type { Destination } from '@serment/store/copy/destination';
import { type RepairReport, repairCopy, type Unrepaired } from '@serment/store/copy/repair';
import { keepHeapSmall } from '@serment/store/copy/small-heap';
import { type Command, type Given, jsonOption } from '../command.ts';
import { copiesOption, openCopyPlace } from '../copy-place.ts';
import { usageError } from '../error.ts';
import { exits } from '../failure.ts';
import { withLiveCopy } from '../live-copy.ts';
import { textTable } from '../table.ts';
import type { JsonValue, Terminal } from '../terminal.ts';

const shown = 40;
const formatFolder = join(import.meta.dirname, '../../../../docs/format');

/** Why something stays as it is, and what to do about it. */
const reasons: Readonly<Record<Unrepaired['reason'], readonly [meaning: string, action: string]>> = {
  nowhere: [
    'no copy given here has it whole',
    'Give every other copy with --from; `serment verify` says what it touches.',
  ],
  locked: [
    'damaged, and a bucket keeps the first version of a name',
    'Fill a fresh place: an empty folder, or a bucket under another prefix, as the COPY of this command.',
  ],
  'not-read-back': [
    'what was written there did not come back the same',
    'The disk may be failing, or somebody else writes there: fill a fresh copy on another one.',
  ],
  fork: [
    'the host signed two different histories, and none was preferred',
    'Delete nothing, keep the copies as they are, and have the host examined.',
  ],
  unproven: ['none of the copies given proves anything under it', '`serment verify` on each of them says why.'],
};

export const repairCommand: Command = {
  name: 'repair',
  summary: 'write into a damaged copy what other copies prove',
  description:
    'Writes what COPY lacks of what it and the copies of --from prove together, each object from whichever has it whole,\nentry by entry. Whatever it writes is checked first, against the proven tree or its hash. Nothing is deleted: a\ndamaged file is put aside under another name in its folder. In a bucket, what is missing is written, and what is\ndamaged stays, since the first version of a name is the object. Run again, it goes on; an empty COPY is filled whole.',
  operands: {
    label: 'COPY',
    help: 'folder of the damaged copy, or its name in the file of --copies',
    least: 1,
    most: 1,
  },
  options: [
    {
      name: 'from',
      value: 'COPY',
      help: 'folder or name of another copy of the same practices; without, what can be computed again is',
      isRepeated: true,
    },
    {
      name: 'data',
      value: 'DIR',
      help: 'data folder of the host: its live entries and documents serve too, where a copy proves them',
    },
    { name: 'dry-run', help: 'say what would be written and put aside, and write nothing' },
    { name: 'practice', value: 'ID', help: 'this practice alone, in hexadecimal' },
    ...[copiesOption, jsonOption],
  ],
  exits: [
    [0, 'the copy is whole, or is again: everything that was written was read back'],
    [1, 'something stays as it is, and is named; with --dry-run, something would be written'],
    [2, 'usage'],
    [3, 'cannot reach a copy, or no copy there, or the database; a disk is full'],
    [5, 'damaged: the copies prove nothing together, or another format'],
  ],
  safe: 'Nothing was deleted or written over: run it again to go on',
  async run(given, terminal) {
    keepHeapSmall();
    const [path = ''] = given.operands;
    const from = given.list('from');
    if (from.includes(path)) throw usageError('A copy is not repaired from itself', 'repair');
    const isDryRun = given.has('dry-run');
    const opened: Destination[] = [];
    try {
      const bad = await openCopyPlace(given, path, { mayBeEmpty: true });
      opened.push(bad);
      for (const one of from) opened.push(await openCopyPlace(given, one));
      if (!isDryRun) await bad.prepare();
      const practice = given.optional('practice');
      const repair = (live: readonly Destination[]) =>
        repairCopy({
          ...{ bad, good: [...opened.slice(1), ...live], isDryRun, formatFolder },
          ...(practice === null ? {} : { practice }),
          onProgress: ({ practice: id, entries, size }) =>
            terminal.progress(`Repairing ${id.slice(0, 16)}: entries`, entries, size),
        });
      const hasLive = given.optional('data') !== null;
      return tell(terminal, given, await (hasLive ? withLiveCopy(given, (live) => repair([live])) : repair([])));
    } finally {
      for (const destination of opened) await destination.close();
    }
  },
};

function tell(terminal: Terminal, given: Given, report: RepairReport): number {
  const { practices, actions, written, replaced, putAside, unproven, unrepaired, unrepairedCount } = report;
  const isDryRun = given.has('dry-run');
  const done = written + replaced + putAside;
  const rows = practices.map((one) => [one.practice.slice(0, 16), one.fence, one.size, one.provenSize]);
  const seconds = (report.durationMs / 1000).toFixed(1);
  const words = { written: 'written', replaced: 'replaced', 'put-aside': 'put aside' };
  terminal.result(
    {
      ...{ copy: given.operands[0] ?? '', from: given.list('from'), isDryRun },
      practices: practices.map((one) => ({ ...one })),
      actions: actions.map((one) => ({ ...one })),
      ...{ written, replaced, putAside, unproven },
      unrepaired: unrepaired.map(unrepairedJson),
      ...{ unrepairedCount, durationMs: Math.round(report.durationMs) },
    },
    [
      ...textTable(
        ['practice', 'fence', 'entries proven by all', isDryRun ? 'by this copy' : 'now by this copy'],
        rows,
      ),
      ...actions.slice(0, shown).map(({ object, how }) => `+ ${isDryRun ? 'would be ' : ''}${words[how]}  ${object}`),
      ...moreLine(done - Math.min(actions.length, shown)),
      ...unrepaired.slice(0, shown).flatMap(unrepairedLines),
      ...moreLine(unrepairedCount - Math.min(unrepaired.length, shown)),
      ...(unproven === 0
        ? []
        : [`${unproven} of these are drafts or account data: their form was checked, and their keys alone tell more.`]),
      `${isDryRun ? 'Nothing was written. Would be: ' : ''}${written} written, ${replaced} replaced, ${putAside} put aside, ${unrepairedCount} left as they are, in ${seconds} s`,
    ],
  );
  if (practices.length === 0 && unrepairedCount > 0 && unrepaired.every(({ reason }) => reason === 'unproven'))
    return exits.damaged;
  return unrepairedCount > 0 || (isDryRun && done > 0) ? exits.findings : exits.done;
}

function unrepairedLines({ object, reason, from, to }: Unrepaired): string[] {
  const [meaning, action] = reasons[reason];
  const entries =
    from === null || to === null ? '' : to - from === 1 ? `  entry ${from}` : `  entries ${from} to ${to - 1}`;
  return [`✗ ${object}${entries}`, `  ${meaning}. ${action}`];
}

function unrepairedJson(one: Unrepaired): JsonValue {
  const [meaning, action] = reasons[one.reason];
  return { ...one, meaning, action };
}

function moreLine(count: number): string[] {
  return count > 0 ? [`… and ${count} more: --json lists them`] : [];
}
