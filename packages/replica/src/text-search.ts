import { bytesToHex } from '@serment/core/bytes';
import { decodeCanonical, encodeCanonical } from '@serment/core/cbor';
import { isShutOut } from '@serment/core/journal/restriction';
import { RecordsError } from '@serment/records/error';
import { isJsonObject, parseJson } from '@serment/records/json-text';
import { searchedText } from '@serment/records/page/search-text';
import { patientStream } from '@serment/records/route';
import type { RecordVersion } from '@serment/records/version';
import type { JournalMirror } from './journal-mirror.ts';
import type { Keyring, StreamRef } from './keyring.ts';
import type { LocalVault } from './local-vault.ts';
import { isUngranted, type PayloadReader, type ReadContent } from './payload-reader.ts';
import { isOfHost, readWritten } from './stream-view.ts';
import { type SearchedDocument, type TextHits, TextIndex, type TextSearchOptions } from './text-index.ts';

export interface TextSearchParts {
  readonly mirror: JournalMirror;
  readonly reader: PayloadReader;
  readonly keyring: Keyring;
  /** Where what is searched is kept, sealed. */
  readonly vault: LocalVault;
  /** Ids of the patients of the directory, those whose records were merged too. */
  readonly patients: () => readonly string[];
}

export interface TextSearchStatus {
  /** `off`: this device keeps nothing to search in; `partial`: it reads, or will when the line is back. */
  readonly state: 'off' | 'partial' | 'ready';
  /** Entries read of those that there are. */
  readonly done: number;
  readonly total: number;
  /** Texts that can be found. */
  readonly documents: number;
}

/**
 * What a segment keeps: of a version of a record, the text that is searched, null where it has none. An entry that holds
 * nothing to search in leaves one row without a record, which says that it was read.
 */
type Row = readonly [
  index: number,
  patient: string,
  record: string,
  version: string,
  replaces: readonly string[],
  text: readonly [title: string, text: string, day: string] | null,
];

interface Place {
  readonly index: number;
  readonly stream: StreamRef;
  readonly patient: string;
}

const compartment = 'clinical';
const folder = 'texts/';
const stateKey = `${folder}state`;
const segmentRows = 4096;
const format = 1;
const progressEvery = 512;

/**
 * A search in the texts of all files. A device holds the files that were opened on it and no others: to search everything
 * it reads everything once, when its member asks for that, and keeps the texts sealed; from then on it follows.
 */
export class TextSearch {
  readonly #parts: TextSearchParts;
  readonly #index = new TextIndex();
  /** What stands, by the names of versions. */
  readonly #standing = new Map<string, SearchedDocument>();
  readonly #streams = new Map<string, StreamRef>();
  /** By patient, the number of the last entry that was read of the file. */
  readonly #lastRead = new Map<string, number>();
  #isOn = false;
  #loading: Promise<boolean> | null = null;
  #segments = 0;
  /** Rows that came since the last segment was full. */
  #tail: Row[] = [];
  /** Another one once what is here was thrown away: what was begun before then ends, and keeps nothing. */
  #reading = 0;
  #done = 0;
  #total = 0;
  #running: Promise<void> | null = null;
  /** What is done to what the device keeps, one thing after the other. */
  #keeping: Promise<unknown> = Promise.resolve();

  constructor(parts: TextSearchParts) {
    this.#parts = parts;
  }

  status(): TextSearchStatus {
    const isReady = this.#running === null && this.#done === this.#total;
    const state = this.#isOn ? (isReady ? 'ready' : 'partial') : 'off';
    return { state, done: this.#done, total: this.#total, documents: this.#index.size };
  }

  /** Reads what the device kept, once; true when it keeps something to search in. */
  load(): Promise<boolean> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  /** Reads everything, from where it was left, and keeps it. Throws UNREACHABLE and the like; what was read stays. */
  async begin(onProgress: (status: TextSearchStatus) => void): Promise<void> {
    await this.load();
    this.#isOn = true;
    await this.#persist();
    await this.follow(onProgress);
  }

  /** Forgets all that this device kept to search in. */
  async forget(): Promise<void> {
    this.#isOn = false;
    this.#empty();
    const { vault } = this.#parts;
    await this.#inTurn(async () => {
      for (const key of await vault.keys(folder)) await vault.delete(key);
    });
  }

  /** Reads what is new, where this device keeps something to search in and has loaded it. Calls that overlap are one. */
  follow(onProgress: (status: TextSearchStatus) => void = () => undefined): Promise<void> {
    if (!this.#isOn) return Promise.resolve();
    if (this.#running !== null) return this.#running;
    const running = this.#read(onProgress).finally(() => {
      if (this.#running === running) this.#running = null;
    });
    this.#running = running;
    return running;
  }

  /** What is told of nobody whose file is restricted to others. */
  search(query: string, options: Omit<TextSearchOptions, 'isHidden'>): Promise<TextHits> {
    return this.#index.search(query, { ...options, isHidden: (patient) => this.#isHidden(patient) });
  }

  /** Entry numbers are other entries' after a restore: everything is read again. */
  async restart(): Promise<void> {
    if (!(this.#isOn || (await this.#keptSegments()) !== null)) return;
    this.#loading = Promise.resolve(true);
    this.#isOn = true;
    this.#empty();
    await this.#persist();
  }

  /** Leaves nothing in memory. */
  close(): void {
    this.#isOn = false;
    this.#empty();
  }

  async #load(): Promise<boolean> {
    const reading = this.#reading;
    const segments = await this.#keptSegments();
    if (this.#reading !== reading) return this.#isOn;
    if (segments === null) return false;
    this.#isOn = true;
    for (let number = 0; number < segments; number += 1) {
      const rows = await this.#segment(number);
      if (this.#reading !== reading) return this.#isOn;
      // Where the device lost a part, everything is read again: what is missing cannot be told.
      if (rows === null) {
        this.#empty();
        break;
      }
      for (const row of rows) this.#take(row);
      if (number < segments - 1) this.#segments = number + 1;
      else this.#tail = rows;
    }
    this.#count(this.#unread());
    return true;
  }

  /** How many segments this device keeps; null when it keeps nothing to search in. */
  async #keptSegments(): Promise<number | null> {
    const [version, segments] = arrayIn(await this.#parts.vault.get(stateKey)) ?? [];
    return version === format && typeof segments === 'number' ? segments : null;
  }

  async #read(onProgress: (status: TextSearchStatus) => void): Promise<void> {
    const reading = this.#reading;
    await this.#purge();
    if (this.#reading !== reading) return;
    const places = this.#unread();
    this.#count(places);
    const held = new Set<string>();
    for await (const { read, place } of this.#parts.reader.bulk(places)) {
      if (this.#reading !== reading) return;
      const { patient } = place;
      // What the host withholds now it may give later, and a key may be granted: the file is read from there on then.
      if (read.finding !== null && (isOfHost(read.finding) || isUngranted(read.finding))) held.add(patient);
      if (held.has(patient)) continue;
      for (const row of rowsOf(read, patient)) {
        this.#take(row);
        this.#tail.push(row);
      }
      this.#done += 1;
      if (this.#tail.length >= segmentRows) {
        await this.#persist();
        if (this.#reading !== reading) return;
      }
      if (this.#done % progressEvery === 0) onProgress(this.status());
    }
    if (places.length > 0) await this.#persist();
  }

  /** The entries of all files that were not read yet, in the journal's order. */
  #unread(): Place[] {
    const places: Place[] = [];
    for (const patient of this.#parts.patients()) {
      if (this.#isHidden(patient)) continue;
      const stream = this.#streamOf(patient);
      const last = this.#lastRead.get(patient) ?? -1;
      const indexes = this.#entriesOf(stream);
      for (let at = indexes.length - 1; at >= 0; at -= 1) {
        const index = indexes[at] ?? -1;
        if (index <= last) break;
        places.push({ index, stream, patient });
      }
    }
    return places.sort((left, right) => left.index - right.index);
  }

  #count(unread: readonly Place[]): void {
    this.#total = 0;
    for (const patient of this.#parts.patients())
      if (!this.#isHidden(patient)) this.#total += this.#entriesOf(this.#streamOf(patient)).length;
    this.#done = this.#total - unread.length;
  }

  /** Without snapshots, which say again what others say. */
  #entriesOf({ id }: StreamRef): readonly number[] {
    const { mirror } = this.#parts;
    const entries = mirror.entriesOf(id);
    const snapshots = mirror.snapshotsOf(id);
    return snapshots.length === 0 ? entries : entries.filter((index) => !snapshots.includes(index));
  }

  #streamOf(patient: string): StreamRef {
    const known = this.#streams.get(patient);
    if (known !== undefined) return known;
    const stream = this.#parts.keyring.stream(compartment, patientStream(patient));
    this.#streams.set(patient, stream);
    return stream;
  }

  #isHidden(patient: string): boolean {
    const { mirror, keyring } = this.#parts;
    if (mirror.governance.restrictions.size === 0) return false;
    return isShutOut(mirror.governance, this.#streamOf(patient).id, bytesToHex(keyring.member));
  }

  /** A version replaces only what came before it in its file. */
  #take([index, patient, record, version, replaces, text]: Row): void {
    this.#lastRead.set(patient, Math.max(index, this.#lastRead.get(patient) ?? -1));
    if (record === '' || this.#standing.has(version)) return;
    for (const replaced of replaces) {
      const document = this.#standing.get(replaced);
      if (document?.record !== record || document.patient !== patient) continue;
      this.#index.delete(document);
      this.#standing.delete(replaced);
    }
    if (text === null) return;
    const [title, body, day] = text;
    const document = { patient, record, title, text: body, day };
    this.#index.add(document);
    this.#standing.set(version, document);
  }

  /** Takes away what this device kept of files that were restricted to others since. */
  async #purge(): Promise<void> {
    const shut = new Set([...this.#lastRead.keys()].filter((patient) => this.#isHidden(patient)));
    if (shut.size === 0) return;
    const reading = this.#reading;
    const isKept = (row: Row) => !shut.has(row[1]);
    await this.#inTurn(async () => {
      for (let number = 0; number < this.#segments; number += 1) {
        const rows = (await this.#segment(number)) ?? [];
        const left = rows.filter(isKept);
        if (this.#reading !== reading) return;
        if (left.length < rows.length)
          await this.#parts.vault.put(segmentKey(number), encodeSegment(left), compartment);
      }
    });
    if (this.#reading !== reading) return;
    this.#tail = this.#tail.filter(isKept);
    await this.#persist();
    if (this.#reading !== reading) return;
    for (const [version, document] of this.#standing)
      if (shut.has(document.patient)) {
        this.#index.delete(document);
        this.#standing.delete(version);
      }
    for (const patient of shut) this.#lastRead.delete(patient);
  }

  #persist(): Promise<void> {
    const reading = this.#reading;
    return this.#inTurn(async () => {
      while (this.#reading === reading && this.#tail.length >= segmentRows) {
        await this.#putSegment(this.#tail.slice(0, segmentRows));
        if (this.#reading !== reading) return;
        this.#tail.splice(0, segmentRows);
        this.#segments += 1;
      }
      if (this.#reading !== reading) return;
      await this.#putSegment(this.#tail);
      if (this.#reading !== reading) return;
      await this.#parts.vault.put(stateKey, encodeCanonical([format, this.#segments + 1]), compartment);
    });
  }

  #putSegment(rows: readonly Row[]): Promise<void> {
    return this.#parts.vault.put(segmentKey(this.#segments), encodeSegment(rows), compartment);
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.#keeping.then(work, work);
    this.#keeping = turn.catch(() => undefined);
    return turn;
  }

  async #segment(number: number): Promise<Row[] | null> {
    const [version, text] = arrayIn(await this.#parts.vault.get(segmentKey(number))) ?? [];
    return version === format && typeof text === 'string' ? (JSON.parse(text) as Row[]) : null;
  }

  #empty(): void {
    this.#reading += 1;
    this.#running = null;
    this.#index.clear();
    this.#standing.clear();
    this.#lastRead.clear();
    this.#tail = [];
    this.#segments = 0;
    this.#done = 0;
  }
}

/** What an entry holds to search in. */
function rowsOf(read: ReadContent, patient: string): Row[] {
  const written = readWritten(read);
  const versions = written === null || 'code' in written ? [] : written.batch.versions;
  const rows = versions.flatMap((version): Row[] => {
    const text = textOf(version);
    // What is not searched and takes nothing away need not be kept.
    if (text === null && version.replaces.length === 0) return [];
    return [[read.index, patient, version.id, bytesToHex(version.version), version.replaces.map(bytesToHex), text]];
  });
  return rows.length > 0 ? rows : [[read.index, patient, '', '', [], null]];
}

function textOf({ content, change }: RecordVersion): Row[5] {
  if (content === null || change === 'entered-in-error') return null;
  try {
    const resource = parseJson(content);
    const found = isJsonObject(resource) ? searchedText(resource) : null;
    return found === null ? null : [found.title, found.text, found.day];
  } catch (error) {
    if (error instanceof RecordsError) return null;
    throw error;
  }
}

function segmentKey(number: number): string {
  return `${folder}${String(number).padStart(6, '0')}`;
}

function encodeSegment(rows: readonly Row[]): Uint8Array {
  return encodeCanonical([format, JSON.stringify(rows)]);
}

function arrayIn(content: Uint8Array | null): readonly unknown[] | null {
  const value = content === null ? null : decodeCanonical(content);
  return Array.isArray(value) ? value : null;
}
