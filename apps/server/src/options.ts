import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { createSecureContext } from 'node:tls';
import { parseArgs } from 'node:util';
import { readOptionText } from '@serment/store/config-file';
import { type CopyPlace, distinctPlaces, folderPlace, readPlaces, readPlacesIfAny } from '@serment/store/copy/places';
import { isLoopbackHost } from '@serment/store/loopback';
import { type AlertConfig, readAlertConfig, usualAlerts } from './alerts/alert-config.ts';
import { type CpsOptions, readCpsOptions } from './cps/cps-options.ts';
import { ServerError } from './error.ts';
import { type DrillConfig, readDrillConfig, usualDrills } from './jobs/drill-config.ts';
import { type PscConfiguration, readPscConfiguration } from './psc/configuration.ts';
import { type GatewayConfig, readGatewayConfig } from './sms/gateway-config.ts';

export interface ServerOptions {
  readonly dataDir: string;
  readonly port: number;
  readonly host: string;
  readonly copies: readonly CopyPlace[];
  /** Where copies that operators add are written, and read at the next start; it need not exist. */
  readonly copiesFile: string;
  /** When copies are restored to prove them, and where. */
  readonly drills: DrillConfig;
  /** Where the host's keys are, made at the first start. */
  readonly hostKeyFile: string;
  /** Where they are copied at the first start, outside the data folder. */
  readonly hostKeyOut: string | null;
  /** Null for the PostgreSQL that Serment ships. */
  readonly databaseUrl: string | null;
  /** Address that browsers use; null on loopback. */
  readonly publicUrl: URL | null;
  /** Addresses or ranges of proxies whose word on the client's address is taken. */
  readonly trustedProxies: readonly string[];
  /** A certificate with those above it, and its key, in PEM; null without TLS. */
  readonly tls: { readonly cert: string; readonly key: string } | null;
  /** Tokens that allow creating a practice; null when none is needed. */
  readonly invitations: readonly string[] | null;
  /** The gateway that sends SMS; null when none was given. */
  readonly smsGateway: GatewayConfig | null;
  /** What is told when something is wrong, and whom. */
  readonly alerts: AlertConfig;
  /** Null when Pro Santé Connect is not offered. */
  readonly psc: PscConfiguration | null;
  /** The listener that asks for doctors' cards; null when there is none. */
  readonly cps: CpsOptions | null;
  /** The listener of the host's console; null when there is none. */
  readonly console: ConsoleOptions | null;
}

export interface ConsoleOptions {
  readonly port: number;
  readonly host: string;
  /** Address that operators' browsers use; null on loopback. */
  readonly publicUrl: URL | null;
}

export const usage = `serment server: serves a vault

  node apps/server/src/main.ts --data DIR --port N [options]

  --data DIR            data folder, made at the first start
  --port N              port, 0 for any free one
  --copy DIR            copy folder; may be given several times
  --copies FILE         JSON of further copies, such as buckets with Object Lock (docs/operations.md); the console
                        adds to it, or to copies.json in the data folder
  --drills FILE         JSON of when copies are restored to prove them, and where (docs/operations.md)
  --host-key FILE       the host's keys (default: host.key in the data folder)
  --host-key-out FILE   also write them there at the first start; keep that file elsewhere
  --database-url URL    another PostgreSQL than the one shipped (or DATABASE_URL)
  --host H              address to listen on (default: loopback)
  --public-url URL      https address that browsers use; needed off loopback
  --tls-cert FILE --tls-key FILE   speak TLS; without them a proxy in front must
  --trusted-proxy ADDR  address or range of a proxy in front, whose X-Forwarded-For is believed; may be given
                        several times. Without it every client behind a proxy counts as one
  --invitations FILE    tokens, one a line, that allow creating a practice; needed off loopback
  --sms FILE            gateway that sends codes by SMS (docs/security/sms.md); off loopback, without it, none is sent
  --alerts FILE         JSON of who is told when something is wrong (docs/operations.md)
  --psc FILE            offer Pro Santé Connect, as this JSON says (docs/security/pro-sante-connect.md)
  --cps FILE            JSON of the listener that checks CPS cards (docs/security/cps.md)
  --console-port N      serve the host's console there, on loopback; without it there is none (docs/security/operators.md)
  --console-host H      another address for it; needs --console-url
  --console-url URL   https address that operators' browsers use

Prints one line on stdout once it serves. Exit codes: 0 done, 2 usage, 3 cannot reach, 5 damaged data.
`;

const minInvitationLength = 16;

/** Options of the command line. Throws USAGE, and HTTPS_REQUIRED for an address off loopback without https. */
export async function parseOptions(args: readonly string[], env: NodeJS.ProcessEnv): Promise<ServerOptions> {
  const values = readArguments(args);
  const dataDir = resolve(required(values.data, '--data'));
  const host = values.host ?? 'localhost';
  const isLoopback = isLoopbackHost(host) && values['public-url'] === undefined;
  return {
    dataDir,
    port: portOf('--port', values.port),
    host,
    ...(await copiesOf(values.copy ?? [], { file: values.copies, dataDir, env })),
    drills: values.drills === undefined ? usualDrills : await readDrillConfig(required(values.drills, '--drills')),
    hostKeyFile: resolve(values['host-key'] ?? join(dataDir, 'host.key')),
    hostKeyOut: values['host-key-out'] === undefined ? null : resolve(values['host-key-out']),
    databaseUrl: values['database-url'] ?? (env.DATABASE_URL || null),
    publicUrl: isLoopback ? null : publicUrlOf('--public-url', values['public-url']),
    trustedProxies: (values['trusted-proxy'] ?? []).map(proxyOf),
    tls: await tlsOf(values['tls-cert'], values['tls-key']),
    invitations: await invitationsOf(values.invitations, isLoopback),
    smsGateway: values.sms === undefined ? null : await readGatewayConfig(required(values.sms, '--sms'), env),
    alerts:
      values.alerts === undefined
        ? usualAlerts
        : await readAlertConfig(required(values.alerts, '--alerts'), env, values.sms !== undefined || isLoopback),
    psc: values.psc === undefined ? null : await readPscConfiguration(resolve(values.psc)),
    cps: values.cps === undefined ? null : await readCpsOptions(required(values.cps, '--cps')),
    console: consoleOf({
      ...{ port: values['console-port'], host: values['console-host'] },
      publicUrl: values['console-url'],
    }),
  };
}

/** On loopback unless it says where browsers reach it: whoever works for the host comes through a tunnel of their own. */
function consoleOf(given: Record<'port' | 'host' | 'publicUrl', string | undefined>): ConsoleOptions | null {
  const { port, host = 'localhost', publicUrl } = given;
  if (port === undefined) {
    if (given.host === undefined && publicUrl === undefined) return null;
    throw usageError('--console-port is needed with --console-host and --console-url');
  }
  const isLoopback = isLoopbackHost(host) && publicUrl === undefined;
  return {
    port: portOf('--console-port', port),
    host,
    publicUrl: isLoopback ? null : publicUrlOf('--console-url', publicUrl),
  };
}

function readArguments(args: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        data: text,
        port: text,
        host: text,
        copy: { type: 'string', multiple: true },
        copies: text,
        drills: text,
        'host-key': text,
        'host-key-out': text,
        'database-url': text,
        'public-url': text,
        'tls-cert': text,
        'tls-key': text,
        'trusted-proxy': { type: 'string', multiple: true },
        invitations: text,
        sms: text,
        alerts: text,
        psc: text,
        cps: text,
        'console-port': text,
        'console-host': text,
        'console-url': text,
      },
    }).values;
  } catch (cause) {
    throw usageError(cause instanceof Error ? cause.message : 'Wrong arguments');
  }
}

function required(value: string | undefined, name: string): string {
  if (value === undefined || value === '') throw usageError(`${name} is needed`);
  return value;
}

interface CopySources {
  /** Of `--copies`. */
  readonly file: string | undefined;
  readonly dataDir: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Those of the command line, of its file, and of the one that the console writes where there was none. */
async function copiesOf(
  folders: readonly string[],
  { file, dataDir, env }: CopySources,
): Promise<Pick<ServerOptions, 'copies' | 'copiesFile'>> {
  const own = join(dataDir, 'copies.json');
  const copiesFile = file === undefined ? own : resolve(required(file, '--copies'));
  const named = file === undefined ? [] : await readPlaces(copiesFile, env);
  const added = copiesFile === own && file !== undefined ? [] : await readPlacesIfAny(own, env);
  return { copies: distinctPlaces([...folders.map(folderPlace), ...named, ...added]), copiesFile };
}

function portOf(option: string, given: string | undefined): number {
  const text = required(given, option);
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw usageError(`${option} is a number from 0 to 65535`);
  return port;
}

function proxyOf(text: string): string {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  const isRange = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
  if (family !== 0 && isRange && rest.length === 0) return text;
  throw usageError('--trusted-proxy is an address, such as 10.0.0.5 or 10.0.0.0/24');
}

function publicUrlOf(option: string, text: string | undefined): URL {
  const url = text !== undefined && URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol === 'https:') return url;
  throw new ServerError('HTTPS_REQUIRED', 'Off loopback, browsers give no cryptography without https', {
    hint: `Give ${option} https://… with --tls-cert and --tls-key, or put a TLS proxy in front.`,
  });
}

async function tlsOf(certFile: string | undefined, keyFile: string | undefined): Promise<ServerOptions['tls']> {
  if (certFile === undefined && keyFile === undefined) return null;
  const cert = await readOptionText('--tls-cert', required(certFile, '--tls-cert'));
  const key = await readOptionText('--tls-key', required(keyFile, '--tls-key'));
  try {
    createSecureContext({ cert, key });
  } catch {
    // Without its cause, which is about a key.
    throw usageError('--tls-cert and --tls-key are a certificate and its own key, in PEM');
  }
  return { cert, key };
}

async function invitationsOf(path: string | undefined, isLoopback: boolean): Promise<readonly string[] | null> {
  if (path === undefined) return isLoopback ? null : [];
  const lines = (await readOptionText('--invitations', path)).split('\n').map((line) => line.trim());
  const tokens = lines.filter((line) => line !== '');
  if (tokens.some((token) => token.length < minInvitationLength))
    throw usageError(`An invitation has at least ${minInvitationLength} characters`);
  return tokens;
}

function usageError(message: string): ServerError {
  return new ServerError('USAGE', message, { hint: 'See --help.' });
}
