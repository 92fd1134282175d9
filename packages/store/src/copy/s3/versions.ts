import { CopyError } from '../copy-error.ts';
import type { Bucket, Page, Version } from './bucket.ts';

/** What stands under one name. */
export interface Named {
  readonly name: string;
  /** The oldest version, which is the one that counts; null where there are delete markers alone. */
  readonly first: Version | null;
  /** Ids of what came after it, delete markers included, newest first. */
  readonly later: readonly string[];
  /** True when a later one has other bytes, or says that the name is deleted. */
  readonly isOverwritten: boolean;
}

// The store's dates are to the second, and its gateways may differ by a few.
const marginMs = 10_000;
// Forgetting costs a request, no more.
const maxOwn = 65_536;

/**
 * Which version of a name counts: the oldest. Names are written once, so whatever came later was put there to hide it,
 * and under its lock the oldest cannot go. A listing tells it for a thousand names in one request; a name with one
 * version is then read as it is, and one that was written after the listing is asked for by itself.
 */
export class Versions {
  readonly #bucket: Bucket;
  /** By name: put by this process, or asked for. */
  readonly #own = new Map<string, string>();
  /** By name: the first of several. */
  readonly #contested = new Map<string, string>();
  readonly #overwritten = new Set<string>();
  /** By prefix: when it was listed whole, by the store's clock. */
  readonly #listed = new Map<string, number>();
  readonly #listing = new Map<string, Promise<void>>();

  constructor(bucket: Bucket) {
    this.#bucket = bucket;
  }

  /** Names seen so far over which something else was put. */
  overwritten(): string[] {
    return [...this.#overwritten];
  }

  /** Everything under a prefix ('' or whole path segments with a slash at the end), name by name. */
  async *list(prefix: string): AsyncGenerator<Named> {
    const startedAt = performance.now();
    for await (const named of walk(this.#bucket, prefix)) {
      this.#note(named);
      yield named;
    }
    // The store's clock is known once it has answered.
    this.#listed.set(prefix, this.#bucket.now() - (performance.now() - startedAt));
  }

  /** The version to read: an id, or null for the newest, which is then the only one unless `isDoubtful`. */
  async find(name: string): Promise<string | null> {
    const known = this.#contested.get(name) ?? this.#own.get(name);
    if (known !== undefined) return known;
    if (this.#listedAt(name) === null) await this.#listAround(name);
    return this.#contested.get(name) ?? this.#own.get(name) ?? null;
  }

  /** True for a newest version that was written when the listing no longer told. */
  isDoubtful(name: string, writtenAt: number): boolean {
    const listedAt = this.#listedAt(name);
    return listedAt === null || writtenAt >= listedAt - marginMs;
  }

  /** Asks the store about one name. */
  async ask(name: string): Promise<Named> {
    for await (const named of walk(this.#bucket, name, name)) {
      this.#note(named);
      if (named.first !== null) this.keep(name, named.first.id);
      return named;
    }
    this.forget(name);
    return { name, first: null, later: [], isOverwritten: false };
  }

  keep(name: string, version: string): void {
    if (this.#own.size >= maxOwn) this.#own.clear();
    this.#own.set(name, version);
  }

  forget(name: string): void {
    this.#own.delete(name);
    this.#contested.delete(name);
  }

  #note({ name, first, later, isOverwritten }: Named): void {
    if (isOverwritten) this.#overwritten.add(name);
    if (first !== null && later.length > 0) this.#contested.set(name, first.id);
    else this.#contested.delete(name);
  }

  #listedAt(name: string): number | null {
    let latest = this.#listed.get('') ?? null;
    for (let end = name.indexOf('/'); end >= 0; end = name.indexOf('/', end + 1)) {
      const listedAt = this.#listed.get(name.slice(0, end + 1));
      if (listedAt !== undefined && (latest === null || listedAt > latest)) latest = listedAt;
    }
    return latest;
  }

  async #listAround(name: string): Promise<void> {
    const scope = scopeOf(name);
    if (scope === '') {
      await this.ask(name);
      return;
    }
    let listing = this.#listing.get(scope);
    if (listing === undefined) {
      listing = this.#drain(scope).finally(() => this.#listing.delete(scope));
      this.#listing.set(scope, listing);
    }
    await listing;
  }

  async #drain(scope: string): Promise<void> {
    for await (const _ of this.list(scope));
  }
}

/** What is listed before a name is read: all of a practice under a fence, or the name's own folder. */
function scopeOf(name: string): string {
  return /^[0-9a-f]{64}\/[0-9]{8}\//.exec(name)?.[0] ?? name.slice(0, name.lastIndexOf('/') + 1);
}

interface Gathered {
  versions: Version[];
  markers: string[];
}

/** Names with all their versions; with `only`, that name or none. */
async function* walk(bucket: Bucket, prefix: string, only: string | null = null): AsyncGenerator<Named> {
  const open = new Map<string, Gathered>();
  const of = (name: string): Gathered => {
    const gathered = open.get(name) ?? { versions: [], markers: [] };
    open.set(name, gathered);
    return gathered;
  };
  let from: Page | null = null;
  do {
    const { versions, markers, next }: Awaited<ReturnType<Bucket['page']>> = await bucket.page(prefix, from);
    for (const { name, ...version } of versions) of(name).versions.push(version);
    for (const { name, id } of markers) of(name).markers.push(id);
    if (next !== null && next.name === from?.name && next.version === from.version)
      throw new CopyError('COPY_IO_FAILED', 'The store lists the same names again and again');
    from = next;
    for (const [name, gathered] of open) {
      // The rest of this name's versions is on the next page.
      if (name === next?.name) continue;
      open.delete(name);
      if (only === null || name === only) yield namedOf(name, gathered);
      if (only !== null) return;
    }
  } while (from !== null && (only === null || from.name === only));
}

function namedOf(name: string, { versions, markers }: Gathered): Named {
  const first = versions.at(-1) ?? null;
  const later = versions.slice(0, -1);
  return {
    name,
    first,
    later: [...markers, ...later.map(({ id }) => id)],
    isOverwritten: markers.length > 0 || later.some((one) => one.size !== first?.size || one.etag !== first.etag),
  };
}
