import type { Language } from '@serment/core/wire/factor';
import { ServerError } from '../error.ts';

export interface SmsMessage {
  /** In E.164. */
  readonly to: string;
  readonly text: string;
}

/** What sends an SMS. A code is a gate of the server, never a key: whoever reads the SMS opens no record with it. */
export interface Sms {
  /** Nothing leaves this machine: the code is shown on the screen instead. */
  readonly isLocal: boolean;
  /** Settles once the gateway has taken the message. Throws SMS_FAILED and SMS_UNAVAILABLE. */
  send(message: SmsMessage, signal?: AbortSignal): Promise<void>;
}

export interface CodeTextOptions {
  /** Six digits. */
  readonly code: string;
  /** Name under which browsers reach the server: no scheme, no port. */
  readonly host: string;
  readonly language: Language;
}

/** Characters of one SMS in the alphabet of GSM 03.38. */
const maxLength = 160;
const hostName = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*$/;

/**
 * Text of a code, in one SMS. Its last line binds the code to the host, so that browsers offer it there and nowhere
 * else (WICG, Origin-bound one-time codes, section 3). A host that no such line can carry, an address in brackets or a
 * name too long for one SMS, gets the sentence alone. Throws INTERNAL for a code that is not six digits.
 */
export function codeText({ code, host, language }: CodeTextOptions): string {
  if (!/^[0-9]{6}$/.test(code)) throw new ServerError('INTERNAL', 'A code has six digits');
  // Every character is of the GSM alphabet: one outside it would halve what an SMS holds.
  const sentence = {
    fr: `${code} est votre code Serment. Ne le donnez à personne.`,
    en: `${code} is your Serment code. Give it to nobody.`,
  }[language];
  const bound = `${sentence}\n\n@${host} #${code}`;
  return hostName.test(host) && bound.length <= maxLength ? bound : sentence;
}
