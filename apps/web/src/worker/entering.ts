import { type Bytes, bytesToHex, hexToBytes } from '@serment/core/bytes';
import { passkeyInput } from '@serment/core/keys/unlocker';
import type { CodeSent, Language } from '@serment/core/wire/factor';
import type { IdentityMethod, IdentityProof } from '@serment/core/wire/identity';
import type { FactorAnswer, FactorOffer } from '@serment/core/wire/login';
import type { PasskeyAsked, PasskeyGiven } from '@serment/core/wire/passkey';
import { ReplicaError } from '@serment/replica/error';
import type { DeviceRecord } from '@serment/replica/sign-in/device-record';
import { beginIdentity, type IdentityAnswer, type IdentityAsked, proofOf } from '@serment/replica/sign-in/identity';
import { unlockOffline } from '@serment/replica/sign-in/offline';
import {
  FactorAsked,
  type Unlocked,
  type UnlockOptions,
  unlockByIdentity,
  unlockByPasskey,
  unlockByPassword,
  unlockByPin,
} from '@serment/replica/sign-in/unlock';
import type { Transport } from '@serment/replica/transport';
import type { StoredDevice } from './local-database.ts';
import type { LocalWays, PasskeyAnswer } from './protocol.ts';

/** Where this browser keeps its devices' records, each by its author. */
export interface DeviceShelf {
  list(): Promise<StoredDevice[]>;
  put(device: StoredDevice): Promise<void>;
  /** How much of what it wrote, saves and drafts, is here alone. */
  waiting(author: string): Promise<number>;
  /** Forgets the record alone. */
  drop(author: string): Promise<void>;
  /** Forgets the record, and all that is kept of that device here. */
  remove(author: string): Promise<void>;
}

export interface EnteringParts {
  readonly transport: Transport;
  readonly devices: DeviceShelf;
  readonly random: (sizeBytes: number) => Bytes;
  readonly clock: () => number;
}

/** A device whose lock opened. */
export interface EnteredDevice extends Unlocked {
  readonly stored: StoredDevice;
  /** The server's gate: it was passed; or opened without, by what is worth two factors; or without, by less. */
  readonly gate: 'passed' | 'earned' | 'shut';
}

/** The locks of this browser's devices, and a second factor that is awaited. */
export class Entering {
  readonly #parts: EnteringParts;
  #asked: { readonly factor: FactorAsked; readonly stored: StoredDevice } | null = null;
  #identity: IdentityAsked | null = null;

  constructor(parts: EnteringParts) {
    this.#parts = parts;
  }

  /** The opened lock, or the second factors that one of must be given. */
  async byPassword(device: string, password: string): Promise<EnteredDevice | readonly FactorOffer[]> {
    const stored = await this.#stored(device);
    const unlocked = await unlockByPassword(this.#options(stored), password);
    if (!(unlocked instanceof FactorAsked)) return { ...unlocked, stored, gate: 'passed' };
    this.#asked = { factor: unlocked, stored };
    return unlocked.offers;
  }

  sendCode(language: Language): Promise<CodeSent> {
    return this.#awaited().factor.sendCode(language);
  }

  async answer(answer: FactorAnswer): Promise<EnteredDevice> {
    return this.#passed((factor) => factor.answer(answer));
  }

  askPasskey(): Promise<PasskeyAsked> {
    return this.#awaited().factor.askPasskey();
  }

  async answerPasskey(given: PasskeyGiven): Promise<EnteredDevice> {
    return this.#passed((factor) => factor.answerPasskey(given));
  }

  async byPin(device: string, pin: string): Promise<EnteredDevice> {
    const stored = await this.#stored(device);
    return { ...(await unlockByPin(this.#options(stored), pin)), stored, gate: 'passed' };
  }

  async byPasskey(device: string, { credential, output }: PasskeyAnswer): Promise<EnteredDevice> {
    const stored = await this.#stored(device);
    return { ...(await unlockByPasskey(stored.record, { credential, output })), stored, gate: 'earned' };
  }

  async byOffline(device: string, password: string): Promise<EnteredDevice> {
    const stored = await this.#stored(device);
    return { ...(await unlockOffline(stored.record, password, this.#parts.clock())), stored, gate: 'shut' };
  }

  /** Begins a proof of identity: of a locked device's account, or of the open one that it is to be linked to. */
  async beginIdentity(device: string, method: IdentityMethod): Promise<string> {
    const { transport, random } = this.#parts;
    const { account } = (await this.#stored(device)).record;
    this.#identity = await beginIdentity({ transport, account, random }, method);
    return this.#identity.address;
  }

  async byIdentity(device: string, answer: IdentityAnswer): Promise<EnteredDevice> {
    const stored = await this.#stored(device);
    const unlocked = await unlockByIdentity(this.#options(stored), this.takeProof(answer));
    return { ...unlocked, stored, gate: 'passed' };
  }

  /** The proof that a window brought back, once. Throws ATTEMPT_UNKNOWN. */
  takeProof(answer: IdentityAnswer): IdentityProof & { readonly attempt: string } {
    const proof = proofOf(this.#identity, answer);
    this.#identity = null;
    return { ...proof, attempt: answer.attempt };
  }

  /** Forgets a second factor, or a proof, that is awaited. */
  forget(): void {
    this.#asked = null;
    this.#identity = null;
  }

  #options(stored: StoredDevice): UnlockOptions {
    const { transport, devices, random } = this.#parts;
    return { transport, random, record: stored.record, keep: (record) => devices.put({ ...stored, record }) };
  }

  async #passed(answer: (factor: FactorAsked) => Promise<Unlocked>): Promise<EnteredDevice> {
    const { factor, stored } = this.#awaited();
    const unlocked = await answer(factor);
    this.#asked = null;
    return { ...unlocked, stored, gate: 'passed' };
  }

  #awaited() {
    if (this.#asked === null) throw new ReplicaError('SESSION_REFUSED', 'No second factor is awaited');
    return this.#asked;
  }

  async #stored(device: string): Promise<StoredDevice> {
    const stored = (await this.#parts.devices.list()).find(({ author }) => author === device);
    if (stored === undefined) throw new ReplicaError('HOLDER_UNKNOWN', 'This browser is not enrolled in that practice');
    return stored;
  }
}

/** The ways in that a device's record knows, as its lock screen offers them. */
export function localWays(record: DeviceRecord): LocalWays {
  return {
    hasPassword: record.password !== null,
    hasPin: record.pin !== null,
    hasCard: record.card !== null,
    offline: record.offline === null ? 'off' : record.offline === 'ended' ? 'ended' : 'on',
    passkeys: record.passkeys.map(({ credential }) => credential),
    passkeyInput: bytesToHex(passkeyInput(hexToBytes(record.practice), hexToBytes(record.author))),
  };
}
