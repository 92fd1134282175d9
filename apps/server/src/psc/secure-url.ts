const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Whether secrets may travel to that address: https, or http on this machine where `mayBeLoopback`. */
export function isSecureUrl(url: URL, mayBeLoopback: boolean): boolean {
  return url.protocol === 'https:' || (mayBeLoopback && isLoopbackHttp(url));
}

export function isLoopbackHttp({ protocol, hostname }: URL): boolean {
  return protocol === 'http:' && loopbackNames.has(hostname);
}
