import { type Bytes, bytesToHex, hexToBytes } from '@serment/core/bytes';
import type { Cache } from '@serment/replica/cache';
import { demonstrationNames, fillDemonstration, isDemonstration } from '@serment/replica/demo-practice';
import {
  acknowledgeRestore,
  type DeviceRecord,
  enrolByKit,
  prepareNewPractice,
  setPassword,
  unlockDevice,
} from '@serment/replica/device';
import type { PatientRow } from '@serment/replica/directory';
import { ReplicaError } from '@serment/replica/error';
import { openPractice, type Practice, type PracticeEvent } from '@serment/replica/practice';
import { restoreLoss } from '@serment/replica/restore-loss';
import type { Transport } from '@serment/replica/transport';
import { fileView } from '../file-view/file-view.ts';
import { historyView } from '../file-view/history.ts';
import { tellsByEntry } from '../file-view/sealed-tells.ts';
import type { FileView } from '../file-view/view.ts';
import type { Language } from '../i18n/language.ts';
import { Creation, type Enrolled } from './creation.ts';
import { demoPassword } from './demo-password.ts';
import { IdleLock } from './idle-lock.ts';
import { testKit } from './kit-test.ts';
import type { StoredDevice } from './local-database.ts';
import { openingsOf } from './openings.ts';
import type {
  DemoProgress,
  EngineApi,
  EngineEvent,
  EngineState,
  KnownPractice,
  NewPatientInput,
  NewPracticeInput,
  NoteInput,
  PrintedKit,
} from './protocol.ts';
import { keepVersion, saveNote, savePatient, type VersionChoice } from './saves.ts';

/** Where this browser keeps its devices' records. */
export interface DeviceShelf {
  list(): Promise<StoredDevice[]>;
  put(device: StoredDevice): Promise<void>;
}

export interface EngineParts {
  readonly transport: Transport;
  readonly cache: Cache;
  readonly devices: DeviceShelf;
  readonly random: (sizeBytes: number) => Bytes;
  readonly clock: () => number;
  /** False when another writer of this browser holds the vault. */
  readonly becomeWriter: () => Promise<boolean>;
}

const idleLockMs = 15 * 60_000;
const draftWaitMs = 700;
const demoPatients = 1200;
const demoSeed = 1;

interface Open {
  readonly practice: Practice;
  readonly known: KnownPractice;
}

/** The one place where keys live. Pages hold a port to it, and what they ask for. */
export class Engine implements EngineApi {
  readonly #parts: EngineParts;
  readonly #windows = new Map<string, (event: EngineEvent) => void>();
  readonly #idle = new IdleLock(idleLockMs, () => void this.lock());
  #isElsewhere = false;
  #open: Open | null = null;
  #creation: Creation | null = null;
  #enrolled: Enrolled | null = null;
  #opening: { readonly practice: Practice; readonly record: DeviceRecord } | null = null;

  constructor(parts: EngineParts) {
    this.#parts = parts;
  }

  async connect(window: string, listener: (event: EngineEvent) => void): Promise<EngineState> {
    this.#windows.set(window, listener);
    this.#isElsewhere = !(await this.#parts.becomeWriter());
    return this.#state();
  }

  async disconnect(window: string): Promise<void> {
    this.#windows.delete(window);
  }

  async touch(): Promise<void> {
    this.#idle.touch();
  }

  async prepare(input: NewPracticeInput): Promise<PrintedKit> {
    this.#creation = await Creation.prepare(input, this.#parts);
    return this.#creation.kit;
  }

  async checkKit(answers: readonly string[]): Promise<readonly number[]> {
    return this.#preparedPractice().check(answers);
  }

  async create(password: string): Promise<void> {
    await this.#openWithPassword(await this.#preparedPractice().commit(), password);
    this.#creation = null;
    await this.#keepDevice({ isDemo: false });
  }

  async enrol(kitText: string): Promise<void> {
    const { transport, random, clock } = this.#parts;
    const onProgress = this.#tellOpening;
    this.#enrolled = await enrolByKit({ transport, kitText, label: 'browser', random, clock, onProgress });
  }

  async finishEnrolment(password: string): Promise<void> {
    if (this.#enrolled === null) throw new ReplicaError('HOLDER_UNKNOWN', 'No device is waiting for a password');
    await this.#openWithPassword(this.#enrolled, password);
    this.#enrolled = null;
    await this.#keepDevice({ isDemo: false });
  }

  async openDemo(today: string, listener: (progress: DemoProgress) => void): Promise<void> {
    const { transport, random, clock } = this.#parts;
    listener({ step: 'keys', done: 0, total: 1 });
    const { practiceName, doctor } = demonstrationNames(demoSeed);
    const made = await prepareNewPractice({ transport, practiceName, doctor, label: 'browser', random, clock });
    const practice = await this.#openWithPassword(await made.commit(), demoPassword);
    const onProgress = (done: number, total: number) => listener({ step: 'patients', done, total });
    await fillDemonstration(practice, { patients: demoPatients, seed: demoSeed, today, onProgress });
    listener({ step: 'finishing', done: 1, total: 1 });
    await practice.persist();
    await this.#keepDevice({ isDemo: true });
  }

  async unlock(practice: string, password: string): Promise<void> {
    const { transport, devices } = this.#parts;
    const device = (await devices.list()).find((one) => one.practice === practice);
    if (device === undefined) throw new ReplicaError('HOLDER_UNKNOWN', 'This browser is not enrolled in that practice');
    const seed = await unlockDevice({ transport, record: device.record, password });
    await this.#openPractice({ practice: hexToBytes(practice), seed }, device.record);
    await this.#keepDevice({ isDemo: device.isDemo });
  }

  async lock(): Promise<void> {
    const open = this.#open;
    if (open === null) return;
    this.#open = null;
    this.#idle.stop();
    await open.practice.lock();
    this.#send({ type: 'state', state: await this.#state() });
  }

  async retry(): Promise<void> {
    this.#open?.practice.retry();
  }

  async restoreLoss() {
    return restoreLoss(this.#practice());
  }

  async acknowledgeRestore(): Promise<void> {
    await acknowledgeRestore(this.#practice());
    await this.#practice().sync();
  }

  async patientCount(): Promise<number> {
    return this.#practice().directory.size;
  }

  async patients(offset: number, limit: number): Promise<readonly PatientRow[]> {
    return this.#practice().directory.list(offset, limit);
  }

  async search(query: string, limit: number): Promise<readonly PatientRow[]> {
    return this.#practice().search(query, limit);
  }

  async recent(limit: number): Promise<readonly PatientRow[]> {
    return this.#practice().recent(limit);
  }

  async patient(id: string): Promise<PatientRow | null> {
    return this.#practice().directory.get(id);
  }

  async duplicates(traits: NewPatientInput['traits']): Promise<readonly PatientRow[]> {
    return this.#practice().directory.duplicatesOf({
      family: traits.usedName ?? traits.birthName,
      birthFamily: traits.birthName,
      given: traits.usedGivenName ?? traits.firstGivenName,
      birthDate: traits.birthDate ?? null,
      identifiers: traits.ins === undefined ? [] : [traits.ins.value],
    });
  }

  async createPatient(input: NewPatientInput) {
    return savePatient(this.#practice(), input);
  }

  async openFile(patient: string, language: Language): Promise<FileView> {
    return this.#fileView(await this.#practice().openPatient(patient), language);
  }

  async readFile(patient: string, language: Language): Promise<FileView> {
    return this.#fileView(await this.#practice().readPatient(patient), language);
  }

  async history(patient: string, recordId: string, language: Language) {
    return historyView(await this.#practice().history(patient, recordId), language);
  }

  async openings(patient: string) {
    return openingsOf(this.#practice(), patient);
  }

  async saveNote(note: NoteInput) {
    return saveNote(this.#practice(), note);
  }

  async keepVersion(choice: VersionChoice) {
    return keepVersion(this.#practice(), choice);
  }

  /** What another device typed is waited for only as long as a person would not notice; what is here comes at once. */
  async draft(key: string) {
    const { drafts } = this.#practice();
    const late = new Promise<'late'>((resolve) => setTimeout(resolve, draftWaitMs, 'late'));
    const newest = await Promise.race([drafts.get(key), late]);
    return newest === 'late' ? ((await drafts.list()).find((draft) => draft.key === key) ?? null) : newest;
  }

  async putDraft(key: string, text: string): Promise<void> {
    await this.#practice().drafts.put(key, text);
    this.#send({ type: 'draft', key });
  }

  async dropDraft(key: string): Promise<void> {
    await this.#practice().drafts.drop(key);
    this.#send({ type: 'draft', key });
  }

  async drafts() {
    return this.#practice().drafts.list();
  }

  async vault() {
    return this.#practice().vault();
  }

  async vaultEvents(limit: number) {
    return this.#practice().vaultEvents(limit);
  }

  async sealedView(patient: string, language: Language) {
    const practice = this.#practice();
    const told = tellsByEntry(await practice.readPatient(patient), language);
    const entries = await practice.sealedView(patient);
    return entries.map((entry) => ({ ...entry, ...(told.get(entry.index) ?? { tells: [], more: 0 }) }));
  }

  async refusedSaves() {
    return this.#practice().outbox.items.flatMap(({ id, createdAt, problem }) =>
      problem === null ? [] : [{ id, at: createdAt, problem }],
    );
  }

  async retrySave(id: string): Promise<void> {
    await this.#practice().retrySave(id);
  }

  async discardSave(id: string): Promise<void> {
    await this.#practice().discardSave(id);
  }

  async testKit(kitText: string) {
    return testKit(this.#practice(), kitText);
  }

  #preparedPractice(): Creation {
    if (this.#creation === null) throw new ReplicaError('KIT_WRONG', 'No kit is waiting to be checked');
    return this.#creation;
  }

  #practice(): Practice {
    if (this.#open === null) throw new ReplicaError('CLOSED', 'The vault is locked on this device');
    this.#idle.touch();
    return this.#open.practice;
  }

  #fileView(file: Parameters<typeof fileView>[0], language: Language): FileView {
    const practice = this.#practice();
    return fileView(file, { language, practitioners: practice.directoryRecords() });
  }

  /** The record of what unlocking will need is kept on the device by `#keepDevice`, once there is something to unlock. */
  async #openWithPassword(enrolled: Enrolled, password: string): Promise<Practice> {
    const { transport, random } = this.#parts;
    const record = await setPassword({ transport, ...enrolled, password, random });
    return this.#openPractice(enrolled, record);
  }

  async #openPractice({ practice: id, seed }: Enrolled, record: DeviceRecord): Promise<Practice> {
    const { transport, cache, clock, random } = this.#parts;
    await this.lock();
    const onProgress = this.#tellOpening;
    const practice = await openPractice({ transport, cache, practice: id, seed, clock, random, onProgress });
    this.#opening = { practice, record };
    return practice;
  }

  readonly #tellOpening = (done: number, total: number): void => this.#send({ type: 'opening', done, total });

  /** From here on the practice is open in every window. */
  async #keepDevice({ isDemo }: { isDemo: boolean }): Promise<void> {
    const opening = this.#opening;
    if (opening === null) return;
    const { practice, record } = opening;
    const known = { practice: record.practice, name: practice.status().practiceName ?? '', isDemo };
    await this.#parts.devices.put({ ...known, record, usedAt: this.#parts.clock() });
    this.#opening = null;
    // A demonstration that this device was enrolled in by kit is marked too, though its password is another.
    this.#open = { practice, known: { ...known, isDemo: isDemo || isInvented(practice) } };
    practice.subscribe((event) => this.#relay(event));
    practice.start();
    this.#idle.start();
    this.#send({ type: 'state', state: await this.#state() });
  }

  async #state(): Promise<EngineState> {
    const devices = await this.#parts.devices.list();
    const practices = devices.map(({ practice, name, isDemo }) => ({ practice, name, isDemo }));
    if (this.#isElsewhere) return { phase: 'elsewhere', practices, current: null, status: null };
    if (this.#open !== null)
      return { phase: 'open', practices, current: this.#open.known, status: this.#open.practice.status() };
    return { phase: practices.length === 0 ? 'none' : 'locked', practices, current: null, status: null };
  }

  #relay(event: PracticeEvent): void {
    if (event.type === 'closed') return;
    if (event.type !== 'save') {
      this.#send(event);
      return;
    }
    const copies = this.#open?.practice.status().copies ?? [];
    const copiedAt = Math.max(0, ...copies.map((copy) => copy.publishedAt ?? 0));
    this.#send({ ...event, copiedAt: event.state === 'copy' && copiedAt > 0 ? copiedAt : null });
  }

  #send(event: EngineEvent): void {
    for (const listener of this.#windows.values()) listener(event);
  }
}

function isInvented(practice: Practice): boolean {
  const own = `Organization/${bytesToHex(practice.practice)}`;
  const record = practice.directoryRecords().find(({ id }) => id === own);
  return record !== undefined && isDemonstration(JSON.parse(record.content));
}
