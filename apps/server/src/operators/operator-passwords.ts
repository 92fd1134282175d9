import { randomBytes, scrypt } from 'node:crypto';
import { type Bytes, equalSecret } from '@serment/core/bytes';
import { ServerError } from '../error.ts';

export interface HashedPassword {
  readonly salt: Bytes;
  readonly hash: Bytes;
}

const minLength = 14;
const hashBytes = 32;
// 128 MiB and a good third of a second: what OWASP asks for at least of scrypt.
const cost = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 1024 * 1024 };
/** Who waits for more than these has to come back. */
const maxWaiting = 16;
const nobody: HashedPassword = { salt: new Uint8Array(16), hash: new Uint8Array(hashBytes) };

/** Passwords of operators, hashed one at a time: whoever tries many neither fills the memory nor takes every core. */
export class OperatorPasswords {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** Throws OPERATOR_PASSWORD_WEAK, THROTTLED. */
  async make(password: string): Promise<HashedPassword> {
    if (password.normalize('NFC').length < minLength || new Set(password).size < 5) {
      throw new ServerError('OPERATOR_PASSWORD_WEAK', 'The password is too short', {
        fields: { least: minLength },
        hint: 'Choose a few words that do not go together.',
      });
    }
    const salt = new Uint8Array(randomBytes(16));
    return { salt, hash: await this.#hash(password, salt) };
  }

  /** Takes as long for nobody's (null) as for an operator's. Throws THROTTLED. */
  async isRight(password: string, known: HashedPassword | null): Promise<boolean> {
    const { salt, hash } = known ?? nobody;
    return equalSecret(await this.#hash(password, salt), hash) && known !== null;
  }

  async #hash(password: string, salt: Bytes): Promise<Bytes> {
    if (this.#waiting >= maxWaiting) throw new ServerError('THROTTLED', 'Too many tries', { fields: { seconds: 10 } });
    this.#waiting += 1;
    try {
      const turn = this.#last.then(() => derive(password, salt));
      this.#last = turn.catch(() => undefined);
      return await turn;
    } finally {
      this.#waiting -= 1;
    }
  }
}

function derive(password: string, salt: Bytes): Promise<Bytes> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFC'), salt, hashBytes, cost, (error, key) => {
      if (error === null) resolve(new Uint8Array(key));
      else reject(error);
    });
  });
}
