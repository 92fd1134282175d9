import { Transport } from '@serment/replica/transport';
import { usageError } from './error.ts';

export interface AddressOptions {
  /** Allows creating a practice on a server that asks for it. */
  readonly invitation?: string | null;
}

/** Speaks with the server at this address. Throws USAGE when it is none. */
export function transportTo(address: string, { invitation = null }: AddressOptions = {}): Transport {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search !== '')
    throw usageError('--server is an address such as http://localhost:4400');
  if (invitation === null) return new Transport({ baseUrl: url.origin });
  return new Transport({
    baseUrl: url.origin,
    fetch: (input, init) => {
      const headers = new Headers(init?.headers);
      headers.set('serment-invitation', invitation);
      return fetch(input, { ...init, headers });
    },
  });
}
