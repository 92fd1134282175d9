/** The id of the heading of a part of the identity page. */
export function partId(part: string): string {
  return `identity-${part}`;
}
