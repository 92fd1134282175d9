import { dirname, resolve } from 'node:path';
import { type ConfigObject, readConfig } from '@serment/store/config-file';
import { isSecureUrl } from '@serment/store/loopback';

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

const names = [
  'issuer',
  'discovery',
  'clientId',
  'clientSecret',
  'clientSecretFile',
  'authentication',
  'signingAlgorithm',
  'maxAgeSeconds',
];
const wellKnown = '/.well-known/';

/** Reads the file that `--psc` names, and the file of the secret that it may name. Throws USAGE. */
export async function readPscConfiguration(path: string): Promise<PscConfiguration> {
  const given = await readConfig(path, { option: '--psc', page: 'docs/security/pro-sante-connect.md' }, names);
  return {
    issuer: given.text('issuer'),
    discoveryUrl: discoveryUrlOf(given, issuerUrlOf(given)),
    clientId: given.text('clientId'),
    clientSecret: await secretOf(given, dirname(path)),
    authentication: given.choice('authentication', ['client_secret_basic', 'client_secret_post']),
    signingAlgorithm: given.choice('signingAlgorithm', ['RS256', 'PS256', 'ES256']),
    maxAgeSeconds: given.integer('maxAgeSeconds', { min: 0, max: 86_400, absent: null }),
  };
}

function issuerUrlOf(given: ConfigObject): string {
  const { search, hash } = urlOf(given, 'issuer');
  if (search !== '' || hash !== '') throw given.wrong('issuer', 'an issuer has no query and no fragment');
  return given.text('issuer');
}

function discoveryUrlOf(given: ConfigObject, issuer: string): URL {
  if (!given.has('discovery')) return new URL(`${issuer.replace(/\/$/, '')}${wellKnown}openid-configuration`);
  const url = urlOf(given, 'discovery');
  if (url.pathname.includes(wellKnown)) return url;
  throw given.wrong('discovery', 'it is the whole address of a document under /.well-known/');
}

function urlOf(given: ConfigObject, name: string): URL {
  const url = URL.parse(given.text(name));
  if (url === null || url.username !== '' || url.password !== '') throw given.wrong(name, 'it is no address');
  if (!isSecureUrl(url, true)) throw given.wrong(name, 'off loopback it begins with https://');
  return url;
}

async function secretOf(given: ConfigObject, folder: string): Promise<string> {
  const isInFile = given.has('clientSecretFile');
  if (isInFile === given.has('clientSecret'))
    throw given.wrong('clientSecret', 'give one of clientSecret and clientSecretFile');
  if (!isInFile) return given.text('clientSecret');
  const name = 'clientSecretFile';
  const secret = (await given.readNamedText(name, resolve(folder, given.text(name)))).trim();
  if (secret === '') throw given.wrong(name, 'its file is empty');
  return secret;
}
