/**
 * The invitation that the address carries, or null. It is taken out of the address at once: neither the history nor
 * whoever looks at the screen keeps a link that was read.
 */
export function takeInvitation(): string | null {
  const { pathname, hash } = location;
  if (pathname !== '/invitation') return null;
  history.replaceState(null, '', '/');
  return hash.slice(1);
}
