import { asOwner } from '@serment/store/open-owner';
import { addOperator, type ListedOperator, listOperators, removeOperator } from '@serment/store/operator-list';
import type { Database } from '@serment/store/postgres/connect';
import { type Command, type Given, jsonOption, type Option } from '../command.ts';
import { usageError } from '../error.ts';
import { exits } from '../failure.ts';
import { databaseOption, placeOf } from '../host-place.ts';
import { instantText, textTable } from '../table.ts';

const placeOptions: readonly Option[] = [
  { name: 'data', value: 'DIR', help: 'data folder of the host, whether its server runs or not' },
  databaseOption,
];
const name = { label: 'NAME', help: 'as members will read it in their journal', least: 1, most: 1 };
const exitsOf = (done: string, usage: string) =>
  [
    [0, done],
    [2, `usage: ${usage}`],
    [3, 'cannot reach the data folder or the database'],
    [5, 'data folder damaged, or of a newer version'],
  ] as const;

export const addOperatorCommand: Command = {
  name: 'operator add',
  summary: 'let an operator of the host enrol, for the first time or anew',
  description:
    'Gives a code that serves once, within an hour, at the host’s console: the operator chooses a passkey, or a password\nwith an authenticator application. For a known name it gives a new way in, and what stands until then goes on\nuntil the code is used. An operator belongs to no practice, holds no key, and acts in the open: each act is written in\nthe journal of the practice, under this name.',
  operands: name,
  options: [
    ...placeOptions,
    { name: 'console-url', value: 'URL', help: 'address of the console, to print the whole link' },
    jsonOption,
  ],
  exits: exitsOf('the code is printed', 'NAME is no name, or no data folder is there'),
  safe: 'No operator was added or changed',
  async run(given, terminal) {
    const page = pageOf(given.optional('console-url'));
    const added = await at(given, (owner) => addOperator(owner, given.operands[0] ?? '', Date.now()));
    const { code, expires, isNew } = added;
    const link = page === null ? null : `${page}#${code}`;
    terminal.result({ operator: added.name, code, link, expires, isNew }, [
      isNew ? `${added.name} may enrol.` : `${added.name} may enrol anew; until then the way in stays as it is.`,
      link === null ? `Open the host’s console (serment start --console-port N), and type:  ${code}` : `Open:  ${link}`,
      `It serves once, until ${instantText(expires)}. Give it to nobody else.`,
    ]);
    return exits.done;
  },
};

export const listOperatorsCommand: Command = {
  name: 'operator list',
  summary: 'list the operators of the host',
  description: 'Lists the operators of the host and how each enters.',
  operands: null,
  options: [...placeOptions, jsonOption],
  exits: exitsOf('listed', 'no data folder is there'),
  safe: 'Nothing was changed: listing only reads',
  async run(given, terminal) {
    const operators = await at(given, (owner) => listOperators(owner, Date.now()));
    const rows = operators.map((one) => [one.name, wayText(one), instantText(one.created)]);
    terminal.result(
      { operators: operators.map((one) => ({ ...one })) },
      operators.length === 0 ? ['No operator.'] : textTable(['name', 'enters by', 'added'], rows),
    );
    return exits.done;
  },
};

export const removeOperatorCommand: Command = {
  name: 'operator remove',
  summary: 'remove an operator of the host',
  description:
    'Removes an operator and ends its sessions at once. What it did stays in the journals of the practices, under its name.',
  operands: { ...name, help: 'of the operator' },
  options: [...placeOptions, jsonOption],
  exits: exitsOf('removed', 'there is no such operator, or no data folder'),
  safe: 'No operator was removed',
  async run(given, terminal) {
    const removed = await at(given, (owner) => removeOperator(owner, given.operands[0] ?? ''));
    terminal.result({ operator: removed }, [`${removed} is an operator no more.`]);
    return exits.done;
  },
};

async function at<Result>(given: Given, run: (owner: Database) => Promise<Result>): Promise<Result> {
  return asOwner(await placeOf(given), run);
}

function pageOf(text: string | null): string | null {
  if (text === null) return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol)) throw usageError('--console-url is no address');
  return `${url.origin}/`;
}

function wayText({ way, enrolsUntil }: ListedOperator): string {
  const words = way === 'passkey' ? 'passkey' : way === 'password' ? 'password and authenticator' : 'not enrolled yet';
  return enrolsUntil === null ? words : `${words}, code until ${instantText(enrolsUntil)}`;
}
