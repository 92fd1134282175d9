import { bytesToHex, hexToBytes } from '@serment/core/bytes';
import type { EnrolmentEnding } from '@serment/core/wire/enrolment';
import { deviceName, nameDevice } from '@serment/replica/device-names';
import { EnrolmentOpener, type OpenerStep } from '@serment/replica/enrolment-opener';
import { ReplicaError } from '@serment/replica/error';
import { freezeDevice, holdDevice, revokeDevice, setHoldsDevices, unfreezeDevice } from '@serment/replica/members';
import { closeOtherSessions, closeSession, openSessions, type SessionView } from '@serment/replica/open-sessions';
import type { Practice } from '@serment/replica/practice';
import { Desk } from './desk.ts';

/** The devices of the members, each named by its author, in hexadecimal; where this one is open; and one being added. */
export class DevicesDesk extends Desk {
  #adding: { readonly practice: Practice; readonly opener: EnrolmentOpener } | null = null;

  /** What this device is called; null when it has no name, or when the member's rights do not open names. */
  async ownName(): Promise<string | null> {
    const { practice } = this;
    return deviceName(practice, bytesToHex(practice.keyring.signer.author));
  }

  /** Names a device of this member; this one when none is told. */
  async rename(name: string, author?: string): Promise<void> {
    const { practice } = this;
    await nameDevice(practice, author === undefined ? practice.keyring.signer.author : hexToBytes(author), name);
  }

  async setFrozen(author: string, isFrozen: boolean): Promise<void> {
    await (isFrozen ? freezeDevice : unfreezeDevice)(this.practice, hexToBytes(author));
  }

  /** Has nothing more taken of it until a member says that it is meant. */
  async hold(author: string): Promise<void> {
    await holdDevice(this.practice, hexToBytes(author));
  }

  /** Whether the host holds a device that does unusually much. */
  async setHolds(isOn: boolean): Promise<void> {
    await setHoldsDevices(this.practice, isOn);
  }

  async revoke(author: string): Promise<void> {
    await revokeDevice(this.practice, hexToBytes(author));
    await this.at.keysChanged();
  }

  /** Where this member is open now, this one first. */
  async openSessions(): Promise<readonly SessionView[]> {
    return openSessions(this.practice);
  }

  /** False when it was open no more. */
  async closeSession(session: string): Promise<boolean> {
    return closeSession(this.practice, session);
  }

  async closeOtherSessions(): Promise<void> {
    await closeOtherSessions(this.practice);
  }

  /**
   * Takes up a new device of one's own: its reference as it was typed, or the text of its QR code. What was begun before is
   * given up.
   */
  async beginAdding(text: string): Promise<void> {
    const { practice } = this;
    await this.endAdding('cancelled').catch(() => undefined);
    this.#adding = { practice, opener: await EnrolmentOpener.begin(practice, text) };
  }

  /** How far it is: to be asked again until it is added. */
  async lookAdding(): Promise<OpenerStep> {
    return this.#begun().look();
  }

  /** The person says that both screens show the same code, or that the QR code is of the device in front of them. */
  async approveAdding(): Promise<void> {
    await this.#begun().approve();
  }

  async endAdding(ending: EnrolmentEnding): Promise<void> {
    const adding = this.#adding;
    this.#adding = null;
    await adding?.opener.end(ending);
  }

  /** What was begun in a practice that was locked meanwhile ended with it. */
  #begun(): EnrolmentOpener {
    const { practice } = this;
    if (this.#adding?.practice !== practice)
      throw new ReplicaError('ENROLMENT_EXPIRED', 'No device is being added here');
    return this.#adding.opener;
  }
}
