const hosts = new Set(['localhost', '127.0.0.1', '::1']);
const addresses = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);
const hostHeader = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/;

/** Whether a server that listens on that host is reached from this machine alone. */
export function isLoopbackHost(host: string): boolean {
  return hosts.has(host);
}

/** Whether the other end of a connection is on this machine, by its address. */
export function isLoopbackAddress(address: string): boolean {
  return addresses.has(address);
}

/** Whether a Host header names this machine alone, with a port or not. */
export function isLoopbackHostHeader(header: string): boolean {
  return hostHeader.test(header);
}

export function isLoopbackHttp({ protocol, hostname }: URL): boolean {
  return protocol === 'http:' && hosts.has(hostname.replace(/^\[(.*)\]$/, '$1'));
}

/** Whether secrets may travel to that address: https, or http on this machine where `mayBeLoopback`. */
export function isSecureUrl(url: URL, mayBeLoopback: boolean): boolean {
  return url.protocol === 'https:' || (mayBeLoopback && isLoopbackHttp(url));
}
