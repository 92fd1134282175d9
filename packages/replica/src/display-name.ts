interface NamedResource {
  readonly name?: string | readonly HumanName[];
}

interface HumanName {
  readonly prefix?: readonly string[];
  readonly given?: readonly string[];
  readonly family?: string;
  readonly text?: string;
}

/** The name to show of an Organization or a Practitioner, from its JSON text; null when it has none. */
export function nameIn(content: string): string | null {
  // The records that name members are the practice's own: their shape was checked when they were written.
  const { name } = JSON.parse(content) as NamedResource;
  if (typeof name === 'string') return name;
  const [first] = name ?? [];
  const words = [...(first?.prefix ?? []), ...(first?.given ?? []), first?.family ?? first?.text ?? ''];
  return words.filter((word) => word !== '').join(' ') || null;
}
