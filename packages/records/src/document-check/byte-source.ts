/** Bytes that are read by parts: a document may weigh more than a tab should hold. */
export interface ByteSource {
  readonly size: number;
  /** What stands from `start` up to `end`, cut at the size. */
  read(start: number, end: number): Promise<Uint8Array>;
}

export function blobSource(blob: Blob): ByteSource {
  return {
    size: blob.size,
    read: async (start, end) => new Uint8Array(await blob.slice(start, end).arrayBuffer()),
  };
}

const windowBytes = 1_048_576;

/** All of it, window after window. */
export async function* windowsOf(source: ByteSource): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < source.size; start += windowBytes)
    yield await source.read(start, Math.min(start + windowBytes, source.size));
}

const latin = new TextDecoder('windows-1252');

/** One character for each byte, ASCII as itself: what is searched for in structures. */
export function bytesToLatin(bytes: Uint8Array): string {
  return latin.decode(bytes);
}

export function startsWith(bytes: Uint8Array, signature: string, at = 0): boolean {
  for (let place = 0; place < signature.length; place += 1)
    if (bytes[at + place] !== signature.charCodeAt(place)) return false;
  return true;
}

/** Where a signature of ASCII or raw bytes stands; -1 when nowhere. */
export function indexOfBytes(bytes: Uint8Array, signature: string, from = 0): number {
  const first = signature.charCodeAt(0);
  for (let at = bytes.indexOf(first, from); at !== -1; at = bytes.indexOf(first, at + 1))
    if (startsWith(bytes, signature, at)) return at;
  return -1;
}
