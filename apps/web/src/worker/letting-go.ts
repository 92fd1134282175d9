import type { CodeSent, Language } from '@serment/core/wire/factor';
import type { FactorAnswer, FactorOffer } from '@serment/core/wire/login';
import type { PasskeyAsked, PasskeyGiven } from '@serment/core/wire/passkey';
import { ReplicaError } from '@serment/replica/error';
import type { FactorAsked } from '@serment/replica/sign-in/unlock';
import { proxyMarker } from 'comlink';
import type { FactorDesk } from './protocol.ts';
import type { SetUpDevice } from './ways-desk.ts';

/** The person at a held device says, by password and second factor, that what it did is meant. */
export class LettingGo implements FactorDesk {
  readonly [proxyMarker] = true;
  readonly #open: () => SetUpDevice;
  #asked: { readonly factor: FactorAsked; readonly at: SetUpDevice } | null = null;

  constructor(open: () => SetUpDevice) {
    this.#open = open;
  }

  /** The second factors that one of must be given. Throws core's PASSWORD_WRONG. */
  async begin(password: string): Promise<readonly FactorOffer[]> {
    const at = this.#open();
    const factor = await at.device.beginLettingGo(password);
    this.#asked = { factor, at };
    return factor.offers;
  }

  async sendLoginCode(language: Language): Promise<CodeSent> {
    return this.#awaited().factor.sendCode(language);
  }

  async answerFactor(answer: FactorAnswer): Promise<void> {
    await this.#give((factor) => factor.answer(answer));
  }

  async askLoginPasskey(): Promise<PasskeyAsked> {
    return this.#awaited().factor.askPasskey();
  }

  async answerPasskey(given: PasskeyGiven): Promise<void> {
    await this.#give((factor) => factor.answerPasskey(given));
  }

  /** What waited goes as soon as this device hears that it may. */
  async #give(give: (factor: FactorAsked) => Promise<unknown>): Promise<void> {
    const { factor, at } = this.#awaited();
    await give(factor);
    this.#asked = null;
    await at.practice.sync();
  }

  /** What was begun in a practice that was locked meanwhile ended with it. */
  #awaited() {
    if (this.#asked === null || this.#asked.at.practice !== this.#open().practice)
      throw new ReplicaError('SESSION_REFUSED', 'No second factor is awaited');
    return this.#asked;
  }
}
