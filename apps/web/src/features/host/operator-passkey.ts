import type { Bytes } from '@serment/core/bytes';
import type { OperatorOffer } from '@serment/core/wire/operator';
import type { PasskeyGiven, PasskeyMade } from '@serment/core/wire/passkey';
import { givePasskey, madeOf, make } from '../unlock/passkey.ts';

/** Makes a passkey that the authenticator finds again by itself, without a name. Throws as `make` does. */
export async function makeOperatorPasskey({ operator, name, challenge }: OperatorOffer): Promise<PasskeyMade> {
  const terms = { challenge, user: operator, known: [], residentKey: 'required', extensions: {} } as const;
  return madeOf(await make(name, terms));
}

/** Asks for any passkey of this host's name. Throws as `givePasskey` does. */
export function askOperatorPasskey(challenge: Bytes): Promise<PasskeyGiven> {
  return givePasskey({ challenge, credentials: [] });
}
