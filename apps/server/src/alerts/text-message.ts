import { CodedError } from '@serment/core/error';
import type { Sms } from '../sms/sms.ts';
import type { TextConfig } from './alert-config.ts';
import { type AlertChannel, alertFailed } from './channel.ts';

/** By the gateway that sends codes (docs/security/sms.md). */
export function textChannel({ name, perHour, to }: TextConfig, sms: Sms): AlertChannel {
  return {
    ...{ name, perHour },
    async send({ short }) {
      try {
        await sms.send({ to, text: gsmText(short) });
        return sms.isLocal ? 'nothing sent: no gateway, on loopback' : 'taken by the gateway';
      } catch (cause) {
        const reason = cause instanceof CodedError ? cause.fields.reason : null;
        throw alertFailed(reason === 'timeout' || reason === 'unreachable' ? reason : 'refused', {
          error: typeof reason === 'string' ? reason : null,
        });
      }
    },
  };
}

/** Of the alphabet of GSM 03.38, the part that every telephone shows. */
const gsm = /^[A-Za-z0-9 \n@£$¥èéùìòÇØøÅåÆæßÉÄÖÑÜäöñüà_!"#%&'()*+,./:;<=>?-]$/u;
/** Two parts of a message of several. */
const maxLength = 306;

/** A text in that alphabet, in two parts at most: what it lacks is written without its accent, or as a question mark. */
export function gsmText(text: string): string {
  const plain = text
    .normalize('NFC')
    .replaceAll(/[’‘]/g, "'")
    .replaceAll(/« | »|[“”]/g, '"');
  const letters = [...plain].map((letter) => {
    if (gsm.test(letter)) return letter;
    const bare = letter.normalize('NFD').replaceAll(/\p{M}/gu, '');
    return bare.length === 1 && gsm.test(bare) ? bare : '?';
  });
  return letters.length <= maxLength ? letters.join('') : `${letters.slice(0, maxLength - 3).join('')}...`;
}
