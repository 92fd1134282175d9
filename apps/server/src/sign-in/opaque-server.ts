import { server as opaque, ready } from '@serenity-kit/opaque';
import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { ServerError } from '../error.ts';

/** The server's side of OPAQUE (RFC 9807), for accounts and PINs alike: `id` is 16 bytes. */
export class OpaqueServer {
  readonly #setup: string;

  constructor(setup: string) {
    this.#setup = setup;
  }

  /** The answer to a registration request. Throws REQUEST_INVALID for a message that is none. */
  async register(id: Bytes, registrationRequest: string): Promise<string> {
    await ready;
    const userIdentifier = bytesToHex(id);
    return readable(() => {
      const parts = { serverSetup: this.#setup, userIdentifier, registrationRequest };
      return opaque.createRegistrationResponse(parts).registrationResponse;
    });
  }

  /** Begins a login; without a record it goes on as any other and fails at its end. Throws REQUEST_INVALID. */
  async start(
    id: Bytes,
    record: string | null,
    startLoginRequest: string,
  ): Promise<{ state: string; response: string }> {
    await ready;
    const userIdentifier = bytesToHex(id);
    return readable(() => {
      const { serverLoginState: state, loginResponse: response } = opaque.startLogin({
        ...{ serverSetup: this.#setup, userIdentifier, registrationRecord: record, startLoginRequest },
        identifiers: { client: userIdentifier, server: 'serment' },
      });
      return { state, response };
    });
  }

  /** Ends a login. Throws PASSWORD_WRONG. */
  async finish(id: Bytes, serverLoginState: string, finishLoginRequest: string): Promise<void> {
    await ready;
    try {
      const identifiers = { client: bytesToHex(id), server: 'serment' };
      opaque.finishLogin({ serverLoginState, finishLoginRequest, identifiers });
    } catch {
      throw wrongPassword();
    }
  }
}

/** The same for an unknown account, an unknown device of it, a late login and a wrong password. */
export function wrongPassword(): ServerError {
  return new ServerError('PASSWORD_WRONG', 'The account or the password is wrong');
}

function readable<Result>(run: () => Result): Result {
  try {
    return run();
  } catch (cause) {
    throw new ServerError('REQUEST_INVALID', 'The sign-in message is malformed', { cause });
  }
}
