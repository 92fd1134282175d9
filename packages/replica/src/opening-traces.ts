import { bytesToHex } from '@serment/core/bytes';
import { encodeCanonical } from '@serment/core/cbor';
import type { Keyring } from './keyring.ts';
import type { OutboxPart } from './sending.ts';

export interface OpeningTracesParts {
  readonly keyring: Keyring;
  readonly clock: () => number;
  /** False while this device may write nothing, a trace included. */
  readonly canWrite: () => boolean;
  /** Durable when it returns, and sent once it is admitted. */
  readonly reserve: (parts: readonly OutboxPart[]) => Promise<{ admit(): void; withdraw(): Promise<void> }>;
}

/** Entries of one request. */
const mostAtOnce = 64;

/** The traces of files that a person was shown, through the outbox as what a person saves. */
export class OpeningTraces {
  readonly #parts: OpeningTracesParts;
  /** Patients of whom something was told beside their file. */
  readonly #told = new Set<string>();

  constructor(parts: OpeningTracesParts) {
    this.#parts = parts;
  }

  /** That these files were opened: `Patient/…`. */
  async leave(patients: readonly string[]): Promise<void> {
    const { canWrite, reserve } = this.#parts;
    if (!canWrite()) return;
    for (let from = 0; from < patients.length; from += mostAtOnce) {
      const { admit } = await reserve(this.#partsOf(patients.slice(from, from + mostAtOnce)));
      admit();
    }
  }

  /**
   * The same of what is being read, with the trace brought to the disk meanwhile: what `expected` names, if that is what
   * `shownIn` finds in it. Nothing is returned before its trace is durable; what could not be read leaves none.
   */
  async leaveOf<File>(
    reading: Promise<File>,
    expected: readonly string[],
    shownIn: (file: File) => readonly string[],
  ): Promise<File> {
    const { canWrite, reserve } = this.#parts;
    const isReserved = canWrite() && expected.length > 0 && expected.length <= mostAtOnce;
    const reserving = isReserved ? reserve(this.#partsOf(expected)) : Promise.resolve(null);
    const [read, reserved] = await Promise.allSettled([reading, reserving]);
    const shown = read.status === 'fulfilled' ? shownIn(read.value) : [];
    const kept = reserved.status === 'fulfilled' ? reserved.value : null;
    const isAsExpected = shown.join() === expected.join();
    if (isAsExpected) kept?.admit();
    else await kept?.withdraw();
    if (read.status === 'rejected') throw read.reason;
    if (kept === null || !isAsExpected) await this.leave(shown);
    return read.value;
  }

  /** That something of these patients was told beside their files: once for each until this device locks. */
  async told(patients: readonly string[]): Promise<void> {
    if (!this.#parts.canWrite()) return;
    const untold = [...new Set(patients)].filter((id) => !this.#told.has(id));
    await this.leave(untold);
    for (const id of untold) this.#told.add(id);
  }

  #partsOf(patients: readonly string[]): OutboxPart[] {
    const { keyring, clock } = this.#parts;
    const stream = keyring.stream('admin', `opened/${bytesToHex(keyring.signer.author)}`);
    return patients.map((id) => {
      const content = encodeCanonical([1, id, clock()]);
      return { stream, body: { kind: 'opened' }, content, blobs: [] };
    });
  }
}
