import type { Sql } from 'postgres';
import { StoreError } from '../error.ts';
import { postgres } from './client.ts';

/** A pool of connections; `bigint` columns read as numbers, `bytea` as Uint8Array. */
export type Database = Sql<{ bigint: number; bytea: Uint8Array }>;

export interface DatabaseOptions {
  /** `postgres://…`; a `host` parameter that is a folder names a Unix socket, as in libpq. */
  readonly url: string;
  /** Shown in the server's list of connections. */
  readonly applicationName?: string;
  /**
   * Connections of this pool, 10 unless told. Every pool of every process counts against the server's own limit
   * (`max_connections`: `embeddedMaxConnections` when embedded, 100 in PostgreSQL's defaults), job queue included.
   */
  readonly maxConnections?: number;
}

const oldestVersion = 150_000;

/** Opens a pool, which connects at its first query. Throws DATABASE_URL_INVALID. */
export function openDatabase({ url, applicationName = 'serment', maxConnections = 10 }: DatabaseOptions): Database {
  const { address, socketDir, port } = parseDatabaseUrl(url);
  return postgres(address, {
    ...(socketDir === null ? {} : { path: `${socketDir}/.s.PGSQL.${port}` }),
    max: maxConnections,
    connect_timeout: 15,
    // Notices would be printed on the console by default.
    onnotice: () => undefined,
    connection: { application_name: applicationName, synchronous_commit: 'on', TimeZone: 'UTC' },
    types: {
      bigint: { to: 20, from: [20], serialize: integerText, parse: safeInteger },
      bytea: { to: 17, from: [17], serialize: byteaText, parse: byteaBytes },
    },
  });
}

/**
 * Refuses a server that could lose what it acknowledged or that Serment does not run on. Throws DATABASE_UNFIT with
 * the setting's name; `synchronous_commit` needs no check, each connection sets it.
 */
export async function refuseUnfitDatabase(sql: Database): Promise<void> {
  const rows = await sql<{ name: string; setting: string }[]>`
    SELECT name, setting FROM pg_settings
    WHERE name IN ('fsync', 'full_page_writes', 'server_encoding', 'server_version_num')`;
  for (const { name, setting } of rows) {
    const fits =
      name === 'server_version_num'
        ? Number(setting) >= oldestVersion
        : setting === (name === 'server_encoding' ? 'UTF8' : 'on');
    if (fits) continue;
    throw new StoreError('DATABASE_UNFIT', 'This PostgreSQL is not set up for records that must not be lost', {
      fields: { name, setting },
      hint: 'Serment needs PostgreSQL 15 or later, encoding UTF8, fsync and full_page_writes on.',
    });
  }
}

function parseDatabaseUrl(text: string): { address: string; socketDir: string | null; port: string } {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['postgres:', 'postgresql:'].includes(url.protocol)) {
    // The address may hold a password: it is not repeated.
    throw new StoreError('DATABASE_URL_INVALID', 'The database address is not understood', {
      hint: 'Write it as postgres://user:password@host:5432/database',
    });
  }
  const host = url.searchParams.get('host');
  const port = url.searchParams.get('port') ?? (url.port || '5432');
  // The client library would pass these two on to the server as settings.
  url.searchParams.delete('host');
  url.searchParams.delete('port');
  if (host?.startsWith('/')) return { address: url.href, socketDir: host, port };
  if (host !== null) url.hostname = host;
  url.port = port;
  return { address: url.href, socketDir: null, port };
}

function integerText(value: number): string {
  if (!Number.isSafeInteger(value)) throw unsafeInteger();
  return String(value);
}

function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw unsafeInteger();
  return value;
}

function unsafeInteger(): StoreError {
  return new StoreError('INTEGER_UNSAFE', 'An integer is beyond what can be held exactly (2^53 - 1)', {
    hint: 'Cast the column to text or numeric in the query if such values are expected.',
  });
}

function byteaText(value: Uint8Array): string {
  return `\\x${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')}`;
}

/** A copy of its own: a Buffer would be a window on a pool shared with other values. */
function byteaBytes(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text.slice(2), 'hex'));
}
