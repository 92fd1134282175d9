import { bytesToHex, ownBytes } from '@serment/core/bytes';
import { CodedError, type ErrorFields } from '@serment/core/error';
import { sha256 } from '@serment/core/hash';
import { type Cim10Line, parseCim10Table } from '@serment/records/cim10/table';
import type { GrowthTables } from '@serment/records/growth/child';
import { type GrowthTable, parseGrowthTable } from '@serment/records/growth/growth-table';
import { isOfficial } from '@serment/records/tables/official';
import type { TableKind } from '@serment/records/tables/table-record';
import { maxTableBytes, tableInvalid } from '@serment/records/tables/table-text';
import type { Practice } from '@serment/replica/practice';
import type { NewTableFile, TableVersion, TableView } from '@serment/replica/reference-tables';
import { Desk } from './desk.ts';

/** What was found of a file that somebody chose. */
export interface FileCheck {
  readonly name: string;
  /** An indicator of growth; null for a table of one file. */
  readonly part: string | null;
  readonly isOfficial: boolean;
  /** Why it is not such a table; null when it is. */
  readonly problem: { readonly code: string; readonly fields: ErrorFields } | null;
}

export interface TableInput {
  readonly kind: TableKind;
  /** As the person calls it; '' for the name that the files give it. */
  readonly edition: string;
  readonly files: readonly File[];
}

export interface TableLoading {
  /** Null when a file was refused: then nothing was loaded. */
  readonly id: string | null;
  readonly files: readonly FileCheck[];
}

interface Parsed {
  readonly growth: Map<string, GrowthTable>;
  readonly cim10: Map<string, readonly Cim10Line[]>;
}

const whoEdition = 'OMS 2006, 0–5 ans';

/** The practice's tables of reference, checked before they are kept and read once for all pages. */
export class TablesDesk extends Desk {
  readonly #parsed = new WeakMap<Practice, Parsed>();

  async list(): Promise<readonly TableView[]> {
    return this.practice.tables.list();
  }

  async history(kind: TableKind): Promise<readonly TableVersion[]> {
    return this.practice.tables.history(kind);
  }

  /** Throws UNREACHABLE, SAVE_INVALID; what is wrong with a file is said of the file. */
  async load({ kind, edition, files }: TableInput): Promise<TableLoading> {
    const read: (FileCheck & { file: NewTableFile | null })[] = [];
    for (const file of files) read.push(await readFile(kind, file));
    const twice = read.find(({ part }, place) => read.findIndex((one) => one.part === part) < place);
    const checked = read.map(({ file, ...check }) =>
      check.problem === null && check.part === twice?.part && twice !== undefined
        ? { ...check, problem: problemOf(tableInvalid('twice', null)) }
        : check,
    );
    if (checked.some(({ problem }) => problem !== null)) return { id: null, files: checked };
    const name = edition.trim() || editionOf(kind, checked);
    const taken = read.flatMap(({ file }) => file ?? []);
    const { id } = await this.practice.tables.load(kind, name, taken);
    return { id, files: checked };
  }

  async restore(kind: TableKind, version: string): Promise<{ id: string }> {
    return this.practice.tables.restore(kind, version);
  }

  /** Those of growth that the practice loaded. Throws UNREACHABLE where they were never read on this device. */
  async growth(): Promise<GrowthTables> {
    const table = (await this.list()).find(({ kind }) => kind === 'who-growth');
    const { growth } = this.#parsedOf();
    const found: Record<string, GrowthTable> = {};
    for (const { blobId } of table?.files ?? []) {
      const known = growth.get(blobId) ?? parseGrowthTable(await this.practice.tables.bytes(blobId));
      growth.set(blobId, known);
      found[known.indicator] = known;
    }
    return found;
  }

  /** The practice's own table of diagnoses; empty when none was loaded. */
  async cim10(): Promise<readonly Cim10Line[]> {
    const table = (await this.list()).find(({ kind }) => kind === 'cim10');
    const blobId = table?.files[0]?.blobId;
    if (blobId === undefined) return [];
    const { cim10 } = this.#parsedOf();
    const known = cim10.get(blobId) ?? parseCim10Table(await this.practice.tables.bytes(blobId));
    cim10.set(blobId, known);
    return known;
  }

  #parsedOf(): Parsed {
    const { practice } = this;
    const parsed = this.#parsed.get(practice) ?? { growth: new Map(), cim10: new Map() };
    this.#parsed.set(practice, parsed);
    return parsed;
  }
}

async function readFile(kind: TableKind, file: File): Promise<FileCheck & { file: NewTableFile | null }> {
  const { name } = file;
  try {
    if (file.size > maxTableBytes) throw tableInvalid('size', null);
    const bytes = ownBytes(new Uint8Array(await file.arrayBuffer()));
    const part = kind === 'who-growth' ? parseGrowthTable(bytes).indicator : null;
    if (kind === 'cim10') parseCim10Table(bytes);
    return {
      name,
      part,
      isOfficial: isOfficial(bytesToHex(sha256(bytes))),
      problem: null,
      file: { name, part, bytes },
    };
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return { name, part: name, isOfficial: false, problem: problemOf(error), file: null };
  }
}

function problemOf({ code, fields }: CodedError): FileCheck['problem'] {
  return { code, fields };
}

function editionOf(kind: TableKind, files: readonly FileCheck[]): string {
  if (kind === 'who-growth' && files.every((file) => file.isOfficial)) return whoEdition;
  return files.map(({ name }) => name.replace(/\.[a-z]{1,4}$/i, '')).join(', ');
}
