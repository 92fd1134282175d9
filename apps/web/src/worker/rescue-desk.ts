import { type Bytes, bytesToHex, ownBytes, utf8ToBytes } from '@serment/core/bytes';
import {
  newRescuePhrase,
  parseRescuePhrase,
  type RescueKey,
  rescueSaltSizeBytes,
  sealRescue,
  stretchRescuePhrase,
} from '@serment/core/keys/rescue';
import { readAppointment } from '@serment/records/fhir/appointment';
import { newRescueTrace, type RescueFacts, readRescueTrace, rescueTraceId } from '@serment/records/fhir/rescue-trace';
import { isRestricted, writtenSince } from '@serment/replica/active-files';
import { dayOf } from '@serment/replica/day-patients';
import { deviceName } from '@serment/replica/device-names';
import { ReplicaError } from '@serment/replica/error';
import type { PatientFile } from '@serment/replica/patient-file';
import type { MadeRescue, RescuePlace, RescueSetting } from '@serment/replica/rescue-settings';
import { transfer } from 'comlink';
import { namesOf } from '../file-view/reading.ts';
import { isSeenSince, rescuePatient, rescueReads } from '../file-view/rescue-patient.ts';
import type { Line } from '../file-view/view.ts';
import { relatives as enRelatives } from '../i18n/en/relatives.ts';
import { relatives as frRelatives } from '../i18n/fr/relatives.ts';
import type { Language } from '../i18n/language.ts';
import type { RescueAppointment, RescueContent, RescueLeft, RescuePatient } from '../rescue-page/content.ts';
import { rescueFile } from '../rescue-page/rescue-file.ts';
import { Desk, type DeskPlace } from './desk.ts';
import type { RelativesDesk } from './relatives-desk.ts';
import { Stoppable } from './stoppable.ts';

/** How far back a patient was seen whose file a copy holds. */
const activeMonths = 24;
const mostPatients = 5_000;
const agendaDays = 7;
/** From so many files on, and after so many days, nearly all come from the host: it is told beforehand what for. */
const announcedFrom = 100;
const announcedDays = 7;
/** How far it is, is told once for so many. */
const filesTold = 20;

/** What a device of the practice made last, as it says so in the journal. */
export interface RescueElsewhere {
  /** Tells devices apart. */
  readonly name: string;
  readonly device: string | null;
  readonly who: string | null;
  /** ms, by that device's clock; null where it says no instant. */
  readonly at: number | null;
  readonly patients: number;
  readonly isHere: boolean;
}

/** A file to be saved. */
export interface MadeFile extends Omit<MadeRescue, 'place'> {
  readonly bytes: Bytes;
  readonly left: RescueLeft;
}

type Progress = (done: number, total: number) => void;

/** The rescue copies of this device: what a practice reads when its host is down. */
export class RescueDesk extends Desk {
  readonly #relatives: RelativesDesk;
  readonly #work = new Stoppable();
  /** The passphrase that was shown last, and whether a part of it was read back. */
  #drawn: string | null = null;
  #isRead = false;

  constructor(at: DeskPlace, relatives: RelativesDesk) {
    super(at);
    this.#relatives = relatives;
  }

  /** Null while this device makes none. */
  async view(): Promise<RescueSetting | null> {
    const known = await this.practice.rescue.read();
    if (known === null) return null;
    const { stretched: _, ...setting } = known;
    return setting;
  }

  /** Which devices of the practice made copies, newest first. */
  async all(): Promise<readonly RescueElsewhere[]> {
    const { practice } = this;
    const own = rescueTraceId(bytesToHex(practice.keyring.signer.author));
    const authors = new Map([...practice.mirror.governance.authors.keys()].map((one) => [rescueTraceId(one), one]));
    const made: RescueElsewhere[] = [];
    for (const { id, resource, versions } of await practice.shared.views()) {
      const trace = readRescueTrace(resource);
      if (trace === null) continue;
      const name = id.slice('AuditEvent/'.length);
      const author = authors.get(name);
      const at = Date.parse(trace.recorded);
      made.push({
        ...{ name, at: Number.isNaN(at) ? null : at, patients: trace.patients, isHere: name === own },
        device: author === undefined ? null : await deviceName(practice, author),
        // Whoever signed it, whatever it says.
        who: versions.at(-1)?.authorName ?? null,
      });
    }
    return made.sort((left, right) => (right.at ?? 0) - (left.at ?? 0));
  }

  /** A passphrase, to be shown once. */
  async draw(): Promise<string> {
    this.#isRead = false;
    this.#drawn = newRescuePhrase(this.practice.random);
    return this.#drawn;
  }

  /** Whether a group of the drawn one, from 0, was read back right. */
  async check(group: number, typed: string): Promise<boolean> {
    const groups = this.#drawn?.split('-') ?? [];
    try {
      this.#isRead = group in groups && parseRescuePhrase(groups.with(group, typed).join('')) === groups.join('');
    } catch {
      this.#isRead = false;
    }
    return this.#isRead;
  }

  /** The passphrase that was read back is the one of all copies from here on. Throws CACHE_FAILED, CLOSED where none was. */
  async begin(place: RescuePlace, hour: number): Promise<void> {
    const { rescue, random, clock } = this.practice;
    if (this.#drawn === null || !this.#isRead) throw new ReplicaError('CLOSED', 'No passphrase was read back');
    const stretched = await stretchRescuePhrase(this.#drawn, random(rescueSaltSizeBytes));
    const known = await rescue.read();
    await rescue.write(stretched, { place, hour, since: clock(), last: known?.last ?? null });
    this.#drawn = null;
    this.#isRead = false;
  }

  async change(change: Partial<Pick<RescueSetting, 'place' | 'hour'>>): Promise<void> {
    const known = await this.practice.rescue.read();
    if (known !== null) await this.practice.rescue.write(known.stretched, { ...known, ...change });
  }

  /** No copy is made here any more; those that were stay where they are. */
  async stop(): Promise<void> {
    this.#work.stop();
    await this.practice.rescue.forget();
  }

  /**
   * Makes the file, with this script in it. Null when `giveUp` was called meanwhile, and where none are made here. Nothing
   * is traced before `saved`: what is not saved is no copy.
   */
  async make(script: string, language: Language, onProgress: Progress): Promise<MadeFile | null> {
    const known = await this.practice.rescue.read();
    if (known === null) return null;
    return this.#work.run(async (signal) => {
      const madeAt = this.practice.clock();
      const content = await this.#content({ language, onProgress, signal, now: madeAt });
      return this.#file({ stretched: known.stretched, madeAt, content, script, left: content.left });
    });
  }

  async giveUp(): Promise<void> {
    this.#work.stop();
  }

  /** A copy of nobody, under the passphrase that is drawn anew: to see what one is. */
  async example(script: string, language: Language): Promise<MadeFile & { readonly phrase: string }> {
    const { exampleContent } = await import('../rescue-page/example.ts');
    const phrase = newRescuePhrase(this.practice.random);
    const stretched = await stretchRescuePhrase(phrase, this.practice.random(rescueSaltSizeBytes));
    const madeAt = this.practice.clock();
    const content = exampleContent(language, madeAt);
    const file = await this.#file({ stretched, madeAt, content, script, left: content.left });
    return { ...file, phrase };
  }

  /** A file was put where it belongs: kept here, and told in the journal. */
  async saved({ madeAt, patients, sizeBytes, place }: MadeRescue): Promise<void> {
    const { practice } = this;
    const known = await practice.rescue.read();
    if (known === null) return;
    await practice.rescue.write(known.stretched, { ...known, last: { madeAt, patients, sizeBytes, place } });
    await this.#trace({ recorded: new Date(madeAt).toISOString(), patients, place: place.kind });
  }

  async #trace(facts: RescueFacts): Promise<void> {
    const { practice } = this;
    const author = bytesToHex(practice.keyring.signer.author);
    const resource = newRescueTrace(author, `Practitioner/${bytesToHex(practice.keyring.member)}`, facts);
    const before = (await practice.shared.views()).find(({ id }) => id === `AuditEvent/${resource.id}`);
    const replaces = before?.versions.map(({ version }) => version) ?? [];
    await practice.save({ patient: null, records: [{ resource, change: before ? 'edit' : 'create', replaces }] });
  }

  async #file(made: {
    readonly stretched: RescueKey;
    readonly madeAt: number;
    readonly content: RescueContent;
    readonly script: string;
    readonly left: RescueLeft;
  }): Promise<MadeFile> {
    const { stretched, madeAt, content, script, left } = made;
    const copy = await sealRescue(stretched, madeAt, utf8ToBytes(JSON.stringify(content)), this.practice.random);
    const bytes = ownBytes(await rescueFile({ script, copy, language: content.language }));
    const file = { bytes, madeAt, patients: content.patients.length, sizeBytes: bytes.length, left };
    return transfer(file, [bytes.buffer]);
  }

  async #content(work: {
    readonly language: Language;
    readonly onProgress: Progress;
    readonly signal: AbortSignal;
    readonly now: number;
  }): Promise<RescueContent> {
    const { language, onProgress, signal, now } = work;
    const { practice } = this;
    const today = dayOf(now);
    const since = monthsBefore(today, activeMonths);
    const appointments = await this.#appointments(now);
    const isExpected = new Set([...appointments.flatMap(({ patient }) => patient ?? []), ...practice.kept.pinned]);
    // An entry is received at the earliest when what it tells happened, clocks apart.
    const written = await writtenSince(practice, Date.parse(`${since}T00:00:00Z`));
    const candidates = [...new Set([...isExpected, ...written])];
    const nameOf = namesOf(practice.directoryRecords());
    const left = { restricted: 0, absent: 0, partial: 0, beyond: 0 };
    if (candidates.length >= announcedFrom) await this.#announce(now);
    const patients: RescuePatient[] = [];
    for (const [done, id] of candidates.entries()) {
      if (done % filesTold === 0) onProgress(done, candidates.length);
      await practice.giveWay();
      signal.throwIfAborted();
      if (patients.length === mostPatients) {
        left.beyond = candidates.length - done;
        break;
      }
      const file = await this.#read(id);
      if (file === 'restricted' || file === 'absent') {
        left[file] += 1;
        continue;
      }
      const reads = rescueReads(file);
      if (!(isExpected.has(id) || isSeenSince(reads, since, today))) continue;
      if (!file.isComplete || file.findings.length > 0) left.partial += 1;
      const relatives = await this.#relativesOf(id, language);
      patients.push(rescuePatient(file, reads, { language, nameOf, today, relatives }));
    }
    onProgress(candidates.length, candidates.length);
    const { practiceName, memberName } = practice.status();
    const known = new Set(patients.map(({ id }) => id));
    return {
      ...{ practice: practiceName ?? '', maker: memberName ?? '', language, months: activeMonths, left },
      appointments: appointments.map((one) => ({ ...one, patient: known.has(one.patient ?? '') ? one.patient : null })),
      patients: inOrder(patients, language),
    };
  }

  /** The practice's journal then says what this device reads so many files for; a copy of what is here needs none of it. */
  async #announce(now: number): Promise<void> {
    const { rescue, transport } = this.practice;
    const { last } = (await rescue.read()) ?? { last: null };
    if (last !== null && now - last.madeAt < announcedDays * 86_400_000) return;
    await transport.announce('rescue-copy').catch((error: unknown) => {
      if (!(error instanceof ReplicaError) || error.code === 'CLOSED') throw error;
    });
  }

  /** The file of one patient; why it is none otherwise. Throws once this device is held, and is given no more. */
  async #read(id: string): Promise<PatientFile | 'restricted' | 'absent'> {
    const { practice } = this;
    if (isRestricted(practice, id)) return 'restricted';
    try {
      const file = await practice.readPatient(id);
      return file.merged.some(({ row }) => isRestricted(practice, row.id)) ? 'restricted' : file;
    } catch (error) {
      if (!(error instanceof ReplicaError) || error.code === 'CLOSED') throw error;
      if (error.fields.server === 'AUTHOR_HELD') throw error;
      return error.code === 'PATIENT_RESTRICTED' ? 'restricted' : 'absent';
    }
  }

  async #relativesOf(patient: string, language: Language): Promise<Line[]> {
    const { relation: told } = { fr: frRelatives, en: enRelatives }[language].relatives;
    const relatives = await this.#relatives.list(patient);
    return relatives.flatMap(({ relation, row }) => {
      if (row === null) return [];
      const side = row.sex === 'male' || row.sex === 'female' ? row.sex : 'other';
      const phone = row.phones[0] ?? '';
      const label = [row.family.toLocaleUpperCase(language), row.given].filter(Boolean).join(' ');
      return [{ label, detail: [told[relation][side], phone].filter(Boolean).join(', ') }];
    });
  }

  /** From today on, in the order of hours. What of the agenda is not here is left out. */
  async #appointments(now: number): Promise<RescueAppointment[]> {
    const { practice } = this;
    const [first, last] = [dayOf(now), dayOf(now + agendaDays * 86_400_000)];
    const { records } = await practice.agenda.around(first.slice(0, 7)).catch((error: unknown) => {
      if (error instanceof ReplicaError && error.code !== 'CLOSED') return { records: [] };
      throw error;
    });
    const nameOf = namesOf(practice.directoryRecords());
    const found = records.flatMap(({ resource }): RescueAppointment[] => {
      const read = readAppointment(resource);
      if (read === null || read.startMs === null || read.state === 'cancelled') return [];
      const day = dayOf(read.startMs);
      if (day < first || day > last) return [];
      const row = read.patients.map((one) => practice.directory.get(one)).find((one) => one !== null) ?? null;
      const patient = row === null ? null : practice.directory.survivorOf(row.id);
      const [practitioner = ''] = read.practitioners;
      return [{ at: read.startMs, patient, with: nameOf({ reference: practitioner }) }];
    });
    return found.sort((left, right) => left.at - right.at);
  }
}

/** `2024-11-30` for `2026-11-30`; a day that its month has not counts on into the next. */
function monthsBefore(day: string, months: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(Date.UTC(year, month - 1 - months, date)).toISOString().slice(0, 10);
}

function inOrder(patients: readonly RescuePatient[], language: Language): RescuePatient[] {
  const { compare } = new Intl.Collator(language);
  const nameOf = ({ family, given, birthDate }: RescuePatient) => `${family} ${given} ${birthDate}`;
  return patients.toSorted((left, right) => compare(nameOf(left), nameOf(right)));
}
