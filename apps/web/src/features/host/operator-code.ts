/** The code of an enrolment that the address brought, taken out of it: it stays neither on the screen nor in the history. */
export function takeOperatorCode(): string {
  const code = location.hash.slice(1);
  if (code !== '') history.replaceState(null, '', location.pathname);
  return code;
}
