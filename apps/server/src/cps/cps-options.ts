import { isIP } from 'node:net';
import { dirname, resolve } from 'node:path';
import { createSecureContext } from 'node:tls';
import { CodedError } from '@serment/core/error';
import { type ConfigObject, readConfig } from '@serment/store/config-file';
import { isRoot, mayIssue } from './authorities.ts';
import { type Certificate, isIssuedBy, parseCertificate } from './certificate.ts';
import { isUrl, type RevocationSettings } from './revocation.ts';
import { isAllowedUrl } from './revocation-host.ts';

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
 * Reads the JSON file of the card's listener and the files that it names, relative to its folder. Throws USAGE, which
 * says what is wrong.
 */
export async function readCpsOptions(path: string): Promise<CpsOptions> {
  const given = await readConfig(path, { option: '--cps', page: 'docs/security/cps.md' }, names);
  const folder = dirname(resolve(path));
  const hosts = given.texts('revocationHosts').map((host, place) => hostOf(given, host, place));
  const crls = given.texts('crls');
  return {
    port: given.integer('port', { min: 0, max: 65_535 }),
    host: given.text('host'),
    publicUrl: publicUrlOf(given),
    tls: await readTls(given, folder),
    authorities: checkAuthorities(given, await readAuthorities(given, folder)),
    revocation: {
      hosts,
      crls: crls.map((list, place) => (isUrl(list) ? listUrl(given, list, place, hosts) : resolve(folder, list))),
      ocsp: given.flag('ocsp', true),
    },
  };
}

async function readTls(given: ConfigObject, folder: string): Promise<CpsOptions['tls']> {
  const tls = { key: await readPem(given, folder, 'key'), cert: await readPem(given, folder, 'cert') };
  try {
    createSecureContext(tls);
  } catch (cause) {
    throw given.wrong('key', 'it is not the private key, in PEM, of the certificate in cert', cause);
  }
  return tls;
}

async function readAuthorities(given: ConfigObject, folder: string): Promise<Certificate[]> {
  const files = given.texts('authorities').map(async (file, place) => {
    const name = `authorities.${place}`;
    const found = pemOf(await given.readNamed(name, resolve(folder, file))).match(pemCertificate) ?? [];
    if (found.length === 0) throw given.wrong(name, 'its file is without a certificate in PEM');
    return found.map((one) => {
      try {
        return parseCertificate(Buffer.from(one.replace(/-----[^-]+-----|\s/g, ''), 'base64'));
      } catch (cause) {
        throw given.wrong(name, 'its file holds a certificate that cannot be read', cause);
      }
    });
  });
  return (await Promise.all(files)).flat();
}

async function readPem(given: ConfigObject, folder: string, name: string): Promise<string> {
  return pemOf(await given.readNamed(name, resolve(folder, given.text(name))));
}

/** What stands around PEM is of whatever encoding its author had. */
function pemOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function publicUrlOf(given: ConfigObject): URL {
  const url = URL.parse(given.text('publicUrl'));
  if (url?.protocol === 'https:' && url.href === `${url.origin}/`) return url;
  throw given.wrong('publicUrl', 'it is an https address without a path, such as https://carte.cabinet.example');
}

function hostOf(given: ConfigObject, value: string, place: number): string {
  const url = URL.parse(`http://${value}`);
  if (url !== null && url.host === value && (isIP(url.hostname) !== 0 || /^[a-z0-9.-]+$/.test(url.hostname)))
    return value;
  const expected = 'it is a host in lower case, with its port when it is not that of http or https';
  throw given.wrong(`revocationHosts.${place}`, expected);
}

function listUrl(given: ConfigObject, list: string, place: number, hosts: readonly string[]): string {
  if (isAllowedUrl(list, hosts)) return list;
  throw given.wrong(`crls.${place}`, 'it is an address whose host is not among revocationHosts');
}

/** Dates are not looked at: an authority stands beside its successor for years. */
function checkAuthorities(given: ConfigObject, authorities: readonly Certificate[]): readonly Certificate[] {
  const wrong = (problem: string) => given.wrong('authorities', problem);
  if (!authorities.some(isRoot)) throw wrong('there is no root, which its own key signs');
  for (const authority of authorities) {
    const { subject } = authority.openssl;
    if (!isUsable(authority)) throw wrong(`one may not vouch for cards: ${JSON.stringify(subject)}`);
    if (!authorities.some((other) => isIssuedBy(authority, other)))
      throw wrong(`the one above is lacking: ${JSON.stringify(subject)}`);
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
