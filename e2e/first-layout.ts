import type { Page } from '@playwright/test';

/**
 * Sets what this browser keeps back to version 1 of its database, as browsers have it from before members shared one: a
 * device named by its practice, and one cache for the practice, its author's own apart within it. Gives how many values.
 */
export async function leaveForFirstLayout(page: Page, home: string): Promise<number> {
  // A page of the same origin that starts no worker: it would take the database up again.
  await page.goto(new URL('/api/host', home).href);
  return page.evaluate(rewrite);
}

async function rewrite(): Promise<number> {
  const own = /^(outbox|delivered|draft)\/|^(recent|directory)$/;
  const done = <Result>(request: IDBRequest<Result>) =>
    new Promise<Result>((resolve, reject) => {
      request.addEventListener('success', () => resolve(request.result), { once: true });
      request.addEventListener('error', () => reject(request.error), { once: true });
    });
  const before = await done(indexedDB.open('serment'));
  const stores = before.transaction(['cache', 'devices']);
  const [keys, values, devices] = await Promise.all([
    done(stores.objectStore('cache').getAllKeys()),
    done(stores.objectStore('cache').getAll()),
    done(stores.objectStore('devices').getAll()),
  ]);
  before.close();
  await done(indexedDB.deleteDatabase('serment'));
  const first = indexedDB.open('serment', 1);
  first.addEventListener('upgradeneeded', () => {
    first.result.createObjectStore('cache');
    first.result.createObjectStore('devices', { keyPath: 'practice' });
  });
  const database = await done(first);
  const written = database.transaction(['cache', 'devices'], 'readwrite');
  for (const { author: _author, person: _person, record, ...device } of devices) {
    const { offline: _offline, ...old } = record;
    written.objectStore('devices').put({ ...device, record: old });
  }
  const practices = new Map(devices.map(({ author, practice }) => [author, practice]));
  keys.forEach((key, place) => {
    const [, author, rest] = /^device\/([0-9a-f]+)\/(.+)$/s.exec(String(key)) ?? [];
    const practice = practices.get(author);
    if (rest === undefined || practice === undefined) throw new Error(`A value of no device: ${String(key)}`);
    const where = own.test(rest) ? `author/${author}/${rest}` : rest;
    written.objectStore('cache').put(values[place], `practice/${practice}/${where}`);
  });
  await new Promise((resolve) => written.addEventListener('complete', resolve, { once: true }));
  database.close();
  return keys.length;
}
