import type { Bytes } from '../bytes.ts';
import { chunksInFlight, maxChunks, sealedInvalid } from './chunks.ts';

/** Receives what comes out, in order. The bytes are used again once it is done with them. */
export type PieceSink = (piece: Bytes) => void | Promise<void>;

/** Works on one chunk: reads `source` before it returns, fills `target`. */
export type ChunkStep = (index: number, source: Bytes, target: Bytes) => Promise<void>;

export interface PipelineOptions {
  readonly step: ChunkStep;
  /** Bytes that a result has more than its chunk; negative when it has fewer. */
  readonly growth: number;
  /** Of a full chunk's result. */
  readonly resultSizeBytes: number;
  readonly sink: PieceSink;
}

/** Results side by side in one buffer, given to the sink together. */
interface Piece {
  readonly buffer: Bytes;
  started: number;
  done: number;
  sizeBytes: number;
  isClosed: boolean;
  onDone: () => void;
}

// A megabyte in all: one piece is given while the chunks in flight fill two or three others. The buffers are used again:
// a fresh array costs as much as the cipher, and far more on a virtual machine whose page faults are slow.
const chunksInPiece = 16;
const buffers = 4;

/**
 * The chunks of one message, in order, `chunksInFlight` at a time: the next ones start while the results of the last ones
 * are still on their way. After a failure nothing more is started and nothing more given.
 */
export class ChunkPipeline {
  readonly #options: PipelineOptions;
  readonly #free: Bytes[] = [];
  #allocated = 0;
  #piece: Piece | null = null;
  #nextChunk = 0;
  #inFlight = 0;
  /** Settles when all closed pieces were given. Never rejects. */
  #given: Promise<void> = Promise.resolve();
  #failure: { readonly cause: unknown } | null = null;
  #wake: (() => void) | null = null;

  constructor(options: PipelineOptions) {
    this.#options = options;
  }

  get hasFailed(): boolean {
    return this.#failure !== null;
  }

  /** Waits until a chunk may be started; null when one may be at once. Rejects, or throws, after a failure. */
  room(): Promise<void> | null {
    this.#throwFailure();
    return this.#hasRoom() ? null : this.#waitForRoom();
  }

  /** Starts the next chunk, for which there is room. `source` is read before this returns. */
  start(source: Bytes): void {
    if (this.#nextChunk >= maxChunks) throw sealedInvalid();
    const piece = this.#piece ?? this.#open();
    this.#piece = piece;
    const resultBytes = source.length + this.#options.growth;
    const target = piece.buffer.subarray(piece.sizeBytes, piece.sizeBytes + resultBytes);
    piece.started += 1;
    piece.sizeBytes += resultBytes;
    this.#inFlight += 1;
    this.#options.step(this.#nextChunk++, source, target).then(
      () => {
        this.#inFlight -= 1;
        piece.done += 1;
        if (piece.isClosed && piece.done === piece.started) piece.onDone();
        this.#tellRoom();
      },
      (cause: unknown) => {
        this.#fail(cause);
        piece.onDone();
      },
    );
    if (piece.started === chunksInPiece) this.#close(piece);
  }

  /** Gives what is left. Rejects with the first failure, once the sink is at rest. */
  async finish(): Promise<void> {
    if (this.#piece !== null) this.#close(this.#piece);
    await this.#given;
    this.#throwFailure();
  }

  /** Gives nothing more; settles once the sink has nothing in its hands. */
  abandon(): Promise<void> {
    this.#fail(new TypeError('The message was abandoned'));
    return this.#given;
  }

  #hasRoom(): boolean {
    const hasBuffer = this.#piece !== null || this.#free.length > 0 || this.#allocated < buffers;
    return this.#inFlight < chunksInFlight && hasBuffer;
  }

  async #waitForRoom(): Promise<void> {
    while (!this.#hasRoom()) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#throwFailure();
    }
  }

  #tellRoom(): void {
    this.#wake?.();
    this.#wake = null;
  }

  #open(): Piece {
    const buffer = this.#free.pop() ?? new Uint8Array(chunksInPiece * this.#options.resultSizeBytes);
    if (this.#allocated < buffers) this.#allocated += 1;
    return { buffer, started: 0, done: 0, sizeBytes: 0, isClosed: false, onDone: () => undefined };
  }

  /** Nothing more goes into the piece; it is given after those before it, once its results are there. */
  #close(piece: Piece): void {
    this.#piece = null;
    piece.isClosed = true;
    const done = new Promise<void>((resolve) => {
      piece.onDone = resolve;
      if (piece.done === piece.started || this.#failure !== null) resolve();
    });
    const before = this.#given;
    this.#given = done.then(() => before).then(() => this.#give(piece));
  }

  async #give({ buffer, sizeBytes }: Piece): Promise<void> {
    if (this.#failure !== null) return;
    try {
      if (sizeBytes > 0) await this.#options.sink(buffer.subarray(0, sizeBytes));
      this.#free.push(buffer);
      this.#tellRoom();
    } catch (cause) {
      this.#fail(cause);
    }
  }

  #fail(cause: unknown): void {
    this.#failure ??= { cause };
    this.#tellRoom();
  }

  #throwFailure(): void {
    if (this.#failure !== null) throw this.#failure.cause;
  }
}
