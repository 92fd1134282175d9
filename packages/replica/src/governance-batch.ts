import { type Bytes, bytesToHex } from '@serment/core/bytes';
import type { Body } from '@serment/core/journal/body';
import { governanceStream } from '@serment/core/journal/header';
import type { Signer } from '@serment/core/signature';
import type { SentEntry } from '@serment/core/wire/append';
import { writeEntry } from './entry-writer.ts';
import type { JournalMirror } from './journal-mirror.ts';
import type { Keyring } from './keyring.ts';
import { deliver, type RecordsPart, refusalOf } from './sending.ts';
import type { Transport } from './transport.ts';

/** Entries that are accepted together or not at all, each on the one before it; of several signers where that is needed. */
export class GovernanceBatch {
  readonly entries: SentEntry[] = [];
  readonly #mirror: JournalMirror;
  readonly #clock: () => number;
  readonly #lastOf = new Map<string, Bytes>();
  #base: Bytes | null;

  constructor({ mirror, clock }: { readonly mirror: JournalMirror; readonly clock: () => number }) {
    this.#mirror = mirror;
    this.#clock = clock;
    this.#base = mirror.headOf(governanceStream);
  }

  async add(signer: Signer, body: Body): Promise<void> {
    const place = { stream: governanceStream, base: this.#base };
    this.#base = await this.#write(signer, { ...place, body, blobs: [] });
  }

  /** A save in the same request, sealed under the epoch that the keyring's holder has now. */
  async addSealed(keyring: Keyring, { stream, body, content, blobs }: RecordsPart): Promise<void> {
    const sealed = { ...keyring.currentEpoch(stream.compartment), content };
    await this.#write(keyring.signer, { stream: stream.id, base: this.#mirror.headOf(stream.id), body, blobs, sealed });
  }

  /** Id of the last entry of an author, of this batch or before it. */
  lastOf(author: Uint8Array): Bytes | null {
    return this.#lastOf.get(bytesToHex(author)) ?? this.#mirror.lastEntryOf(author);
  }

  async #write(
    signer: Signer,
    draft: Pick<Parameters<typeof writeEntry>[1], 'stream' | 'base' | 'body' | 'blobs' | 'sealed'>,
  ): Promise<Bytes> {
    const { practice } = this.#mirror;
    const place = { practice, prev: this.lastOf(signer.author), seen: this.#mirror.seen(), time: this.#clock() };
    const { statement, statementBytes, payload } = await writeEntry(signer, { ...place, ...draft });
    this.entries.push({ statement: statementBytes, payload });
    this.#lastOf.set(bytesToHex(signer.author), statement.id);
    return statement.id;
  }
}

/** What signs governance: an open practice, or a kit that is about to name a device. */
export interface Governing {
  readonly mirror: JournalMirror;
  readonly transport: Transport;
  readonly clock: () => number;
  sync(): Promise<unknown>;
}

const maxAttempts = 8;

/** What somebody else did meanwhile may be just what is wanted: what is left to do is found out anew. */
const overtaken: ReadonlySet<string> = new Set([
  ...['REVOKE_UNKNOWN', 'FREEZE_UNKNOWN', 'RESTRICT_UNKNOWN', 'WITNESS_REFUSED', 'GENERATION_STALE'],
]);

/**
 * Sends what `build` puts into a batch, which may be nothing, and sees it in the verified journal. `build` is called
 * again on the journal as it then is whenever others wrote first: it starts from what stands, so that the whole can be
 * called again after any cut. Throws what `deliver` throws.
 */
export async function govern(at: Governing, build: (batch: GovernanceBatch) => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const batch = new GovernanceBatch(at);
    await build(batch);
    if (batch.entries.length === 0) return;
    try {
      await deliver(batch.entries, at);
      await at.sync();
      return;
    } catch (error) {
      const refusal = refusalOf(error);
      const isOvertaken = refusal !== null && (refusal.isStale || overtaken.has(refusal.code));
      if (!isOvertaken || attempt >= maxAttempts) throw error;
      await at.sync();
    }
  }
}
