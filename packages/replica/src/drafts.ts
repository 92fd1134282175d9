import { bytesToHex, equalBytes } from '@serment/core/bytes';
import { type CborValue, decodeCanonical, encodeCanonical } from '@serment/core/cbor';
import { CodedError } from '@serment/core/error';
import { sha256 } from '@serment/core/hash';
import type { DraftListed } from '@serment/core/wire/draft';
import { unsentDraftFolder } from './cache-places.ts';
import {
  type DraftContent,
  type DraftLook,
  type DraftPlace,
  DraftSlots,
  type DraftSlotsParts,
  doneFromCbor,
  type PlacedDraft,
  type SlotsRead,
} from './draft-slots.ts';
import { ReplicaError } from './error.ts';
import type { LocalVault } from './local-vault.ts';
import { isSilence } from './payload-reader.ts';
import { privateCompartment } from './private-compartment.ts';
import type { DraftStore } from './transport.ts';

export type { DraftContent };

interface LocalDraft extends DraftContent {
  /** Where the text that this one was built on stands at the host; null when it is not known to stand anywhere. */
  readonly place: DraftPlace | null;
  readonly isSent: boolean;
  /** Texts that were sent since, and whose answers never came: one of them may stand at the host. Newest last. */
  readonly attempts: readonly Attempt[];
}

interface Attempt {
  readonly updatedAt: number;
  readonly textHash: Uint8Array;
}

export interface DraftParts extends DraftSlotsParts {
  readonly transport: DraftStore;
  readonly vault: LocalVault;
  readonly clock: () => number;
}

/** With which the key of a draft begins that is sealed in its member's own compartment (docs/format/keys.md). */
const privatePrefix = 'private/';
const keptAttempts = 16;
/** Up to when, by the host's clock, the slots of this member were gathered. */
const gatheredKey = 'drafts-gathered';
/** The host's clock may have been set back since. */
const clockSlackMs = 3_600_000;
const utf8 = new TextEncoder();

/**
 * What people are typing: sealed on the device at once, and in the member's slots at the host when it can be reached, so
 * that it is found again after a closed tab, a crash, or on another device. Not part of the journal.
 */
export class Drafts {
  readonly #parts: DraftParts;
  readonly #slots: DraftSlots;
  /** Of what nobody but this member may ever read: no doctor takes it over. */
  readonly #privateSlots: DraftSlots;
  readonly #sending = new Map<string, Promise<void>>();
  /** The sendings that wait for the one before them: each takes the text that there is when its turn comes. */
  readonly #queued = new Map<string, Promise<void>>();
  /** How often each draft was written to the host. */
  readonly #writes = new Map<string, number>();
  /** What is done to one draft on this device, one thing after the other. */
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(parts: DraftParts) {
    this.#parts = parts;
    this.#slots = new DraftSlots(parts);
    const { member } = parts.keyring;
    this.#privateSlots = new DraftSlots({ ...parts, owner: { member, compartment: privateCompartment(member) } });
  }

  /** The newest of what this device and the host hold. */
  async get(key: string): Promise<DraftContent | null> {
    // What is on its way to the host would be missing from what the host shows. Where nobody answers it, nobody is asked.
    const isCut = await this.#sending.get(key)?.then(() => false, isSilence);
    const writes = this.#writes.get(key);
    const look = isCut ? null : await this.#slotsOf(key).look(key).catch(offlineIsNothing);
    const draft = await this.#inTurn(key, () => {
      // Written meanwhile: what the host showed before is older than what is here.
      const isOld = this.#writes.get(key) !== writes;
      return look === null || isOld ? this.#local(key) : this.#take(key, look);
    });
    return draft === null || draft.text === '' ? null : { key, text: draft.text, updatedAt: draft.updatedAt };
  }

  /**
   * Durable on this device when it returns; the host follows. `seen` is the text that its writer saw or wrote last, null for
   * none: another one, of another window or another device, is kept as a draft of its own. Left out, nothing is compared.
   */
  async put(key: string, text: string, seen?: string | null): Promise<void> {
    await this.#inTurn(key, async () => {
      const known = await this.#local(key);
      if (seen !== undefined && known !== null && known.text !== seen && known.text !== text)
        await this.#setAside(known);
      const { place = null, attempts = [] } = known ?? {};
      await this.#store({ key, text, updatedAt: this.#parts.clock(), place, isSent: false, attempts });
    });
    void this.send(key).catch(() => undefined);
  }

  /**
   * Forgets a draft, here and at the host: an empty one takes its place, so that no other device brings it back, until
   * another draft needs the slot.
   */
  drop(key: string, seen?: string | null): Promise<void> {
    return this.put(key, '', seen);
  }

  /** Drafts on this device that hold something, newest first. */
  async list(): Promise<DraftContent[]> {
    const drafts = await this.#locals();
    return drafts.filter(({ text }) => text !== '').sort((left, right) => right.updatedAt - left.updatedAt);
  }

  /**
   * Takes in what another device of this member left at the host and nothing here names, such as a draft that was taken
   * over. Gives the keys that came.
   */
  async gather(): Promise<string[]> {
    const { vault, transport } = this.#parts;
    const before = numberIn(await vault.get(gatheredKey));
    const listed = (await transport.drafts()).filter(({ updated }) => updated > before - clockSlackMs);
    if (listed.length === 0) return [];
    const { drafts, unreadable } = await this.#readListed(listed);
    const came: string[] = [];
    let isWhole = unreadable === 0;
    for (const { key, text } of drafts) {
      if (text === '' || (await this.#local(key)) !== null) continue;
      if ((await this.get(key)) === null) isWhole = false;
      else came.push(key);
    }
    // What did not come is looked for again.
    if (!isWhole) return came;
    const latest = Math.max(before, ...listed.map(({ updated }) => updated));
    await vault.put(gatheredKey, encodeCanonical(latest), this.#slots.compartment);
    return came;
  }

  /**
   * Keeps a text that was begun elsewhere, here and at the host, as a draft of its own; nothing happens to one of this key
   * that stands at the host, or that somebody has done with. Throws DRAFTS_FULL, UNREACHABLE and the like: the host then has it not.
   */
  async adopt({ key, text, updatedAt }: DraftContent): Promise<void> {
    const look = await this.#slotsOf(key).look(key);
    if (look.found.length > 0 || look.wasDone) return;
    await this.#inTurn(key, async () => {
      if ((await this.#local(key)) !== null) return;
      await this.#store({ key, text, updatedAt, place: null, isSent: false, attempts: [] });
    });
    await this.send(key);
  }

  /** Whether a draft of this key stands, here or at the host, or was done with. Throws UNREACHABLE and the like. */
  async isKnown(key: string): Promise<boolean> {
    if ((await this.#local(key)) !== null) return true;
    const look = await this.#slotsOf(key).look(key);
    return look.found.length > 0 || look.wasDone;
  }

  /** Returns once what was given until now is durable on this device, or has failed. */
  async settled(): Promise<void> {
    await Promise.all(this.#turns.values());
  }

  /** How many hold a text that the host has not. */
  async unsent(): Promise<number> {
    return (await this.#parts.vault.keys(unsentDraftFolder)).length;
  }

  /** Sends every draft that the host has not. One that it will not have waits on, and keeps no other here. Throws UNREACHABLE and the like. */
  async sendAll(): Promise<void> {
    for (const draft of await this.#locals()) if (!draft.isSent) await this.send(draft.key).catch(nullUnlessSilent);
  }

  /** After a restore a revision may be another draft's: every draft of this device looks for its place again. */
  async giveBack(): Promise<void> {
    await this.#parts.vault.delete(gatheredKey);
    for (const { key } of await this.#locals())
      await this.#inTurn(key, async () => {
        const draft = await this.#local(key);
        if (draft !== null) await this.#store({ ...draft, place: null, isSent: false });
      });
  }

  /** Sends the last text of one draft; calls that overlap share one sending. */
  send(key: string): Promise<void> {
    const queued = this.#queued.get(key);
    if (queued !== undefined) return queued;
    const running = this.#sending.get(key) ?? Promise.resolve();
    const next = running
      .catch(() => undefined)
      .then(() => {
        this.#queued.delete(key);
        return this.#send(key);
      });
    this.#queued.set(key, next);
    this.#sending.set(key, next);
    return next.finally(() => {
      if (this.#sending.get(key) === next) this.#sending.delete(key);
    });
  }

  async #send(key: string): Promise<void> {
    const local = await this.#local(key);
    if (local === null || local.isSent) return;
    try {
      await this.#write(local.place === null ? await this.#placed(key) : local);
    } catch (error) {
      if (!(error instanceof ReplicaError) || error.code !== 'DRAFT_STALE') throw error;
      await this.#write(await this.#placed(key));
    }
  }

  /** The draft with what stands at the host now, and a slot to write it to. Throws DRAFTS_FULL when every one is in use. */
  async #placed(key: string): Promise<LocalDraft | null> {
    const look = await this.#slotsOf(key).look(key);
    return this.#inTurn(key, async () => {
      const [found] = look.found;
      const local = await this.#local(key);
      if (found !== undefined) return this.#merge(local, found);
      const [place] = look.free;
      if (local === null || local.isSent) return null;
      if (place === undefined) throw new ReplicaError('DRAFTS_FULL', 'Every slot of this draft holds another one');
      return { ...local, place };
    });
  }

  /** What to show once the host was looked at. */
  async #take(key: string, look: DraftLook): Promise<LocalDraft | null> {
    const local = await this.#local(key);
    const [found, ...twins] = look.found;
    for (const twin of twins) await this.#retire(twin, found);
    if (found !== undefined) return isAhead(found.place, local?.place ?? null) ? this.#merge(local, found) : local;
    if (local === null || !local.isSent || !look.isDone(local.place)) return local;
    await this.#forget(key);
    return null;
  }

  /** Two texts typed apart: the one typed last stays, the other is kept as a draft of its own, and nothing is lost. */
  async #merge(local: LocalDraft | null, remote: PlacedDraft): Promise<LocalDraft> {
    const taken: LocalDraft = { ...remote, isSent: true, attempts: [] };
    const isOwn = local?.attempts.some((attempt) => isAttempt(attempt, remote));
    const isUnsent = local !== null && !local.isSent;
    const isApart = isUnsent && !isOwn && local.text !== remote.text;
    // What was typed outlives the news that somebody had done with what stood there before.
    const isLater = isUnsent && (remote.text === '' || local.updatedAt >= remote.updatedAt);
    const merged = isLater ? { ...local, place: remote.place } : taken;
    const other = isApart ? (isLater ? taken : local) : null;
    if (other !== null) await this.#setAside(other);
    await this.#store(merged);
    return merged;
  }

  /** Two devices that began one draft at the same moment may have taken two slots: one is enough. */
  async #retire(twin: PlacedDraft, kept: PlacedDraft | undefined): Promise<void> {
    if (twin.text !== kept?.text) await this.#setAside(twin);
    await this.#slotsOf(twin.key)
      .write({ ...twin, key: '', text: '' }, twin.place)
      .catch(offlineIsNothing);
  }

  async #setAside({ key, text, updatedAt }: DraftContent): Promise<void> {
    if (text === '') return;
    const other = await this.#freeBeside(key, text, updatedAt);
    await this.#store({ key: other, text, updatedAt, place: null, isSent: false, attempts: [] });
    void this.send(other).catch(() => undefined);
  }

  /** A key for a text that stands beside the others of its own, which one `~` parts from what is theirs alone. */
  async #freeBeside(key: string, text: string, updatedAt: number): Promise<string> {
    const [own = '', apart] = key.split('~');
    const beside = `${own}~${apart === undefined ? '' : `${apart}.`}`;
    for (let time = updatedAt; ; time += 1) {
      const standing = (await this.#local(`${beside}${time}`))?.text ?? '';
      if (standing === '' || standing === text) return `${beside}${time}`;
    }
  }

  async #write(local: LocalDraft | null): Promise<void> {
    if (local === null || local.place === null || local.isSent) return;
    await this.#noteAttempt(local);
    const place = await this.#slotsOf(local.key).write(local, local.place);
    this.#writes.set(local.key, (this.#writes.get(local.key) ?? 0) + 1);
    await this.#inTurn(local.key, async () => {
      const now = await this.#local(local.key);
      // Typed on while it was sent: what is here is newer than what the host has.
      const isSent = now?.updatedAt === local.updatedAt && now.text === local.text;
      await this.#store({ ...(now ?? local), place, isSent, attempts: [] });
    });
  }

  /** Written before the text leaves, so that it is known again at the host when the window closes before the answer. */
  #noteAttempt({ key, updatedAt, text }: LocalDraft): Promise<void> {
    const attempt = { updatedAt, textHash: sha256(utf8.encode(text)) };
    return this.#inTurn(key, async () => {
      const now = await this.#local(key);
      if (now !== null) await this.#store({ ...now, attempts: [...now.attempts, attempt].slice(-keptAttempts) });
    });
  }

  #inTurn<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const turn = (this.#turns.get(key) ?? Promise.resolve()).then(work, work);
    this.#turns.set(
      key,
      turn.catch(() => undefined),
    );
    return turn;
  }

  async #local(key: string): Promise<LocalDraft | null> {
    const content = await this.#parts.vault.get(this.#name(key));
    return content === null ? null : decodeLocal(content);
  }

  async #locals(): Promise<LocalDraft[]> {
    const drafts: LocalDraft[] = [];
    for (const name of await this.#parts.vault.keys('draft/')) {
      const content = await this.#parts.vault.get(name);
      const draft = content === null ? null : decodeLocal(content);
      if (draft !== null) drafts.push(draft);
    }
    return drafts;
  }

  /** An empty draft that the host knows of is none. */
  async #store(draft: LocalDraft): Promise<void> {
    if (draft.text === '' && draft.isSent) return this.#forget(draft.key);
    const { key, text, updatedAt, place, isSent } = draft;
    const attempts = draft.attempts.map((one): CborValue => [one.updatedAt, one.textHash]);
    const content = encodeCanonical([3, key, text, updatedAt, place && placeToCbor(place), isSent, attempts]);
    const { compartment } = this.#slotsOf(key);
    const isUnsent = text !== '' && !isSent;
    // The mark outlasts what it marks: a power cut in between leaves one too many, never one too few.
    if (isUnsent) await this.#parts.vault.put(this.#mark(key), new Uint8Array(), compartment);
    await this.#parts.vault.put(this.#name(key), content, compartment);
    if (!isUnsent) await this.#parts.vault.delete(this.#mark(key));
  }

  async #forget(key: string): Promise<void> {
    await this.#parts.vault.delete(this.#name(key));
    await this.#parts.vault.delete(this.#mark(key));
  }

  #slotsOf(key: string): DraftSlots {
    return key.startsWith(privatePrefix) ? this.#privateSlots : this.#slots;
  }

  async #readListed(listed: readonly DraftListed[]): Promise<SlotsRead> {
    const shared = await this.#slots.readListed(listed);
    if (!this.#parts.keyring.canRead('private')) return shared;
    const own = await this.#privateSlots.readListed(listed);
    return { drafts: [...shared.drafts, ...own.drafts], unreadable: shared.unreadable + own.unreadable };
  }

  /** A key names a patient, and a cache's keys are not sealed. */
  #name(key: string): string {
    return `draft/${bytesToHex(this.#slotsOf(key).tagOf(key))}`;
  }

  #mark(key: string): string {
    return `${unsentDraftFolder}${bytesToHex(this.#slotsOf(key).tagOf(key))}`;
  }
}

/** True when the host holds what this device has not seen yet. */
function isAhead(there: DraftPlace, here: DraftPlace | null): boolean {
  return here === null || here.slot !== there.slot || here.revision < there.revision;
}

function isAttempt({ updatedAt, textHash }: Attempt, { updatedAt: at, text }: DraftContent): boolean {
  return updatedAt === at && equalBytes(sha256(utf8.encode(text)), textHash);
}

function numberIn(bytes: Uint8Array | null): number {
  const value = bytes === null ? 0 : decodeCanonical(bytes);
  return typeof value === 'number' ? value : 0;
}

function offlineIsNothing(error: unknown): null {
  if (error instanceof CodedError) return null;
  throw error;
}

function nullUnlessSilent(error: unknown): null {
  if (isSilence(error)) throw error;
  return offlineIsNothing(error);
}

function placeToCbor({ slot, revision, done }: DraftPlace): CborValue {
  return [slot, revision, done.map((one): CborValue => [one.tag, one.revision])];
}

function decodeLocal(bytes: Uint8Array): LocalDraft | null {
  const [format, key, text, updatedAt, place, isSent, attempts] = itemsOf(decodeCanonical(bytes));
  if (format !== 3 || typeof key !== 'string' || typeof text !== 'string') return null;
  if (typeof updatedAt !== 'number' || typeof isSent !== 'boolean') return null;
  return { key, text, updatedAt, place: placeFromCbor(place), isSent, attempts: attemptsFromCbor(attempts) };
}

function attemptsFromCbor(value: CborValue | undefined): Attempt[] {
  return itemsOf(value).flatMap((item) => {
    const [updatedAt, textHash] = itemsOf(item);
    return typeof updatedAt === 'number' && textHash instanceof Uint8Array ? [{ updatedAt, textHash }] : [];
  });
}

function placeFromCbor(value: CborValue | undefined): DraftPlace | null {
  const [slot, revision, done] = itemsOf(value);
  return typeof slot === 'number' && typeof revision === 'number' ? { slot, revision, done: doneFromCbor(done) } : null;
}

function itemsOf(value: CborValue | undefined): readonly CborValue[] {
  return Array.isArray(value) ? value : [];
}
