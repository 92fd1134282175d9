import { bytesToHex, equalBytes, hexToBytes } from '@serment/core/bytes';
import { CodedError } from '@serment/core/error';
import { verifyCheckpoint } from '@serment/core/journal/checkpoint';
import { formatWitnessKey, parseWitnessKey, verifyCosignature } from '@serment/core/journal/cosignature';
import { hostAuthorAt } from '@serment/core/journal/governance';
import type { WitnessRecord } from '@serment/core/journal/governance-state';
import type { KeptCosignature } from '@serment/core/wire/witness';
import { govern } from './governance-batch.ts';
import type { JournalMirror } from './journal-mirror.ts';
import type { Practice } from './practice.ts';
import type { Transport } from './transport.ts';

/** A witness that the practice names, and what this device made of what it signed. */
export interface WitnessView {
  /** In hexadecimal. */
  readonly key: string;
  readonly name: string;
  readonly keyLine: string;
  /** When it was named, the host's clock, ms. */
  readonly since: number;
  /** When it last saw the journal that this device verified, its own clock, ms; null if it never did, as far as known. */
  readonly seenAt: number | null;
  /** Entries that it saw then. */
  readonly size: number | null;
  /** True when what the host gives in its name does not hold, or is of another journal. */
  readonly isWrong: boolean;
}

export interface WitnessWatchParts {
  readonly mirror: JournalMirror;
  readonly transport: Pick<Transport, 'cosignatures'>;
  readonly clock: () => number;
}

const askEveryMs = 60_000;
/** How far a witness's clock may be ahead of this device's, and the host's of what the witness should have seen. */
const clockSlackMs = 3_600_000;

type Judged = Pick<WitnessView, 'seenAt' | 'size' | 'isWrong'>;
const unseen: Judged = { seenAt: null, size: null, isWrong: false };

/** Compares what witnesses signed with the journal as this device verified it (docs/format/witness.md). */
export class WitnessWatch {
  readonly #parts: WitnessWatchParts;
  readonly #onChange: () => void;
  #kept: readonly KeptCosignature[] | null = null;
  #askedAt = Number.NEGATIVE_INFINITY;
  #views: readonly WitnessView[] = [];
  #timer: ReturnType<typeof setInterval> | null = null;

  constructor(parts: WitnessWatchParts, onChange: () => void) {
    this.#parts = parts;
    this.#onChange = onChange;
  }

  /** Empty until the host was asked, and where none is named. */
  get views(): readonly WitnessView[] {
    return this.#views;
  }

  /** Asks now and then on its own: a quiet journal brings no other reason to. */
  start(): void {
    this.#timer ??= setInterval(() => void this.follow().catch(() => undefined), askEveryMs);
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  /** Asks the host, at most once a minute, and judges anew. Never throws: what is not told is seen by its age. */
  async follow(): Promise<void> {
    const { mirror, transport, clock } = this.#parts;
    const named = [...mirror.governance.witnesses.values()];
    if (named.length > 0 && clock() - this.#askedAt >= askEveryMs) {
      this.#askedAt = clock();
      try {
        this.#kept = await transport.cosignatures();
      } catch (error) {
        if (!(error instanceof CodedError)) throw error;
        // A host that is there and does not tell leaves the last word of each witness to grow old.
        if (error.code !== 'UNREACHABLE') this.#kept ??= [];
      }
    }
    const kept = this.#kept;
    if (kept === null && named.length > 0) return;
    const views = await Promise.all(named.map((witness) => this.#view(witness, kept ?? [])));
    if (JSON.stringify(views) === JSON.stringify(this.#views)) return;
    this.#views = views;
    this.#onChange();
  }

  async #view(witness: WitnessRecord, kept: readonly KeptCosignature[]): Promise<WitnessView> {
    const { key, name, index } = witness;
    const note = kept.find((one) => equalBytes(one.key, key))?.note;
    const known = this.#views.find((view) => view.key === bytesToHex(key));
    const judged = note === undefined ? unseen : await this.#judge(note, witness);
    const { receivedAt } = await this.#parts.mirror.entry(index);
    // What cannot be compared yet takes nothing from what was seen before.
    const last = known === undefined ? unseen : { seenAt: known.seenAt, size: known.size, isWrong: known.isWrong };
    return {
      ...{ key: bytesToHex(key), name, keyLine: formatWitnessKey(witness), since: receivedAt },
      ...(judged ?? last),
    };
  }

  /** Null for a head that this device cannot compare: it has not read so far, or knows no root of so long ago. */
  async #judge(note: string, witness: WitnessRecord): Promise<Judged | null> {
    const { mirror, clock } = this.#parts;
    const { governance } = mirror;
    const wrong: Judged = { ...unseen, isWrong: true };
    try {
      const { checkpoint, time } = await verifyCosignature(note, witness);
      const { practice, size, root, fence } = checkpoint;
      const hostAuthor = hostAuthorAt(governance, size);
      if (hostAuthor === null || !equalBytes(practice, mirror.practice)) return wrong;
      await verifyCheckpoint(note, hostAuthor);
      // Signed before a restoration, or under one that is not acknowledged here yet.
      if (fence !== governance.fence || size > mirror.size) return null;
      const seenAt = time * 1000;
      if (seenAt > clock() + clockSlackMs) return wrong;
      const own = mirror.rootAt(size);
      if (own === null) return null;
      if (!equalBytes(own, root)) return wrong;
      // Shown an old head as if it were the newest, a witness says nothing of what came since.
      const next = size < mirror.size ? await mirror.entry(size) : null;
      return next !== null && next.receivedAt < seenAt - clockSlackMs ? null : { seenAt, size, isWrong: false };
    } catch (error) {
      if (error instanceof CodedError && /^(?:CHECKPOINT|COSIGNATURE)_INVALID$/.test(error.code)) return wrong;
      throw error;
    }
  }
}

/**
 * Names a witness by its key line, in this member's name; nothing happens when it is named so already. Throws
 * WITNESS_KEY_INVALID, and what `govern` throws.
 */
export async function nameWitness(practice: Practice, line: string): Promise<void> {
  const { name, key } = parseWitnessKey(line);
  await govern(practice, async (batch) => {
    if (practice.mirror.governance.witnesses.get(bytesToHex(key))?.name === name) return;
    await batch.add(practice.keyring.signer, { kind: 'witness', key, name });
  });
}

/** Lets a witness go, by its key in hexadecimal. Throws what `govern` throws. */
export async function dropWitness(practice: Practice, key: string): Promise<void> {
  await govern(practice, async (batch) => {
    if (!practice.mirror.governance.witnesses.has(key)) return;
    await batch.add(practice.keyring.signer, { kind: 'witness', key: hexToBytes(key), name: null });
  });
}
