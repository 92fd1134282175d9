/** Text with named places: `literals` are what stands around the `names`, one more of them. */
export interface Template {
  readonly literals: readonly string[];
  readonly names: readonly string[];
}

/** Cuts text at each `{{name}}`. Null when braces are left over, or stand three together. */
export function parseTemplate(text: string): Template | null {
  if (/\{{3}|\}{3}/.test(text)) return null;
  const parts = text.split(/\{\{([^{}]*)\}\}/);
  const literals = parts.filter((_, index) => index % 2 === 0);
  const names = parts.filter((_, index) => index % 2 === 1);
  return literals.some((literal) => /\{\{|\}\}/.test(literal)) ? null : { literals, names };
}

/** The text with each place filled by its value, encoded for where it stands. Every name must have a value. */
export function fillTemplate(
  { literals, names }: Template,
  values: ReadonlyMap<string, string>,
  encode: (value: string) => string,
): string {
  return literals.reduce((text, literal, index) => text + encode(values.get(names[index - 1] ?? '') ?? '') + literal);
}

/** A value inside an address or a form: everything but the unreserved characters of RFC 3986 is escaped. */
export function percentEncode(value: string): string {
  return encodeURIComponent(value).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
