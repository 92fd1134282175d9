import { createHmac } from 'node:crypto';
import { errorCode, exchange, type HttpAnswer, isTlsFault } from '../http-exchange.ts';
import type { WebhookConfig } from './alert-config.ts';
import { type AlertChannel, alertFailed, shownAnswer } from './channel.ts';

/**
 * A signed POST of JSON, as https://www.standardwebhooks.com has it: `webhook-signature` is the HMAC-SHA-256 of id, time
 * and body under the secret. Redirections are not followed.
 */
export function webhookChannel({ name, perHour, url, secret, timeoutMs }: WebhookConfig): AlertChannel {
  return {
    ...{ name, perHour },
    async send({ id, time, json }) {
      const seconds = Math.floor(time / 1000);
      const signature = createHmac('sha256', secret).update(`${id}.${seconds}.${json}`).digest('base64');
      const headers = {
        ...{ 'content-type': 'application/json', 'user-agent': 'Serment' },
        ...{ 'webhook-id': id, 'webhook-timestamp': String(seconds), 'webhook-signature': `v1,${signature}` },
      };
      const deadline = AbortSignal.timeout(timeoutMs);
      let answer: HttpAnswer;
      try {
        answer = await exchange({ method: 'POST', url, headers, body: json }, deadline);
      } catch (cause) {
        if (deadline.aborted) throw alertFailed('timeout');
        const error = errorCode(cause);
        throw alertFailed(isTlsFault(error) ? 'insecure' : error?.startsWith('HPE_') ? 'answer' : 'unreachable', {
          error,
        });
      }
      const { status, text } = answer;
      if (status >= 200 && status < 300) return shownAnswer(`${status} ${text ?? ''}`);
      throw alertFailed(status === 401 || status === 403 ? 'credentials' : 'refused', { status });
    },
  };
}
