import type { Bytes } from '@serment/core/bytes';

/** Objects put together and made durable at once. */
export interface DestinationBatch {
  /**
   * Takes an object in; it may only be seen once `commit` has returned. The same bytes under a name that exists are
   * fine. Throws COPY_NAME_TAKEN when other bytes stand there (here or at `commit`). A put that throws, for one because
   * `content` did, leaves nothing in the batch.
   */
  put(name: string, content: Uint8Array | AsyncIterable<Uint8Array>): Promise<void>;
  /** Returns once every object and its name are durable. When it throws, some may be and some not: put them again. */
  commit(): Promise<void>;
  /** Gives up what was put; after `commit`, does nothing. */
  abandon(): Promise<void>;
}

/**
 * A place that holds a copy: named objects, written once (docs/format/copy.md). Errors are CopyError; reading a name
 * that is not there throws COPY_NOT_FOUND.
 */
export interface Destination {
  readonly name: string;
  readonly kind: 'folder' | 's3';
  /** How many small reads are worth having under way at once. */
  readonly readsAtOnce: number;
  /** False where the writer leaves covered tails to the eraser, because they are locked. */
  readonly deletesTails: boolean;
  /** False where what stands under a name stays the object whatever is done: the first version of a bucket. */
  readonly putsAside: boolean;
  /** Makes the place ready for writing: throws what would make every write fail. */
  prepare(): Promise<void>;
  /** Throws when what was prepared is gone: asked before each publish. */
  check(): Promise<void>;
  batch(): DestinationBatch;
  /** One object, durable when it returns. */
  put(name: string, content: Uint8Array | AsyncIterable<Uint8Array>): Promise<void>;
  get(name: string): Promise<Bytes>;
  /** The whole object piece by piece, in constant memory: each is valid until the next one is asked for. */
  stream(name: string): AsyncIterable<Bytes>;
  /** Exactly `length` bytes from `offset`, at once where the place is a disk. Throws COPY_DAMAGED when it is shorter. */
  read(name: string, offset: number, length: number): Bytes | Promise<Bytes>;
  /** As `read`, into bytes that the caller uses again. */
  readInto(name: string, offset: number, target: Uint8Array): void | Promise<void>;
  /** Size in bytes; null when there is no such object. */
  size(name: string): Promise<number | null>;
  has(name: string): Promise<boolean>;
  /** Every name that begins with `prefix` (whole path segments), foreign ones and leftovers included, in no order. */
  list(prefix: string): AsyncIterable<string>;
  /** Names of the folders right under `prefix`. */
  listFolders(prefix: string): Promise<string[]>;
  /** Makes names that are already seen under `prefix` durable: an earlier writer may have died before its barrier. */
  settle(prefix: string): Promise<void>;
  /** Names seen so far over which something was put, or which were marked deleted; what counts was read all the same. */
  overwritten(): string[];
  /**
   * Frees the name of a damaged object, which is kept under a name of its own beside it. Returns that name. Throws
   * COPY_DELETE_REFUSED where the place does not put aside.
   */
  putAside(name: string): Promise<string>;
  /** Deletes a tail. Throws COPY_DELETE_REFUSED for any other name. */
  deleteTail(name: string): Promise<void>;
  /** Lets go of open files. */
  close(): Promise<void>;
}

/** One object by itself, durable when it returns. */
export async function putAlone(
  batch: DestinationBatch,
  name: string,
  content: Uint8Array | AsyncIterable<Uint8Array>,
): Promise<void> {
  try {
    await batch.put(name, content);
    await batch.commit();
  } finally {
    await batch.abandon();
  }
}

/** Names of damaged files that a repair has put aside. */
export function isAside(name: string): boolean {
  return /(?:^|\/)\.damaged-[0-9a-f]{16}-[^/]+$/.test(name);
}

/** Names of files that a writer has not yet given their name; one that died leaves them behind. */
export function isLeftover(name: string): boolean {
  return /(?:^|\/)\.new-[0-9a-f]{16}$/.test(name);
}
