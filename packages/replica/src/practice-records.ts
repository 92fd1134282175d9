import { bytesToHex } from '@serment/core/bytes';
import type { RandomSource } from '@serment/core/random';
import { Agenda } from './agenda.ts';
import { DepositStates } from './deposit-states.ts';
import type { Directory } from './directory.ts';
import { DirectoryKeeper } from './directory-keeper.ts';
import { ReplicaError } from './error.ts';
import type { JournalMirror } from './journal-mirror.ts';
import type { Keyring } from './keyring.ts';
import type { LocalVault } from './local-vault.ts';
import type { OutboxItem } from './outbox.ts';
import { type SaveState, stateOf, type VersionContext } from './patient-file.ts';
import { PatientFiles } from './patient-files.ts';
import type { PayloadReader } from './payload-reader.ts';
import { PendingSaves } from './pending-saves.ts';
import type { PracticeEvent } from './practice-status.ts';
import { StreamRecords } from './stream-records.ts';
import type { StreamParts } from './stream-view.ts';

export interface PracticeRecordsParts {
  readonly mirror: JournalMirror;
  readonly reader: PayloadReader;
  readonly keyring: Keyring;
  readonly random: RandomSource;
  /** Keeps the fold of the directory. */
  readonly vault: LocalVault;
  readonly giveWay: () => Promise<void>;
  /** What waits in the outbox. */
  readonly waiting: () => readonly OutboxItem[];
  /** Entries that some copy holds. */
  readonly copiedSize: () => number;
  readonly emit: (event: PracticeEvent) => void;
}

/** The records that this member reads, folded from their streams with what waits in the outbox. */
export class PracticeRecords {
  /** Null when this member's rights do not open the directory. */
  readonly keeper: DirectoryKeeper | null;
  readonly files: PatientFiles;
  readonly shared: StreamRecords;
  readonly privateNotes: StreamRecords;
  readonly agenda: Agenda;
  readonly depositStates: DepositStates;
  /** What reading one more stream takes. */
  readonly streamParts: StreamParts;
  readonly #parts: PracticeRecordsParts;
  readonly #pending: PendingSaves;

  constructor(parts: PracticeRecordsParts) {
    const { mirror, reader, keyring, random, vault, giveWay } = parts;
    this.#parts = parts;
    this.#pending = new PendingSaves(keyring.signer.author, parts.waiting);
    const badSnapshots = new Set<number>();
    this.streamParts = { mirror, reader, random, badSnapshots, giveWay };
    const reading = { ...this.streamParts, pending: this.#pending, badSnapshots };
    this.keeper = keyring.canRead('admin')
      ? new DirectoryKeeper({ ...reading, vault, stream: keyring.stream('admin', 'directory') })
      : null;
    const context = () => ({
      copiedSize: parts.copiedSize(),
      authorOf: (author: Uint8Array) => this.#authorOf(author),
    });
    this.files = new PatientFiles({ ...reading, keyring, directory: this.keeper, context });
    const streamOf = (compartment: string, name: string) =>
      new StreamRecords({ ...reading, context, stream: () => keyring.stream(compartment, name) });
    this.shared = streamOf('clinical', 'practice');
    this.privateNotes = streamOf('private', 'notes');
    this.agenda = new Agenda((name) => streamOf('admin', name));
    this.depositStates = new DepositStates(streamOf('admin', 'deposits'));
  }

  /** Throws COMPARTMENT_CLOSED. */
  get directory(): Directory {
    if (this.keeper === null) throw new ReplicaError('COMPARTMENT_CLOSED', 'Your rights do not open the directory');
    return this.keeper.directory;
  }

  /** Folds what is verified already, and tells what changed. */
  async follow(): Promise<void> {
    const { emit } = this.#parts;
    if (await this.keeper?.follow()) emit({ type: 'directory' });
    for (const patient of await this.files.follow()) emit({ type: 'patient', patient });
  }

  /** All that was folded, but the directory: it is read again when it is asked for. */
  clear(): void {
    for (const views of [this.files, this.depositStates, this.shared, this.privateNotes, this.agenda]) views.clear();
  }

  /** The journal is another one: what was taken stands under other numbers. */
  forgetAccepted(): void {
    this.#pending.forgetAccepted();
  }

  /** Where what an entry says is. */
  saveState(index: number): SaveState {
    const copiedSize = this.#parts.copiedSize();
    return stateOf(index, { copiedSize, isRefused: (one) => this.#pending.isRefused(one) });
  }

  #authorOf(author: Uint8Array): ReturnType<VersionContext['authorOf']> {
    const holder = this.#parts.mirror.governance.authors.get(bytesToHex(author));
    const member = holder?.member ?? null;
    const name = member === null ? null : (this.keeper?.nameOf(`Practitioner/${member}`) ?? null);
    return { name, member, label: holder?.label ?? null };
  }
}
