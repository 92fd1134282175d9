import { type Bytes, equalBytes, utf8ToBytes } from '@serment/core/bytes';
import { type Checkpoint, parseCheckpoint } from '@serment/core/journal/checkpoint';
import type { Cache } from './cache.ts';
import { openChecked, withChecksum } from './checksum.ts';

const key = 'checkpoint';

/** The last checkpoint that verified on this device, kept at once: whatever the host says later must hold it. */
export class PinnedCheckpoint {
  readonly #cache: Cache;
  #checkpoint: Checkpoint | null = null;

  constructor(cache: Cache) {
    this.#cache = cache;
  }

  /** 0 when none is known. */
  get size(): number {
    return this.#checkpoint?.size ?? 0;
  }

  /** The note as the host signed it; null when this device keeps none. */
  async load(): Promise<string | null> {
    const stored = openChecked(await this.#cache.get(key));
    if (stored === null) return null;
    const note = new TextDecoder().decode(stored);
    this.#checkpoint = parseCheckpoint(note).checkpoint;
    return note;
  }

  /** True when a checkpoint comes from a host that was restored since. */
  isBeforeRestore({ fence }: Checkpoint): boolean {
    return this.#checkpoint !== null && fence > this.#checkpoint.fence;
  }

  /** True when a checkpoint is of the host as this device knows it, before and after whatever restore. */
  isSameHost({ fence }: Checkpoint): boolean {
    return this.#checkpoint?.fence === fence;
  }

  /** True when the host takes this one back, even before the last start of this device. */
  isAheadOf({ fence, size }: Checkpoint): boolean {
    return this.#checkpoint !== null && fence === this.#checkpoint.fence && size < this.#checkpoint.size;
  }

  /** True when the entries read, whose roots `rootAt` knows, do not lead through this one. */
  isLeftBy({ fence }: Checkpoint, rootAt: (size: number) => Bytes | null): boolean {
    if (this.#checkpoint === null || fence !== this.#checkpoint.fence) return false;
    const root = rootAt(this.#checkpoint.size);
    return root !== null && !equalBytes(root, this.#checkpoint.root);
  }

  /** Takes a checkpoint that verified. */
  async pin(note: string, checkpoint: Checkpoint): Promise<void> {
    const isNewer =
      this.#checkpoint === null || checkpoint.size > this.#checkpoint.size || this.isBeforeRestore(checkpoint);
    this.#checkpoint = checkpoint;
    if (isNewer) await this.#cache.put(key, withChecksum(utf8ToBytes(note)));
  }
}
