/**
 * What `work` makes of each item, in their order, with so many under way at once. A failure, of the items or of the work,
 * comes where its result would have.
 */
export async function* inOrder<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  limit: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const running: Promise<Result>[] = [];
  for await (const { result } of begun(items, work)) {
    running.push(result);
    const first = running.length < limit ? undefined : running.shift();
    if (first !== undefined) yield await first;
  }
  for (const result of running) yield await result;
}

async function* begun<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<{ readonly result: Promise<Result> }> {
  const told = (result: Promise<Result>) => {
    // Its failure is told where its turn comes, if anybody still waits for it then.
    result.catch(() => undefined);
    return { result };
  };
  try {
    for await (const item of items) yield told(work(item));
  } catch (cause) {
    yield told(Promise.reject(cause));
  }
}

/** Runs `work` on every item, so many at once; stops taking items after a failure, and throws the first one. */
export async function inParallel<Item>(
  items: Iterable<Item> | AsyncIterable<Item>,
  limit: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const failures: unknown[] = [];
  const running = new Set<Promise<void>>();
  for await (const item of items) {
    if (failures.length > 0) break;
    const run = work(item)
      .catch((cause: unknown) => {
        failures.push(cause);
      })
      .finally(() => running.delete(run));
    running.add(run);
    if (running.size >= limit) await Promise.race(running);
  }
  await Promise.all(running);
  if (failures.length > 0) throw failures[0];
}
