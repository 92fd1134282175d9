const minLength = 8;
const maxLength = 60;

/** Where in a resource to look, in the order in which the quota is shared. */
const kinds: readonly { readonly share: number; readonly matches: (path: string, type: string) => boolean }[] = [
  { share: 0.15, matches: (path, type) => type === 'Patient' && /\.name\.(family|given|text)$/.test(path) },
  { share: 0.15, matches: (path) => /\.address\.(line|city|text)$/.test(path) },
  { share: 0.1, matches: (path) => /\.telecom\.value$/.test(path) },
  { share: 0.2, matches: (path) => /\.identifier\.value$/.test(path) },
  { share: 0.3, matches: (path) => /\.(div|display|text|title|description)$/.test(path) },
  { share: 1, matches: (path) => /\.id$/.test(path) },
];

/**
 * Texts of records that nothing else on a disk would hold: names, addresses, phones, identifiers, words of notes, ids.
 * The same resources give the same texts.
 */
export function distinctiveTexts(resources: readonly unknown[], count: number): string[] {
  const found: Set<string>[] = kinds.map(() => new Set());
  for (const resource of resources) {
    const type = typeof resource === 'object' && resource !== null ? String(Reflect.get(resource, 'resourceType')) : '';
    for (const [path, text] of textsIn(resource, '')) {
      const kind = kinds.findIndex(({ matches }) => matches(path, type));
      for (const plain of kind < 0 ? [] : plainParts(text)) found[kind]?.add(plain);
    }
  }
  const chosen = new Set<string>();
  kinds.forEach(({ share }, kind) => {
    const most = Math.min(count, chosen.size + Math.ceil(share * count));
    for (const text of spread([...(found[kind] ?? [])])) if (chosen.size < most) chosen.add(text);
  });
  return [...chosen];
}

function* textsIn(value: unknown, path: string): Generator<[path: string, text: string]> {
  if (typeof value === 'string') yield [path, value];
  else if (Array.isArray(value)) for (const item of value) yield* textsIn(item, path);
  else if (typeof value === 'object' && value !== null)
    for (const [key, item] of Object.entries(value)) yield* textsIn(item, `${path}.${key}`);
}

/** Without mark-up, in pieces that no line break or escape cuts. */
function plainParts(text: string): string[] {
  return text
    .replace(/<[^>]*>/g, '\n')
    .split(/[\n\r\t"&\\]+/)
    .map((part) => part.trim().slice(0, maxLength))
    .filter((part) => part.length >= minLength && /\p{L}{3}|\d{4}/u.test(part));
}

/** From all over the list, so that one patient does not take every place. */
function spread(texts: readonly string[]): string[] {
  const step = 7919;
  return texts.map((_, place) => texts[(place * step) % texts.length] ?? '');
}
