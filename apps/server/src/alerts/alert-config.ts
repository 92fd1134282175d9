import { dirname, resolve } from 'node:path';
import { createSecureContext } from 'node:tls';
import type { AlertLanguage } from '@serment/store/alerts/alert-text';
import type { AlertPlan, AlertStep } from '@serment/store/alerts/notices';
import { type ConfigObject, readConfig } from '@serment/store/config-file';
import { isLoopbackHost, isSecureUrl } from '@serment/store/loopback';

/** From when on something is wrong. */
export interface AlertBounds {
  /** Of a copy that fails or is behind. */
  readonly lagMs: number;
  /** Before a disk is full. */
  readonly diskMs: number;
  /** Before a certificate ends. */
  readonly certificateMs: number;
}

/** What the file given to `--alerts` says, with its secrets (docs/operations.md, Alerts). */
export interface AlertConfig {
  readonly language: AlertLanguage;
  readonly timeZone: string;
  readonly bounds: AlertBounds;
  readonly channels: readonly ChannelConfig[];
  /** Null where nobody is told. */
  readonly plan: AlertPlan | null;
}

interface ChannelBase {
  readonly name: string;
  /** Messages that it takes in an hour at most. */
  readonly perHour: number;
}

export type ChannelConfig = EmailConfig | TextConfig | WebhookConfig;

export interface EmailConfig extends ChannelBase {
  readonly kind: 'email';
  readonly to: string;
  readonly from: string;
  readonly smtp: {
    readonly host: string;
    readonly port: number;
    /** `none` on loopback alone. */
    readonly security: 'starttls' | 'tls' | 'none';
    readonly login: { readonly user: string; readonly password: string } | null;
    /** Authority of the server's certificate, in PEM; null for those that Node knows. */
    readonly ca: string | null;
    /** Of a whole message. */
    readonly timeoutMs: number;
  };
}

export interface TextConfig extends ChannelBase {
  readonly kind: 'sms';
  /** In E.164. */
  readonly to: string;
}

export interface WebhookConfig extends ChannelBase {
  readonly kind: 'webhook';
  readonly url: URL;
  readonly secret: string;
  readonly timeoutMs: number;
}

const kind = { option: '--alerts', page: 'docs/operations.md' } as const;
const members = [
  ...['language', 'timeZone', 'channels', 'steps', 'repeatHours'],
  ...['lagMinutes', 'diskDays', 'certificateDays'],
];
const [minuteMs, hourMs, dayMs] = [60_000, 3_600_000, 86_400_000];
const usualBounds: AlertBounds = { lagMs: 15 * minuteMs, diskMs: 14 * dayMs, certificateMs: 21 * dayMs };
const address = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?$/;
const hostName = /^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?$|^::1$/;
const minSecretLength = 24;

/** Nobody is told: alerts are listed by `serment alerts list`, and counted in the metrics. */
export const usualAlerts: AlertConfig = {
  language: 'fr',
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  bounds: usualBounds,
  channels: [],
  plan: null,
};

/** Reads the file of `--alerts`. `hasSms`: whether this server can send SMS. Throws USAGE. */
export async function readAlertConfig(path: string, env: NodeJS.ProcessEnv, hasSms: boolean): Promise<AlertConfig> {
  const given = await readConfig(path, kind, members);
  const source: Source = { env, folder: dirname(resolve(path)) };
  const channels = await channelsOf(given.object('channels', null), source, hasSms);
  const minutes = given.integer('lagMinutes', { min: 1, max: 1440, absent: usualBounds.lagMs / minuteMs });
  const diskDays = given.integer('diskDays', { min: 1, max: 365, absent: usualBounds.diskMs / dayMs });
  const certificateDays = given.integer('certificateDays', {
    ...{ min: 1, max: 365, absent: usualBounds.certificateMs / dayMs },
  });
  return {
    language: given.choice('language', ['fr', 'en']),
    timeZone: given.has('timeZone') ? given.timeZone('timeZone') : usualAlerts.timeZone,
    bounds: { lagMs: minutes * minuteMs, diskMs: diskDays * dayMs, certificateMs: certificateDays * dayMs },
    channels,
    plan: {
      steps: stepsOf(
        given,
        channels.map(({ name }) => name),
      ),
      repeatMs: given.integer('repeatHours', { min: 1, max: 168, absent: 24 }) * hourMs,
    },
  };
}

interface Source {
  readonly env: NodeJS.ProcessEnv;
  readonly folder: string;
}

async function channelsOf(given: ConfigObject, source: Source, hasSms: boolean): Promise<ChannelConfig[]> {
  const names = given.names();
  if (names.length === 0 || names.length > 32) throw given.wrong('', 'it names 1 to 32 channels');
  const channels: ChannelConfig[] = [];
  for (const name of names) {
    // The name is quoted by no refusal, as nothing of the file is.
    if (!/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,63}$/u.test(name))
      throw given.wrong('', 'a name has 1 to 64 letters, digits, spaces, dots, hyphens');
    channels.push(await channelOf(name, given, source, hasSms));
  }
  return channels;
}

async function channelOf(
  name: string,
  channels: ConfigObject,
  source: Source,
  hasSms: boolean,
): Promise<ChannelConfig> {
  const all = channels.object(name, ['email', 'from', 'smtp', 'sms', 'webhook', 'secret', 'timeoutSeconds', 'perHour']);
  const kinds = (['email', 'sms', 'webhook'] as const).filter((one) => all.has(one));
  const [only] = kinds;
  if (only === undefined || kinds.length > 1) throw all.wrong('', 'it is one of email, sms, webhook');
  const perHour = (absent: number) => all.integer('perHour', { min: 1, max: 1000, absent });
  if (only === 'sms') {
    refuseOthers(all, ['sms', 'perHour']);
    const to = all.text('sms');
    if (!/^\+[1-9][0-9]{6,14}$/.test(to)) throw all.wrong('sms', 'it is a number such as +33612345678');
    if (!hasSms) throw all.wrong('sms', 'this server sends no SMS: give its gateway, --sms');
    return { kind: 'sms', name, to, perHour: perHour(4) };
  }
  if (only === 'webhook') {
    refuseOthers(all, ['webhook', 'secret', 'timeoutSeconds', 'perHour']);
    return {
      ...{ kind: 'webhook', name, perHour: perHour(60), url: urlOf(all), timeoutMs: timeoutOf(all) },
      secret: await secretOf(all, 'secret', source, minSecretLength),
    };
  }
  refuseOthers(all, ['email', 'from', 'smtp', 'perHour']);
  const [to, from] = [addressOf(all, 'email'), addressOf(all, 'from')];
  return { kind: 'email', name, to, from, perHour: perHour(12), smtp: await smtpOf(all, source) };
}

function refuseOthers(given: ConfigObject, known: readonly string[]): void {
  if (given.names().some((name) => !known.includes(name)))
    throw given.wrong('', `a channel of this kind has ${known.join(', ')}`);
}

function addressOf(given: ConfigObject, name: string): string {
  const text = given.text(name);
  if (address.test(text)) return text;
  throw given.wrong(name, 'it is one address, such as astreinte@example.org');
}

async function smtpOf(channel: ConfigObject, source: Source): Promise<EmailConfig['smtp']> {
  const names = ['host', 'port', 'security', 'user', 'password', 'ca', 'timeoutSeconds'];
  const given = channel.object('smtp', names);
  const host = given.text('host');
  if (!hostName.test(host)) throw given.wrong('host', 'it is the name of a mail server');
  const security = given.choice('security', ['starttls', 'tls', 'none']);
  if (security === 'none' && !isLoopbackHost(host)) throw given.wrong('security', 'off loopback it is starttls or tls');
  if (given.has('user') !== given.has('password')) throw given.wrong('user', 'user and password are given together');
  const usualPort = { starttls: 587, tls: 465, none: 25 }[security];
  return {
    ...{ host, security, port: given.integer('port', { min: 1, max: 65_535, absent: usualPort }) },
    login: given.has('user')
      ? { user: given.text('user'), password: await secretOf(given, 'password', source, 1) }
      : null,
    ca: given.has('ca') ? await authorityOf(given, source) : null,
    timeoutMs: timeoutOf(given),
  };
}

async function authorityOf(given: ConfigObject, { folder }: Source): Promise<string> {
  const ca = await given.readNamedText('ca', resolve(folder, given.text('ca')));
  try {
    if (!ca.includes('-----BEGIN CERTIFICATE-----')) throw new Error('no certificate');
    createSecureContext({ ca });
    return ca;
  } catch {
    throw given.wrong('ca', 'its file holds a certificate in PEM');
  }
}

function timeoutOf(given: ConfigObject): number {
  return given.integer('timeoutSeconds', { min: 1, max: 60, absent: 30 }) * 1000;
}

function urlOf(given: ConfigObject): URL {
  const url = URL.parse(given.text('webhook'));
  const isBare = url !== null && url.username === '' && url.password === '' && url.hash === '';
  if (url !== null && isBare && isSecureUrl(url, true)) return url;
  throw given.wrong('webhook', 'it is an https:// address, or http:// on loopback');
}

/** A secret stands in a file or in the environment, never in the configuration itself. */
async function secretOf(given: ConfigObject, name: string, source: Source, minLength: number): Promise<string> {
  const where = given.object(name, ['env', 'file']);
  if (where.names().length !== 1) throw where.wrong('', 'it is {"env": NAME} or {"file": PATH}');
  const text = where.has('env')
    ? (source.env[where.text('env')] ?? '')
    : (await where.readNamedText('file', resolve(source.folder, where.text('file')))).trim();
  if (text.length >= minLength && text.length <= 1024 && !/\p{Cc}/u.test(text)) return text;
  throw where.wrong('', `what it names holds one line of ${minLength} characters or more`);
}

function stepsOf(given: ConfigObject, known: readonly string[]): AlertStep[] {
  if (!given.has('steps')) return [{ afterMs: 0, channels: known }];
  const value = given.value('steps');
  if (!Array.isArray(value) || value.length === 0 || value.length > 16)
    throw given.wrong('steps', 'it is a list of 1 to 16 steps');
  return value.map((_, place) => {
    const step = given.item('steps', place, ['channels', 'afterMinutes']);
    const channels = step.texts('channels');
    const isKnown = channels.length > 0 && channels.every((name) => known.includes(name));
    if (!isKnown || new Set(channels).size < channels.length)
      throw step.wrong('channels', 'it names one channel at least, each once, of those under channels');
    if (place === 0 && step.has('afterMinutes')) throw step.wrong('afterMinutes', 'the first step waits for nothing');
    const minutes = place === 0 ? 0 : step.integer('afterMinutes', { min: 1, max: 10_080 });
    return { afterMs: minutes * minuteMs, channels };
  });
}
