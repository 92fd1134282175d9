import { readdirSync } from 'node:fs';
import { isLeftover } from '@serment/store/copy/destination';
import { folderDestination } from '@serment/store/copy/folder';
import { type CopyReport, verifyCopy } from '@serment/store/copy/verify';
import type { Store } from '@serment/store/store';
import { publish, type VaultPlace } from './vault.ts';

/** Publishes a store whole into a fresh folder; answers with what a verification finds there, which ought to be nothing. */
export async function copyFindings(store: Store, place: VaultPlace, folder: string): Promise<string[]> {
  const problem = await publishToEnd(store, place, folder);
  return [...problem, ...findingTexts(await verifyFolder(folder))];
}

/** What keeps the copy from being current, once it was published as far as it goes. */
export async function publishToEnd(store: Store, place: VaultPlace, folder: string): Promise<string[]> {
  const publisher = publish(place, store, { destination: folderDestination({ path: folder }) });
  await publisher.settled();
  const [status] = publisher.status(place.id);
  await publisher.stop();
  return status?.state === 'current' ? [] : [`the copy is ${status?.state}, ${status?.error}`];
}

export function verifyFolder(folder: string): Promise<CopyReport> {
  return verifyCopy(folderDestination({ path: folder }));
}

export function findingTexts({ findings }: CopyReport): string[] {
  return findings.map(({ code, object, detail }) => `${code} ${object ?? ''} ${detail ?? ''}`.trim()).sort();
}

/** Names of all objects, but those of writers that died, tails, which a bundle replaces, and account data, which each start adds. */
export function objectNames(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((item) => item.isFile())
    .map((item) => `${item.parentPath.slice(folder.length + 1)}/${item.name}`)
    .filter((name) => !(isLeftover(name) || name.includes('/tail/') || name.startsWith('host/')))
    .sort();
}
