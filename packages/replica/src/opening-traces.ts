import { bytesToHex } from '@serment/core/bytes';
import { encodeCanonical } from '@serment/core/cbor';
import type { Keyring } from './keyring.ts';
import type { OutboxPart } from './sending.ts';

export interface OpeningTracesParts {
  readonly keyring: Keyring;
  readonly clock: () => number;
  /** False while this device may write nothing, a trace included. */
  readonly canWrite: () => boolean;
  readonly enqueue: (parts: readonly OutboxPart[]) => Promise<unknown>;
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
    const { keyring, clock, canWrite, enqueue } = this.#parts;
    if (!canWrite()) return;
    const stream = keyring.stream('admin', `opened/${bytesToHex(keyring.signer.author)}`);
    for (let from = 0; from < patients.length; from += mostAtOnce)
      await enqueue(
        patients.slice(from, from + mostAtOnce).map((id) => {
          const content = encodeCanonical([1, id, clock()]);
          return { stream, body: { kind: 'opened' }, content, blobs: [] };
        }),
      );
  }

  /** That something of these patients was told beside their files: once for each until this device locks. */
  async told(patients: readonly string[]): Promise<void> {
    if (!this.#parts.canWrite()) return;
    const untold = [...new Set(patients)].filter((id) => !this.#told.has(id));
    await this.leave(untold);
    for (const id of untold) this.#told.add(id);
  }
}
