import { bytesToHex } from '@serment/core/bytes';
import { decodeCanonical, encodeCanonical } from '@serment/core/cbor';
import { CodedError } from '@serment/core/error';
import type { RandomSource } from '@serment/core/random';
import { openDraft, parseDraft, sealDraft } from '@serment/core/sealed/draft';
import { ReplicaError } from './error.ts';
import type { Keyring } from './keyring.ts';
import type { LocalVault } from './local-vault.ts';
import type { Transport } from './transport.ts';

export interface DraftContent {
  /** What the draft is of, such as `note/Patient/…`; sealed with it. */
  readonly key: string;
  readonly text: string;
  /** The device's clock at the last keystroke, ms. */
  readonly updatedAt: number;
}

interface LocalDraft extends DraftContent {
  /** Revision at the host that this text was built on; 0 for none. */
  readonly revision: number;
  readonly isSent: boolean;
}

export interface DraftParts {
  readonly practice: Uint8Array;
  readonly keyring: Keyring;
  readonly vault: LocalVault;
  readonly transport: Transport;
  readonly clock: () => number;
  readonly random: RandomSource;
}

const compartment = 'clinical';
const keptAttempts = 16;

/**
 * What people are typing: sealed on the device at once, and in the member's slots at the host when it can be reached, so
 * that it is found again after a closed tab, a crash, or on another device. Not part of the journal.
 */
export class Drafts {
  readonly #parts: DraftParts;
  readonly #sending = new Map<string, Promise<void>>();
  /** Texts sent lately, by their time: one is found again at the host when its answer was lost. */
  readonly #attempts = new Map<string, Map<number, string>>();
  /** What is done to one draft on this device, one thing after the other. */
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(parts: DraftParts) {
    this.#parts = parts;
  }

  /** The newest of what this device and the host hold. */
  async get(key: string): Promise<DraftContent | null> {
    const remote = await this.#remote(key).catch(offlineIsNothing);
    const draft = await this.#inTurn(key, async () => {
      const local = await this.#local(key);
      if (remote === null || (local !== null && remote.revision <= local.revision)) return local;
      return this.#merge(local, remote);
    });
    return draft === null || draft.text === '' ? null : { key, text: draft.text, updatedAt: draft.updatedAt };
  }

  /** Durable on this device when it returns; the host follows. */
  async put(key: string, text: string): Promise<void> {
    await this.#inTurn(key, async () => {
      const known = await this.#local(key);
      await this.#store({ key, text, updatedAt: this.#parts.clock(), revision: known?.revision ?? 0, isSent: false });
    });
    void this.send(key).catch(() => undefined);
  }

  /** Forgets a draft, here and at the host: an empty one takes its place, so that no other device brings it back. */
  drop(key: string): Promise<void> {
    return this.put(key, '');
  }

  /** Drafts on this device that hold something, newest first. */
  async list(): Promise<DraftContent[]> {
    const drafts: DraftContent[] = [];
    for (const name of await this.#parts.vault.keys('draft/')) {
      const content = await this.#parts.vault.get(name);
      const draft = content === null ? null : decodeLocal(content);
      if (draft !== null && draft.text !== '') drafts.push(draft);
    }
    return drafts.sort((left, right) => right.updatedAt - left.updatedAt);
  }

  /** Sends every draft that the host has not. */
  async sendAll(): Promise<void> {
    for (const name of await this.#parts.vault.keys('draft/')) {
      const content = await this.#parts.vault.get(name);
      const draft = content === null ? null : decodeLocal(content);
      if (draft !== null && !draft.isSent) await this.send(draft.key);
    }
  }

  /** Sends the last text of one draft; calls that overlap share one sending. */
  send(key: string): Promise<void> {
    const running = this.#sending.get(key);
    const next = (running ?? Promise.resolve()).catch(() => undefined).then(() => this.#send(key));
    this.#sending.set(key, next);
    return next.finally(() => {
      if (this.#sending.get(key) === next) this.#sending.delete(key);
    });
  }

  async #send(key: string): Promise<void> {
    const local = await this.#local(key);
    if (local === null || local.isSent) return;
    try {
      await this.#write(local);
    } catch (error) {
      if (!(error instanceof ReplicaError) || error.code !== 'DRAFT_STALE') throw error;
      const remote = await this.#remote(key);
      const merged = await this.#inTurn(key, async () => {
        const now = await this.#local(key);
        return remote === null ? { ...(now ?? local), revision: 0 } : this.#merge(now, remote);
      });
      if (!merged.isSent) await this.#write(merged);
    }
  }

  /** Two texts typed apart: the one typed last stays, the other is kept as a draft of its own, and nothing is lost. */
  async #merge(local: LocalDraft | null, remote: DraftContent & { revision: number }): Promise<LocalDraft> {
    const taken: LocalDraft = { ...remote, isSent: true };
    const isOwn = this.#attempts.get(remote.key)?.get(remote.updatedAt) === remote.text;
    const isApart = local !== null && !local.isSent && !isOwn && local.text !== remote.text;
    const isLater = local !== null && !local.isSent && local.updatedAt >= remote.updatedAt;
    const merged = isLater ? { ...local, revision: remote.revision } : taken;
    const other = isApart ? (isLater ? taken : local) : null;
    if (other !== null && other.text !== '') await this.#setAside(other);
    await this.#store(merged);
    return merged;
  }

  async #setAside({ key, text, updatedAt }: LocalDraft): Promise<void> {
    const other = `${key}~${updatedAt}`;
    await this.#store({ key: other, text, updatedAt, revision: 0, isSent: false });
    void this.send(other).catch(() => undefined);
  }

  async #write(local: LocalDraft): Promise<void> {
    const { keyring, practice, transport, random } = this.#parts;
    const slot = this.#slot(local.key);
    const revision = local.revision + 1;
    const { epoch, key } = keyring.currentEpoch(compartment);
    const content = encodeCanonical([1, local.key, local.text, local.updatedAt]);
    const draft = await sealDraft(key, { practice, slot, compartment, epoch, revision }, content, random);
    this.#rememberAttempt(local);
    await transport.putDraft(slot, local.revision, draft);
    await this.#inTurn(local.key, async () => {
      const now = await this.#local(local.key);
      // Typed on while it was sent: what is here is newer than what the host has.
      const isSent = now?.updatedAt === local.updatedAt && now.text === local.text;
      await this.#store({ ...(now ?? local), revision, isSent });
    });
  }

  #rememberAttempt({ key, updatedAt, text }: LocalDraft): void {
    const attempts = this.#attempts.get(key) ?? new Map<number, string>();
    this.#attempts.set(key, attempts.set(updatedAt, text));
    const oldest = attempts.keys().next();
    if (attempts.size > keptAttempts && !oldest.done) attempts.delete(oldest.value);
  }

  async #remote(key: string): Promise<(DraftContent & { revision: number }) | null> {
    const { keyring, practice, transport } = this.#parts;
    const slot = this.#slot(key);
    const bytes = await transport.draft(slot);
    if (bytes === null) return null;
    const draft = parseDraft(bytes);
    if (draft.compartment !== compartment) return null;
    const content = await openDraft(keyring.epochKey(compartment, draft.epoch), { practice, slot }, draft);
    const [format, ownKey, text, updatedAt] = itemsOf(content);
    if (format !== 1 || ownKey !== key || typeof text !== 'string' || typeof updatedAt !== 'number') return null;
    return { key, text, updatedAt, revision: draft.revision };
  }

  #inTurn<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const turn = (this.#turns.get(key) ?? Promise.resolve()).then(work, work);
    this.#turns.set(
      key,
      turn.catch(() => undefined),
    );
    return turn;
  }

  #slot(key: string): Uint8Array {
    const { keyring } = this.#parts;
    return keyring.stream(compartment, `draft/${bytesToHex(keyring.member)}/${key}`).id;
  }

  async #local(key: string): Promise<LocalDraft | null> {
    const content = await this.#parts.vault.get(this.#name(key));
    return content === null ? null : decodeLocal(content);
  }

  async #store(draft: LocalDraft): Promise<void> {
    const content = encodeCanonical([1, draft.key, draft.text, draft.updatedAt, draft.revision, draft.isSent]);
    await this.#parts.vault.put(this.#name(draft.key), content, compartment);
  }

  /** The slot names the file too: a key names a patient. */
  #name(key: string): string {
    return `draft/${bytesToHex(this.#slot(key))}`;
  }
}

function offlineIsNothing(error: unknown): null {
  if (error instanceof CodedError) return null;
  throw error;
}

function decodeLocal(bytes: Uint8Array): LocalDraft | null {
  const [format, key, text, updatedAt, revision, isSent] = itemsOf(bytes);
  if (format !== 1 || typeof key !== 'string' || typeof text !== 'string') return null;
  if (typeof updatedAt !== 'number' || typeof revision !== 'number' || typeof isSent !== 'boolean') return null;
  return { key, text, updatedAt, revision, isSent };
}

function itemsOf(bytes: Uint8Array) {
  const value = decodeCanonical(bytes);
  return Array.isArray(value) ? value : [];
}
