import { randomBytes } from 'node:crypto';
import type { Bytes } from '@serment/core/bytes';
import type { OperatorPasswordGiven } from '@serment/core/wire/operator';
import type { PasskeyGiven } from '@serment/core/wire/passkey';
import type { Operator, Operators } from '@serment/store/operators';
import type { FastifyRequest } from 'fastify';
import { ServerError } from '../error.ts';
import { ExpiringMap } from '../expiring-map.ts';
import { passkeyCounter, toText } from '../passkey-check.ts';
import { ownOrigin } from '../same-origin.ts';
import { totpStepOf } from '../sign-in/totp-step.ts';
import { OperatorPasswords } from './operator-passwords.ts';

interface FactorOptions {
  readonly operators: Operators;
  readonly publicUrl: URL | null;
  readonly clock: () => number;
}

const challengeMs = 2 * 60_000;
/** Nobody's: its code is looked at as anybody's is. */
const noSecret = new Uint8Array(20);

/** What an operator proves to be one by. What is refused is refused in the same words (OPERATOR_REFUSED), whoever asks. */
export class OperatorFactors {
  readonly passwords = new OperatorPasswords();
  readonly #options: FactorOptions;
  readonly #challenges: ExpiringMap<true>;

  constructor(options: FactorOptions) {
    this.#options = options;
    this.#challenges = new ExpiringMap(options.clock);
  }

  /** 32 bytes for a passkey to sign, once, within two minutes. */
  challenge(): Bytes {
    const challenge = new Uint8Array(randomBytes(32));
    this.#challenges.put(toText(challenge), true, challengeMs);
    return challenge;
  }

  /** Whose passkey signed. Throws OPERATOR_REFUSED. */
  async byPasskey(request: FastifyRequest, given: PasskeyGiven): Promise<Operator> {
    const { operators, publicUrl } = this.#options;
    const known = await operators.findByCredential(given.credential);
    if (known === null) throw operatorRefused();
    const takes = (challenge: string) => this.#challenges.take(challenge) !== null;
    const counter = await passkeyCounter(given, known, { takes, origin: ownOrigin(request, publicUrl) });
    if (counter === null || !(await operators.passCounter(known, counter))) throw operatorRefused();
    return known;
  }

  /** Whose password and code these are, neither tried without the other. Throws OPERATOR_REFUSED, THROTTLED. */
  async byPassword({ name, password, totp }: OperatorPasswordGiven): Promise<Operator> {
    const { operators, clock } = this.#options;
    const known = await operators.findByName(name);
    const isRight = await this.passwords.isRight(password, known);
    const step = totpStepOf(known?.totpSecret ?? noSecret, totp, clock());
    // A step is used up by its operator alone: a guess takes nothing from anybody.
    if (known === null || !isRight || step === null || !(await operators.spendStep(known, step)))
      throw operatorRefused();
    return known;
  }
}

export function operatorRefused(): ServerError {
  return new ServerError('OPERATOR_REFUSED', 'This opens no operator’s session');
}
