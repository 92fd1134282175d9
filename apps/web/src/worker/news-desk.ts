import { bytesToHex } from '@serment/core/bytes';
import { announcements, unusualEvents } from '@serment/core/journal/body';
import { parseRecordBatch } from '@serment/records/version';
import type { PatientRow } from '@serment/replica/directory';
import { ReplicaError } from '@serment/replica/error';
import type { OutboxPart } from '@serment/replica/sending';
import { type VaultEvent, vaultEvents } from '@serment/replica/vault';
import type { DepositDesk } from './deposit-desk.ts';
import { Desk, type DeskPlace } from './desk.ts';

/** What a member has to know of, from what this device holds. */
export interface News {
  /** What arrived for this member to file or read, by its ids, and those that their sender flagged as critical. */
  readonly arrived: readonly string[];
  readonly urgentArrived: readonly string[];
  /** Deposits that wait for this member, or words to be said. */
  readonly deposits: number;
  /** Files in which several versions wait for a choice. */
  readonly conflicts: readonly PatientRow[];
  /** Since when the oldest save waits here for the host, ms; null when none does. */
  readonly unsentSince: number | null;
  /** What others, or other devices, did to the vault since this member last said that it was seen, newest first. */
  readonly events: readonly VaultEvent[];
  /** What `setSeen` takes once these were seen. */
  readonly size: number;
  /** Whether this member wants the system of this device to say that something came. */
  readonly isWished: boolean;
}

/** Events that are told: more are listed by the vault alone. */
const mostEvents = 100;

/** What a practice has to be told while it works elsewhere. */
export class NewsDesk extends Desk {
  readonly #deposits: DepositDesk;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(at: DeskPlace, deposits: DepositDesk) {
    super(at);
    this.#deposits = deposits;
  }

  /** One reading at a time: each remembers what it found. */
  read(): Promise<News> {
    const read = this.#turn.then(() => this.#read());
    this.#turn = read.catch(() => undefined);
    return read;
  }

  /** That all that is told of entries below this number was seen. */
  async setSeen(size: number): Promise<void> {
    await this.practice.setNewsSeen(size);
    this.at.send({ type: 'news' });
  }

  async setWished(isWished: boolean): Promise<void> {
    await this.practice.news.set({ isWished });
    this.at.send({ type: 'news' });
  }

  async #read(): Promise<News> {
    const { outbox, mirror, news } = this.practice;
    const size = mirror.size;
    // Whoever begins here is told of nothing that was before.
    if (news.current.seenSize === null) await news.set({ seenSize: size });
    const waiting = outbox.items.filter(({ problem, parts }) => problem === null && parts.some(isRecords));
    return {
      ...(await this.#arrived()),
      deposits: this.practice.deposits.part === null ? 0 : await this.#deposits.waiting(),
      conflicts: await this.#conflicts(),
      unsentSince: waiting.length === 0 ? null : Math.min(...waiting.map(({ createdAt }) => createdAt)),
      events: await this.#events(news.current.seenSize ?? size),
      size,
      isWished: news.current.isWished,
    };
  }

  async #arrived(): Promise<Pick<News, 'arrived' | 'urgentArrived'>> {
    const { inbox, keyring } = this.practice;
    if (!keyring.canRead('clinical')) return { arrived: [], urgentArrived: [] };
    const own = bytesToHex(keyring.member);
    const { items } = await inbox.waiting();
    const mine = items.filter(({ kind, reader }) => kind !== 'to-tell' && (reader === null || reader === own));
    const urgent = mine.filter(({ isUrgent }) => isUrgent);
    return { arrived: mine.map(({ id }) => id), urgentArrived: urgent.map(({ id }) => id) };
  }

  /**
   * Of files that were read here, that were in conflict when they last were, and that something written here still goes to:
   * two who changed one note without a line find out once it is back.
   */
  async #conflicts(): Promise<PatientRow[]> {
    const { files, outbox, news, keyring, directory } = this.practice;
    if (!(keyring.canRead('clinical') && keyring.canRead('admin'))) return [];
    const open = new Set(files.inConflict());
    const sent = new Set(outbox.items.flatMap(({ parts }) => parts.flatMap((part) => patientOf(part) ?? [])));
    const known = news.current.patients;
    const rows: PatientRow[] = [];
    const kept: string[] = [];
    for (const patient of new Set([...open, ...known, ...sent])) {
      // What has not left yet is looked at once it has.
      const isUnsettled = open.has(patient) || (sent.has(patient) ? null : await this.#isInConflict(patient));
      const row = directory.get(patient);
      if (isUnsettled === true && row !== null) rows.push(row);
      if (isUnsettled !== false) kept.push(patient);
    }
    if (kept.join() !== known.join()) await news.set({ patients: kept });
    return rows;
  }

  /** Null where it cannot be known now. */
  async #isInConflict(patient: string): Promise<boolean | null> {
    try {
      return (await this.practice.readPatient(patient)).records.some(({ isConflict }) => isConflict);
    } catch (error) {
      if (!(error instanceof ReplicaError)) throw error;
      // A file that is gone, or restricted to others, is nothing for this member to settle.
      return error.code === 'PATIENT_UNKNOWN' || error.code === 'PATIENT_RESTRICTED' ? false : null;
    }
  }

  async #events(from: number): Promise<VaultEvent[]> {
    const { keyring } = this.practice;
    const { events } = await vaultEvents(this.practice, mostEvents, from);
    const self = { member: bytesToHex(keyring.member), author: bytesToHex(keyring.signer.author) };
    const told = events.filter((event) => isNews(event, self));
    // What tells nobody anything is not read again at each change.
    if (told.length === 0 && events.length >= mostEvents)
      await this.practice.news.set({ seenSize: this.practice.mirror.size });
    return told;
  }
}

function isRecords({ body }: OutboxPart): boolean {
  return body.kind === 'records';
}

function patientOf(part: OutboxPart): string | null {
  return isRecords(part) ? parseRecordBatch(part.content).patient : null;
}

/** Exported for its test. Keys that follow by themselves from something that is told are not told beside it. */
export function isNews(
  { body, byMember }: VaultEvent,
  self: { readonly member: string; readonly author: string },
): boolean {
  const isOwnAct = byMember === self.member;
  switch (body.kind) {
    case 'device':
      // Each device of one's own that was added elsewhere too; an invitation is no one's arrival yet.
      return body.author !== self.author && body.label !== 'invitation' && (!isOwnAct || body.byHolder !== null);
    case 'access':
      if (isAnnouncement(body.what)) return body.author !== self.author;
      return unusualNews.has(body.what) || (body.member === self.member && accessNews.has(body.what));
    case 'fetch':
    case 'operator':
    case 'restore-ack':
    case 'host':
    case 'witness':
      return true;
    case 'revoke':
      return body.member === self.member && !isOwnAct;
    case 'kit':
    case 'freeze':
    case 'hold':
    case 'term':
    case 'restrict':
    case 'break-glass':
      return !isOwnAct;
    default:
      return false;
  }
}

/** Whoever takes a device may announce what it likes: whoever works on another one is told. */
function isAnnouncement(what: string): boolean {
  return announcements.some((one) => one === what);
}

/** Whoever's device it was: everybody is told. */
const unusualNews: ReadonlySet<string> = new Set(unusualEvents);

/** What somebody else may have done in one's name. */
const accessNews: ReadonlySet<string> = new Set([
  'refused',
  'pin-blocked',
  'recovery-code-used',
  'ticket-reused',
  'device-different',
]);
