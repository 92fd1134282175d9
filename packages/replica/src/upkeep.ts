import { CodedError } from '@serment/core/error';
import type { Finding } from '@serment/core/journal/finding';
import type { DirectoryKeeper } from './directory-keeper.ts';
import type { HeadsKeeper } from './heads-keeper.ts';
import type { PatientFiles } from './patient-files.ts';
import type { SnapshotWriter } from './snapshot-writer.ts';

export interface UpkeepParts {
  /** Null when this member's rights do not open the directory. */
  readonly directory: DirectoryKeeper | null;
  readonly files: PatientFiles;
  readonly snapshots: SnapshotWriter;
  readonly heads: HeadsKeeper;
  readonly canWrite: () => boolean;
  /** True while entries are left to read that a `heads` stands for. */
  readonly hasUnread: () => boolean;
  /** Reads them. Throws HOST_LIES, UNREACHABLE and the like. */
  readonly readUnread: () => Promise<void>;
  /** Writes what a next opening without the line would miss. */
  readonly persist: () => Promise<void>;
  /** Brings the files that are to read without the line. */
  readonly fetchAhead: () => Promise<void>;
  /** Draws the keys that a revocation asks for. */
  readonly renewKeys: () => Promise<void>;
  /** Reads what is new to search in. */
  readonly followTexts: () => Promise<void>;
  /** Reads back the copy whose turn it is. */
  readonly rereadCopies: () => Promise<void>;
  /** Waits while somebody waits for an answer. */
  readonly giveWay: () => Promise<void>;
  /** Called when a check changed what is to be shown: the directory, files of patients, or the findings alone. */
  readonly onChange: (changed: { readonly directory: boolean; readonly patients: readonly string[] }) => void;
  readonly onError: (error: CodedError) => void;
}

/** Quiet time after a synchronisation before anything is done. */
const quietMs = 3_000;

/**
 * What waits until nothing else happens: reading what is old, keys that a revocation left to be drawn, writing and
 * checking snapshots and `heads`, files that are to read without the line, and reading copies back.
 */
export class Upkeep {
  readonly #parts: UpkeepParts;
  readonly #findings: Finding[] = [];
  #timer: ReturnType<typeof setTimeout> | null = null;
  #isStopped = false;

  constructor(parts: UpkeepParts) {
    this.#parts = parts;
  }

  /** Of snapshots, and of the `heads`. */
  get findings(): readonly Finding[] {
    return this.#findings;
  }

  /** Waits again for quiet, and then works. */
  postpone(): void {
    if (this.#timer !== null) {
      // What was not read yet is not put off for as long as others write.
      if (this.#parts.hasUnread()) return;
      clearTimeout(this.#timer);
    }
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#work().catch((error: unknown) => {
        if (!(error instanceof CodedError)) throw error;
        this.#parts.onError(error);
      });
    }, quietMs);
  }

  /** For good: what is under way ends with its step. */
  stop(): void {
    this.#isStopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  async #work(): Promise<void> {
    const { persist, readUnread, canWrite, renewKeys, fetchAhead, followTexts, rereadCopies, giveWay } = this.#parts;
    const steps = [
      persist,
      readUnread,
      async () => (canWrite() ? renewKeys() : undefined),
      () => this.checkSnapshots(),
      () => this.checkHeads(),
      () => this.writeSnapshots(),
      () => this.writeHeads(),
      fetchAhead,
      followTexts,
      rereadCopies,
    ];
    for (const step of steps) {
      await giveWay();
      if (this.#isStopped) return;
      await step();
    }
  }

  /** Writes snapshots of streams that have grown. Returns how many. */
  async writeSnapshots(): Promise<number> {
    const { canWrite, hasUnread, snapshots } = this.#parts;
    return canWrite() && !hasUnread() ? snapshots.run() : 0;
  }

  /** Checks whole the snapshots in use, each once. What is wrong stands in the findings. */
  async checkSnapshots(): Promise<void> {
    const { directory, files, onChange } = this.#parts;
    const inDirectory = (await directory?.checkSnapshot()) ?? null;
    const inFiles = await files.checkSnapshots();
    this.#findings.push(...(inDirectory === null ? [] : [inDirectory]), ...inFiles.map(({ finding }) => finding));
    onChange({ directory: inDirectory !== null, patients: inFiles.map(({ patient }) => patient) });
  }

  /** Writes a `heads` when it is time and this device's turn. True when it did. */
  async writeHeads(): Promise<boolean> {
    const { canWrite, heads } = this.#parts;
    return canWrite() ? heads.write() : false;
  }

  /** Checks the newest `heads`, once on this device. What is wrong stands in the findings. */
  async checkHeads(): Promise<void> {
    const { heads, onChange } = this.#parts;
    const finding = await heads.check();
    if (finding === null) return;
    this.#findings.push(finding);
    onChange({ directory: false, patients: [] });
  }
}
