import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Command, Given, Option } from '../command.ts';
import { CliError } from '../error.ts';
import { exits, failureOf } from '../failure.ts';
import { logLine, parseStartFailure, type StartFailure } from '../server-log.ts';
import type { Terminal } from '../terminal.ts';

const serverProgram = fileURLToPath(new URL('../../../server/src/main.ts', import.meta.url));
const stopWithParent = new URL('../stop-with-parent.ts', import.meta.url).href;

const options: readonly Option[] = [
  { name: 'data', value: 'DIR', help: 'data folder, made at the first start', isRequired: true },
  { name: 'port', value: 'N', help: 'port, 0 for any free one (default: 4400)' },
  { name: 'copy', value: 'DIR', help: 'copy folder, best on another disk', isRepeated: true },
  { name: 'drills', value: 'FILE', help: 'JSON of when copies are restored to prove them (docs/operations.md)' },
  {
    name: 'copies',
    value: 'FILE',
    help: 'JSON of further copies, such as buckets with Object Lock (docs/operations.md)',
  },
  {
    name: 'host-key-out',
    value: 'FILE',
    help: 'also write the host’s key there at the first start; keep it elsewhere',
  },
  { name: 'host-key', value: 'FILE', help: 'the host’s key (default: host.key in the data folder)' },
  { name: 'database-url', value: 'URL', help: 'another PostgreSQL than the one shipped (or DATABASE_URL)' },
  { name: 'host', value: 'H', help: 'address to listen on (default: loopback)' },
  { name: 'public-url', value: 'URL', help: 'https address that browsers use; needed off loopback' },
  { name: 'tls-cert', value: 'FILE', help: 'certificate, to speak TLS without a proxy in front' },
  { name: 'tls-key', value: 'FILE', help: 'its private key' },
  {
    name: 'trusted-proxy',
    value: 'ADDR',
    help: 'address or range of a proxy in front, whose X-Forwarded-For is believed',
    isRepeated: true,
  },
  {
    name: 'invitations',
    value: 'FILE',
    help: 'tokens, one a line, that allow creating a practice; needed off loopback',
  },
  { name: 'sms', value: 'FILE', help: 'gateway that sends codes by SMS; off loopback, without it, none is sent' },
  { name: 'alerts', value: 'FILE', help: 'JSON of who is told when something is wrong (docs/operations.md)' },
  { name: 'psc', value: 'FILE', help: 'offer Pro Santé Connect, as this JSON says' },
  { name: 'cps', value: 'FILE', help: 'JSON of the listener that checks CPS cards (docs/security/cps.md)' },
  {
    name: 'console-port',
    value: 'N',
    help: 'serve the host’s console there, on loopback (docs/security/operators.md)',
  },
  { name: 'console-host', value: 'H', help: 'another address for it; needs --console-url' },
  { name: 'console-url', value: 'URL', help: 'https address that operators’ browsers use' },
];

export const startCommand: Command = {
  name: 'start',
  summary: 'serve: database, application and copies',
  description:
    'Serves a data folder and keeps its copies up to date. Prints one line, `ready http://localhost:N`, on stdout once it\nserves. Stops in order on Ctrl-C or SIGTERM: what was acknowledged is on the disk.',
  operands: null,
  options,
  exits: [
    [0, 'stopped when asked to'],
    [2, 'usage'],
    [3, 'port in use, data folder used by another server, or not reachable'],
    [5, 'data folder damaged, or of a newer version'],
  ],
  safe: 'The data folder and the copies are as they were',
  run: (given, terminal) => serve(argumentsOf(given), terminal),
};

function argumentsOf(given: Given): string[] {
  const passed = options.flatMap(({ name }) => given.list(name).flatMap((value) => [`--${name}`, value]));
  return given.optional('port') === null ? [...passed, '--port', '4400'] : passed;
}

async function serve(args: readonly string[], terminal: Terminal): Promise<number> {
  // A session of its own: a terminal's Ctrl-C would reach the database at the same instant as the server, which stops
  // it in order.
  const child = spawn(process.execPath, ['--import', stopWithParent, serverProgram, ...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
  });
  let failure: StartFailure | null = null;
  let isReady = false;
  // Kept until it serves: a start that fails for a reason it can name tells that alone.
  const early: string[] = [];
  const show = (line: string) => {
    const shown = logLine(line, process.stderr.isTTY === true);
    if (shown !== null) terminal.log(shown);
  };
  eachLine(child.stdout, (line) => {
    for (const kept of early.splice(0)) show(kept);
    process.stdout.write(`${line}\n`);
    isReady = true;
    if (process.stderr.isTTY)
      terminal.log(`Open ${line.replace(/^ready /, '')} in a browser. Ctrl-C stops the server.`);
  });
  eachLine(child.stderr, (line) => {
    const said = isReady ? null : parseStartFailure(line);
    if (said !== null) failure = said;
    else if (isReady || process.env.SERMENT_DEBUG) show(line);
    else early.push(line);
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill('SIGTERM'));
  const { code, signal } = await ended(child);
  if (isReady) return code ?? exits.unreachable;
  if (failure === null) for (const kept of early) show(kept);
  const { code: name, message, hint } = failure ?? notStarted(signal);
  const told = failureOf(new CliError('SERVER_NOT_STARTED', message), startCommand.safe);
  terminal.fail({ ...told, code: name, hint: hint ?? told.hint, exit: code ?? told.exit });
  return code ?? told.exit;
}

function notStarted(signal: NodeJS.Signals | null): StartFailure {
  const message = signal === null ? 'The server did not start' : `The server was stopped by ${signal}`;
  return { code: 'SERVER_NOT_STARTED', message, hint: 'Run again with SERMENT_DEBUG=1 to see more.' };
}

function eachLine(stream: Readable | null, take: (line: string) => void): void {
  if (stream !== null) createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', take);
}

function ended(child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    // `close` comes once the last lines were read.
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
}
