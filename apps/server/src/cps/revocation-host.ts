import type { Bytes } from '@serment/core/bytes';
import { readAtMost } from '@serment/store/bounded-read';
import { revocationUnknown } from './revocation-unknown.ts';

export interface HostQuestion {
  readonly source: 'CRL' | 'OCSP';
  /** Hosts that may be asked, as `name` or `name:port`. */
  readonly hosts: readonly string[];
  readonly maxBytes: number;
  readonly timeoutMs: number;
  /** Sent by POST, of that media type. */
  readonly body?: { readonly bytes: Bytes; readonly type: string };
}

/**
 * Asks an address that a certificate or the configuration names, over http or https, without following to another.
 * Throws CARD_REVOCATION_UNKNOWN: HOST_REFUSED for a host not on the list, UNREACHABLE, TOO_LARGE, with the source
 * before.
 */
export async function askRevocationHost(address: string, options: HostQuestion): Promise<Bytes> {
  const { source, hosts, maxBytes, timeoutMs, body } = options;
  if (!isAllowedUrl(address, hosts)) throw revocationUnknown(`${source}_HOST_REFUSED`);
  let bytes: Bytes | null;
  try {
    const answer = await fetch(address, {
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
      ...(body === undefined ? {} : { method: 'POST', body: body.bytes, headers: { 'content-type': body.type } }),
    });
    if (answer.status !== 200) throw new Error(`Status ${answer.status}`);
    bytes = await readAtMost(answer.body, maxBytes);
  } catch {
    throw revocationUnknown(`${source}_UNREACHABLE`);
  }
  if (bytes === null) throw revocationUnknown(`${source}_TOO_LARGE`);
  return bytes;
}

/** Whether an address is one of http or https, without a user, on a host of the list. */
export function isAllowedUrl(address: string, hosts: readonly string[]): boolean {
  const url = URL.parse(address);
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') return false;
  return hosts.includes(url.host);
}
