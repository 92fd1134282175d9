import { open } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ServerError } from '../error.ts';
import { isSecureUrl } from '../loopback.ts';

/** How the host is known to the OpenID provider of health professionals (docs/security/pro-sante-connect.md). */
export interface PscConfiguration {
  /** As the provider's tokens spell it. */
  readonly issuer: string;
  /** Where the provider describes itself; Pro Santé Connect does so under a name of its own. */
  readonly discoveryUrl: URL;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly authentication: 'client_secret_basic' | 'client_secret_post';
  readonly signingAlgorithm: 'RS256' | 'PS256' | 'ES256';
  /** Oldest presentation of the card or e-CPS that is accepted; null when the provider's own session is. */
  readonly maxAgeSeconds: number | null;
}

const maxFileBytes = 65_536;
const names = new Set([
  'issuer',
  'discovery',
  'clientId',
  'clientSecret',
  'clientSecretFile',
  'authentication',
  'signingAlgorithm',
  'maxAgeSeconds',
]);
const wellKnown = '/.well-known/';

/** Reads the file that `--psc` names, and the file of the secret that it may name. Throws USAGE. */
export async function readPscConfiguration(path: string): Promise<PscConfiguration> {
  const given = parseObject(await readText(path));
  const unknown = Object.keys(given).find((name) => !names.has(name));
  if (unknown !== undefined) throw usageError('it has a member that is not known here', unknown);
  const issuer = urlOf(given, 'issuer');
  const text = textOf(given, 'issuer');
  if (issuer.search !== '' || issuer.hash !== '') throw usageError('an issuer has no query and no fragment', 'issuer');
  const discovery =
    given.discovery === undefined
      ? new URL(`${text.replace(/\/$/, '')}${wellKnown}openid-configuration`)
      : urlOf(given, 'discovery');
  if (!discovery.pathname.includes(wellKnown))
    throw usageError('it is the whole address of a document under /.well-known/', 'discovery');
  return {
    issuer: text,
    discoveryUrl: discovery,
    clientId: textOf(given, 'clientId'),
    clientSecret: await secretOf(given, dirname(path)),
    authentication: choiceOf(given, 'authentication', ['client_secret_basic', 'client_secret_post']),
    signingAlgorithm: choiceOf(given, 'signingAlgorithm', ['RS256', 'PS256', 'ES256']),
    maxAgeSeconds: secondsOf(given),
  };
}

async function readText(path: string): Promise<string> {
  try {
    const file = await open(path);
    try {
      const bytes = new Uint8Array(maxFileBytes + 1);
      const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
      if (bytesRead > maxFileBytes) throw usageError('the file is too large');
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, bytesRead));
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof ServerError) throw cause;
    throw usageError(cause instanceof TypeError ? 'the file is not in UTF-8' : 'the file cannot be read');
  }
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw usageError('the file is not one object of JSON');
  return Object.fromEntries(Object.entries(value));
}

/** What a parser says of a text quotes it: the cause, which may hold the secret, is not kept. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw usageError('the file is not JSON');
  }
}

function textOf(given: Readonly<Record<string, unknown>>, name: string): string {
  const value = given[name];
  if (typeof value === 'string' && value.trim() !== '' && value === value.trim()) return value;
  throw usageError('it is needed, a text with no space around it', name);
}

function urlOf(given: Readonly<Record<string, unknown>>, name: string): URL {
  const text = textOf(given, name);
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || url.username !== '' || url.password !== '') throw usageError('it is no address', name);
  if (!isSecureUrl(url, true)) throw usageError('off loopback it begins with https://', name);
  return url;
}

async function secretOf(given: Readonly<Record<string, unknown>>, folder: string): Promise<string> {
  const isInFile = given.clientSecretFile !== undefined;
  if (isInFile === (given.clientSecret !== undefined))
    throw usageError('give one of clientSecret and clientSecretFile', 'clientSecret');
  if (!isInFile) return textOf(given, 'clientSecret');
  const secret = (await readText(resolve(folder, textOf(given, 'clientSecretFile')))).trim();
  if (secret === '') throw usageError('its file is empty', 'clientSecretFile');
  return secret;
}

/** The first of the choices when none is given. */
function choiceOf<Choice extends string>(
  given: Readonly<Record<string, unknown>>,
  name: string,
  choices: readonly [Choice, ...Choice[]],
): Choice {
  const value = given[name] === undefined ? choices[0] : choices.find((choice) => choice === given[name]);
  if (value === undefined) throw usageError(`it is one of ${choices.join(', ')}`, name);
  return value;
}

function secondsOf({ maxAgeSeconds: value }: Readonly<Record<string, unknown>>): number | null {
  if (value === undefined) return null;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= 86_400) return value;
  throw usageError('it is a number of seconds, at most a day', 'maxAgeSeconds');
}

function usageError(message: string, member: string | null = null): ServerError {
  return new ServerError('USAGE', `--psc: ${member === null ? '' : `${member}: `}${message}`, {
    hint: 'See docs/security/pro-sante-connect.md.',
  });
}
