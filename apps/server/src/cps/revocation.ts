import { randomBytes } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { ServerError } from '../error.ts';
import type { Certificate } from './certificate.ts';
import { type Crl, crlUrls, isRevokedBy, parseCrl } from './crl.ts';
import { encodeOcspRequest, type OcspVerdict, ocspUrl, parseOcspAnswer } from './ocsp.ts';
import { askRevocationHost } from './revocation-host.ts';
import { revocationUnknown, type UnknownReason } from './revocation-unknown.ts';

export interface RevocationSettings {
  /** Hosts that may be asked, as `name` or `name:port`. */
  readonly hosts: readonly string[];
  /** Paths or addresses of lists that are looked at before those which certificates name. */
  readonly crls: readonly string[];
  /** Whether responders are asked. */
  readonly ocsp: boolean;
}

/** A certificate and the one right above it. */
export interface Link {
  readonly certificate: Certificate;
  readonly issuer: Certificate;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface Revocation {
  /** Returns when the certificate is known not to be revoked. Throws CARD_REVOKED, CARD_REVOCATION_UNKNOWN. */
  check(link: Link): Promise<void>;
}

interface ListSource {
  /** Path or address. */
  readonly name: string;
  read(): Promise<Uint8Array>;
}

interface Refresh {
  readonly source: ListSource;
  readonly issuer: Certificate;
  readonly at: number;
}

interface CachedCrl {
  readonly crl: Crl;
  /** From when it is asked for again, in milliseconds since 1970. */
  readonly until: number;
}

const maxCrlBytes = 32 * 1024 * 1024;
const maxOcspBytes = 65_536;
const crlTimeoutMs = 15_000;
const ocspTimeoutMs = 5000;
// A card reported lost in the morning is refused in the morning.
const maxCrlRestMs = 3_600_000;
const maxOcspRestMs = 5 * 60_000;
const maxCrls = 32;
const maxVerdicts = 1000;

/**
 * Asks whether certificates are revoked: OCSP first, then lists. A responder that knows no such certificate is
 * believed, for a certificate that its authority does not know of is a forged one; one that does not answer leaves the
 * word to the lists. When neither tells, the certificate is refused.
 */
export function createRevocation({ hosts, crls, ocsp }: RevocationSettings): Revocation {
  const lists = new Map<string, CachedCrl>();
  const verdicts = new Map<string, OcspVerdict>();
  const underWay = new Map<string, Promise<Crl>>();

  async function check(link: Link): Promise<void> {
    const reasons: UnknownReason[] = [];
    const verdict = ocsp ? await reasonsOf(reasons, () => askResponder(link)) : null;
    const isRevoked = verdict ?? (await searchLists(link, reasons));
    if (isRevoked) throw new ServerError('CARD_REVOKED', 'The card, or an authority above it, is revoked');
  }

  /** Null when the certificate names no responder. */
  async function askResponder(link: Link): Promise<boolean | null> {
    const url = ocspUrl(link.certificate);
    if (url === null) return null;
    const name = `${link.certificate.openssl.fingerprint256} ${link.issuer.openssl.fingerprint256}`;
    const known = verdicts.get(name);
    if (known !== undefined && known.until >= link.at) return known.isRevoked;
    const question = { ...link, nonce: new Uint8Array(randomBytes(16)) };
    const body = { bytes: await encodeOcspRequest(question), type: 'application/ocsp-request' };
    const limits = { source: 'OCSP', maxBytes: maxOcspBytes, timeoutMs: ocspTimeoutMs } as const;
    const verdict = await parseOcspAnswer(await askRevocationHost(url, { ...limits, hosts, body }), question);
    const { responder } = verdict;
    if (responder !== null && (await searchLists({ ...link, certificate: responder }, [])))
      throw revocationUnknown('OCSP_RESPONDER');
    keep(verdicts, name, { ...verdict, until: Math.min(verdict.until, link.at + maxOcspRestMs) }, maxVerdicts);
    return verdict.isRevoked;
  }

  /** Throws CARD_REVOCATION_UNKNOWN, `reasons` first among its own, when no list tells. */
  async function searchLists(link: Link, reasons: UnknownReason[]): Promise<boolean> {
    const { certificate, at } = link;
    // What a certificate names is fetched, whatever it looks like: never a file.
    const named = crlUrls(certificate).map((url) => ({ name: url, read: () => fetchList(url) }));
    const configured = crls.map((place) => ({
      name: place,
      read: () => (isUrl(place) ? fetchList(place) : readListFile(place)),
    }));
    for (const source of [...configured, ...named]) {
      const found = await reasonsOf(reasons, async () => isRevokedBy(await listFrom(source, link), certificate, at));
      if (found !== null) return found;
    }
    throw revocationUnknown(...(reasons.length === 0 ? (['NO_SOURCE'] as const) : reasons));
  }

  function listFrom(source: ListSource, { issuer, at }: Link): Promise<Crl> {
    const name = `${source.name} ${issuer.openssl.fingerprint256}`;
    const known = lists.get(name);
    if (known !== undefined && known.until >= at) return Promise.resolve(known.crl);
    const asked = underWay.get(name) ?? refresh(name, { source, issuer, at }).finally(() => underWay.delete(name));
    underWay.set(name, asked);
    return asked;
  }

  /** The newest list that is known; while its host is silent, the one from before, which tells its own end. */
  async function refresh(name: string, { source, issuer, at }: Refresh): Promise<Crl> {
    const known = lists.get(name)?.crl ?? null;
    try {
      const read = await parseCrl(await source.read(), issuer);
      const crl = known !== null && known.thisUpdate > read.thisUpdate ? known : read;
      keep(lists, name, { crl, until: Math.min(crl.nextUpdate, at + maxCrlRestMs) }, maxCrls);
      return crl;
    } catch (cause) {
      if (known === null) throw cause;
      return known;
    }
  }

  function fetchList(url: string): Promise<Uint8Array> {
    return askRevocationHost(url, { source: 'CRL', hosts, maxBytes: maxCrlBytes, timeoutMs: crlTimeoutMs });
  }

  return { check };
}

/** Whether a place of the configuration is an address rather than a path. */
export function isUrl(place: string): boolean {
  return /^https?:/i.test(place);
}

async function readListFile(path: string): Promise<Uint8Array> {
  try {
    if ((await stat(path)).size <= maxCrlBytes) return await readFile(path);
  } catch {
    throw revocationUnknown('CRL_UNREACHABLE');
  }
  throw revocationUnknown('CRL_TOO_LARGE');
}

/**
 * Null, its reasons added to the others, for what one source could not tell. What a responder denies knowing is told.
 */
async function reasonsOf<Answer>(reasons: UnknownReason[], ask: () => Promise<Answer | null>): Promise<Answer | null> {
  try {
    return await ask();
  } catch (cause) {
    if (!(cause instanceof ServerError && cause.code === 'CARD_REVOCATION_UNKNOWN')) throw cause;
    const told = String(cause.fields.reasons).split(' ') as UnknownReason[];
    if (told.includes('OCSP_UNKNOWN')) throw cause;
    reasons.push(...told);
    return null;
  }
}

function keep<Value>(cache: Map<string, Value>, name: string, value: Value, max: number): void {
  cache.delete(name);
  cache.set(name, value);
  for (const oldest of cache.keys()) {
    if (cache.size <= max) return;
    cache.delete(oldest);
  }
}
