import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readArguments } from '../src/command-line.ts';
import { commandNames, loadCommand, loadCommands } from '../src/commands.ts';
import { commandHelp, programHelp } from '../src/help.ts';
import { serment } from './serment.ts';

const commands = await loadCommands();

for (const command of commands) {
  test(`serment ${command.name} --help says its usage, its options and its exit statuses`, () => {
    const help = commandHelp(command);
    assert.match(help, new RegExp(`^Usage: serment ${command.name}\\b`, 'm'));
    for (const { name, value, isRequired } of command.options) {
      assert.ok(help.includes(`--${name}${value === undefined ? '' : ` ${value}`}`));
      if (isRequired) assert.match(help, new RegExp(`^Usage: .*--${name} `, 'm'));
    }
    const table = help.slice(help.indexOf('Exit status'));
    for (const [status, meaning] of command.exits) assert.ok(table.includes(`  ${status}  ${meaning}`));
    assert.ok(command.exits.some(([status]) => status === 0) && command.exits.some(([status]) => status === 2));
    for (const line of help.split('\n')) assert.ok(line.length <= 140, line);
  });

  test(`serment ${command.name} refuses what it does not know, and what is missing`, () => {
    assert.throws(() => readArguments(command, ['--no-such-option']), { code: 'USAGE' });
    const isNeeded = command.options.some(({ isRequired }) => isRequired) || (command.operands?.least ?? 0) > 0;
    if (isNeeded) assert.throws(() => readArguments(command, []), { code: 'USAGE' });
  });
}

test('each command is found by its own name alone', async () => {
  assert.deepEqual(
    commands.map(({ name }) => name),
    commandNames,
  );
  assert.equal((await loadCommand('device add'))?.name, 'device add');
  for (const name of ['device', 'add', '', 'constructor']) assert.equal(await loadCommand(name), undefined);
});

test('an option that is empty or given twice is refused; one that repeats is kept in order', () => {
  const [restore, verify] = ['restore', 'verify'].map((name) => commands.find((command) => command.name === name)!);
  assert.throws(() => readArguments(restore!, ['--from', 'a', '--data', '']), { code: 'USAGE' });
  assert.throws(() => readArguments(restore!, ['--from', 'a', '--data', 'b', '--data', 'c']), { code: 'USAGE' });
  assert.deepEqual(readArguments(restore!, ['--from', 'a', '--from', 'b', '--data', 'c']).list('from'), ['a', 'b']);
  assert.throws(() => readArguments(verify!, ['a', 'b']), { code: 'USAGE' });
  assert.deepEqual(readArguments(verify!, ['--json', '--', '-odd']).operands, ['-odd']);
});

test('the program itself: help, version, an unknown command', async () => {
  const [help, version, unknown, none, drill] = await Promise.all([
    serment(['--help']),
    serment(['--version']),
    serment(['destroy']),
    serment([]),
    serment(['drill', '--help']),
  ]);
  assert.deepEqual([help.code, help.stdout], [0, programHelp(commands)]);
  assert.deepEqual([version.code, version.stdout], [0, 'serment 0.1.0\n']);
  assert.deepEqual([unknown.code, none.code, drill.code], [2, 2, 0]);
  assert.match(unknown.stderr, /^serment: “destroy” is no command\.\nNothing was done\.\nSee: serment --help\.\n$/);
});
