import { type Bytes, bytesToHex, hexToBytes } from '@serment/core/bytes';
import { CodedError } from '@serment/core/error';
import type { EnrolmentEnding } from '@serment/core/wire/enrolment';
import type { CodeSent } from '@serment/core/wire/factor';
import type { IdentityMethod } from '@serment/core/wire/identity';
import type { FactorAnswer, FactorOffer } from '@serment/core/wire/login';
import type { PasskeyAsked, PasskeyGiven } from '@serment/core/wire/passkey';
import type { Cache } from '@serment/replica/cache';
import { isDemonstration } from '@serment/replica/demonstration';
import { ReplicaError } from '@serment/replica/error';
import type { Practice } from '@serment/replica/practice';
import { openPractice } from '@serment/replica/practice-opening';
import type { PracticeEvent } from '@serment/replica/practice-status';
import type { SessionEnd } from '@serment/replica/session-end';
import { hasTwoWays, OpenDevice, type WaysIn } from '@serment/replica/sign-in/account';
import { type DeviceRecord, newDeviceRecord } from '@serment/replica/sign-in/device-record';
import type { IdentityAnswer } from '@serment/replica/sign-in/identity';
import type { Transport } from '@serment/replica/transport';
import type { Language } from '../i18n/language.ts';
import type { Enrolled } from './creation.ts';
import { confirmInventedPhone, demoPassword } from './demo-sign-in.ts';
import type { Enrolling } from './enrolling.ts';
import { type DeviceShelf, type EnteredDevice, Entering } from './entering.ts';
import { IdleLock } from './idle-lock.ts';
import { late } from './late.ts';
import type { StoredDevice } from './local-database.ts';
import { knownPerson, personOf, replacedBy } from './people.ts';
import type {
  DemoProgress,
  EndedSession,
  EngineApi,
  EngineEvent,
  EngineState,
  EnrolledMember,
  NewPracticeInput,
  PasskeyAnswer,
  PasskeyHolder,
  PrintedKit,
} from './protocol.ts';
import { urgentMs } from './urgent.ts';
import { type SetUpDevice, WaysDesk } from './ways-desk.ts';

export interface EngineParts {
  readonly transport: Transport;
  readonly cache: Cache;
  readonly devices: DeviceShelf;
  readonly random: (sizeBytes: number) => Bytes;
  readonly clock: () => number;
  /** False when another writer of this browser holds the vault. */
  readonly becomeWriter: () => Promise<boolean>;
}

/** What is kept of a device beside its record, which changes. */
type Kept = Omit<StoredDevice, 'record'>;

const idleLockMs = 15 * 60_000;
const demoPatients = 1200;
const demoSeed = 1;

interface Open extends SetUpDevice {
  kept: Kept;
  readonly isDemo: boolean;
}

/** The one place where keys live. Pages hold a port to it, and what they ask for. */
export class Engine extends WaysDesk implements EngineApi {
  readonly #parts: EngineParts;
  readonly #windows = new Map<string, (event: EngineEvent) => void>();
  readonly #idle = new IdleLock(idleLockMs, () => void this.lock());
  #isElsewhere = false;
  /** A newer version has what this browser keeps: this one reads nothing of it any more. */
  #hasLeft = false;
  #open: Open | null = null;
  /** Opened here, and not yet shown: nothing unlocks this device yet. */
  #setup: SetUpDevice | null = null;
  readonly #entering: Entering;
  /** As the host said last. */
  #ways: WaysIn | null = null;
  #hasTwoWays: boolean | null = null;
  readonly #enrolling: Enrolling;
  #ended: EndedSession | null = null;
  /** Counts what people did to enter or to lock: the last of it counts, and what an earlier one opens late stays shut. */
  #gesture = 0;

  constructor(parts: EngineParts) {
    super();
    this.#parts = parts;
    this.#entering = new Entering(parts);
    const onProgress = this.#tellOpening;
    this.#enrolling = late(async () => new (await import('./enrolling.ts')).Enrolling({ ...parts, onProgress })).it;
  }

  async connect(window: string, listener: (event: EngineEvent) => void): Promise<EngineState> {
    this.#windows.set(window, listener);
    this.#isElsewhere = this.#hasLeft || !(await this.#parts.becomeWriter());
    return this.#state();
  }

  async disconnect(window: string): Promise<void> {
    this.#windows.delete(window);
  }

  async touch(): Promise<void> {
    this.#idle.touch();
  }

  prepare(input: NewPracticeInput): Promise<PrintedKit> {
    return this.#enrolling.prepare(input);
  }

  checkKit(answers: readonly string[]): Promise<readonly number[]> {
    return this.#enrolling.checkKit(answers);
  }

  async create(password: string): Promise<void> {
    const { device } = await this.#prepareDevice(await this.#enrolling.create());
    await device.setPassword(password);
  }

  async enrol(kitText: string): Promise<EnrolledMember> {
    return this.#prepareKnown(await this.#enrolling.byKit(kitText));
  }

  async enrolByPasskey(given: PasskeyHolder): Promise<EnrolledMember> {
    return this.#prepareKnown(await this.#enrolling.byPasskey(given));
  }

  beginEnrolment() {
    return this.#enrolling.begin();
  }

  lookEnrolment() {
    return this.#enrolling.look();
  }

  agreeEnrolment(): Promise<void> {
    return this.#enrolling.agree();
  }

  endEnrolment(ending: EnrolmentEnding): Promise<void> {
    return this.#enrolling.end(ending);
  }

  async enterEnrolment(): Promise<EnrolledMember> {
    return this.#prepareKnown(await this.#enrolling.byOpenDevice());
  }

  async join(linkText: string, code: string): Promise<void> {
    await this.#prepareDevice(await this.#enrolling.byInvitation(linkText, code));
  }

  async finishEnrolment(password: string | null): Promise<void> {
    const { device } = this.#prepared();
    if (password === null) await device.joinAccount();
    else await device.setPassword(password);
  }

  async enter(deviceName: string): Promise<void> {
    const { practice, device } = this.#prepared();
    await device.openGate();
    await this.#enrolling.finish({ practice, deviceName });
    this.#setup = null;
    const { devices } = this.#parts;
    const person = personOf(practice);
    for (const author of await replacedBy({ record: device.record, person }, devices)) await devices.drop(author);
    await this.#show(practice, device.record, { isDemo: false });
  }

  async openDemo(today: string, listener: (progress: DemoProgress) => void): Promise<void> {
    const { transport, random, clock } = this.#parts;
    listener({ step: 'keys', done: 0, total: 1 });
    const [{ demonstrationNames, fillDemonstration }, { prepareNewPractice }] = await Promise.all([
      import('@serment/replica/demo-practice'),
      import('@serment/replica/device'),
    ]);
    const { practiceName, doctor } = demonstrationNames(demoSeed);
    const made = await prepareNewPractice({ transport, practiceName, doctor, label: 'browser', random, clock });
    const { practice, device } = await this.#prepareDevice(await made.commit());
    await device.setPassword(demoPassword);
    if ((await transport.host()).local) await confirmInventedPhone(device);
    await device.openGate();
    const onProgress = (done: number, total: number) => listener({ step: 'patients', done, total });
    await fillDemonstration(practice, { patients: demoPatients, seed: demoSeed, today, onProgress });
    listener({ step: 'finishing', done: 1, total: 1 });
    await practice.persist();
    this.#setup = null;
    await this.#show(practice, device.record, { isDemo: true });
  }

  async unlock(device: string, password: string): Promise<readonly FactorOffer[] | null> {
    const gesture = this.#begin();
    const answer = await this.#entering.byPassword(device, password);
    if (!('seed' in answer)) return answer;
    await this.#openEntered(answer, gesture);
    return null;
  }

  sendLoginCode(language: Language): Promise<CodeSent> {
    return this.#entering.sendCode(language);
  }

  async answerFactor(answer: FactorAnswer): Promise<void> {
    const gesture = this.#begin();
    await this.#openEntered(await this.#entering.answer(answer), gesture);
  }

  askLoginPasskey(): Promise<PasskeyAsked> {
    return this.#entering.askPasskey();
  }

  async answerPasskey(given: PasskeyGiven): Promise<void> {
    const gesture = this.#begin();
    await this.#openEntered(await this.#entering.answerPasskey(given), gesture);
  }

  async unlockByPin(device: string, pin: string): Promise<void> {
    const gesture = this.#begin();
    const entered = await this.#entering.byPin(device, pin).finally(() => this.tellState());
    await this.#openEntered(entered, gesture);
  }

  async unlockByPasskey(device: string, answer: PasskeyAnswer): Promise<void> {
    const gesture = this.#begin();
    await this.#openEntered(await this.#entering.byPasskey(device, answer), gesture);
  }

  async unlockOffline(device: string, password: string): Promise<void> {
    const gesture = this.#begin();
    await this.#openEntered(await this.#entering.byOffline(device, password), gesture);
  }

  async removePerson(device: string): Promise<void> {
    const { devices } = this.#parts;
    if (this.#open?.kept.author === device) await this.lock();
    const stored = (await devices.list()).find(({ author }) => author === device);
    const count = await devices.waiting(device);
    // What a revoked device wrote is refused for ever: it keeps nobody here.
    if (count > 0 && stored?.isRevoked !== true)
      throw new CodedError('SAVES_WAITING', 'What this person wrote waits here for the host', { fields: { count } });
    await devices.remove(device);
    await this.tellState();
  }

  async identityMethods(): Promise<readonly IdentityMethod[]> {
    return (await this.#parts.transport.host()).identity;
  }

  beginIdentity(device: string, method: IdentityMethod): Promise<string> {
    return this.#entering.beginIdentity(device, method);
  }

  async unlockByIdentity(device: string, answer: IdentityAnswer): Promise<void> {
    const gesture = this.#begin();
    await this.#openEntered(await this.#entering.byIdentity(device, answer), gesture);
  }

  async linkIdentity(answer: IdentityAnswer): Promise<void> {
    await this.inSetup().device.linkIdentity(this.#entering.takeProof(answer));
    await this.tellState();
  }

  async openUrgently(): Promise<number> {
    const open = this.#open;
    if (open === null) throw new ReplicaError('CLOSED', 'The vault is locked on this device');
    const urgentUntil = this.#parts.clock() + urgentMs;
    open.kept = { ...open.kept, urgentUntil };
    await this.#parts.devices.put({ ...open.kept, record: open.device.record });
    await this.tellState();
    return urgentUntil;
  }

  async waysIn() {
    const device = this.inSetup().device;
    const { offline } = device.record;
    const ways = await device.waysIn();
    this.#ways = ways;
    if (this.#countWays() || offline !== device.record.offline) await this.tellState();
    return ways;
  }

  /** Whether it changed if two ways stand: a device that was added or revoked elsewhere is one more, or one less. */
  #countWays(): boolean {
    const { device } = this.#open ?? {};
    const before = this.#hasTwoWays;
    this.#hasTwoWays =
      this.#ways === null || device === undefined
        ? null
        : hasTwoWays({ ...this.#ways, otherDevices: device.otherDevices });
    return before !== this.#hasTwoWays;
  }

  async lock(): Promise<void> {
    this.#begin();
    await this.#close();
  }

  /** Locks for good: a newer version of the application takes over what this browser keeps. */
  async leave(): Promise<void> {
    this.#hasLeft = true;
    this.#isElsewhere = true;
    await this.lock().finally(() => this.tellState());
  }

  /** Whoever enters, or locks, from here on overtakes what was begun before. */
  #begin(): number {
    this.#gesture += 1;
    return this.#gesture;
  }

  async #close(): Promise<void> {
    const [open, setup] = [this.#open, this.#setup];
    this.#setup = null;
    this.#idle.stop();
    await setup?.practice.lock();
    if (open === null) return;
    this.#open = null;
    this.#entering.forget();
    await open.practice.lock();
    await this.tellState();
  }

  async retry(): Promise<void> {
    this.#open?.practice.retry();
  }

  protected practice(): Practice {
    if (this.#open === null) throw new ReplicaError('CLOSED', 'The vault is locked on this device');
    return this.#open.practice;
  }

  protected send(event: EngineEvent): void {
    for (const listener of this.#windows.values()) listener(event);
  }

  /** Whoever is enrolled next has only the newest key: the account's secret is sealed to it, now or at next opening. */
  protected async keysChanged(): Promise<void> {
    await this.#open?.device.sealToNewestKey().catch(() => undefined);
  }

  protected inSetup(): SetUpDevice {
    this.#idle.touch();
    return this.#setup ?? this.#open ?? this.#prepared();
  }

  #prepared(): SetUpDevice {
    if (this.#setup === null) throw new ReplicaError('HOLDER_UNKNOWN', 'No device waits for a password');
    return this.#setup;
  }

  /** Opens a practice for a device that nothing unlocks yet: its record is kept once something does. */
  async #prepareDevice({ practice: id, seed }: Enrolled) {
    const practice = await this.#openPractice(id, seed);
    const record = newDeviceRecord({ practice: id, author: practice.keyring.signer.author }, this.#parts.random);
    this.#setup = { practice, device: new OpenDevice({ practice, record, keep: async () => undefined }) };
    // Whoever leaves a way in half-way leaves no open practice behind.
    this.#idle.start();
    return this.#setup;
  }

  /** The same for a member who may have an account already. */
  async #prepareKnown(enrolled: Enrolled): Promise<EnrolledMember> {
    const { device } = await this.#prepareDevice(enrolled);
    const { phone, hasTotp, factorPasskeys } = await device.waysIn();
    const hasFactor = phone !== null || hasTotp || factorPasskeys.length > 0;
    // Joined at once, and chosen anew if the person says that it was forgotten.
    return { hasPassword: await device.joinAccount(), hasFactor };
  }

  async #openEntered({ seed, record, stored, gate }: EnteredDevice, gesture: number): Promise<void> {
    this.#requireLast(gesture);
    const practice = await this.#openPractice(hexToBytes(record.practice), seed).catch(async (error: unknown) => {
      if (error instanceof ReplicaError && error.code === 'HOLDER_REVOKED') await this.#markRevoked(record.author);
      throw error;
    });
    if (gesture !== this.#gesture) await practice.lock();
    this.#requireLast(gesture);
    const { isDemo, urgentUntil } = stored;
    const device = await this.#show(practice, record, {
      isDemo,
      ...(urgentUntil === undefined ? {} : { urgentUntil }),
    });
    // The PIN serves while the gate is open, whichever way opened the day.
    if (gate === 'earned' && record.account !== null && record.pin !== null) device.openGate().catch(() => undefined);
  }

  /** Two people's gestures may cross: nobody is let in by the slower one, over the one who is there. */
  #requireLast(gesture: number): void {
    if (gesture !== this.#gesture) throw new ReplicaError('CLOSED', 'Somebody else entered, or locked, meanwhile');
  }

  async #openPractice(practice: Bytes, seed: Bytes): Promise<Practice> {
    const { cache, clock, random } = this.#parts;
    const transport = this.#parts.transport.apart();
    // What made the practice, or named this device, had a session of its own, which has served.
    this.#parts.transport.closeSession().catch(() => undefined);
    await this.#close();
    return openPractice({ transport, cache, practice, seed, clock, random, onProgress: this.#tellOpening });
  }

  readonly #tellOpening = (done: number, total: number): void => this.send({ type: 'opening', done, total });

  /** From here on the practice is open in every window, and its device is kept, with each change of its record. */
  async #show(
    practice: Practice,
    record: DeviceRecord,
    { isDemo, ...urgent }: Pick<StoredDevice, 'isDemo' | 'urgentUntil'>,
  ): Promise<OpenDevice> {
    const { devices, clock } = this.#parts;
    const name = practice.status().practiceName ?? '';
    const { author, practice: id } = record;
    const kept: Kept = { author, practice: id, name, person: personOf(practice), isDemo, usedAt: clock(), ...urgent };
    await devices.put({ ...kept, record });
    const keep = async (changed: DeviceRecord) => {
      // What ends after the lock would write over what whoever unlocks meanwhile has kept.
      if (this.#open?.practice !== practice) throw new ReplicaError('CLOSED', 'The vault is locked on this device');
      await devices.put({ ...this.#open.kept, record: changed });
    };
    const device = new OpenDevice({ practice, record, keep });
    // A demonstration that this device was enrolled in by kit is marked too, though its password is another.
    this.#ended = null;
    this.#open = { practice, device, kept, isDemo: isDemo || isInvented(practice) };
    practice.subscribe((event) => this.#relay(event));
    practice.start();
    this.#idle.start();
    this.#ways = null;
    this.#hasTwoWays = null;
    await this.tellState();
    // Without the server it stays unknown, and is asked for at the next opening.
    this.waysIn()
      .then(() => device.sealToNewestKey())
      .catch(() => undefined);
    return device;
  }

  /** The host serves this device no more: it is locked, and the lock says why. */
  async #end(end: SessionEnd): Promise<void> {
    if (this.#open === null) return;
    const { practice, kept } = this.#open;
    const device = kept.author;
    const { pending, refused } = practice.status();
    const drafts = await practice.drafts.unsent().catch(() => 0);
    if (this.#open?.practice !== practice) return;
    this.#ended = { ...end, device, at: this.#parts.clock(), unsent: { saves: pending + refused, drafts } };
    await this.lock();
    if (end.why === 'revoked') await this.#markRevoked(device);
  }

  /** Nor does the password open it any more, with the server or without. */
  async #markRevoked(device: string): Promise<void> {
    const { devices } = this.#parts;
    const stored = (await devices.list()).find(({ author }) => author === device);
    if (stored === undefined) return;
    await devices.put({ ...stored, isRevoked: true, record: { ...stored.record, offline: null } });
    await this.tellState();
  }

  protected async tellState(): Promise<void> {
    this.send({ type: 'state', state: await this.#state() });
  }

  async #state(): Promise<EngineState> {
    // What was taken over is not to be read here, and nobody waits for it to say so.
    const stored = this.#hasLeft ? [] : await this.#parts.devices.list();
    const people = stored.map(knownPerson);
    const closed = { people, current: null, status: null, hasTwoWays: null, urgentUntil: null, ended: this.#ended };
    if (this.#isElsewhere) return { phase: 'elsewhere', ...closed };
    if (this.#open === null) return { phase: people.length === 0 ? 'none' : 'locked', ...closed };
    const { practice, device, kept, isDemo } = this.#open;
    const current = { ...knownPerson({ ...kept, record: device.record }), isDemo };
    const { urgentUntil = null } = kept;
    const known = { status: practice.status(), hasTwoWays: this.#hasTwoWays, urgentUntil, ended: null };
    return { phase: 'open', people, current, ...known };
  }

  #relay(event: PracticeEvent): void {
    if (event.type === 'closed') return;
    if (event.type === 'ended') {
      void this.#end(event.end);
      return;
    }
    this.send(event);
    if (event.type === 'status' && this.#countWays()) void this.tellState();
  }
}

function isInvented(practice: Practice): boolean {
  const own = `Organization/${bytesToHex(practice.practice)}`;
  const record = practice.directoryRecords().find(({ id }) => id === own);
  return record !== undefined && isDemonstration(JSON.parse(record.content));
}
