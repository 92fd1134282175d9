import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { dirname, resolve } from 'node:path';
import { createSecureContext } from 'node:tls';
import { CodedError } from '@serment/core/error';
import { ServerError } from '../error.ts';
import { isRoot, mayIssue } from './authorities.ts';
import { type Certificate, isIssuedBy, parseCertificate } from './certificate.ts';
import { isAllowedUrl } from './fetch-bounded.ts';
import { isUrl, type RevocationSettings } from './revocation.ts';

/** What the file given to `--cps` says, read and checked (docs/security/cps.md). */
export interface CpsOptions {
  readonly port: number;
  readonly host: string;
  /** https address under which browsers reach the listener: an origin. */
  readonly publicUrl: URL;
  /** In PEM. */
  readonly tls: { readonly key: string; readonly cert: string };
  readonly authorities: readonly Certificate[];
  readonly revocation: RevocationSettings;
}

const names = ['port', 'host', 'publicUrl', 'key', 'cert', 'authorities', 'revocationHosts', 'crls', 'ocsp'];
const pemCertificate = /-----BEGIN CERTIFICATE-----[\sA-Za-z0-9+/=]+-----END CERTIFICATE-----/g;

/**
 * Reads the JSON file of the card's listener and the files that it names, relative to its folder. Throws USAGE, which says
 * what is wrong.
 */
export async function readCpsOptions(path: string): Promise<CpsOptions> {
  const given = parseObject(await readText(path, '--cps'));
  const folder = dirname(resolve(path));
  const fileAt = (name: string) => readText(resolve(folder, text(given, name)), name);
  const tls = { key: await fileAt('key'), cert: await fileAt('cert') };
  try {
    createSecureContext(tls);
  } catch (cause) {
    throw wrong('key', 'is not the private key, in PEM, of the certificate in cert', cause);
  }
  const authorityFiles = texts(given, 'authorities').map((file) => resolve(folder, file));
  const pems = await Promise.all(authorityFiles.map((file) => readText(file, 'authorities')));
  const hosts = texts(given, 'revocationHosts').map(hostOf);
  return {
    port: portOf(given.port),
    host: text(given, 'host'),
    publicUrl: publicUrlOf(text(given, 'publicUrl')),
    tls,
    authorities: checkAuthorities(pems.flatMap((pem, place) => authoritiesIn(pem, authorityFiles[place] ?? ''))),
    revocation: {
      hosts,
      crls: texts(given, 'crls').map((place) => (isUrl(place) ? listUrl(place, hosts) : resolve(folder, place))),
      ocsp: flag(given, 'ocsp'),
    },
  };
}

function parseObject(json: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw wrong('--cps', 'names a file that is not JSON', cause);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong('--cps', 'holds one JSON object');
  const unknown = Object.keys(value).find((name) => !names.includes(name));
  if (unknown !== undefined) throw wrong('--cps', `knows no ${JSON.stringify(unknown)}: it has ${names.join(', ')}`);
  return { ...value };
}

async function readText(path: string, name: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw wrong(name, 'names a file that cannot be read', cause);
  }
}

function text(given: Record<string, unknown>, name: string): string {
  const value = given[name];
  if (typeof value !== 'string' || value === '') throw wrong(name, 'is a text, and needed');
  return value;
}

/** Absent as empty. */
function texts(given: Record<string, unknown>, name: string): readonly string[] {
  const value: unknown = given[name] ?? [];
  const isList = Array.isArray(value) && value.every((one) => typeof one === 'string' && one !== '');
  if (!isList) throw wrong(name, 'is a list of texts');
  return value;
}

function flag(given: Record<string, unknown>, name: string): boolean {
  const value = given[name] ?? true;
  if (typeof value !== 'boolean') throw wrong(name, 'is true or false');
  return value;
}

function portOf(value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 65_535) return value;
  throw wrong('port', 'is a number from 0 to 65535');
}

function publicUrlOf(value: string): URL {
  const url = URL.parse(value);
  if (url?.protocol === 'https:' && url.href === `${url.origin}/`) return url;
  throw wrong('publicUrl', 'is an https address without a path, such as https://carte.cabinet.example');
}

function hostOf(value: string): string {
  const url = URL.parse(`http://${value}`);
  if (url !== null && url.host === value && (isIP(url.hostname) !== 0 || /^[a-z0-9.-]+$/.test(url.hostname)))
    return value;
  throw wrong('revocationHosts', 'names hosts in lower case, with their port when it is not that of http or https');
}

function listUrl(place: string, hosts: readonly string[]): string {
  if (isAllowedUrl(place, hosts)) return place;
  throw wrong('crls', 'names an address whose host is not among revocationHosts');
}

function authoritiesIn(pem: string, file: string): Certificate[] {
  const found = pem.match(pemCertificate) ?? [];
  if (found.length === 0) throw wrong('authorities', `names a file without a certificate in PEM: ${file}`);
  return found.map((one) => {
    try {
      return parseCertificate(Buffer.from(one.replace(/-----[^-]+-----|\s/g, ''), 'base64'));
    } catch (cause) {
      throw wrong('authorities', `names a file with a certificate that cannot be read: ${file}`, cause);
    }
  });
}

/** Dates are not looked at: an authority stands beside its successor for years. */
function checkAuthorities(authorities: readonly Certificate[]): readonly Certificate[] {
  if (!authorities.some(isRoot)) throw wrong('authorities', 'names no root, which its own key signs');
  for (const authority of authorities) {
    const { subject } = authority.openssl;
    if (!isUsable(authority))
      throw wrong('authorities', `names one that may not vouch for cards: ${JSON.stringify(subject)}`);
    if (!authorities.some((other) => isIssuedBy(authority, other)))
      throw wrong('authorities', `lacks the one above ${JSON.stringify(subject)}`);
  }
  return authorities;
}

function isUsable(authority: Certificate): boolean {
  try {
    return mayIssue(authority, 0);
  } catch (cause) {
    if (cause instanceof CodedError) return false;
    throw cause;
  }
}

function wrong(name: string, problem: string, cause?: unknown): ServerError {
  const place = name === '--cps' ? name : `In the file of --cps, ${name}`;
  return new ServerError('USAGE', `${place} ${problem}`, { cause, hint: 'See docs/security/cps.md, configuration.' });
}
