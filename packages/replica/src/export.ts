import { bytesToHex, hexToBytes, utf8ToBytes } from '@serment/core/bytes';
import { sha256 } from '@serment/core/hash';
import type { Finding } from '@serment/core/journal/finding';
import { governanceStream } from '@serment/core/journal/header';
import { indexRecords, patientBundle, practiceBundle, wholeBundle } from '@serment/records/export/bundle';
import { emptyStream, type RecordState, type StreamState } from '@serment/records/fold';
import { type IndexEntry, indexPage } from '@serment/records/page/index-page';
import type { PageDocument } from '@serment/records/page/page-record';
import { patientPage } from '@serment/records/page/patient-page';
import { patientStream } from '@serment/records/route';
import type { DocumentKey } from '@serment/records/version';
import { ReplicaError } from './error.ts';
import { readUnfiled } from './export-deposits.ts';
import { documentsOf, type FoundDocument } from './export-document.ts';
import { type MergeLinks, mergeLinks } from './export-links.ts';
import { type ExportLoss, listLosses, readAside } from './export-losses.ts';
import type { Keyring, StreamRef } from './keyring.ts';
import { loadStream, type StreamParts, type StreamView } from './stream-view.ts';

/** What can be exported: a practice at its server, or a copy opened by a kit. */
export interface ExportSource extends StreamParts {
  readonly keyring: Keyring;
  openDocument(document: DocumentKey): Promise<Uint8Array>;
}

export interface ExportOptions {
  /** One patient only, `Patient/…` or the logical id. */
  readonly patient?: string;
  readonly write: (path: string, bytes: Uint8Array) => Promise<void>;
  readonly onProgress?: (done: number, total: number) => void;
}

export interface ExportReport {
  readonly patients: number;
  readonly records: number;
  readonly documents: number;
  /** Deposits that nobody filed yet, written apart from every file. */
  readonly deposits: number;
  readonly files: number;
  /** Names of compartments that this member or kit cannot read. */
  readonly unreadable: readonly string[];
  /** What a copy has lost; empty for a whole one. */
  readonly losses: readonly ExportLoss[];
  readonly findings: readonly (
    | Finding
    | {
        code: 'PATIENT_UNKNOWN' | 'PATIENT_RESTRICTED' | 'DOCUMENT_UNREADABLE' | 'REFERENCE_UNRESOLVED';
        patient: string;
        detail: string;
      }
  )[];
}

/**
 * Writes everything that this member can read in standard forms: a FHIR bundle, a readable page and the documents of each
 * patient, what belongs to none, and an index. The same journal gives the same files, whoever reads it and from where.
 */
export async function exportPractice(source: ExportSource, options: ExportOptions): Promise<ExportReport> {
  const exporter = new Exporter(source, options);
  return exporter.run();
}

interface WrittenPatient {
  readonly entry: IndexEntry;
  readonly json: object;
}

class Exporter {
  readonly #source: ExportSource;
  readonly #options: ExportOptions;
  readonly #findings: ExportReport['findings'][number][] = [];
  #records = 0;
  #documents = 0;
  #deposits = 0;
  #files = 0;
  #lastReceivedAt = 0;
  /** Names of streams that the host did not give. */
  readonly #restricted = new Set<string>();
  /** Which Patients say that they are one person's. */
  #links: MergeLinks = mergeLinks(emptyStream());
  /** Patients of whom the journal has lost something. */
  #incompleteFiles: ReadonlySet<string | null> = new Set();

  constructor(source: ExportSource, options: ExportOptions) {
    this.#source = source;
    this.#options = options;
  }

  async run(): Promise<ExportReport> {
    const directory = await this.#load(this.#source.keyring.stream('admin', 'directory'));
    const patients = this.#chosen(directory);
    const others = await this.#loadOthers(patients);
    const perPatient = indexRecords([directory, ...others]);
    const shared = withRecords(perPatient.withoutPatient.map((record) => record.state));
    const losses = listLosses(this.#source, patients);
    this.#incompleteFiles = new Set(losses.map(({ about }) => about));
    this.#links = mergeLinks(directory);
    const rows: WrittenPatient[] = [];
    for (const [place, patient] of patients.entries()) {
      const own = (perPatient.recordsByPatient.get(patient) ?? []).map((record) => record.state);
      const row = await this.#writePatient(patient, withRecords(own), shared, others);
      if (row !== null) rows.push(row);
      this.#options.onProgress?.(place + 1, patients.length);
    }
    if (this.#options.patient === undefined) {
      await this.#write('practice.json', practiceBundle(perPatient).text);
      await this.#writeArrivals(
        perPatient.withoutPatient.map(({ state }) => state),
        others,
      );
      await this.#writeAside();
      await this.#writeDeposits();
    }
    const practiceName = nameOf(directory, this.#source);
    const exportedAt = new Date(this.#lastReceivedAt).toISOString();
    const shown = rows.map((row) => row.entry);
    const index = { patients: shown, practiceName, exportedAt, lang: 'fr' as const, losses: losses.length };
    await this.#write('index.html', indexPage(index));
    const patientRows = rows.map((row) => row.json);
    // The files outlive what was said as they were written: an export that is not whole must say so itself.
    const incomplete = losses.length === 0 ? {} : { incomplete: losses };
    const deposits = this.#deposits === 0 ? {} : { deposits: this.#deposits };
    await this.#write(
      'index.json',
      JSON.stringify(
        { format: 'serment-export 1', exportedAt, ...incomplete, ...deposits, patients: patientRows },
        null,
        1,
      ),
    );
    const unreadable = [...this.#source.mirror.governance.compartments.keys()].filter(
      (name) => !this.#source.keyring.canRead(name),
    );
    const { length } = rows;
    return {
      patients: length,
      records: this.#records,
      documents: this.#documents,
      deposits: this.#deposits,
      files: this.#files,
      unreadable,
      losses,
      findings: this.#findings,
    };
  }

  #chosen(directory: StreamState): string[] {
    const all = [...directory.records.keys()].filter((id) => id.startsWith('Patient/')).sort();
    const { patient } = this.#options;
    if (patient === undefined) return all;
    const wanted = patient.startsWith('Patient/') ? patient : `Patient/${patient}`;
    // Merged records are one person's: who asks for one gets both.
    if (all.includes(wanted)) return all.filter((id) => id === wanted || mergeLinks(directory).areJoined(id, wanted));
    this.#findings.push({ code: 'PATIENT_UNKNOWN', patient: wanted, detail: 'not in the directory' });
    return [];
  }

  /** Every readable stream that is neither the directory nor the file of a patient known there. */
  async #loadOthers(patients: readonly string[]): Promise<StreamState[]> {
    const { keyring, mirror } = this.#source;
    const known = new Set([bytesToHex(governanceStream), bytesToHex(keyring.stream('admin', 'directory').id)]);
    if (keyring.canRead('clinical'))
      for (const patient of patients) known.add(bytesToHex(keyring.stream('clinical', patientStream(patient)).id));
    const states: StreamState[] = [];
    for (const stream of mirror.streams()) {
      if (known.has(stream)) continue;
      const compartment = await this.#compartmentOf(stream);
      if (compartment === null || !keyring.canRead(compartment)) continue;
      states.push(await this.#load({ compartment, name: '', id: hexToBytes(stream) }));
    }
    return states;
  }

  /** Null for a stream that holds no records, such as traces. */
  async #compartmentOf(stream: string): Promise<string | null> {
    const [first] = this.#source.mirror.entriesOf(hexToBytes(stream));
    if (first === undefined) return null;
    const { header } = await this.#source.mirror.entry(first);
    return header.kind === 'records' || header.kind === 'snapshot' ? header.compartment : null;
  }

  async #load(stream: StreamRef): Promise<StreamState> {
    const view = await this.#loadOpen(stream);
    if (view === null) {
      this.#restricted.add(stream.name);
      return emptyStream();
    }
    this.#findings.push(...view.findings);
    for (const record of view.state.records.values())
      for (const version of record.history) this.#lastReceivedAt = Math.max(this.#lastReceivedAt, version.receivedAt);
    return view.state;
  }

  /** Null for what a restriction keeps from who exports: the host gives none of it. A copy gives all. */
  async #loadOpen(stream: StreamRef): Promise<StreamView | null> {
    try {
      return await loadStream(stream, this.#source, { isWhole: true });
    } catch (error) {
      if (!(error instanceof ReplicaError && error.fields.server === 'STREAM_RESTRICTED')) throw error;
      return null;
    }
  }

  async #writePatient(
    patient: string,
    own: StreamState,
    shared: StreamState,
    others: readonly StreamState[],
  ): Promise<WrittenPatient | null> {
    const { keyring } = this.#source;
    const file = keyring.canRead('clinical')
      ? await this.#load(keyring.stream('clinical', patientStream(patient)))
      : emptyStream();
    const isRestricted = this.#restricted.has(patientStream(patient));
    if (isRestricted) this.#findings.push({ code: 'PATIENT_RESTRICTED', patient, detail: 'restricted to others' });
    const bundle = patientBundle(patient, indexRecords([own, shared, file]));
    const folder = `patients/${folderOf(patient)}`;
    const states = [...own.records.values(), ...file.records.values()];
    const current = states.flatMap((state) => state.current).filter((version) => version.content !== null);
    const resources = current.map((version) => ({
      version,
      resource: JSON.parse(version.content ?? 'null') as unknown,
    }));
    const record = resources.find(({ version }) => version.id === patient);
    if (record === undefined) return null;
    const documents = documentsOf(
      resources.map(({ resource }) => resource),
      [file, ...others],
    );
    const pages = await this.#writeDocuments(patient, folder, documents);
    const links = this.#links.of(patient).map((link) => ({ ...link, href: `../${folderOf(link.patient)}/index.html` }));
    // The other one of a merge stands in its own folder.
    for (const reference of bundle.unresolved)
      if (!links.some((link) => link.patient === reference))
        this.#findings.push({ code: 'REFERENCE_UNRESOLVED', patient, detail: reference });
    await this.#write(`${folder}/bundle.json`, bundle.text);
    const isIncomplete = isRestricted || this.#incompleteFiles.has(patient);
    const page = patientPage({
      patient: record.resource,
      records: resources.map(({ version, resource }) => ({
        resource,
        receivedAt: version.receivedAt,
        fullUrl: version.fullUrl,
      })),
      documents: pages,
      practiceName: nameOf(shared, this.#source),
      exportedAt: new Date(Math.max(...current.map((version) => version.receivedAt))).toISOString(),
      lang: 'fr',
      isIncomplete,
      links,
    });
    await this.#write(`${folder}/index.html`, page);
    this.#records += bundle.entries;
    this.#documents += pages.length;
    const json = {
      patient,
      folder,
      records: bundle.entries,
      documents: pages.map((document) => document.fileName),
      removed: bundle.removed,
      conflicts: bundle.conflicts,
      ...(links.length === 0 ? {} : { links: links.map(({ type, patient: other }) => ({ type, patient: other })) }),
    };
    return {
      entry: {
        patient: record.resource,
        href: `${folder}/index.html`,
        records: bundle.entries,
        documents: pages.length,
        isIncomplete,
        links,
      },
      json,
    };
  }

  /** The documents of what concerns no patient: what arrived and nobody filed yet. */
  async #writeArrivals(records: readonly RecordState[], streams: readonly StreamState[]): Promise<void> {
    const current = records.flatMap((record) => record.current.filter(({ content }) => content !== null));
    const resources = current.map(({ content }) => JSON.parse(content ?? 'null') as unknown);
    this.#documents += (await this.#writeDocuments('', 'practice', documentsOf(resources, streams))).length;
  }

  /** In no patient's file: what may not have been allowed must neither hide what was, nor pass for it. */
  async #writeAside(): Promise<void> {
    const { states, findings } = await readAside(this.#source);
    this.#findings.push(...findings);
    if (states.length === 0) return;
    await this.#write('unjudged/bundle.json', wholeBundle(indexRecords(states)).text);
    const current = states.flatMap(({ records }) => [...records.values()].flatMap((record) => record.current));
    const resources = current.map(({ content }) => JSON.parse(content ?? 'null') as unknown);
    await this.#writeDocuments('', 'unjudged', documentsOf(resources, states));
  }

  /** What was let in and stands in no file yet. */
  async #writeDeposits(): Promise<void> {
    const { states, findings } = await readUnfiled(this.#source);
    this.#findings.push(...findings);
    this.#deposits = states.length;
    if (states.length === 0) return;
    await this.#write('deposits/bundle.json', wholeBundle(indexRecords(states)).text);
    const current = states.flatMap(({ records }) => [...records.values()].flatMap((record) => record.current));
    const resources = current.map(({ content }) => JSON.parse(content ?? 'null') as unknown);
    await this.#writeDocuments('', 'deposits', documentsOf(resources, states));
  }

  async #writeDocuments(patient: string, folder: string, documents: readonly FoundDocument[]) {
    const pages: PageDocument[] = [];
    for (const document of documents) {
      const bytes = document.inline ?? (await this.#openDocument(patient, document));
      if (bytes === null) continue;
      const fileName = `documents/${document.fileName}`;
      await this.#write(`${folder}/${fileName}`, bytes);
      pages.push({ fileName, title: document.title, ...(document.url === null ? {} : { url: document.url }) });
    }
    return pages;
  }

  async #openDocument(patient: string, document: FoundDocument): Promise<Uint8Array | null> {
    if (document.key === null) {
      this.#findings.push({ code: 'DOCUMENT_UNREADABLE', patient, detail: 'no key' });
      return null;
    }
    try {
      return await this.#source.openDocument(document.key);
    } catch (error) {
      const detail = error instanceof Error && 'code' in error ? String(error.code) : 'failed';
      this.#findings.push({ code: 'DOCUMENT_UNREADABLE', patient, detail });
      return null;
    }
  }

  async #write(path: string, content: string | Uint8Array): Promise<void> {
    await this.#options.write(path, typeof content === 'string' ? utf8ToBytes(content) : content);
    this.#files += 1;
  }
}

function folderOf(patient: string): string {
  return folderName(patient.slice('Patient/'.length));
}

/** Imported ids may be any text: only those that every file system takes as they are become names. */
function folderName(id: string): string {
  return /^[a-z0-9](?:[a-z0-9.-]{0,62}[a-z0-9])?$/.test(id) ? id : bytesToHex(sha256(utf8ToBytes(id))).slice(0, 40);
}

function withRecords(records: readonly RecordState[]): StreamState {
  const state = emptyStream();
  for (const record of records) state.records.set(record.id, record);
  return state;
}

function nameOf(directory: StreamState, source: ExportSource): string {
  const record = directory.records.get(`Organization/${bytesToHex(source.mirror.practice)}`);
  const content = record?.current.at(-1)?.content;
  const name = content ? (JSON.parse(content) as { name?: unknown }).name : null;
  return typeof name === 'string' ? name : '';
}
