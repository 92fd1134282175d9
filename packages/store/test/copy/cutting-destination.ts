import { CopyError } from '../../src/copy/copy-error.ts';
import type { Destination } from '../../src/copy/destination.ts';

/** A destination that is out of reach after so many objects were read, and the names of those that were. */
export function cutAfter(
  destination: Destination,
  reads = Number.POSITIVE_INFINITY,
): { destination: Destination; names: string[] } {
  const names: string[] = [];
  const count = (name: string) => {
    if (names.length >= reads) throw new CopyError('COPY_UNREACHABLE', 'Cut by a test');
    names.push(name);
  };
  const cut: Pick<Destination, 'get' | 'stream'> = {
    async get(name) {
      count(name);
      return destination.get(name);
    },
    async *stream(name) {
      count(name);
      yield* destination.stream(name);
    },
  };
  const proxy = new Proxy(destination, {
    get(target, key) {
      const value: unknown = Reflect.get(key in cut ? cut : target, key);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return { destination: proxy, names };
}
