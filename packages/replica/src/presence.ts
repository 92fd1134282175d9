import { type Bytes, bytesToHex, equalBytes } from '@serment/core/bytes';
import { decodeCanonical, encodeCanonical } from '@serment/core/cbor';
import { CodedError } from '@serment/core/error';
import type { GovernanceState } from '@serment/core/journal/governance-state';
import { isFrozen } from '@serment/core/journal/standing';
import { type Beat, maxShownFiles, openBeat, type ShownFile, sealBeat } from '@serment/core/sealed/presence';
import { parsePresenceEvent } from '@serment/core/wire/presence';
import { patientStream } from '@serment/records/route';
import type { Keyring } from './keyring.ts';
import type { LocalVault } from './local-vault.ts';

/** A file that another device shows. */
export interface PresentFile {
  /** Of that device, in hexadecimal, as `member`. */
  readonly author: string;
  readonly member: string;
  /** Null when the member's name is not known here. */
  readonly name: string | null;
  /** Another device of one's own. */
  readonly isSelf: boolean;
  /** `Patient/…` */
  readonly patient: string;
  /** Whether a consultation is being written in it. */
  readonly writes: boolean;
}

/** A file that this device shows: its patient first, then those whose records are read with it. */
export interface OwnShownFile {
  readonly patients: readonly [string, ...string[]];
  readonly writes: boolean;
}

export interface PresenceParts {
  readonly practice: Bytes;
  readonly keyring: Pick<Keyring, 'signer' | 'member' | 'canRead' | 'currentEpoch' | 'stream'>;
  readonly governance: () => GovernanceState;
  readonly vault: Pick<LocalVault, 'get' | 'put'>;
  readonly send: (beat: Bytes) => Promise<void>;
  readonly memberName: (member: string) => string | null;
  readonly onChange: (present: readonly PresentFile[]) => void;
  /** A clock that nobody sets, in milliseconds. */
  readonly monotonic?: () => number;
}

interface Heard {
  readonly beat: Beat;
  /** Until when it counts, by the monotonic clock. */
  readonly until: number;
}

const beatMs = 30_000;
const gapMs = 1000;
/** What a file that was asked for takes to be drawn: its reader comes before who hears of it. */
const drawnMs = 200;
const lifeMs = 75_000;
const openingKey = 'presence';
/** The narrowest first: what is said under it is told to nobody who may not know. */
const compartments = ['clinical', 'admin'] as const;

/** Who else has a file open, and what they are told of this device (docs/format/sealing.md, Presence). */
export class Presence {
  readonly #parts: PresenceParts;
  readonly #now: () => number;
  /** By author. One that is over stays: what comes of it again is no news. */
  readonly #heard = new Map<string, Heard>();
  #shown: readonly OwnShownFile[] = [];
  #isOn = false;
  #opening: Promise<number> | null = null;
  #count = 0;
  #said: readonly ShownFile[] = [];
  #sentAt = Number.NEGATIVE_INFINITY;
  #isSending = false;
  #beatTimer: ReturnType<typeof setTimeout> | undefined;
  #endTimer: ReturnType<typeof setTimeout> | undefined;
  #told: readonly PresentFile[] = [];

  constructor(parts: PresenceParts) {
    this.#parts = parts;
    this.#now = parts.monotonic ?? (() => performance.now());
  }

  /** What is told of others now: nothing while the line is down. */
  get present(): readonly PresentFile[] {
    return this.#told;
  }

  /** Says what this device shows from now on, the file shown last first. */
  show(files: readonly OwnShownFile[]): void {
    this.#shown = files;
    this.#followOwn();
  }

  /** Called when the line comes or goes, and when the journal says something new: of rights, names or restrictions. */
  follow(isOnline: boolean): void {
    const came = isOnline && !this.#isOn;
    this.#isOn = isOnline;
    if (!isOnline) clearTimeout(this.#beatTimer);
    else if (came) this.#beatIn(0);
    else this.#followOwn();
    this.#tell();
  }

  /** Takes the data of a `presence` event. What is not to be believed changes nothing. */
  async take(data: string): Promise<void> {
    const cameAt = this.#now();
    try {
      await this.#hear(data, cameAt);
    } catch (error) {
      // A line that lies about this may still be right about the journal.
      if (!(error instanceof CodedError)) throw error;
    }
  }

  async #hear(data: string, cameAt: number): Promise<void> {
    const { author, beat, ageMs } = parsePresenceEvent(data);
    const name = bytesToHex(author);
    const { keyring, governance } = this.#parts;
    if (equalBytes(author, keyring.signer.author) || governance().authors.get(name)?.type !== 'device') return;
    const opened = beat === null ? null : await this.#open(author, beat);
    const known = this.#heard.get(name);
    if (beat === null && known !== undefined) this.#heard.set(name, { ...known, until: cameAt });
    if (opened !== null && isAfter(opened, known?.beat))
      this.#heard.set(name, { beat: opened, until: cameAt + Math.max(0, lifeMs - ageMs) });
    this.#tell();
  }

  /** Null for what opens under no current key. */
  async #open(author: Bytes, sealed: Bytes): Promise<Beat | null> {
    const { practice, keyring } = this.#parts;
    for (const compartment of compartments.filter((one) => keyring.canRead(one))) {
      try {
        return await openBeat(keyring.currentEpoch(compartment).key, { practice, author }, sealed);
      } catch (error) {
        if (!(error instanceof CodedError)) throw error;
      }
    }
    return null;
  }

  #followOwn(): void {
    if (JSON.stringify(this.#ownFiles()) !== JSON.stringify(this.#said)) this.#beatIn(drawnMs);
  }

  /** Beats after that time, and no sooner than a second after the last beat; then every half minute. */
  #beatIn(waitMs: number): void {
    clearTimeout(this.#beatTimer);
    if (!this.#isOn) return;
    const sinceMs = this.#now() - this.#sentAt;
    this.#beatTimer = setTimeout(() => void this.#beat(), Math.max(waitMs, gapMs - sinceMs, 0));
  }

  async #beat(): Promise<void> {
    // One at a time, so that the last one said is the last one heard.
    if (this.#isSending) return this.#beatIn(gapMs);
    this.#isSending = true;
    this.#sentAt = this.#now();
    this.#said = this.#ownFiles();
    this.#beatIn(beatMs);
    try {
      const beat = await this.#seal(this.#said);
      if (beat !== null) await this.#parts.send(beat);
    } catch (error) {
      // Nobody waits for it, and the next one says it again.
      if (!(error instanceof CodedError)) throw error;
    } finally {
      this.#isSending = false;
    }
  }

  /** Null for a member who reads neither medical files nor the directory. */
  async #seal(files: readonly ShownFile[]): Promise<Bytes | null> {
    const { practice, keyring } = this.#parts;
    const compartment = compartments.find((one) => keyring.canRead(one));
    if (compartment === undefined) return null;
    this.#opening ??= this.#nextOpening();
    const opening = await this.#opening;
    this.#count += 1;
    const { author } = keyring.signer;
    const { key } = keyring.currentEpoch(compartment);
    return sealBeat(key, { practice, author }, { opening, count: this.#count, files });
  }

  async #nextOpening(): Promise<number> {
    const { vault } = this.#parts;
    const kept = await vault.get(openingKey);
    const last = kept === null ? 0 : decodeCanonical(kept);
    const opening = (typeof last === 'number' ? last : 0) + 1;
    await vault.put(openingKey, encodeCanonical(opening));
    return opening;
  }

  /** What a beat says: nothing of a restricted file, nor of one that is read with it. */
  #ownFiles(): ShownFile[] {
    return this.#shown
      .filter(({ patients }) => !patients.some((patient) => this.#isRestricted(patient)))
      .slice(0, maxShownFiles)
      .map(({ patients: [patient], writes }) => ({ patient, writes }));
  }

  #isRestricted(patient: string): boolean {
    const { keyring, governance } = this.#parts;
    if (!keyring.canRead('clinical')) return false;
    return governance().restrictions.has(bytesToHex(keyring.stream('clinical', patientStream(patient)).id));
  }

  #tell(): void {
    const now = this.#now();
    const live = [...this.#heard].filter(([, { until }]) => until > now);
    clearTimeout(this.#endTimer);
    if (this.#isOn && live.length > 0) {
      const next = Math.min(...live.map(([, { until }]) => until));
      this.#endTimer = setTimeout(() => this.#tell(), next - now);
    }
    const present = this.#isOn ? live.flatMap(([author, { beat }]) => this.#filesOf(author, beat)) : [];
    if (JSON.stringify(present) === JSON.stringify(this.#told)) return;
    this.#told = present;
    this.#parts.onChange(present);
  }

  #filesOf(author: string, { files }: Beat): PresentFile[] {
    const { keyring, governance, memberName } = this.#parts;
    const device = governance().authors.get(author);
    if (device?.member == null || device.revokedAt !== null || isFrozen(device)) return [];
    const { member } = device;
    const who = { author, member, name: memberName(member), isSelf: member === bytesToHex(keyring.member) };
    return files.map((file) => ({ ...who, ...file }));
  }
}

function isAfter(beat: Beat, known: Beat | undefined): boolean {
  if (known === undefined || beat.opening !== known.opening) return beat.opening > (known?.opening ?? 0);
  return beat.count > known.count;
}
