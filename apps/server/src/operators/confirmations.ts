import { bytesToHex } from '@serment/core/bytes';
import { ServerError } from '../error.ts';
import { ExpiringMap } from '../expiring-map.ts';
import type { OperatorCaller } from './operator-guard.ts';

const lifeMs = 10 * 60_000;

/** Sessions whose operators proved who they are once more: each good for ten minutes, and for one grave act. */
export class Confirmations {
  readonly #confirmed: ExpiringMap<true>;

  constructor(clock: () => number) {
    this.#confirmed = new ExpiringMap(clock);
  }

  note({ token }: OperatorCaller): void {
    this.#confirmed.put(bytesToHex(token), true, lifeMs);
  }

  /** Throws OPERATOR_UNCONFIRMED. */
  check({ token }: OperatorCaller): void {
    if (this.#confirmed.get(bytesToHex(token)) === null) throw unconfirmed();
  }

  /** The same, and it is used up. */
  spend({ token }: OperatorCaller): void {
    if (this.#confirmed.take(bytesToHex(token)) === null) throw unconfirmed();
  }
}

function unconfirmed(): ServerError {
  return new ServerError('OPERATOR_UNCONFIRMED', 'Who asks for this proves who it is once more', {
    hint: 'Give the passkey, or the password and a code that has not served.',
  });
}
