import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** One text in one encoding, as bytes that would stand in a file. */
export interface Needle {
  readonly text: string;
  readonly encoding: string;
  readonly bytes: Uint8Array;
}

export interface Hit {
  readonly file: string;
  readonly offset: number;
  readonly text: string;
  readonly encoding: string;
}

export interface Searched {
  readonly hits: readonly Hit[];
  readonly files: number;
  readonly bytes: number;
}

const prefixBytes = 3;
const maxHits = 20;

/** A text as it would stand in clear: UTF-8, UTF-16 of both kinds, and base64 wherever it starts in a group of three. */
export function needlesOf(text: string): Needle[] {
  const utf8 = Buffer.from(text, 'utf8');
  const little = Buffer.from(text, 'utf16le');
  const big = Buffer.from(little).swap16();
  const needles = [
    { text, encoding: 'UTF-8', bytes: utf8 },
    { text, encoding: 'UTF-16LE', bytes: little },
    { text, encoding: 'UTF-16BE', bytes: big },
  ];
  for (const shift of [0, 1, 2])
    needles.push({ text, encoding: `base64+${shift}`, bytes: Buffer.from(base64Inside(utf8, shift), 'latin1') });
  return needles;
}

/** The characters that the bytes alone decide, when `shift` bytes stand before them in their group. */
function base64Inside(bytes: Uint8Array, shift: number): string {
  const encoded = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
  return encoded.slice(Math.ceil((shift * 4) / 3), Math.floor(((shift + bytes.length) * 4) / 3));
}

/** Looks for many texts in every file of folders, in one pass over each. */
export class TextSearch {
  readonly #byPrefix = new Map<number, Needle[]>();
  readonly #prefixes = new Uint8Array(2 ** 24 / 8);

  constructor(texts: readonly string[]) {
    for (const needle of texts.flatMap(needlesOf)) {
      const prefix = prefixAt(needle.bytes, 0);
      this.#byPrefix.set(prefix, [...(this.#byPrefix.get(prefix) ?? []), needle]);
      this.#prefixes[prefix >> 3] = (this.#prefixes[prefix >> 3] ?? 0) | (1 << (prefix & 7));
    }
  }

  async inFolders(folders: readonly string[]): Promise<Searched> {
    const hits: Hit[] = [];
    let [files, bytes] = [0, 0];
    for (const file of (await Promise.all(folders.map(filesIn))).flat()) {
      const content = await readFile(file);
      files += 1;
      bytes += content.length;
      for (const { needle, offset } of this.inBytes(content))
        hits.push({ file, offset, text: needle.text, encoding: needle.encoding });
    }
    return { hits: hits.slice(0, maxHits), files, bytes };
  }

  inBytes(content: Uint8Array): { needle: Needle; offset: number }[] {
    const found: { needle: Needle; offset: number }[] = [];
    for (let offset = 0; offset + prefixBytes <= content.length; offset += 1) {
      const prefix = prefixAt(content, offset);
      if (((this.#prefixes[prefix >> 3] ?? 0) & (1 << (prefix & 7))) === 0) continue;
      for (const needle of this.#byPrefix.get(prefix) ?? [])
        if (standsAt(content, offset, needle.bytes)) found.push({ needle, offset });
    }
    return found;
  }
}

async function filesIn(folder: string): Promise<string[]> {
  if ((await stat(folder)).isFile()) return [folder];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

function prefixAt(bytes: Uint8Array, offset: number): number {
  return ((bytes[offset] ?? 0) << 16) | ((bytes[offset + 1] ?? 0) << 8) | (bytes[offset + 2] ?? 0);
}

function standsAt(content: Uint8Array, offset: number, bytes: Uint8Array): boolean {
  if (offset + bytes.length > content.length) return false;
  for (let at = prefixBytes; at < bytes.length; at += 1) if (content[offset + at] !== bytes[at]) return false;
  return true;
}
