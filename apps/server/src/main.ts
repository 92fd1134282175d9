import { CodedError } from '@serment/core/error';
import { destination, pino } from 'pino';
import { parseOptions, usage } from './options.ts';
import { startServer } from './start-server.ts';

const exitCodes: Readonly<Record<string, number>> = {
  USAGE: 2,
  HTTPS_REQUIRED: 2,
  DATA_NEWER: 5,
  DATA_OLDER: 5,
  DATA_DAMAGED: 5,
  JOURNAL_DAMAGED: 5,
  HOST_KEY_INVALID: 5,
};

await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<void> {
  if (args.includes('--help')) {
    process.stdout.write(usage);
    return;
  }
  // stdout is for programs, and says one thing.
  const log = pino({ name: 'serment', level: process.env.LOG_LEVEL ?? 'info' }, destination({ dest: 2, sync: true }));
  try {
    const server = await startServer(await parseOptions(args, process.env), log);
    const stop = (reason: string) => {
      log.info({ reason }, 'stopping');
      server.stop().then(
        () => process.exit(process.exitCode ?? 0),
        (err: unknown) => {
          log.error({ err }, 'stopped badly');
          process.exit(1);
        },
      );
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop(signal));
    server.failed.then((err) => {
      log.fatal({ err }, 'cannot go on');
      process.exitCode = 3;
      stop('failed');
    });
    process.stdout.write(`ready ${server.url}\n`);
  } catch (error) {
    const coded = error instanceof CodedError ? error : null;
    log.fatal({ err: error }, 'not started');
    const { code, message, hint } = coded ?? { code: 'INTERNAL', message: String(error), hint: null };
    process.stderr.write(`serment: ${code}: ${message}${hint === null ? '' : `. ${hint}`}\n`);
    process.exit(coded === null ? 1 : (exitCodes[coded.code] ?? 3));
  }
}
