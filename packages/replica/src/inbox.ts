import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { CodedError } from '@serment/core/error';
import { documentScheme } from '@serment/records/fhir/document';
import {
  type Absence,
  absenceTask,
  cancelledTask,
  doneTask,
  filedReadingTask,
  hashOf,
  type ReadingTask,
  toTellTask,
} from '@serment/records/fhir/reading-task';
import type { RecordState, StreamState } from '@serment/records/fold';
import { parseJson } from '@serment/records/json-text';
import { filedRecords, receivedIdentity } from '@serment/records/received/received-records';
import type { ReceivedIdentity } from '@serment/records/received/report';
import { type DocumentKey, newVersion, type RecordVersion, removedVersion } from '@serment/records/version';
import { type Arrived, arrivalStream, receivedStream, receiveFile } from './arrivals.ts';
import { claimPart, isClaimed } from './claim.ts';
import { openDocumentBytes } from './documents.ts';
import { ReplicaError } from './error.ts';
import { type Proposal, proposalsFor } from './identity-match.ts';
import {
  type AbsenceView,
  absencesIn,
  type FoundTask,
  isDoctor,
  practitioner,
  tasksIn,
  type Waiting,
  waitingOf,
} from './inbox-tasks.ts';
import type { Practice } from './practice.ts';
import { partsOfSave, recordsPart } from './saving.ts';
import type { StreamRecords } from './stream-records.ts';
import { isOfHost } from './stream-view.ts';

/** What one of them holds. Contents are JSON texts. */
export interface ReceivedContent {
  readonly item: Waiting;
  readonly report: string | null;
  readonly document: string | null;
  readonly identity: ReceivedIdentity | null;
  readonly proposals: readonly Proposal[];
}

export interface InboxCounts {
  readonly toFile: number;
  /** For this member to read, and how many of them for more than two days. */
  readonly toRead: number;
  readonly late: number;
  readonly toTell: number;
  /** Entries that could not be read: there may be more than what is counted. */
  readonly missing: number;
}

export interface InboxPart {
  readonly items: readonly Waiting[];
  /** Entries that the host does not hand over, and entries that do not open: more may wait than what is here. */
  readonly withheld: number;
  readonly unreadable: number;
}

/** What arrived and is to be filed, read or told; for who reads medical files. */
export class Inbox {
  readonly #practice: Practice;
  readonly #records: StreamRecords;

  constructor(practice: Practice, records: StreamRecords) {
    this.#practice = practice;
    this.#records = records;
  }

  async #state(): Promise<StreamState> {
    return (await this.#records.read()).state;
  }

  /** Whether what this member reads counts as read. */
  get mayRead(): boolean {
    return isDoctor(this.#practice, this.#member);
  }

  /** As `receiveFile`. */
  receive(file: { readonly name: string; readonly bytes: Bytes }): Promise<Arrived[]> {
    return checkedAsync(() => receiveFile(this.#practice, file, () => this.#state()));
  }

  /** What waits, the oldest first. Throws COMPARTMENT_CLOSED. */
  async waiting(): Promise<InboxPart> {
    const { state, findings } = await this.#records.read();
    const tasks = tasksIn(state);
    const context = this.#context(tasks);
    const items = tasks.flatMap((one) => waitingOf(one, context) ?? []).sort((left, right) => left.at - right.at);
    const withheld = findings.filter(isOfHost).length;
    return { items, withheld, unreadable: findings.length - withheld };
  }

  /** Whose each that waits for its patient says that it is, by its id: what tells them apart. */
  async stated(): Promise<ReadonlyMap<string, ReceivedIdentity>> {
    const state = await this.#state();
    const found = tasksIn(state).flatMap(({ id, task, code }) => {
      if (code !== 'to-read' || task.status !== 'requested' || task.for !== undefined) return [];
      const identity = identityIn(state, task.focus?.reference ?? '');
      return identity === null ? [] : [[id, identity] as const];
    });
    return new Map(found);
  }

  async counts(): Promise<InboxCounts> {
    const { items, withheld, unreadable } = await this.waiting();
    const toRead = items.filter(
      ({ kind, reader }) => kind === 'to-read' && (reader === null || reader === this.#member),
    );
    return {
      toFile: items.filter(({ kind }) => kind === 'to-file').length,
      toRead: this.mayRead ? toRead.length : 0,
      late: items.filter(({ kind, isLate }) => isLate && kind !== 'to-tell').length,
      toTell: items.filter(({ kind }) => kind === 'to-tell').length,
      missing: withheld + unreadable,
    };
  }

  /** What one holds, with the patients it may be of; the trace of an opening is left. Throws RECEIVED_UNKNOWN. */
  async content(id: string): Promise<ReceivedContent> {
    const state = await this.#state();
    const tasks = tasksIn(state);
    const found = tasks.find((one) => one.id === id);
    const item = found === undefined ? null : waitingOf(found, this.#context(tasks));
    if (item === null) throw unknown();
    const nothing = { item, identity: null, proposals: [] };
    if (item.isRestricted) throw new ReplicaError('PATIENT_RESTRICTED', 'This file is restricted to others');
    const name = item.focus.slice(item.focus.indexOf('/') + 1);
    if (item.patient !== null) {
      const { records } = await this.#practice.readPatient(item.patient.id);
      await this.#practice.traces.told([item.patient.id]);
      const contentOf = (type: string) => records.find((one) => one.id === `${type}/${name}`)?.content ?? null;
      return { ...nothing, report: contentOf('DiagnosticReport'), document: contentOf('DocumentReference') };
    }
    const report = contentIn(state, `DiagnosticReport/${name}`);
    const document = contentIn(state, `DocumentReference/${name}`);
    const identity = identityIn(state, item.focus);
    const proposals = identity === null ? [] : proposalsFor(identity, this.#practice.directory);
    return { item, report, document, identity, proposals };
  }

  /** The bytes of a part. Throws RECEIVED_UNKNOWN, DOCUMENT_UNKNOWN, DOCUMENT_INVALID, UNREACHABLE. */
  async document(id: string): Promise<{ bytes: Bytes; key: DocumentKey }> {
    const { item, document } = await this.content(id);
    return this.#openDocument(document, item.patient?.id ?? null);
  }

  /** The bytes that a report of a file came in. Throws as `document`. */
  async documentOf(patient: string, reportId: string): Promise<{ bytes: Bytes; key: DocumentKey }> {
    const { records } = await this.#practice.readPatient(patient);
    const name = reportId.slice(reportId.indexOf('/') + 1);
    const document = records.find((one) => one.id === `DocumentReference/${name}`)?.content ?? null;
    return this.#openDocument(document, patient);
  }

  /**
   * Writes a part in a patient's file: of two who do so, the second is refused. Throws RECEIVED_UNKNOWN, DEPOSIT_FILED,
   * PATIENT_UNKNOWN, PATIENT_RESTRICTED, SAVE_INVALID.
   */
  async file(id: string, patient: string): Promise<{ id: string }> {
    const { keyring, random, clock } = this.#practice;
    const state = await this.#state();
    const found = tasksIn(state).find((one) => one.id === id && one.code === 'to-read');
    if (found === undefined) throw unknown();
    const claim = receivedStream(keyring, hashOf(found.task));
    if (found.task.for !== undefined || isClaimed(this.#practice, claim))
      throw new ReplicaError('DEPOSIT_FILED', 'Somebody has filed this already');
    // A file that is kept from this member takes nothing from it either.
    await this.#practice.readPatient(patient);
    const ids = [`DiagnosticReport/${id}`, `DocumentReference/${id}`];
    const [report, document] = ids.map((one) => contentIn(state, one));
    if (document == null) throw unknown();
    const resources = checked(() =>
      filedRecords({ document: JSON.parse(document), report: report == null ? null : parseJson(report) }, patient),
    );
    const key = state.documents.get(blobIdOf(document));
    const removed = ids.flatMap((one) => removal(state.records.get(one), random));
    const moved = this.#edit(found, filedReadingTask(found.task, patient));
    const here = recordsPart(arrivalStream(this.#practice.keyring), {
      patient,
      versions: [...removed, moved],
      documents: [],
    });
    const records = resources.map((resource) => ({ resource, change: 'create' as const, replaces: [] }));
    const documents = key === undefined ? [] : [key];
    const targets = resources.map((one) => `${one.resourceType}/${one.id}`);
    const at = new Date(clock()).toISOString();
    return this.#practice.saveParts([
      ...partsOfSave({ patient, records, documents }, keyring, random),
      here,
      claimPart(this.#practice, claim, { patient, targets, by: practitioner(this.#member), at }),
    ]);
  }

  /**
   * That this doctor read it, and what the patient is to be told, null for nothing. Throws READER_REFUSED for who is no
   * doctor, RECEIVED_UNKNOWN for what is not filed or was read.
   */
  async markRead(id: string, tell: string | null): Promise<{ id: string }> {
    if (!this.mayRead) throw new ReplicaError('READER_REFUSED', 'Only a doctor marks a result as read');
    const found = (await this.#tasks()).find((one) => one.id === id && one.code === 'to-read');
    const patient = found?.task.for?.reference;
    if (found === undefined || patient === undefined) throw unknown();
    const about = this.#about(found.task, patient);
    const asked =
      tell === null
        ? []
        : [toTellTask(crypto.randomUUID(), { ...about, title: found.task.description ?? '?', note: tell.trim() })];
    return this.#close(found, doneTask(crypto.randomUUID(), { ...about, code: 'read' }), asked);
  }

  /** That the patient was told. Throws RECEIVED_UNKNOWN. */
  async markTold(id: string): Promise<{ id: string }> {
    const found = (await this.#tasks()).find((one) => one.id === id && one.code === 'to-tell');
    const patient = found?.task.for?.reference;
    if (found === undefined || patient === undefined) throw unknown();
    const note = found.task.note?.[0]?.text ?? '';
    return this.#close(
      found,
      doneTask(crypto.randomUUID(), { ...this.#about(found.task, patient), code: 'told', note }),
      [],
    );
  }

  /** What is done leaves the practice's stream for the patient's file, in one request. */
  #close(found: FoundTask, done: ReadingTask, asked: readonly ReadingTask[]): Promise<{ id: string }> {
    const { keyring, random } = this.#practice;
    const patient = found.task.for?.reference ?? null;
    const versions = [
      removedVersion(
        `Task/${found.id}`,
        found.state.current.map(({ version }) => version),
        random,
      ),
      ...asked.map((resource) => newVersion({ resource, change: 'create' }, random)),
    ];
    return this.#practice.saveParts([
      recordsPart(arrivalStream(this.#practice.keyring), { patient, versions, documents: [] }),
      ...partsOfSave({ patient, records: [{ resource: done, change: 'create', replaces: [] }] }, keyring, random),
    ]);
  }

  /** Who is away now or will be, by when it ends. */
  async absences(): Promise<AbsenceView[]> {
    const now = this.#practice.clock();
    return absencesIn(await this.#tasks(), this.#practice).filter(({ end }) => end >= now);
  }

  /** That this member is away until then, and who reads meanwhile. Throws READER_REFUSED, SAVE_INVALID. */
  async setAbsence({ reader, start, end }: Pick<Absence, 'reader' | 'start' | 'end'>): Promise<{ id: string }> {
    const isReader = isDoctor(this.#practice, reader) && reader !== this.#member;
    if (!(this.mayRead && isReader)) throw new ReplicaError('READER_REFUSED', 'Only a doctor reads for another one');
    if (!(Date.parse(start) < Date.parse(end)))
      throw new ReplicaError('SAVE_INVALID', 'An absence ends after it begins');
    const of = practitioner(this.#member);
    const task = checked(() => absenceTask(crypto.randomUUID(), { of, reader: practitioner(reader), start, end }));
    return this.#write([newVersion({ resource: task, change: 'create' }, this.#practice.random)]);
  }

  /** Throws RECEIVED_UNKNOWN. */
  async cancelAbsence(id: string): Promise<{ id: string }> {
    const found = (await this.#tasks()).find((one) => one.id === id && one.code === 'absence');
    if (found === undefined) throw unknown();
    return this.#write([this.#edit(found, cancelledTask(found.task))]);
  }

  /** The other members who may read for this one, in hexadecimal. */
  readers(): { member: string; name: string | null }[] {
    const { mirror } = this.#practice;
    return [...mirror.governance.members.keys()]
      .filter((member) => member !== this.#member && isDoctor(this.#practice, member))
      .map((member) => ({ member, name: this.#practice.memberName(member) }));
  }

  get #member(): string {
    return bytesToHex(this.#practice.keyring.member);
  }

  async #tasks(): Promise<FoundTask[]> {
    return tasksIn(await this.#state());
  }

  #context(tasks: readonly FoundTask[]) {
    return { practice: this.#practice, absences: absencesIn(tasks, this.#practice) };
  }

  #write(versions: readonly RecordVersion[]): Promise<{ id: string }> {
    const stream = arrivalStream(this.#practice.keyring);
    return this.#practice.saveParts([recordsPart(stream, { patient: null, versions, documents: [] })]);
  }

  #edit({ state }: FoundTask, resource: ReadingTask): RecordVersion {
    const replaces = state.current.map(({ version }) => version);
    return newVersion({ resource, change: 'edit', replaces }, this.#practice.random);
  }

  #about({ focus }: ReadingTask, patient: string) {
    const at = new Date(this.#practice.clock()).toISOString();
    return { patient, focus: focus?.reference ?? '', by: practitioner(this.#member), at };
  }

  async #openDocument(content: string | null, patient: string | null): Promise<{ bytes: Bytes; key: DocumentKey }> {
    const blobId = content === null ? '' : blobIdOf(content);
    const key =
      patient === null
        ? (await this.#state()).documents.get(blobId)
        : await this.#practice.documentKey(patient, blobId);
    if (key == null) throw new ReplicaError('DOCUMENT_UNKNOWN', 'The document is not in this stream');
    const { practice, transport } = this.#practice;
    return { bytes: await openDocumentBytes(key, { practice, transport }), key };
  }
}

function contentIn({ records }: StreamState, id: string): string | null {
  return records.get(id)?.current.at(-1)?.content ?? null;
}

function identityIn(state: StreamState, focus: string): ReceivedIdentity | null {
  const name = focus.slice(focus.indexOf('/') + 1);
  const content = contentIn(state, `DiagnosticReport/${name}`) ?? contentIn(state, `DocumentReference/${name}`);
  return receivedIdentity(JSON.parse(content ?? 'null'));
}

/** The version that takes a record out of its stream; none where it is not there. */
function removal(state: RecordState | undefined, random: Practice['random']): RecordVersion[] {
  if (state?.current.at(-1)?.content == null) return [];
  const replaces = state.current.map(({ version }) => version);
  return [removedVersion(state.id, replaces, random)];
}

/** The blob that a DocumentReference names, in hexadecimal. */
function blobIdOf(content: string): string {
  const { content: [first] = [] } = JSON.parse(content) as {
    readonly content?: readonly { readonly attachment?: { readonly url?: string } }[];
  };
  const url = first?.attachment?.url ?? '';
  return url.startsWith(documentScheme) ? url.slice(documentScheme.length) : '';
}

function checked<Result>(make: () => Result): Result {
  try {
    return make();
  } catch (cause) {
    throw asInvalid(cause);
  }
}

async function checkedAsync<Result>(make: () => Promise<Result>): Promise<Result> {
  try {
    return await make();
  } catch (cause) {
    throw asInvalid(cause);
  }
}

function asInvalid(cause: unknown): unknown {
  if (!(cause instanceof CodedError) || cause instanceof ReplicaError) return cause;
  return new ReplicaError('SAVE_INVALID', 'It cannot be kept as it is', { cause, fields: cause.fields });
}

function unknown(): ReplicaError {
  return new ReplicaError('RECEIVED_UNKNOWN', 'Nothing of that name waits');
}
