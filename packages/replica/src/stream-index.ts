import { bytesToHex, concatBytes, equalBytes, hexToBytes } from '@serment/core/bytes';
import type { Entry } from '@serment/core/journal/entry';
import type { Finding } from '@serment/core/journal/finding';
import type { GovernanceState } from '@serment/core/journal/governance-state';
import { hostStream } from '@serment/core/journal/header';
import type { Verified } from '@serment/core/journal/verifier';
import { isKeptAside } from './kept-aside.ts';

const none: readonly number[] = [];
const streamSizeBytes = 16;

/** Which entries belong to which stream, and which of them are snapshots. Streams are named in hexadecimal. */
export class StreamIndex {
  readonly #entries = new Map<string, number[]>();
  readonly #snapshots = new Map<string, number[]>();

  /** All the entries of each stream at once, snapshots among them. */
  static from(streams: Iterable<readonly [stream: string, entries: readonly number[], snapshots: readonly number[]]>) {
    const index = new StreamIndex();
    for (const [stream, entries, snapshots] of streams) {
      index.#entries.set(stream, [...entries]);
      if (snapshots.length > 0) index.#snapshots.set(stream, [...snapshots]);
    }
    return index;
  }

  names(): string[] {
    return [...this.#entries.keys()];
  }

  add(index: number, stream: string, isSnapshot: boolean): void {
    push(this.#entries, stream, index);
    if (isSnapshot) push(this.#snapshots, stream, index);
  }

  entriesOf(stream: string): readonly number[] {
    return this.#entries.get(stream) ?? none;
  }

  snapshotsOf(stream: string): readonly number[] {
    return this.#snapshots.get(stream) ?? none;
  }

  /** For the cache: per stream, save one that is left out, its id, counts, and its entry numbers, 32 bits each. */
  encode(without?: string): Uint8Array {
    const parts: Uint8Array[] = [];
    for (const [stream, entries] of this.#entries) {
      if (stream === without) continue;
      const snapshots = this.snapshotsOf(stream);
      const numbers = new Uint8Array(4 * (2 + entries.length + snapshots.length));
      const view = new DataView(numbers.buffer);
      [entries.length, snapshots.length, ...entries, ...snapshots].forEach((value, place) => {
        view.setUint32(4 * place, value);
      });
      parts.push(hexToBytes(stream), numbers);
    }
    return concatBytes(...parts);
  }

  /** Reads what `encode` wrote; entries at or after `size` are left out. Throws a RangeError when cut. */
  static decode(bytes: Uint8Array, size: number): StreamIndex {
    const index = new StreamIndex();
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const read = (start: number, count: number): number[] => {
      const numbers: number[] = [];
      for (let place = 0; place < count; place += 1) {
        const number = view.getUint32(start + 4 * place);
        if (number < size) numbers.push(number);
      }
      return numbers;
    };
    for (let offset = 0; offset < bytes.length; ) {
      const stream = bytesToHex(bytes.subarray(offset, offset + streamSizeBytes));
      const counts = offset + streamSizeBytes;
      const entryCount = view.getUint32(counts);
      const snapshotCount = view.getUint32(counts + 4);
      const entries = read(counts + 8, entryCount);
      const snapshots = read(counts + 8 + 4 * entryCount, snapshotCount);
      if (entries.length > 0) index.#entries.set(stream, entries);
      if (snapshots.length > 0) index.#snapshots.set(stream, snapshots);
      offset = counts + 8 + 4 * (entryCount + snapshotCount);
    }
    return index;
  }
}

function push(map: Map<string, number[]>, stream: string, index: number): void {
  const known = map.get(stream);
  if (known === undefined) map.set(stream, [index]);
  else known.push(index);
}

/** Entries with a finding stay out of their streams. */
export function indexInto(
  streams: StreamIndex,
  start: number,
  verified: readonly Verified[],
  governance: GovernanceState,
): void {
  for (const [place, { entry, findings }] of verified.entries()) {
    if (entry === null || findings.some((finding) => !isOnlyTold(finding))) continue;
    const { stream, kind } = entry.header;
    if (isIndexed(entry, governance)) streams.add(start + place, bytesToHex(stream), kind === 'snapshot');
  }
}

/** The traces of what devices read are most of the host's stream, and asked for by nobody here; a kit's or a passkey's are told. */
function isIndexed({ header: { stream, body } }: Entry, governance: GovernanceState): boolean {
  if (!equalBytes(stream, hostStream) || body.kind !== 'fetch') return true;
  return isKeptAside(governance.authors.get(bytesToHex(body.reader)));
}

/** What says something of the host's clock or of what another device was shown, and nothing against the entry itself. */
function isOnlyTold(finding: Finding): boolean {
  return finding.code === 'TIME_DECREASES' || finding.code === 'SEEN_FORK';
}
