import { execFile, spawn } from 'node:child_process';
import { chown, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { openDatabase } from '@serment/store/postgres/connect';
import { type Bench, median } from './bench.ts';
import { GrowingJournal } from './growing-journal.ts';
import { makePractice } from './make-practice.ts';
import { type BenchVault, openBenchVault } from './make-vault.ts';
import { runCopyStep } from './run-copy-step.ts';
import { syncOf, timed } from './timed.ts';

const run = promisify(execFile);
const programs = '/usr/lib/postgresql/15/bin';
const account = 'postgres';
/** With an entry of some 450 bytes, a row of 1 KB. */
const payloadBytes = 560;
const steps = ['publish', 'restore'] as const;

type Step = (typeof steps)[number];

export const dump: Bench = {
  name: 'dump',
  title: 'A copy against pg_dump and pg_restore',
  method: `A journal of 200 000 entries, rows of 1 KB, each really signed. Serment publishes it into an empty folder, and restores
it from there into an empty PostgreSQL, every hash checked. The same rows stand in a table of the same columns, indexes and
storage in Debian's PostgreSQL 15 (pg_dump of that age reads no later one), with the same settings: \`pg_dump\` writes them into
a file of its own format, uncompressed, as sealed bytes get no smaller, and \`pg_restore\` reads them into an empty database; it
checks none of them. In rounds in which each has its turn, with \`sync\` of the file system in the time of each. What restores
PostgreSQL's own files, as pgBackRest does, is faster than a restore by rows, about three times (not measured here): it gives
back a whole server, never one practice, and what it gives back is compared with nothing.`,
  bars: {
    'publish: against pg_dump': { least: 1 },
    'restore: against pg_restore': { least: 1 },
  },
  async run({ quick, progress }) {
    const count = quick ? 10_000 : 200_000;
    const folder = await mkdtemp(join(tmpdir(), 'serment-bench-dump-'));
    const vault = await openBenchVault();
    const debian = await DebianPostgres.start(folder);
    try {
      progress(`making ${count} rows`);
      const made = await makePractice('dump', 1, vault.host);
      await new GrowingJournal(vault, made, { payloadBytes, documentBytes: 0, entriesPerDocument: 1 }).growTo(count);
      await debian.take(vault);
      const times: Record<string, number[]> = {};
      for (let round = 0; round < (quick ? 1 : 3); round += 1)
        for (const step of steps) {
          progress(`${step}, round ${round + 1}`);
          const turns = [
            ['Serment', () => ownStep(vault, step, { folder, round })],
            ['theirs', () => debian.step(step, round)],
          ] as const;
          for (const [name, turn] of round % 2 === 0 ? turns : turns.toReversed()) {
            const key = `${step} ${name}`;
            times[key] = [...(times[key] ?? []), await turn()];
          }
        }
      return steps.flatMap((step) => {
        const theirs = step === 'publish' ? 'pg_dump' : 'pg_restore';
        const speed = (name: string) => (count * 1000) / median(times[`${step} ${name}`] ?? []);
        return [
          { label: `${step}: Serment`, value: speed('Serment'), unit: 'rows/s' },
          { label: `${step}: ${theirs}`, value: speed('theirs'), unit: 'rows/s' },
          { label: `${step}: against ${theirs}`, value: speed('Serment') / speed('theirs'), unit: '×' },
        ];
      });
    } finally {
      await debian.stop();
      await vault.close();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function ownStep(
  vault: BenchVault,
  step: Step,
  { folder, round }: { folder: string; round: number },
): Promise<number> {
  const { ms } = await runCopyStep({
    ...{ step, folder: vault.folder, blobsName: `restored-${round}`, stateFolder: null },
    databaseUrl: step === 'restore' ? await vault.freshDatabase() : vault.databaseUrl,
    copyFolder: join(folder, `copy-${step === 'publish' ? round : 0}`),
  });
  return ms + (await timed(() => syncOf(folder)));
}

/** Debian's own server, in a folder of its own, as the account that Debian has for it where this one is root. */
class DebianPostgres {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Throws, with how to get it, when Debian's programs are missing. */
  static async start(place: string): Promise<DebianPostgres> {
    const folder = join(place, 'debian');
    const server = new DebianPostgres(folder);
    await mkdir(folder);
    if (process.getuid?.() === 0) {
      // Debian's account passes through the folder that holds its own.
      await run('chmod', ['711', place]);
      const { stdout } = await run('id', ['-u', account]).catch(missing);
      await chown(folder, Number(stdout), 0);
    }
    await server
      .#ask('initdb', ['-D', join(folder, 'data'), '-E', 'UTF8', '-U', account, '--auth=trust'])
      .catch(missing);
    const settings = {
      listen_addresses: '',
      unix_socket_directories: folder,
      shared_buffers: '256MB',
      max_wal_size: '1GB',
    };
    const options = Object.entries(settings).map(([name, value]) => `-c ${name}='${value}'`);
    await server.#ask('pg_ctl', [
      '-D',
      join(folder, 'data'),
      '-w',
      '-l',
      join(folder, 'log'),
      '-o',
      options.join(' '),
      'start',
    ]);
    return server;
  }

  /** The rows of a vault's journal, in a table like its own. */
  async take({ databaseUrl }: BenchVault): Promise<void> {
    await this.#ask('psql', [
      ...[...this.#at('postgres'), '-q', '-v', 'ON_ERROR_STOP=1', '-c'],
      `CREATE TABLE entries (practice bytea NOT NULL, index bigint NOT NULL, entry_id bytea NOT NULL, stream bytea NOT NULL,
        received_at bigint NOT NULL, entry bytea NOT NULL, payload bytea, PRIMARY KEY (practice, index),
        UNIQUE (practice, stream, index)) WITH (toast_tuple_target = 8160);
      ALTER TABLE entries ALTER entry SET STORAGE EXTERNAL, ALTER payload SET STORAGE EXTERNAL`,
    ]);
    const owner = openDatabase({ url: databaseUrl, maxConnections: 1 });
    const [program, args] = this.#asAccount('psql', [...this.#at('postgres'), '-q', '-c', 'COPY entries FROM STDIN']);
    const psql = spawn(program, args, { stdio: ['pipe', 'ignore', 'inherit'] });
    const done = new Promise<number | null>((resolve) => psql.once('close', resolve));
    await pipeline(await owner`COPY serment.entries TO STDOUT`.readable(), psql.stdin);
    if ((await done) !== 0) throw new Error('The rows were not taken');
    await owner.end();
    await this.#ask('psql', [...this.#at('postgres'), '-q', '-c', 'VACUUM ANALYZE entries']);
  }

  /** How long it takes, ms. */
  async step(step: Step, round: number): Promise<number> {
    const file = join(this.#folder, `dump-${step === 'publish' ? round : 0}`);
    if (step === 'publish')
      return timed(async () => {
        await this.#ask('pg_dump', [...this.#at('postgres'), '-Fc', '-Z0', '-f', file]);
        await syncOf(this.#folder);
      });
    const name = `restored${round}`;
    await this.#ask('createdb', [...this.#at(null), name]);
    return timed(async () => {
      await this.#ask('pg_restore', [...this.#at(name), '--exit-on-error', file]);
      await syncOf(this.#folder);
    });
  }

  async stop(): Promise<void> {
    await this.#ask('pg_ctl', ['-D', join(this.#folder, 'data'), '-m', 'immediate', 'stop']);
  }

  #at(database: string | null): string[] {
    return ['-h', this.#folder, '-U', account, ...(database === null ? [] : ['-d', database])];
  }

  #ask(program: string, args: readonly string[]) {
    const [file, all] = this.#asAccount(program, args);
    return run(file, all, { cwd: this.#folder, maxBuffer: 2 ** 24 });
  }

  #asAccount(program: string, args: readonly string[]): [file: string, args: string[]] {
    const path = join(programs, program);
    return process.getuid?.() === 0 ? ['runuser', ['-u', account, '--', path, ...args]] : [path, [...args]];
  }
}

function missing(cause: unknown): never {
  const advice = 'This bench compares with pg_dump: on Debian 12, apt-get install postgresql-15';
  throw new Error(advice, { cause });
}
