import { hasSchema } from '@serment/records/fhir/schema';
import type { ImportFinding } from '@serment/records/finding';
import type { RoutedBatch } from '@serment/records/import/batch';
import type { FhirFile } from '@serment/records/import/bundle';
import type { ImportPlan } from '@serment/records/import/plan';
import { splitRecordId } from '@serment/records/record-id';
import type { FileRefusal, FoundFile } from './import-files.ts';
import { sayFinding } from './import-text.ts';
import { textTable } from './table.ts';
import type { JsonDocument, JsonValue } from './terminal.ts';

/** What became of the records of one type. */
export interface TypeReport {
  readonly read: number;
  readonly stored: number;
  /** The vault had them word for word. */
  readonly unchanged: number;
  /** Of those stored: of a type for which Serment has no schema. */
  readonly keptAsReceived: number;
  /** Twice in the file, word for word. */
  readonly identical: number;
  readonly refused: number;
}

interface Told {
  readonly code: FileRefusal;
  readonly severity: ImportFinding['severity'];
  readonly type: string | null;
  readonly count: number;
  readonly line: number | null;
  readonly entry: number | null;
  readonly fields: ImportFinding['fields'];
}

/** What became of one file. */
export interface FileReport {
  readonly path: string;
  readonly sizeBytes: number;
  /** Why nothing of it is stored. */
  readonly refused: FileRefusal | null;
  readonly types: ReadonlyMap<string, TypeReport>;
  readonly findings: readonly Told[];
}

export function refusedFile(
  file: FoundFile,
  refusal: { code: FileRefusal; fields: ImportFinding['fields'] },
): FileReport {
  const place = { type: null, count: 1, line: null, entry: null };
  const finding = { ...refusal, severity: 'refused' as const, ...place };
  return { path: file.path, sizeBytes: file.sizeBytes, refused: refusal.code, types: new Map(), findings: [finding] };
}

/** What a file held, and what of it the plan writes. */
export function plannedFile(file: FoundFile, read: FhirFile, plan: ImportPlan): FileReport {
  const planned = countByType(plan.batches);
  const given = countByType(read.batches);
  const isHeld = ({ batch }: RoutedBatch) => batch.patient !== null && plan.heldPatients.has(batch.patient);
  const held = countByType(read.batches.filter(isHeld));
  const types = new Map<string, TypeReport>();
  for (const [type, counts] of read.counts) {
    const stored = planned.get(type) ?? 0;
    const kept = held.get(type) ?? 0;
    types.set(type, {
      ...{ read: counts.read, stored, unchanged: (given.get(type) ?? 0) - stored - kept, identical: counts.identical },
      keptAsReceived: hasSchema(type) ? 0 : stored,
      refused: counts.refused + kept,
    });
  }
  const findings = grouped([...read.findings, ...plan.findings]);
  return { path: file.path, sizeBytes: file.sizeBytes, refused: read.refusal?.code ?? null, types, findings };
}

export function isPartial({ refused, findings }: FileReport): boolean {
  return refused !== null || findings.some(({ severity }) => severity === 'refused');
}

export function totalsOf(files: readonly FileReport[]): TypeReport {
  const total = { read: 0, stored: 0, unchanged: 0, keptAsReceived: 0, identical: 0, refused: 0 };
  for (const { types } of files)
    for (const type of types.values()) for (const key of keysOf(total)) total[key] += type[key];
  return total;
}

export function fileJson(file: FileReport): JsonDocument {
  const types = Object.fromEntries([...file.types].map(([type, counts]): [string, JsonValue] => [type, { ...counts }]));
  const findings = file.findings.map((told): JsonValue => ({ ...told, text: sayFinding(told.code, told.fields) }));
  return { path: file.path, sizeBytes: file.sizeBytes, refused: file.refused, types, findings };
}

export function fileLines(file: FileReport): string[] {
  const { path, types, findings, refused } = file;
  const rows = [...types].map(([type, counts]) => [
    `  ${type}`,
    ...[counts.read, counts.stored, counts.unchanged, counts.keptAsReceived, counts.refused],
  ]);
  const head = ['  type', 'read', 'stored', 'unchanged', 'kept as received', 'refused'];
  return [
    refused === null ? path : `${path}: nothing stored`,
    ...(rows.length === 0 ? [] : textTable(head, rows)),
    ...findings.map(({ code, severity, type, count, line, entry, fields }) => {
      const place = line !== null ? ` (first on line ${line})` : entry !== null ? ` (first at entry ${entry})` : '';
      const mark = severity === 'refused' ? '✗' : severity === 'warning' ? '!' : '·';
      return `  ${mark} ${count} × ${type ?? ''} ${sayFinding(code, fields)}${place}`
        .replace(/ {2,}(?=\S)/g, ' ')
        .replace(/^ /, '  ');
    }),
    '',
  ];
}

function grouped(findings: readonly ImportFinding[]): Told[] {
  const groups = Map.groupBy(findings, ({ code, severity, type }) => JSON.stringify([code, severity, type]));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [{ ...first, count: group.length }];
  });
}

function countByType(batches: ImportPlan['batches']): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { batch } of batches)
    for (const { id } of batch.versions) {
      const type = splitRecordId(id)?.type ?? '?';
      counts.set(type, (counts.get(type) ?? 0) + 1);
    }
  return counts;
}

function keysOf<Value extends object>(value: Value): (keyof Value)[] {
  return Object.keys(value) as (keyof Value)[];
}
