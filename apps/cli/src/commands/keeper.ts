import type { KeeperReport } from '@serment/store/copy/s3/keeper';
import { type Command, jsonOption } from '../command.ts';
import { bucketNamed, copiesOption } from '../copy-place.ts';
import { exits } from '../failure.ts';
import { everyOption, repeated } from '../repeated.ts';
import { instantText } from '../table.ts';
import type { Terminal } from '../terminal.ts';

const safe = 'No lock is shorter than it was, and nothing was deleted';
const shownAlarms = 40;
const meanings = {
  LOCK_SHORT: 'less than half of its lock was left: run the keeper more often',
  LOCK_MISSING: 'it had no lock: find out who put it there, or why the store locked it not',
  LOCK_REFUSED: 'the store did not lengthen its lock: check what these credentials may do',
} as const;

export const keeperCommand: Command = {
  name: 'keeper',
  summary: 'lengthen the locks of what a copy in a bucket still needs',
  description:
    'Lengthens the locks of every object that is still live, by the lock days of the copy and no further, and says which\nwere found with less than half of their time. It needs credentials of its own, which list, read and lengthen, and\nnever delete (docs/operations.md). Run it every day.',
  operands: { label: 'COPY', help: 'name of a bucket in the file of --copies', least: 1, most: 1 },
  options: [{ ...copiesOption, isRequired: true }, everyOption, jsonOption],
  exits: [
    [0, 'everything that is live is locked for more than half of its time'],
    [1, 'alarm: a lock was found short or missing, or could not be lengthened'],
    [2, 'usage'],
    [3, 'cannot reach the bucket, or it has no Object Lock'],
  ],
  safe,
  async run(given, terminal) {
    const place = await bucketNamed(given, given.operands[0] ?? '', 'keeper');
    // Loaded here alone: what speaks to a bucket is large.
    const { keepLocks } = await import('@serment/store/copy/s3/keeper');
    const run = async () => {
      const report = await keepLocks(place, (objects) => terminal.progress('Looking at locks: objects', objects));
      return tell(terminal, report, place.name);
    };
    return repeated(given, terminal, { command: 'keeper', safe, run });
  },
};

function tell(terminal: Terminal, report: KeeperReport, copy: string): number {
  const { live, liveBytes, passed, passedBytes, lengthened, endsFirst, alarms } = report;
  const shown = alarms
    .slice(0, shownAlarms)
    .flatMap(({ code, object, lockedUntil }) => [
      `✗ ${code}  ${object}${lockedUntil === 0 ? '' : `  until ${instantText(lockedUntil)}`}`,
      `  ${meanings[code]}`,
    ]);
  const more = alarms.length - shownAlarms;
  terminal.result({ copy, ...report, alarms: alarms.map((alarm) => ({ ...alarm, meaning: meanings[alarm.code] })) }, [
    ...shown,
    ...(more > 0 ? [`… and ${more} more: --json lists them`] : []),
    `${live} objects are live (${megabytes(liveBytes)}), ${lengthened} locks lengthened, the first ends ${instantText(endsFirst)}`,
    `${passed} objects are left to their locks (${megabytes(passedBytes)})`,
  ]);
  return alarms.length > 0 ? exits.findings : exits.done;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
