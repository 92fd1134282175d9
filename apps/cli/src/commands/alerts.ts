import { execFile } from 'node:child_process';
import { userInfo } from 'node:os';
import { fileURLToPath } from 'node:url';
import { isOperatorName } from '@serment/core/journal/operator-act';
import type { ChannelTrial } from '@serment/server/alerts/try-channels';
import type { Alert } from '@serment/store/alerts/alert';
import { acknowledgeAlerts, listAlerts } from '@serment/store/alerts/alert-log';
import { describeAlert } from '@serment/store/alerts/alert-text';
import { asOwner } from '@serment/store/open-owner';
import { type Command, jsonOption, type Option } from '../command.ts';
import { CliError, usageError } from '../error.ts';
import { exits } from '../failure.ts';
import { databaseOption, placeOf } from '../host-place.ts';
import { instantText } from '../table.ts';

const trialProgram = fileURLToPath(new URL('../../../server/src/alerts/try-channels.ts', import.meta.url));
const placeOptions: readonly Option[] = [
  { name: 'data', value: 'DIR', help: 'data folder of the host, whether its server runs or not' },
  databaseOption,
];
const overMs = 7 * 86_400_000;
const reachExits = [
  [3, 'cannot reach the data folder or the database'],
  [5, 'data folder damaged, or of a newer version'],
] as const;

export const listAlertsCommand: Command = {
  name: 'alerts list',
  summary: 'list what is wrong at the host, and who takes care of it',
  description:
    'Lists alerts that are open: what is wrong, since when, whom it concerns (practices by how their pseudonyms begin), and the\none thing to do. The server looks every minute; without one running, this is how it stood when it stopped.',
  operands: null,
  options: [...placeOptions, { name: 'all', help: 'also those that were over in the last seven days' }, jsonOption],
  exits: [[0, 'nothing is open'], [1, 'alerts are open'], [2, 'usage: no data folder is there'], ...reachExits],
  safe: 'Nothing was changed: listing only reads',
  async run(given, terminal) {
    const shownMs = given.has('all') ? overMs : 0;
    const alerts = await asOwner(await placeOf(given), (owner) => listAlerts(owner, Date.now(), shownMs));
    const lines = alerts.flatMap((alert, place) => [...(place === 0 ? [] : ['']), ...linesOf(alert)]);
    terminal.result(
      { alerts: alerts.map((alert) => ({ ...alert, ...describeAlert(alert, 'en', instantText) })) },
      lines.length === 0 ? ['No alert.'] : lines,
    );
    return alerts.some(({ cleared }) => cleared === null) ? exits.findings : exits.done;
  },
};

export const acknowledgeAlertsCommand: Command = {
  name: 'alerts acknowledge',
  summary: 'say that somebody takes care of an alert',
  description:
    'Nobody else is called for these alerts, and they are repeated no more. Who was told of one is told when it spreads to twice\nas many practices, and when it is over. One that comes back after that is a new matter.',
  operands: { label: 'NUMBER…', help: 'as `serment alerts list` and the messages give it', least: 1, most: 64 },
  options: [
    ...placeOptions,
    { name: 'by', value: 'NAME', help: 'who takes care of it (default: this account of the machine)' },
    jsonOption,
  ],
  exits: [
    [0, 'all are acknowledged'],
    [1, 'some are over, somebody’s already, or unknown'],
    [2, 'usage: a number or a name is none, or no data folder is there'],
    ...reachExits,
  ],
  safe: 'No alert was acknowledged',
  async run(given, terminal) {
    const by = given.optional('by') ?? userInfo().username;
    if (!isOperatorName(by)) throw usageError('--by is no name', 'alerts acknowledge');
    const numbers = [...new Set(given.operands.map(numberOf))];
    const done = await asOwner(await placeOf(given), (owner) =>
      acknowledgeAlerts(owner, numbers, { by, now: Date.now() }),
    );
    const left = numbers.filter((number) => !done.includes(number));
    terminal.result({ acknowledged: done, by, left }, [
      ...(done.length === 0 ? [] : [`${by} takes care of ${done.join(', ')}.`]),
      ...(left.length === 0 ? [] : [`Not changed: ${left.join(', ')} (over, somebody’s already, or unknown).`]),
    ]);
    return left.length === 0 ? exits.done : exits.findings;
  },
};

export const testAlertsCommand: Command = {
  name: 'alerts test',
  summary: 'send a trial message on each channel of alerts',
  description:
    'Sends one message on each channel that the file names, as the server would, and says how each answered. It needs no data\nfolder, and counts against no limit.',
  operands: null,
  options: [
    { name: 'alerts', value: 'FILE', help: 'as `serment start --alerts` is given it', isRequired: true },
    { name: 'sms', value: 'FILE', help: 'as `serment start --sms` is given it' },
    jsonOption,
  ],
  exits: [
    [0, 'every channel took its message'],
    [1, 'a channel took nothing'],
    [2, 'usage: what the files say is not right'],
  ],
  safe: 'No alert was changed',
  async run(given, terminal) {
    const trials = await tryChannels(given.text('alerts'), given.optional('sms'));
    terminal.result(
      { channels: trials.map((trial) => ({ ...trial })) },
      trials.map(({ channel, answer, reason, detail, tookMs }) => {
        const said =
          answer === null ? `took nothing: ${[reason, detail].filter(Boolean).join(', ')}` : `took it: ${answer}`;
        return `${channel}: ${said} (${tookMs} ms)`;
      }),
    );
    return trials.every(({ answer }) => answer !== null) ? exits.done : exits.findings;
  },
};

function linesOf(alert: Alert): string[] {
  const { what, whom, act } = describeAlert(alert, 'en', instantText);
  const { cleared, acknowledged, acknowledgedBy } = alert;
  const care = acknowledged === null ? 'Nobody’s yet' : `${acknowledgedBy}’s since ${instantText(acknowledged)}`;
  return [
    `${alert.alert}  ${what}`,
    `   Since ${instantText(alert.since)}, ${whom}.`,
    cleared === null ? `   ${act}` : `   Over since ${instantText(cleared)}.`,
    ...(cleared === null ? [`   ${care}.`] : []),
  ];
}

function numberOf(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw usageError(`“${text}” is no alert’s number`, 'alerts acknowledge');
  return Number(text);
}

function tryChannels(file: string, gateway: string | null): Promise<ChannelTrial[]> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [trialProgram, file, gateway ?? ''], (error, output, said) => {
      if (error !== null) {
        reject(
          error.code === 2 ? usageError(said.trim(), 'alerts test') : new CliError('PROGRAM_MISSING', said.trim()),
        );
        return;
      }
      resolve(
        output
          .split('\n')
          .filter((line) => line !== '')
          .map((line): ChannelTrial => JSON.parse(line)),
      );
    });
  });
}
