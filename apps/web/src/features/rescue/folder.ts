import { type DBSchema, openDB } from 'idb';

/**
 * The folder that a person chose for a device's rescue copies (File System Access). Its handle cannot be sealed: it stands
 * beside, in a database of its own, and opens nothing until the browser has the person's consent.
 */

interface FolderSchema extends DBSchema {
  folders: { key: string; value: FileSystemDirectoryHandle };
}

type Consent = 'granted' | 'denied' | 'prompt';

/** What Chromium has and no standard yet (wicg.github.io/file-system-access). */
interface Consenting {
  queryPermission(asked: { readonly mode: 'readwrite' }): Promise<Consent>;
  requestPermission(asked: { readonly mode: 'readwrite' }): Promise<Consent>;
}
interface Picking {
  showDirectoryPicker(asked: { readonly id: string; readonly mode: 'readwrite' }): Promise<FileSystemDirectoryHandle>;
}

/** `none`: this browser never had it, or has forgotten it. */
export type FolderState = Consent | 'none';

const open = () =>
  openDB<FolderSchema>('serment-folders', 1, { upgrade: (database) => void database.createObjectStore('folders') });

export function canChooseFolder(): boolean {
  return isPicking(window);
}

/** Asks the person for a folder; null when they chose none. By a gesture alone. */
export async function chooseFolder(): Promise<FileSystemDirectoryHandle | null> {
  if (!isPicking(window)) return null;
  try {
    return await window.showDirectoryPicker({ id: 'serment-rescue', mode: 'readwrite' });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return null;
    throw error;
  }
}

/** Keeps it for this device, by its author in hexadecimal. */
export async function keepFolder(author: string, folder: FileSystemDirectoryHandle): Promise<void> {
  await (await open()).put('folders', folder, author);
}

export async function forgetFolder(author: string): Promise<void> {
  await (await open()).delete('folders', author);
}

export async function folderState(author: string): Promise<FolderState> {
  const folder = await (await open()).get('folders', author);
  if (folder === undefined) return 'none';
  return isConsenting(folder) ? folder.queryPermission({ mode: 'readwrite' }) : 'granted';
}

/** Asks the person again. By a gesture alone. */
export async function askConsent(author: string): Promise<FolderState> {
  const folder = await (await open()).get('folders', author);
  if (folder === undefined) return 'none';
  return isConsenting(folder) ? folder.requestPermission({ mode: 'readwrite' }) : 'granted';
}

/**
 * Writes a file there, whole or not at all, and lets go of those of this device, by their names, beyond the newest ones.
 * False where the folder is not there any more, is full, or the person has not consented.
 */
export async function writeInFolder(
  author: string,
  file: { readonly name: string; readonly bytes: Uint8Array<ArrayBuffer>; readonly isOwn: (name: string) => boolean },
): Promise<boolean> {
  const folder = await (await open()).get('folders', author);
  if (folder === undefined || (await folderState(author)) !== 'granted') return false;
  try {
    const handle = await folder.getFileHandle(file.name, { create: true });
    const stream = await handle.createWritable();
    await stream.write(file.bytes);
    await stream.close();
    const names: string[] = [];
    for await (const name of folder.keys()) if (file.isOwn(name)) names.push(name);
    for (const old of names.sort().slice(0, -keptFiles)) await folder.removeEntry(old);
    return true;
  } catch (error) {
    if (error instanceof DOMException) return false;
    throw error;
  }
}

const keptFiles = 7;

function isPicking(object: object): object is Picking {
  return 'showDirectoryPicker' in object;
}

function isConsenting(object: object): object is Consenting {
  return 'queryPermission' in object && 'requestPermission' in object;
}
