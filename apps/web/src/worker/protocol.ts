import type { Role } from '@serment/core/journal/body';
import type { EnrolmentEnding } from '@serment/core/wire/enrolment';
import type { CodeSent, PhoneRequest } from '@serment/core/wire/factor';
import type { IdentityMethod } from '@serment/core/wire/identity';
import type { FactorAnswer, FactorOffer } from '@serment/core/wire/login';
import type { PasskeyAsked, PasskeyGiven, PasskeyMade } from '@serment/core/wire/passkey';
import type { PatientTraits } from '@serment/records/fhir/patient';
import type { PatientRow } from '@serment/replica/directory';
import type { KitText } from '@serment/replica/kit-text';
import type { SaveState } from '@serment/replica/patient-file';
import type { PracticeStatus } from '@serment/replica/practice-status';
import type { PresentFile } from '@serment/replica/presence';
import type { SessionEnd } from '@serment/replica/session-end';
import type { WaysIn } from '@serment/replica/sign-in/account';
import type { IdentityAnswer } from '@serment/replica/sign-in/identity';
import type { TextSearchStatus } from '@serment/replica/text-search';
import type { FileView } from '../file-view/view.ts';
import type { Language } from '../i18n/language.ts';
import type { Desks } from './desks.ts';
import type { LettingGo } from './letting-go.ts';

/** Somebody who can unlock a practice on this browser. Of its records nothing is known before. */
export interface KnownPerson {
  /** The author of this person's device here, in hexadecimal, which names it. */
  readonly device: string;
  /** Hexadecimal. */
  readonly practice: string;
  readonly practiceName: string;
  /** Null where it is not known, or not yet. */
  readonly name: string | null;
  readonly role: Role | null;
  readonly isDemo: boolean;
  readonly isRevoked: boolean;
  readonly ways: LocalWays;
}

/** The ways into a practice that this browser holds something for. */
export interface LocalWays {
  readonly hasPassword: boolean;
  readonly hasPin: boolean;
  /** A CPS card, or Pro Santé Connect. */
  readonly hasCard: boolean;
  /** The password without the server; `ended`: chosen once, and to be chosen anew since the password changed elsewhere. */
  readonly offline: 'off' | 'on' | 'ended';
  /** Ids of credentials, in hexadecimal. */
  readonly passkeys: readonly string[];
  /** What a passkey's PRF is asked for, in hexadecimal. */
  readonly passkeyInput: string;
}

/** What a passkey gave. */
export interface PasskeyAnswer {
  /** The credential's id, in hexadecimal. */
  readonly credential: string;
  /** Of its PRF, 32 bytes. */
  readonly output: Uint8Array<ArrayBuffer>;
}

/** What a passkey that was just made gave. */
export interface MadePasskey extends PasskeyAnswer {
  /** What it is a holder by, of its PRF, 32 bytes; null for one that only unlocks this device. */
  readonly holder: Uint8Array<ArrayBuffer> | null;
}

/** What a passkey gave to a browser that holds nothing. */
export interface PasskeyHolder {
  /** Its user handle. */
  readonly handle: Uint8Array<ArrayBuffer>;
  /** Of its PRF, 32 bytes. */
  readonly output: Uint8Array<ArrayBuffer>;
}

/** What the member of a device that was just added has already. */
export interface EnrolledMember {
  readonly hasPassword: boolean;
  readonly hasFactor: boolean;
}

/** What a new device shows, for an open one to find it. */
export interface NewcomerShown {
  /** 8 characters. */
  readonly reference: string;
  readonly qr: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
}

/** How far a new device is; `isProven` once the open one has read its QR code, and nothing is to be compared. */
export type NewcomerView =
  | { readonly step: 'waiting' }
  | { readonly step: 'compare'; readonly code: string; readonly isProven: boolean }
  | { readonly step: 'added' };

/**
 * `none`: this browser is enrolled nowhere; `elsewhere`: another version of the application holds the vault in another
 * window, and there is one writer per device.
 */
export type Phase = 'none' | 'locked' | 'open' | 'elsewhere';

export interface EngineState {
  readonly phase: Phase;
  /** The one who was here last comes first. */
  readonly people: readonly KnownPerson[];
  /** Whose practice is open. */
  readonly current: KnownPerson | null;
  readonly status: PracticeStatus | null;
  /** Whether the member has two ways in beside the kit; null while that is not known. */
  readonly hasTwoWays: boolean | null;
  /** Until when, ms, the open device is let in though the kit that named it is not replaced; null without a limit. */
  readonly urgentUntil: number | null;
  /** Why the last session ended by itself; null once a practice is open again. */
  readonly ended: EndedSession | null;
}

/** A device that its host served no more. */
export type EndedSession = SessionEnd & {
  readonly device: string;
  readonly at: number;
  /** What was written there and never reached the host. */
  readonly unsent: { readonly saves: number; readonly drafts: number };
};

export type EngineEvent =
  | { readonly type: 'state'; readonly state: EngineState }
  /** Entries read and verified of those that this device has not yet, while it opens. */
  | { readonly type: 'opening'; readonly done: number; readonly total: number }
  | { readonly type: 'status'; readonly status: PracticeStatus }
  | { readonly type: 'save'; readonly id: string; readonly state: SaveState; readonly copiedAt: number | null }
  | { readonly type: 'patient'; readonly patient: string }
  | { readonly type: 'recent' }
  | { readonly type: 'upload' }
  | { readonly type: 'directory' }
  /** How far this device is with the texts of all files. */
  | { readonly type: 'texts'; readonly status: TextSearchStatus }
  | { readonly type: 'kept' }
  /** Which files other devices show now, whole. */
  | { readonly type: 'presence'; readonly present: readonly PresentFile[] }
  /** What is to be told changed, or was seen. */
  | { readonly type: 'news' }
  | { readonly type: 'draft'; readonly key: string };

export interface NewPracticeInput {
  readonly practiceName: string;
  readonly family: string;
  readonly given: string;
  readonly rpps: string | null;
}

export interface PrintedKit extends KitText {
  /** Hexadecimal. */
  readonly practice: string;
  /** Places, from 0, of the groups that must be typed back. */
  readonly askedGroups: readonly number[];
}

export interface DraftView {
  readonly key: string;
  readonly text: string;
  readonly updatedAt: number;
}

export interface DemoProgress {
  readonly step: 'keys' | 'patients' | 'finishing';
  readonly done: number;
  readonly total: number;
}

export interface NewPatientInput {
  readonly traits: Omit<PatientTraits, 'address'>;
  /** What is known of it; an address is often no more than a town. */
  readonly address: { readonly line?: string; readonly postalCode?: string; readonly city?: string };
}

/** What the pages ask of an open practice. */
export interface PracticeApi {
  readonly desks: Desks;

  /** Fetches the code that was not needed to open the practice. Throws when some of it does not come. */
  loadAll(): Promise<void>;

  patientCount(): Promise<number>;
  patients(offset: number, limit: number): Promise<readonly PatientRow[]>;
  search(query: string, limit: number): Promise<readonly PatientRow[]>;
  recent(limit: number): Promise<readonly PatientRow[]>;
  patient(id: string): Promise<PatientRow | null>;

  /** Says that a file is about to be opened: it is read meanwhile. Shows and traces nothing. */
  expectFile(patient: string): Promise<void>;
  /** Opens a file and leaves the trace of it. */
  openFile(patient: string, language: Language): Promise<FileView>;
  /** The file that is open already, without another trace. */
  readFile(patient: string, language: Language): Promise<FileView>;

  draft(key: string): Promise<DraftView | null>;
  /** `seen` is the text of this draft that the window showed or wrote last: what others wrote over it is kept apart. */
  putDraft(key: string, text: string, seen: string | null): Promise<void>;
  dropDraft(key: string, seen: string | null): Promise<void>;
  drafts(): Promise<readonly DraftView[]>;
}

/** What the pages ask of the worker. Everything that crosses is plain data. */
/** What the page of the second factor asks. */
export interface FactorDesk {
  sendLoginCode(language: Language): Promise<CodeSent>;
  answerFactor(answer: FactorAnswer): Promise<void>;
  askLoginPasskey(): Promise<PasskeyAsked>;
  answerPasskey(given: PasskeyGiven): Promise<void>;
}

export interface EngineApi extends PracticeApi {
  /** Lets this device, which is held, go on by its person's word. */
  readonly lettingGo: LettingGo;

  connect(window: string, listener: (event: EngineEvent) => void): Promise<EngineState>;
  disconnect(window: string): Promise<void>;
  /** Somebody is there: the idle lock waits again. */
  touch(): Promise<void>;

  prepare(input: NewPracticeInput): Promise<PrintedKit>;
  /** Numbers, from 1, of the groups that were typed wrongly; empty when the kit was read back right. */
  checkKit(answers: readonly string[]): Promise<readonly number[]>;
  /** Creates the practice at the host, with its doctor's password. Refused until the kit was checked. */
  create(password: string): Promise<void>;
  /** Reads the kit and finds its practice at this server. */
  enrol(kitText: string): Promise<EnrolledMember>;
  /** Finds the passkey's practice at this server, and makes this browser a device of its member. */
  enrolByPasskey(given: PasskeyHolder): Promise<EnrolledMember>;
  /** Accepts an invitation: this browser becomes its member's first device. */
  join(linkText: string, code: string): Promise<void>;
  /** Makes this browser one that an open device is to add; what was begun before is given up. */
  beginEnrolment(): Promise<NewcomerShown>;
  lookEnrolment(): Promise<NewcomerView>;
  /** The person says that both screens show the same code. */
  agreeEnrolment(): Promise<void>;
  endEnrolment(ending: EnrolmentEnding): Promise<void>;
  /** Verifies the practice that this browser was added to. */
  enterEnrolment(): Promise<EnrolledMember>;
  /** Gives this new device its member's password: a new one, or null for the one that the member has. */
  finishEnrolment(password: string | null): Promise<void>;
  /**
   * Opens the practice that was created, or that this device was enrolled in, once a second factor stands. The device is
   * called so until its member says otherwise.
   */
  enter(deviceName: string): Promise<void>;
  /** `today` as `YYYY-MM-DD`: every invented date follows from it. */
  openDemo(today: string, listener: (progress: DemoProgress) => void): Promise<void>;

  /**
   * Unlocking, of one person's device. Whoever was in is locked out first; a gesture that another one overtook opens
   * nothing (CLOSED). Null once it is open; else the second factors that one of must be given.
   */
  unlock(device: string, password: string): Promise<readonly FactorOffer[] | null>;
  sendLoginCode(language: Language): Promise<CodeSent>;
  answerFactor(answer: FactorAnswer): Promise<void>;
  /** What one of the account's passkeys is to sign, where one is among the second factors. */
  askLoginPasskey(): Promise<PasskeyAsked>;
  answerPasskey(given: PasskeyGiven): Promise<void>;
  unlockByPin(device: string, pin: string): Promise<void>;
  unlockByPasskey(device: string, answer: PasskeyAnswer): Promise<void>;
  /** The password without the server, where its member let it. */
  unlockOffline(device: string, password: string): Promise<void>;
  /** Forgets a person on this browser, with all that is kept of it. Throws SAVES_WAITING (`count`) rather than lose one. */
  removePerson(device: string): Promise<void>;

  /** What this host can check of who is there. */
  identityMethods(): Promise<readonly IdentityMethod[]>;
  /** The address that a window opens. */
  beginIdentity(device: string, method: IdentityMethod): Promise<string>;
  unlockByIdentity(device: string, answer: IdentityAnswer): Promise<void>;
  /** Lets the card, or Pro Santé Connect, open this device. */
  linkIdentity(answer: IdentityAnswer): Promise<void>;

  /** Lets the open device in for a day though the kit that named it is not replaced. Returns until when, ms. */
  openUrgently(): Promise<number>;

  waysIn(): Promise<WaysIn>;
  changePassword(password: string): Promise<void>;
  sendPhoneCode(request: PhoneRequest): Promise<CodeSent>;
  confirmPhone(code: string): Promise<void>;
  /** The address that an authenticator reads (`otpauth:`), and its secret in base32. */
  offerTotp(): Promise<{ readonly address: string; readonly secret: string }>;
  confirmTotp(code: string): Promise<readonly string[]>;
  removeTotp(): Promise<void>;
  /** What a passkey is to be made for, that is asked for after the password on every device. */
  offerPasskey(): Promise<PasskeyAsked>;
  confirmPasskey(made: PasskeyMade): Promise<void>;
  removeFactorPasskey(credential: Uint8Array<ArrayBuffer>): Promise<void>;
  setPin(pin: string): Promise<void>;
  /** Names it first, where it is a holder. Called again with the same one, it goes on. */
  addPasskey(made: MadePasskey): Promise<void>;
  removePasskey(credential: string): Promise<void>;
  allowOffline(password: string): Promise<void>;
  forbidOffline(): Promise<void>;
  lock(): Promise<void>;
  retry(): Promise<void>;
}
