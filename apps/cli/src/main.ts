import { readFile } from 'node:fs/promises';
import { inspect } from 'node:util';
import { readArguments } from './command-line.ts';
import { commandNames, loadCommand, loadCommands } from './commands.ts';
import { usageError } from './error.ts';
import { failureOf } from './failure.ts';
import { commandHelp, programHelp } from './help.ts';
import { Terminal } from './terminal.ts';

process.exitCode = await main(process.argv.slice(2));
// A connection that is kept open must not keep the program; what was written must be out first.
for (const stream of [process.stdout, process.stderr])
  await new Promise<void>((resolve) => (stream.writableEnded ? resolve() : stream.write('', () => resolve())));
process.exit();

async function main(args: readonly string[]): Promise<number> {
  // A reader that stops reading (`| head`) is no error.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => process.exit(0));
  const [first = '--help', second = ''] = args;
  if (first === '--version') {
    process.stdout.write(`${await version()}\n`);
    return 0;
  }
  if (first === '--help' || first === 'help') {
    process.stdout.write(programHelp(await loadCommands()));
    return args.length === 0 ? 2 : 0;
  }
  const command = (await loadCommand(`${first} ${second}`)) ?? (await loadCommand(first));
  if (command === undefined)
    return fail(new Terminal({ command: '', isJson: false }), usageError(unknown(first, second)));
  const rest = args.slice(command.name.split(' ').length);
  if (rest.includes('--help')) {
    process.stdout.write(commandHelp(command));
    return 0;
  }
  const terminal = new Terminal({ command: command.name, isJson: rest.includes('--json') });
  try {
    return await command.run(readArguments(command, rest), terminal);
  } catch (error) {
    return fail(terminal, error, command.safe);
  }
}

function fail(terminal: Terminal, error: unknown, safe = 'Nothing was done'): number {
  const failure = failureOf(error, failureIsUsage(error) ? 'Nothing was done' : safe);
  terminal.fail(failure);
  if (process.env.SERMENT_DEBUG) process.stderr.write(`${inspect(error)}\n`);
  return failure.exit;
}

function failureIsUsage(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'USAGE';
}

function unknown(first: string, second: string): string {
  const known = commandNames.filter((name) => name.startsWith(`${first} `));
  if (known.length > 0) return `“${`${first} ${second}`.trim()}” is no command; there are: ${known.join(', ')}`;
  return `“${first}” is no command`;
}

async function version(): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
  const found = typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : '';
  return `serment ${String(found)}`;
}
