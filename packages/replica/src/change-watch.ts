import { bytesToHex, bytesToUtf8, utf8ToBytes } from '@serment/core/bytes';
import { isShutOut } from '@serment/core/journal/restriction';
import { emptyStream, foldInto } from '@serment/records/fold';
import type { JournalMirror } from './journal-mirror.ts';
import type { Keyring, StreamRef } from './keyring.ts';
import type { LocalVault } from './local-vault.ts';
import { type Ruin, ruinOf } from './mass-change.ts';
import { isSilence, type PayloadReader } from './payload-reader.ts';
import { readWritten } from './stream-view.ts';

/** What one device did to many records in a short time, as this device judged what it read of it. */
export interface MassChange {
  /** The device, in hexadecimal. */
  readonly author: string;
  /** Its member, in hexadecimal; null when it is not known. */
  readonly member: string | null;
  /** What was found most. */
  readonly kind: Ruin;
  /** Saves of that device in that time, of which some were looked at. */
  readonly saves: number;
  /** When it began, and when it was seen last, the host's clock, ms. */
  readonly since: number;
  readonly until: number;
}

export interface ChangeWatchParts {
  readonly mirror: JournalMirror;
  readonly keyring: Keyring;
  readonly reader: PayloadReader;
  readonly vault: LocalVault;
  readonly giveWay: () => Promise<void>;
}

interface Written {
  readonly index: number;
  readonly receivedAt: number;
  readonly stream: StreamRef;
}

interface Kept {
  /** Entries below this number were looked at. */
  readonly upTo: number;
  readonly found: readonly MassChange[];
  /** What a person said is meant: by whom, and until when it began. */
  readonly meant: Readonly<Record<string, number>>;
}

/** So many saves of one device within so long are looked at: nobody writes by hand so fast (docs/security/mass-changes.md). */
export const burstSaves = 30;
export const burstMs = 15 * 60_000;
/** So many of them at first, and so many more once one of those ruined something. */
const probed = 4;
const looked = 24;
/** Of what was looked at, so many saves ruined something, and so large a part. */
const fewestRuined = 10;
const leastRuined = 0.5;
/** To read a longer stream for one save takes too long: the directory's, of a practice that is no more small. */
const longestStream = 400;
const entriesAtOnce = 64;
const key = 'mass-changes';

/** Sees in what is said what a host cannot: that a device writes noise, or takes away, faster than a person could. */
export class ChangeWatch {
  readonly #parts: ChangeWatchParts;
  /** By device: what was not judged yet. */
  readonly #recent = new Map<string, readonly Written[]>();
  #kept: Kept | null = null;
  #following: Promise<boolean> | null = null;

  constructor(parts: ChangeWatchParts) {
    this.#parts = parts;
  }

  /** Those that nobody said are meant, the last one first. */
  get found(): readonly MassChange[] {
    const { found = [], meant = {} } = this.#kept ?? {};
    return found.filter(({ author, since }) => since > (meant[author] ?? Number.NEGATIVE_INFINITY));
  }

  /** Looks at what came since the last time; true when something was found. Silence of the host leaves the rest for later. */
  follow(): Promise<boolean> {
    this.#following ??= this.#follow().finally(() => {
      this.#following = null;
    });
    return this.#following;
  }

  /** A person says that what a device did until now is meant. */
  async accept(author: string): Promise<void> {
    const kept = await this.#load();
    const since = Math.max(...kept.found.flatMap((one) => (one.author === author ? one.since : [])));
    if (Number.isFinite(since)) await this.#keep({ ...kept, meant: { ...kept.meant, [author]: since } });
  }

  async #follow(): Promise<boolean> {
    const { mirror, keyring, giveWay } = this.#parts;
    if (!keyring.canRead('clinical')) return false;
    const isFirst = this.#kept === null;
    const { upTo } = await this.#load();
    let isNew = isFirst && this.found.length > 0;
    let index = Math.min(upTo, mirror.size);
    try {
      while (index < mirror.size) {
        if (index % entriesAtOnce === 0) await giveWay();
        const author = await this.#note(index);
        index += 1;
        if (author !== null) isNew = (await this.#judgeWhenDue(author)) || isNew;
      }
    } finally {
      if (index !== upTo) await this.#keep({ ...(await this.#load()), upTo: index });
    }
    return isNew;
  }

  /** The author of an entry of records that this member may read and that wrote over something; null for any other. */
  async #note(index: number): Promise<string | null> {
    const { mirror, keyring } = this.#parts;
    const { header, receivedAt } = await mirror.entry(index);
    if (header.kind !== 'records' || header.compartment === null || !keyring.canRead(header.compartment)) return null;
    // Where nothing stood, nothing is ruined: new files, thousands of them in an import.
    if (header.base === null) return null;
    if (isShutOut(mirror.governance, header.stream, bytesToHex(keyring.member))) return null;
    const author = bytesToHex(header.author);
    const stream = { id: header.stream, compartment: header.compartment, name: '' };
    const within = (this.#recent.get(author) ?? []).filter((one) => receivedAt - one.receivedAt <= burstMs);
    this.#recent.set(author, [...within, { index, receivedAt, stream }]);
    return author;
  }

  /** Once there are as many as a burst has: true when it is one that ruins. */
  async #judgeWhenDue(author: string): Promise<boolean> {
    const written = this.#recent.get(author) ?? [];
    const [first, last] = [written[0], written.at(-1)];
    if (written.length < burstSaves || first === undefined || last === undefined) return false;
    this.#recent.delete(author);
    const kind = await this.#judge(author, written);
    if (kind === null) return false;
    const member = this.#parts.mirror.governance.authors.get(author)?.member ?? null;
    const kept = await this.#load();
    // What goes on is the same: it began when it was first seen.
    const known = kept.found.find((one) => one.author === author && first.receivedAt - one.until <= burstMs);
    const saves = (known?.saves ?? 0) + written.length;
    const found = { author, member, kind, saves, since: known?.since ?? first.receivedAt, until: last.receivedAt };
    await this.#keep({ ...kept, found: [found, ...kept.found.filter((one) => one !== known)].slice(0, mostKept) });
    return true;
  }

  async #judge(author: string, written: readonly Written[]): Promise<Ruin | null> {
    const isOwn = author === bytesToHex(this.#parts.keyring.signer.author);
    // What is taken away here is done by hand before this person's eyes.
    const ruins = async (most: number) =>
      (await this.#ruinsOf(spread(written, most))).map((kind) => (isOwn && kind === 'gone' ? null : kind));
    // An import of thousands costs a look at one save in eight.
    if ((await ruins(probed)).every((kind) => kind === null)) return null;
    const all = await ruins(looked);
    const kinds = all.filter((kind) => kind !== null);
    if (kinds.length < fewestRuined || kinds.length < all.length * leastRuined) return null;
    const count = (kind: Ruin) => kinds.filter((one) => one === kind).length;
    return (['noise', 'gone', 'replaced'] as const).toSorted((left, right) => count(right) - count(left))[0] ?? null;
  }

  async #ruinsOf(written: readonly Written[]): Promise<(Ruin | null)[]> {
    const { mirror } = this.#parts;
    const ruins: (Ruin | null)[] = [];
    for (const [stream, indexes] of byStream(written))
      if (mirror.entriesOf(stream.id).length <= longestStream) ruins.push(...(await this.#ruinsIn(stream, indexes)));
    return ruins;
  }

  /** For each of these entries what it ruined, null for nothing; those that cannot be read are left out. */
  async #ruinsIn(stream: StreamRef, indexes: ReadonlySet<number>): Promise<(Ruin | null)[]> {
    const { reader, giveWay } = this.#parts;
    const state = emptyStream();
    const read = new Set<number>();
    try {
      for await (const content of reader.contents(stream, { upTo: Math.max(...indexes) })) {
        const batch = readWritten(content);
        if (batch === null || 'code' in batch) continue;
        foldInto(state, batch);
        if (indexes.has(batch.index)) read.add(batch.index);
      }
    } catch (error) {
      if (!isSilence(error)) throw error;
      return [];
    }
    await giveWay();
    const records = [...state.records.values()];
    return [...read].map((index) => {
      const own = records.flatMap((record) =>
        record.history.filter((version) => version.index === index).map((version) => ruinOf(record, version)),
      );
      const ruined = own.filter((one) => one !== null);
      // One thing taken out of a consultation that was written otherwise is no ruin of it.
      return ruined.length * 2 >= own.length ? (ruined[0] ?? null) : null;
    });
  }

  async #load(): Promise<Kept> {
    if (this.#kept !== null) return this.#kept;
    const stored = await this.#parts.vault.get(key);
    // A device that begins takes what was there for granted.
    const kept: Kept =
      stored === null ? { upTo: this.#parts.mirror.size, found: [], meant: {} } : JSON.parse(bytesToUtf8(stored));
    this.#kept = kept;
    return kept;
  }

  async #keep(kept: Kept): Promise<void> {
    this.#kept = kept;
    await this.#parts.vault.put(key, utf8ToBytes(JSON.stringify(kept)), 'clinical');
  }
}

const mostKept = 16;

/** So many of them at most, from the first to the last. */
function spread(written: readonly Written[], most: number): Written[] {
  const step = Math.max(1, written.length / most);
  return written.filter((_, place) => Math.floor(place / step) !== Math.floor((place - 1) / step)).slice(0, most);
}

function byStream(written: readonly Written[]): [StreamRef, Set<number>][] {
  const streams = new Map<string, [StreamRef, Set<number>]>();
  for (const one of written) {
    const name = bytesToHex(one.stream.id);
    const known = streams.get(name) ?? [one.stream, new Set()];
    known[1].add(one.index);
    streams.set(name, known);
  }
  return [...streams.values()];
}
