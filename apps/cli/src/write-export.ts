import { bytesToHex } from '@serment/core/bytes';
import { type ExportReport, exportPractice } from '@serment/replica/export';
import { describeFinding } from '@serment/store/copy/finding-text';
import type { Command, Given, Option } from './command.ts';
import { CliError } from './error.ts';
import { ExportFolder } from './export-folder.ts';
import { exits } from './failure.ts';
import { findingJson, findingLines } from './finding-lines.ts';
import { whenInterrupted } from './interruption.ts';
import type { Reading } from './reading.ts';
import type { JsonValue, Terminal } from './terminal.ts';

export const exportOptions: readonly Option[] = [
  { name: 'out', value: 'DIR', help: 'folder to make; readable by you alone', isRequired: true },
  { name: 'patient', value: 'ID', help: 'this patient alone, by id' },
  { name: 'force', help: 'replace an earlier export that stands at DIR' },
];

export const exportExits: Command['exits'] = [
  [0, 'everything that the device or the kit can read was written'],
  [1, 'written, but something could not be read whole: the report says what'],
  [2, 'usage; DIR is not empty; no such patient'],
  [3, 'cannot reach the server, the copy or the disk'],
  [4, 'wrong kit, password or code'],
  [5, 'the journal does not hold together, or the entries that give the keys are lost: nothing was written'],
];

/** What is a property of the records themselves, and no loss. */
const told: ReadonlySet<string> = new Set(['REFERENCE_UNRESOLVED', 'FENCE_UNACKNOWLEDGED', 'TIME_DECREASES']);

const shownLosses = 40;

/** Exports a source into the folder that `--out` names. `open` makes the source once the folder is known to be right. */
export async function writeExport(
  given: Given,
  terminal: Terminal,
  open: (use: (source: Reading) => Promise<number>) => Promise<number>,
): Promise<number> {
  const startedAt = performance.now();
  const path = given.text('out');
  const folder = await ExportFolder.begin({ path, isForced: given.has('force') });
  const release = whenInterrupted(() => folder.abandon());
  try {
    return await open(async (source) => {
      const patient = given.optional('patient');
      const report = await exportPractice(source, {
        ...(patient === null ? {} : { patient }),
        write: (file, bytes) => folder.write(file, bytes),
        onProgress: (done, total) => terminal.progress('Exporting patients', done, total),
      });
      if (report.findings.some(({ code }) => code === 'PATIENT_UNKNOWN'))
        throw new CliError('PATIENT_ABSENT', 'No patient of this practice has that id', {
          hint: 'The ids are in the index.json of an export of the whole practice.',
        });
      await folder.finish();
      return tell(terminal, { source, report, path, durationMs: performance.now() - startedAt });
    });
  } catch (error) {
    await folder.abandon();
    throw error;
  } finally {
    release();
  }
}

interface Told {
  readonly source: Reading;
  readonly report: ExportReport;
  readonly path: string;
  readonly durationMs: number;
}

function tell(terminal: Terminal, { source, report, path, durationMs }: Told): number {
  const { mirror } = source;
  const findings = [...mirror.findings.map((finding) => ({ ...finding, patient: null })), ...report.findings];
  const losses = findings.filter(
    ({ code }) => !(told.has(code) || (source.isRecovering && code === 'CHECKPOINT_INVALID')),
  );
  const { patients, records, documents, deposits, files, unreadable } = report;
  const seen = mirror.seen();
  const document = {
    ...{ practice: bytesToHex(mirror.practice), out: path, patients, records, documents, deposits, files },
    ...{ size: mirror.size, root: seen === null ? null : bytesToHex(seen.root) },
    ...{ restored: source.isRecovering, missing: source.missing, unreadable: [...unreadable] },
    ...{ passed: source.passed.map(findingJson), losses: report.losses.map((loss): JsonValue => ({ ...loss })) },
    findings: findings.map((finding): JsonValue => ({ ...finding })),
    durationMs: Math.round(durationMs),
  };
  const lines = [
    `${patients} patients, ${records} records, ${documents} documents in ${files} files: ${path}`,
    ...(deposits === 0 ? [] : [`${deposits} deposits that nobody filed yet, apart: ${path}/deposits`]),
    ...(unreadable.length === 0
      ? []
      : [`Not readable with these rights: ${unreadable.map(compartmentName).join(', ')}`]),
    ...(source.isRecovering
      ? ['This vault was restored and no member has acknowledged it yet: see practice accept-restore.']
      : []),
    ...(source.missing === 0
      ? []
      : [`The last ${source.missing} entries of the copy are damaged: run serment verify, and open another copy.`]),
    ...findingLines(source.passed, source.passed.length),
    ...lossLines(report.losses),
    ...countsByCode(source.isRecovering ? losses : findings).map(
      ([code, count]) => `${count} × ${code}: ${meaningOf(code)}`,
    ),
  ];
  terminal.result(document, lines);
  return losses.length + source.missing + source.passed.length === 0 ? exits.done : exits.findings;
}

function lossLines(losses: ExportReport['losses']): string[] {
  const lines = losses.slice(0, shownLosses).map(({ code, entry, about }) => {
    return `✗ ${code}  entry ${entry}${about === null ? '' : `  ${about}`}`;
  });
  const more = losses.length - lines.length;
  return more > 0 ? [...lines, `… and ${more} more: index.json lists them under “incomplete”`] : lines;
}

function compartmentName(name: string): string {
  return name.startsWith('private/') ? 'another member’s own notes' : name;
}

type Code = ExportReport['findings'][number]['code'];

function countsByCode(findings: readonly { readonly code: Code }[]): [Code, number][] {
  return [...Map.groupBy(findings, ({ code }) => code)].map(([code, list]) => [code, list.length]);
}

function meaningOf(code: Code): string {
  if (code === 'PATIENT_UNKNOWN') return 'no such patient.';
  if (code === 'PATIENT_RESTRICTED') return 'a file is restricted to others: only its identity was written.';
  if (code === 'DOCUMENT_UNREADABLE') return 'a document could not be read whole.';
  if (code === 'REFERENCE_UNRESOLVED') return 'a record refers to something that is not in the vault.';
  return describeFinding(code, 'en').meaning;
}
