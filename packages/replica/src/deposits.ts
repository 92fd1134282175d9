import { type Bytes, bytesToHex, hexToBytes } from '@serment/core/bytes';
import { CodedError } from '@serment/core/error';
import type { Finding, FindingCode } from '@serment/core/journal/finding';
import { inboxStream } from '@serment/core/journal/header';
import { mayDeposit } from '@serment/core/journal/rules';
import {
  filedResource,
  filedTask,
  isSaid,
  newDeposit,
  newDepositTask,
  readDeposit,
  rejectedTask,
  saidTask,
} from '@serment/records/fhir/deposit';
import { type DocumentKey, newVersion, parseRecordBatch, type RecordBatch } from '@serment/records/version';
import { claimPart, isClaimed } from './claim.ts';
import { filingStream } from './deposit-sealing.ts';
import type { DepositState, DepositStates } from './deposit-states.ts';
import type { PatientRow } from './directory.ts';
import { type DocumentUpload, dropUpload, openDocumentBytes, sealUpload } from './documents.ts';
import { ReplicaError } from './error.ts';
import type { StreamRef } from './keyring.ts';
import type { OutboxItem } from './outbox.ts';
import type { SaveState } from './patient-file.ts';
import type { Practice } from './practice.ts';
import { isRestrictedHere } from './restricted-here.ts';
import { partsOfSave, recordsPart } from './saving.ts';

export interface DepositRequest {
  /** `Patient/…`; null when it is not known whose it is. */
  readonly patient: string | null;
  /** Empty for none. */
  readonly text: string;
  readonly file: (Pick<DocumentUpload, 'clear' | 'mediaType'> & { readonly name: string }) | null;
}

/**
 * Why a deposit says nothing: the host is wanted for it, this device has not its key yet, its patient's file is kept from
 * this member; else it does not open, and to nobody where its payload is what does not.
 */
export type DepositProblem = FindingCode | 'UNREACHABLE' | 'KEYS_PENDING' | 'PATIENT_RESTRICTED';

/** What a deposit says. */
export interface DepositView {
  /** 16 bytes in hexadecimal: which of its author's. */
  readonly id: string;
  /** The author in hexadecimal. */
  readonly author: string;
  /** Of who deposited it. */
  readonly name: string | null;
  /** The host's clock, ms; this device's until the host has it. */
  readonly at: number;
  readonly patient: PatientRow | null;
  readonly text: string;
  readonly document: { readonly name: string; readonly mediaType: string; readonly size: number } | null;
  /** Why it says nothing here; null when it does. */
  readonly problem: DepositProblem | null;
  readonly state: SaveState;
}

/** How far a deposit is, for the desk. */
export interface DepositProgress {
  readonly id: string;
  readonly patient: PatientRow | null;
  /** The host's clock, ms, when this last changed. */
  readonly at: number;
  /** Who wrote what stands: who deposited it, who filed it, who said it. */
  readonly name: string | null;
  /** `rejected`: it does not open, and is to be deposited again. */
  readonly status: 'requested' | 'completed' | 'rejected';
  /** To be said to the patient; null for nothing. */
  readonly say: string | null;
  readonly isSaid: boolean;
  readonly state: SaveState;
}

/** What a member does with deposits. */
export type DepositPart = 'deposits' | 'files';

/** How long a member reads again what it deposited: the host serves it no longer either. */
const ownForMs = 24 * 60 * 60 * 1000;

interface Found {
  readonly view: DepositView;
  readonly batch: RecordBatch | null;
}

/** What is let in by members who may not read medical files, until somebody who may files it. */
export class Deposits {
  readonly #practice: Practice;
  readonly #states: DepositStates;
  /** Numbers of the entries that are known to be filed: a filing is never taken back. */
  readonly #filed = new Set<number>();

  constructor(practice: Practice, states: DepositStates) {
    this.#practice = practice;
    this.#states = states;
  }

  /** What this member does with deposits: lets them in, or files them; null for neither, also while its keys are awaited. */
  get part(): DepositPart | null {
    const { keyring, mirror } = this.#practice;
    if (keyring.canRead('clinical')) return 'files';
    const role = mirror.governance.members.get(this.#member)?.role;
    return role !== undefined && mayDeposit(role) && keyring.canRead('admin') ? 'deposits' : null;
  }

  /** After a save was given up, or the journal became another. */
  clear(): void {
    this.#filed.clear();
    this.#states.clear();
  }

  /** Keeps a deposit on this device, then sends it. Throws SAVE_INVALID, PATIENT_UNKNOWN, DOCUMENT_INVALID. */
  async deposit({ patient, text, file }: DepositRequest): Promise<{ id: string }> {
    const { random, cache, transport, directory } = this.#practice;
    if (this.part !== 'deposits' || !this.#practice.canWrite || (text.trim() === '' && file === null))
      throw new ReplicaError('SAVE_INVALID', 'There is nothing that this member can deposit');
    if (patient !== null && directory.get(patient) === null) throw patientUnknown();
    const parts = { practice: this.#practice.practice, transport, cache, random };
    const key = file === null ? null : await sealUpload(file, parts);
    try {
      return await this.#keep({ patient, text, file }, key);
    } catch (error) {
      if (key !== null) await dropUpload(key, parts);
      throw error;
    }
  }

  async #keep({ patient, text, file }: DepositRequest, key: DocumentKey | null): Promise<{ id: string }> {
    const { keyring, random, clock } = this.#practice;
    const id = random(16);
    const document = file && key && { name: file.name, key, blobId: bytesToHex(key.blobId) };
    const by = { patient, author: `Practitioner/${this.#member}`, at: new Date(clock()).toISOString() };
    const resources = this.#checked(() => newDeposit(bytesToHex(id), { ...by, text, document }));
    const versions = resources.map((resource) => newVersion({ resource, change: 'create', replaces: [] }, random));
    const stream = { compartment: 'clinical', name: '', id: inboxStream(keyring.member) };
    const { content, blobs } = recordsPart(stream, { patient, versions, documents: key === null ? [] : [key] });
    const task = newDepositTask(bytesToHex(id), by);
    return this.#practice.saveParts([
      { stream, body: { kind: 'deposit', id }, content, blobs },
      ...partsOfSave({ patient, records: [{ resource: task, change: 'create', replaces: [] }] }, keyring, random),
    ]);
  }

  /** What this member deposited in the last 24 hours, newest first. */
  async own(): Promise<DepositView[]> {
    await this.forgetOwn();
    const { outbox, mirror, keyring, clock } = this.#practice;
    const since = clock() - ownForMs;
    const views: DepositView[] = [];
    for (const index of mirror.entriesOf(inboxStream(keyring.member)).toReversed()) {
      if ((await mirror.entry(index)).receivedAt < since) break;
      views.push((await this.#read(index)).view);
    }
    // What was just taken is in both for a moment.
    const taken = new Set(views.map(({ id }) => id));
    const waiting = outbox.items.flatMap((item) => this.#waiting(item) ?? []).filter(({ id }) => !taken.has(id));
    return [...waiting.reverse(), ...views];
  }

  /** Drops what this device kept of deposits that their author reads no more. */
  forgetOwn(): Promise<void> {
    const { outbox, clock } = this.#practice;
    return outbox.forgetDeposits(clock() - ownForMs);
  }

  /** How many deposits nobody filed yet; 0 for who does not read medical files. */
  async openCount(): Promise<number> {
    return (await this.#openIndexes()).length;
  }

  /** The deposits that nobody filed yet, oldest first. Each patient of whom one tells leaves the trace of an opening. */
  async open(): Promise<DepositView[]> {
    const views: DepositView[] = [];
    for (const index of await this.#openIndexes()) views.push((await this.#read(index)).view);
    await this.#practice.traces.told(views.flatMap(({ patient, problem }) => (problem === null && patient?.id) || []));
    return views;
  }

  /** The document of a deposit that this member may read. Throws DOCUMENT_UNKNOWN, DOCUMENT_INVALID, UNREACHABLE. */
  async document(
    deposit: Pick<DepositView, 'author' | 'id'>,
  ): Promise<{ bytes: Bytes; name: string; key: DocumentKey }> {
    const { view, batch } = await this.#find(deposit);
    const [key] = batch?.documents ?? [];
    if (view.document === null || key === undefined)
      throw new ReplicaError('DOCUMENT_UNKNOWN', 'This deposit holds no document');
    const { practice, transport } = this.#practice;
    return { bytes: await openDocumentBytes(key, { practice, transport }), name: view.document.name, key };
  }

  /**
   * Writes what a deposit says in a patient's file, and that it is filed, in one save: of two who do so, the second is
   * refused. Throws DEPOSIT_FILED, DEPOSIT_UNKNOWN, PATIENT_UNKNOWN, PATIENT_RESTRICTED, SAVE_INVALID.
   */
  async file(
    deposit: Pick<DepositView, 'author' | 'id'>,
    { patient, say }: { readonly patient: string; readonly say: string | null },
  ): Promise<{ id: string }> {
    const { keyring, random, clock } = this.#practice;
    const claim = this.#claim(deposit.author, deposit.id);
    if (isClaimed(this.#practice, claim)) throw depositFiled();
    const { view, batch } = await this.#find(deposit);
    // A file that is kept from this member takes nothing from it either.
    await this.#practice.readPatient(patient);
    const { governance } = this.#practice.mirror;
    const author = `Practitioner/${governance.authors.get(view.author)?.member ?? ''}`;
    const at = new Date(clock()).toISOString();
    const resources = this.#checked(() =>
      (batch?.versions ?? []).flatMap(
        ({ content }) => filedResource(JSON.parse(content ?? 'null'), { id: newId(random), patient, author }) ?? [],
      ),
    );
    if (view.problem === 'UNREACHABLE') throw new ReplicaError('UNREACHABLE', 'The host is wanted for this deposit');
    if (batch === null || resources.length === 0)
      throw new ReplicaError('SAVE_INVALID', 'This deposit says nothing that a file can hold');
    const by = `Practitioner/${this.#member}`;
    const known = (await this.#states.read()).get(deposit.id);
    const begun = known?.task ?? newDepositTask(deposit.id, { patient, author, at: new Date(view.at).toISOString() });
    const told = say === null || say.trim() === '' ? null : say.trim();
    const task = this.#checked(() => filedTask(begun, { patient, by, say: told }));
    const records = [
      ...resources.map((resource) => ({ resource, change: 'create' as const, replaces: [] })),
      taskChange(task, known),
    ];
    const targets = resources.map(({ resourceType, id }) => `${resourceType}/${id}`);
    return this.#practice.saveParts([
      ...partsOfSave({ patient, records, documents: batch.documents }, keyring, random),
      claimPart(this.#practice, claim, { patient, targets, by, at }),
    ]);
  }

  /**
   * Takes a deposit that opens to nobody out of the list, and tells the desk. Throws DEPOSIT_FILED, DEPOSIT_UNKNOWN,
   * SAVE_INVALID for one that opens, or that another answer of the host may open.
   */
  async reject(deposit: Pick<DepositView, 'author' | 'id'>): Promise<{ id: string }> {
    const { keyring, random, clock } = this.#practice;
    const claim = this.#claim(deposit.author, deposit.id);
    if (isClaimed(this.#practice, claim)) throw depositFiled();
    const { view } = await this.#find(deposit);
    if (view.problem !== 'PAYLOAD_UNREADABLE')
      throw new ReplicaError('SAVE_INVALID', 'What may be read is not rejected');
    const known = (await this.#states.read()).get(deposit.id);
    const author = `Practitioner/${this.#practice.mirror.governance.authors.get(view.author)?.member ?? ''}`;
    const begun =
      known?.task ?? newDepositTask(deposit.id, { patient: null, author, at: new Date(view.at).toISOString() });
    const patient = begun.for?.reference ?? null;
    const by = `Practitioner/${this.#member}`;
    const records = [taskChange(rejectedTask(begun, by), known)];
    const filing = { patient, targets: [`Task/${deposit.id}`], by, at: new Date(clock()).toISOString() };
    return this.#practice.saveParts([
      ...partsOfSave({ patient, records }, keyring, random),
      claimPart(this.#practice, claim, filing),
    ]);
  }

  /**
   * How far deposits are, newest first: of one patient; or all that are to be said and were not, and those of the last 24
   * hours that are to be deposited again.
   */
  async progress(patient: string | null): Promise<DepositProgress[]> {
    const states = [...(await this.#states.read()).values()].reverse();
    const since = this.#practice.clock() - ownForMs;
    return states
      .map((state) => this.#progress(state))
      .filter((one) =>
        patient !== null
          ? one.patient?.id === patient
          : (one.say !== null && !one.isSaid) || (one.status === 'rejected' && one.at >= since),
      );
  }

  /** That the desk said to a patient what it was asked to. Throws DEPOSIT_UNKNOWN. */
  async said(id: string): Promise<{ id: string }> {
    const known = (await this.#states.read()).get(id);
    if (known === undefined || isSaid(known.task) === null) throw depositUnknown();
    const patient = known.task.for?.reference ?? null;
    return this.#practice.save({ patient, records: [taskChange(saidTask(known.task), known)] });
  }

  get #member(): string {
    return bytesToHex(this.#practice.keyring.member);
  }

  #progress({ id, task, last }: DepositState): DepositProgress {
    const { index, receivedAt, author } = last;
    return {
      id,
      patient: this.#row(task.for?.reference ?? null),
      at: receivedAt,
      name: this.#nameOf(author),
      status: task.status,
      say: isSaid(task) === null ? null : (task.note?.[0]?.text ?? null),
      isSaid: isSaid(task) ?? false,
      state: this.#practice.saveState(index),
    };
  }

  async #openIndexes(): Promise<number[]> {
    const { mirror, keyring } = this.#practice;
    if (!keyring.canRead('clinical')) return [];
    const open: number[] = [];
    for (const { member } of mirror.governance.members.values())
      for (const index of mirror.entriesOf(inboxStream(member))) {
        if (this.#filed.has(index)) continue;
        const { header } = await mirror.entry(index);
        if (header.body.kind !== 'deposit') continue;
        const claim = this.#claim(bytesToHex(header.author), bytesToHex(header.body.id));
        if (mirror.headOf(claim.id) !== null) this.#filed.add(index);
        else if (!isClaimed(this.#practice, claim)) open.push(index);
      }
    return open.sort((left, right) => left - right);
  }

  /** Where the filing of a deposit stands, which begins once. */
  #claim(author: string, id: string): StreamRef {
    return filingStream(this.#practice.keyring, { author, id });
  }

  async #find({ author, id }: Pick<DepositView, 'author' | 'id'>): Promise<Found> {
    const { mirror, keyring, clock } = this.#practice;
    const member = mirror.governance.authors.get(author)?.member;
    const since = keyring.canRead('clinical') ? 0 : clock() - ownForMs;
    for (const index of member == null ? [] : mirror.entriesOf(inboxStream(hexToBytes(member))).toReversed()) {
      const { header, receivedAt } = await mirror.entry(index);
      const { body } = header;
      if (receivedAt < since) break;
      if (body.kind === 'deposit' && bytesToHex(body.id) === id && bytesToHex(header.author) === author)
        return this.#read(index);
    }
    throw depositUnknown();
  }

  async #read(index: number): Promise<Found> {
    const { mirror, reader } = this.#practice;
    const { header, receivedAt } = await mirror.entry(index);
    const id = header.body.kind === 'deposit' ? bytesToHex(header.body.id) : '';
    const name = this.#nameOf(header.author);
    const state = this.#practice.saveState(index);
    const at = { id, author: bytesToHex(header.author), name, at: receivedAt, state };
    const stream = { id: header.stream, compartment: 'clinical' };
    const read = await reader.content(index, stream).catch((error: unknown) => this.#whyNotGiven(error));
    const batch = typeof read !== 'string' && read.finding === null ? batchOf(read.content) : null;
    const said = batch === null ? null : this.#said(batch);
    const nothing = { text: '', document: null };
    if (said !== null && isRestrictedHere(this.#practice, said.patient?.id ?? null))
      return { view: { ...at, ...said, ...nothing, problem: 'PATIENT_RESTRICTED' }, batch: null };
    // What says nothing that a file can hold is no more than what does not open.
    if (said !== null && (said.text !== '' || said.document !== null))
      return { view: { ...at, ...said, problem: null }, batch };
    const problem = typeof read === 'string' ? read : problemOf(read.finding);
    return { view: { ...at, ...nothing, patient: null, problem }, batch: null };
  }

  /** Why the host did not give what was asked of it, where that may change by itself. Throws what else went wrong. */
  #whyNotGiven(error: unknown): 'UNREACHABLE' | 'KEYS_PENDING' {
    if (!(error instanceof ReplicaError)) throw error;
    if (error.code === 'UNREACHABLE' || error.code === 'SERVER_FAILED') return 'UNREACHABLE';
    // Who was not given the newest key of clinical yet is given no deposit at all.
    const clinical = this.#practice.mirror.governance.compartments.get('clinical');
    const isAwaited = this.part === 'files' && clinical?.grants.has(this.#member) === false;
    if (isAwaited && error.fields.server === 'NOT_FOUND') return 'KEYS_PENDING';
    throw error;
  }

  #waiting(item: OutboxItem): DepositView | null {
    const part = item.parts.find(({ body }) => body.kind === 'deposit');
    const batch = part === undefined ? null : batchOf(part.content);
    if (part?.body.kind !== 'deposit' || batch === null) return null;
    return {
      id: bytesToHex(part.body.id),
      author: bytesToHex(this.#practice.keyring.signer.author),
      name: this.#practice.memberName(this.#member),
      at: item.createdAt,
      ...this.#said(batch),
      problem: null,
      state: item.problem === null ? 'device' : 'refused',
    };
  }

  #said({ patient, versions, documents }: RecordBatch): Pick<DepositView, 'patient' | 'text' | 'document'> {
    const { text, document } = readDeposit(versions.map(({ content }) => JSON.parse(content ?? 'null')));
    const [key] = documents;
    const isHeld = document !== null && key !== undefined && document.blobId === bytesToHex(key.blobId);
    return {
      patient: this.#row(patient),
      text,
      document: isHeld ? { name: document.name, mediaType: key.mediaType, size: key.size } : null,
    };
  }

  #row(patient: string | null): PatientRow | null {
    return patient === null ? null : this.#practice.directory.get(patient);
  }

  #nameOf(author: Uint8Array): string | null {
    const { member } = this.#practice.mirror.governance.authors.get(bytesToHex(author)) ?? {};
    return member == null ? null : this.#practice.memberName(member);
  }

  #checked<Result>(make: () => Result): Result {
    try {
      return make();
    } catch (cause) {
      if (!(cause instanceof CodedError)) throw cause;
      throw new ReplicaError('SAVE_INVALID', 'The deposit cannot be kept as it is', { cause, fields: cause.fields });
    }
  }
}

function problemOf(finding: Finding | null): DepositProblem {
  if (finding?.detail === 'COMPARTMENT_CLOSED') return 'KEYS_PENDING';
  return finding?.code ?? 'PAYLOAD_UNREADABLE';
}

function batchOf(content: Uint8Array): RecordBatch | null {
  try {
    return parseRecordBatch(content);
  } catch (error) {
    if (error instanceof CodedError) return null;
    throw error;
  }
}

function taskChange(resource: object, known: DepositState | undefined) {
  const replaces = known?.versions.map(bytesToHex) ?? [];
  return { resource, change: known === undefined ? ('create' as const) : ('edit' as const), replaces };
}

function newId(random: (sizeBytes: number) => Bytes): string {
  return bytesToHex(random(16));
}

function depositFiled(): ReplicaError {
  return new ReplicaError('DEPOSIT_FILED', 'Somebody has filed this deposit already');
}

function depositUnknown(): ReplicaError {
  return new ReplicaError('DEPOSIT_UNKNOWN', 'There is no such deposit, or no longer for its author');
}

function patientUnknown(): ReplicaError {
  return new ReplicaError('PATIENT_UNKNOWN', 'No such patient in this practice');
}
