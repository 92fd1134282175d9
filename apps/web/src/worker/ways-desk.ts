import type { Bytes } from '@serment/core/bytes';
import type { CodeSent, PhoneRequest } from '@serment/core/wire/factor';
import type { PasskeyAsked, PasskeyMade } from '@serment/core/wire/passkey';
import type { Practice } from '@serment/replica/practice';
import type { OpenDevice } from '@serment/replica/sign-in/account';
import { authenticatorAddress } from './authenticator.ts';
import { LettingGo } from './letting-go.ts';
import { PracticeDesk } from './practice-desk.ts';
import type { MadePasskey } from './protocol.ts';

/** An open practice, and the ways into the device that it is open on. */
export interface SetUpDevice {
  readonly practice: Practice;
  readonly device: OpenDevice;
}

/** What the pages ask of the ways into a device: of the open one, or of one that nothing unlocks yet. */
export abstract class WaysDesk extends PracticeDesk {
  readonly lettingGo = new LettingGo(() => this.inSetup());

  /** The device whose ways in are set up. Throws HOLDER_UNKNOWN. */
  protected abstract inSetup(): SetUpDevice;

  /** Tells every window where things stand. */
  protected abstract tellState(): Promise<void>;

  async changePassword(password: string): Promise<void> {
    await this.inSetup().device.setPassword(password);
    await this.tellState();
  }

  sendPhoneCode(request: PhoneRequest): Promise<CodeSent> {
    return this.inSetup().device.sendPhoneCode(request);
  }

  confirmPhone(code: string): Promise<void> {
    return this.inSetup().device.confirmPhone(code);
  }

  async offerTotp() {
    const { device, practice } = this.inSetup();
    return authenticatorAddress(await device.offerTotp(), practice.status().practiceName ?? '');
  }

  confirmTotp(code: string): Promise<readonly string[]> {
    return this.inSetup().device.confirmTotp(code);
  }

  removeTotp(): Promise<void> {
    return this.inSetup().device.removeTotp();
  }

  offerPasskey(): Promise<PasskeyAsked> {
    return this.inSetup().device.offerPasskey();
  }

  confirmPasskey(made: PasskeyMade): Promise<void> {
    return this.inSetup().device.confirmPasskey(made);
  }

  removeFactorPasskey(credential: Bytes): Promise<void> {
    return this.inSetup().device.removeFactorPasskey(credential);
  }

  async setPin(pin: string): Promise<void> {
    await this.inSetup().device.setPin(pin);
    await this.tellState();
  }

  async addPasskey({ holder, credential, output }: MadePasskey): Promise<void> {
    if (holder !== null) {
      const { namePasskey } = await import('@serment/replica/passkeys');
      await namePasskey(this.practice(), holder);
    }
    await this.inSetup().device.addPasskey({ credential, output });
    await this.tellState();
  }

  async removePasskey(credential: string): Promise<void> {
    await this.inSetup().device.removePasskey(credential);
    await this.tellState();
  }

  async allowOffline(password: string): Promise<void> {
    await this.inSetup().device.allowOffline(password);
    await this.tellState();
  }

  async forbidOffline(): Promise<void> {
    await this.inSetup().device.forbidOffline();
    await this.tellState();
  }
}
