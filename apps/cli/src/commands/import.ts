import { bytesToHex } from '@serment/core/bytes';
import { randomBytes } from '@serment/core/random';
import type { RoutedBatch } from '@serment/records/import/batch';
import { planImport } from '@serment/records/import/plan';
import { importBatches } from '@serment/replica/bulk-import';
import { withTemporaryCache } from '@serment/replica/cache-node';
import { enrolByKit, openKitSession } from '@serment/replica/device';
import { ReplicaError } from '@serment/replica/error';
import type { Practice } from '@serment/replica/practice';
import { openPractice } from '@serment/replica/practice-opening';
import type { Transport } from '@serment/replica/transport';
import { type Access, accessOptions, withAccess } from '../access.ts';
import { type Command, jsonOption } from '../command.ts';
import { openKept } from '../device-unlock.ts';
import { exits } from '../failure.ts';
import { type FoundFile, findFiles, readFhirFile } from '../import-files.ts';
import {
  type FileReport,
  fileJson,
  fileLines,
  isPartial,
  plannedFile,
  refusedFile,
  totalsOf,
} from '../import-report.ts';
import { KnownStreams } from '../known-streams.ts';
import type { JsonDocument, Terminal } from '../terminal.ts';

export const importCommand: Command = {
  name: 'import',
  summary: 'import FHIR bundles, NDJSON, and folders of them',
  description:
    'Imports FHIR R4 in JSON: bundles, single resources, NDJSON, and folders of such files. What is read is kept exactly as\nit came, known type or not. What the vault has already is not stored again, so an import that was cut is run again.\nIt is signed by a device of this computer. A kit enrols this run as a device of its own, which all members see: it has\nthen served, and is to be replaced.',
  operands: { label: 'PATH…', help: 'files and folders', least: 1, most: Number.POSITIVE_INFINITY },
  options: [...accessOptions, jsonOption],
  exits: [
    [0, 'everything is in the vault'],
    [1, 'some files or records were refused: the report says which and why'],
    [2, 'usage; a path is not there'],
    [3, 'cannot reach the server: what was acknowledged is stored, run it again for the rest'],
    [4, 'wrong kit, password or code'],
    [5, 'the vault’s journal does not hold together'],
  ],
  safe: 'What was acknowledged is stored; run the same import again, only the rest is added',
  async run(given, terminal) {
    const startedAt = performance.now();
    const files = await findFiles(given.operands);
    return withAccess(given, { terminal, command: 'import' }, (access) =>
      withWriting(access, async (opened) => {
        const run = new ImportRun(opened, files, terminal);
        await run.run();
        await opened.lock();
        return run.tell(performance.now() - startedAt);
      }),
    );
  },
};

/** Opens the practice for writing: a device as it stands here, a kit as a device of this run alone. */
async function withWriting<Result>(access: Access, use: (opened: Practice) => Promise<Result>): Promise<Result> {
  const { transport } = access;
  if (access.by === 'device') {
    await refuseRestored(transport);
    return use(await openKept(access));
  }
  // Before anything is enrolled.
  await openKitSession(access);
  await refuseRestored(transport);
  await transport.closeSession();
  const { practice, seed } = await enrolByKit({ transport, kitText: access.kitText, label: 'script' });
  const { size } = await transport.status();
  return withTemporaryCache(size, async (cache) => use(await openPractice({ transport, cache, practice, seed })));
}

/** Throws VAULT_RESTORED. */
async function refuseRestored(transport: Transport): Promise<void> {
  const { restored } = await transport.status();
  if (restored !== null) throw new ReplicaError('VAULT_RESTORED', 'The vault was restored');
}

class ImportRun {
  readonly #practice: Practice;
  readonly #files: readonly FoundFile[];
  readonly #terminal: Terminal;
  readonly #reports: FileReport[] = [];
  readonly #stored = { entries: 0, records: 0 };

  constructor(practice: Practice, files: readonly FoundFile[], terminal: Terminal) {
    this.#practice = practice;
    this.#files = files;
    this.#terminal = terminal;
  }

  async run(): Promise<void> {
    this.#tellPartial();
    // What is compared with the vault is compared with all of it.
    await this.#practice.readUnread();
    const known = await KnownStreams.open(this.#practice);
    await importBatches(this.#practice, this.#batches(known), {
      onStored: (batches, receipts) => {
        const records = batches.reduce((sum, { batch }) => sum + batch.versions.length, 0);
        this.#stored.entries += receipts.length;
        this.#stored.records += records;
        const indexes = receipts.map(({ index }) => index);
        this.#terminal.event({ event: 'acknowledged', index: indexes.at(-1) ?? null, indexes, records });
        this.#terminal.progress('Records stored', this.#stored.records);
        this.#tellPartial();
      },
    });
  }

  tell(durationMs: number): number {
    const files = this.#reports;
    const total = totalsOf(files);
    const refusedFiles = files.filter(({ refused }) => refused !== null).length;
    const { entries, records } = this.#stored;
    const seconds = durationMs / 1000;
    const { mirror } = this.#practice;
    const head = mirror.seen();
    this.#terminal.result(
      {
        practice: bytesToHex(this.#practice.practice),
        files: files.map(fileJson),
        totals: { files: files.length, filesRefused: refusedFiles, ...total },
        stored: { entries, records },
        ...{ size: mirror.size, root: head === null ? null : bytesToHex(head.root) },
        durationMs: Math.round(durationMs),
      },
      [
        ...files.flatMap(fileLines),
        `${files.length} files: ${total.read} records read, ${total.stored} stored, ${total.unchanged} unchanged, ${total.refused} refused${refusedFiles === 0 ? '' : `; ${refusedFiles} files refused`} in ${seconds.toFixed(1)} s`,
      ],
    );
    return files.some(isPartial) ? exits.findings : exits.done;
  }

  /** Files one after the other: a later one is compared with what the earlier ones brought. */
  async *#batches(known: KnownStreams): AsyncGenerator<RoutedBatch> {
    for (const file of this.#files) {
      const read = await readFhirFile(file, { random: randomBytes, known: known.resolver() });
      if (!('batches' in read)) {
        this.#reports.push(refusedFile(file, read.refusal));
        continue;
      }
      const streams = await known.about(read.batches, read.assignedIds.size > 0);
      const plan = planImport(read.batches, streams, read.assignedIds);
      known.take(plan.batches);
      this.#reports.push(plannedFile(file, read, plan));
      yield* plan.batches;
      known.forgetPatients();
    }
  }

  /** Kept for the document that says why an import was cut. */
  #tellPartial(): void {
    const partial: JsonDocument = { stored: { ...this.#stored } };
    this.#terminal.partial(partial);
  }
}
