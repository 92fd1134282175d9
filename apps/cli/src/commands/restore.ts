import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { bytesToHex, equalBytes } from '@serment/core/bytes';
import type { Destination } from '@serment/store/copy/destination';
import { planRestore, type RestorePlan, type RestoreReport, restoreCopy } from '@serment/store/copy/restore';
import { keepHeapSmall } from '@serment/store/copy/small-heap';
import { exportHostKeys, type HostKeys, loadHostKeys } from '@serment/store/host-keys';
import { clearLeftover } from '@serment/store/postgres/embedded';
import { type Command, type Given, jsonOption } from '../command.ts';
import { copiesOption, openCopyPlace } from '../copy-place.ts';
import { CliError, outputError, systemCode, usageError } from '../error.ts';
import { exits } from '../failure.ts';
import { findingJson, findingLines } from '../finding-lines.ts';
import { whenInterrupted } from '../interruption.ts';
import { openRestoreTarget } from '../restore-target.ts';
import { instantText, textTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';

export const restoreCommand: Command = {
  name: 'restore',
  summary: 'rebuild a data folder from its copies',
  description:
    'Rebuilds a data folder from one copy or several, into a fresh folder, and recomputes every root from the database it\nwrote. `serment start --data DIR` then serves it: kits read and export at once; members write again once one of them\nhas acknowledged the restore (serment practice accept-restore). Without the host’s key, members enrol again by kit.',
  operands: null,
  options: [
    {
      name: 'from',
      value: 'COPY',
      help: 'folder or name of a copy; each object comes from the first whole one',
      isRequired: true,
      isRepeated: true,
    },
    { name: 'data', value: 'DIR', help: 'data folder to make; must not exist or be empty', isRequired: true },
    { name: 'at', value: 'TIME', help: 'as it stood then: 2026-11-23T14:05, or a day for its end' },
    { name: 'host-key', value: 'FILE', help: 'the host’s key: keeps its identity, and passwords' },
    copiesOption,
    jsonOption,
  ],
  exits: [
    [0, 'restored whole'],
    [1, 'restored, but no copy has some of it any more: the report says what'],
    [2, 'usage; DIR is not empty'],
    [3, 'cannot reach a copy or the disk'],
    [4, 'wrong host key'],
    [5, 'damaged: nothing could be restored, or with another root'],
  ],
  safe: 'The copies are as they were, and nothing was put at --data',
  async run(given, terminal) {
    keepHeapSmall();
    const startedAt = performance.now();
    const dataDir = resolve(given.text('data'));
    await refuseUsed(dataDir);
    const at = parseTime(given.optional('at'));
    const destinations: Destination[] = [];
    try {
      for (const path of given.list('from')) destinations.push(await openCopyPlace(given, path));
      const options = { destinations, ...(at === null ? {} : { at }) };
      const plan = await planRestore(options);
      announce(terminal, plan, at);
      const keyFile = given.optional('host-key');
      const hostKeys = keyFile === null ? null : await ownHostKeys(resolve(keyFile), plan);
      const report = await restoreInto(dataDir, { ...options, terminal, hostKeys, keyFile });
      return tell(terminal, given, { report, at, durationMs: performance.now() - startedAt });
    } finally {
      for (const destination of destinations) await destination.close();
    }
  },
};

/** Throws TARGET_NOT_EMPTY. */
async function refuseUsed(dataDir: string): Promise<void> {
  try {
    if ((await readdir(dataDir)).length === 0) return;
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return;
    if (systemCode(cause) !== 'ENOTDIR') throw outputError(cause);
  }
  throw new CliError('TARGET_NOT_EMPTY', 'The folder given to --data is not empty', {
    hint: 'A restore goes into a fresh folder: nothing that exists is ever written over.',
  });
}

/** Milliseconds; a day alone stands for its last instant, here where the command runs. Throws USAGE. */
export function parseTime(text: string | null, command = 'restore'): number | null {
  if (text === null) return null;
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const isInstant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?$/.test(text);
  const time = Date.parse(isDay ? `${text}T23:59:59.999` : text);
  if (!(isDay || isInstant) || Number.isNaN(time)) throw usageError('--at is a time such as 2026-11-23T14:05', command);
  return time;
}

function announce(terminal: Terminal, plan: RestorePlan, at: number | null): void {
  const rows = plan.practices.map(({ practice, opened, fence }) => [
    practice.slice(0, 16),
    opened.state.size,
    opened.state.place.fence,
    fence,
    opened.destination.name,
  ]);
  if (at !== null) terminal.log(`As it stood at ${instantText(at)}`);
  for (const line of textTable(['practice', 'entries', 'fence', 'new fence', 'copy'], rows)) terminal.log(line);
}

/** The keys of the file. Throws HOST_KEY_WRONG when none of the practices names this host. */
async function ownHostKeys(path: string, plan: RestorePlan): Promise<HostKeys> {
  const keys = await loadHostKeys(path);
  for (const { opened } of plan.practices)
    if (opened.governance.hosts.some(({ author }) => equalBytes(author, keys.signer.author))) return keys;
  throw new CliError('HOST_KEY_WRONG', 'This host key is not of the host that made these copies', {
    hint: 'Give the file that its first start wrote, or none: members then enrol again by kit.',
  });
}

interface Restoring {
  readonly destinations: readonly Destination[];
  readonly at?: number;
  readonly terminal: Terminal;
  readonly hostKeys: HostKeys | null;
  readonly keyFile: string | null;
}

/** Restores beside the folder's place, then gives it its name: half a restore never passes for a data folder. */
async function restoreInto(dataDir: string, options: Restoring): Promise<RestoreReport> {
  const { terminal, hostKeys, keyFile, ...from } = options;
  await clearCut(dataDir);
  const written = join(dirname(dataDir), `${unfinishedOf(dataDir)}${randomBytes(8).toString('hex')}`);
  const target = { close: async (): Promise<void> => undefined };
  const undo = async () => {
    await target.close().catch(() => undefined);
    await rm(written, { recursive: true, force: true, maxRetries: 5 });
  };
  const release = whenInterrupted(undo);
  try {
    await mkdir(written, { recursive: true, mode: 0o700 });
    const opened = await openRestoreTarget(written, hostKeys);
    target.close = opened.close;
    const report = await restoreCopy({
      ...from,
      sink: opened.sink,
      onProgress: ({ practice, entries, size }) =>
        terminal.progress(`Restoring ${practice.slice(0, 16)}`, entries, size),
    });
    await opened.close();
    if (keyFile !== null) await exportHostKeys(keyFile, join(written, 'host.key'));
    await rename(written, dataDir);
    const folder = await open(dirname(dataDir), 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
    return report;
  } catch (cause) {
    await undo();
    throw outputError(cause);
  } finally {
    release();
  }
}

/** How the name begins under which a data folder is written before it has its own. */
function unfinishedOf(dataDir: string): string {
  return `.${basename(dataDir)}.new-`;
}

/** Removes what restores of this folder that were killed left beside it, their databases' processes included. */
async function clearCut(dataDir: string): Promise<void> {
  const parent = dirname(dataDir);
  const names = await readdir(parent).catch((): string[] => []);
  for (const name of names.filter((one) => one.startsWith(unfinishedOf(dataDir)))) {
    const folder = join(parent, name);
    // One that has no owner yet is just being made by another process.
    const isOwned = (await readdir(folder)).some((file) => file.startsWith('owner.'));
    if (isOwned && (await clearLeftover(folder))) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function tell(
  terminal: Terminal,
  given: Given,
  { report, at, durationMs }: { report: RestoreReport; at: number | null; durationMs: number },
): number {
  const { practices, findings, hasAccounts } = report;
  const keepsHost = given.optional('host-key') !== null;
  const damages = findings.filter(({ severity }) => severity === 'damage').length;
  terminal.result(
    {
      ...{ data: given.text('data'), at, keepsHost, hasAccounts },
      practices: practices.map(({ practice, size, root, fence, provenSize, receivedAt, blobs }) => ({
        ...{ practice, entries: size, root: bytesToHex(root), fence, provenSize, receivedAt, blobs },
      })),
      findings: findings.map(findingJson),
      durationMs: Math.round(durationMs),
    },
    [
      ...textTable(
        ['practice', 'entries', 'documents', 'fence', 'root'],
        practices.map((one) => [one.practice.slice(0, 16), one.size, one.blobs, one.fence, bytesToHex(one.root)]),
      ),
      ...findingLines(findings, findings.length),
      `Restored in ${(durationMs / 1000).toFixed(1)} s. Next: serment start --data ${given.text('data')} --port 4400`,
      keepsHost
        ? 'The host is the same. A member acknowledges the restore, then everybody writes again.'
        : 'The host has a new key: members enrol again by kit, once one of them has acknowledged the restore.',
    ],
  );
  return damages > 0 ? exits.findings : exits.done;
}
