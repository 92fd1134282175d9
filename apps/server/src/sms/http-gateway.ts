import { setTimeout as delay } from 'node:timers/promises';
import { ServerError } from '../error.ts';
import { errorCode, exchange, type HttpAnswer, type HttpRequest } from '../http-exchange.ts';
import type { GatewayConfig } from './gateway-config.ts';
import type { Sms, SmsMessage } from './sms.ts';
import { fillTemplate, parseTemplate, percentEncode } from './template.ts';

export type SmsFault = 'message' | 'unreachable' | 'refused' | 'answer' | 'timeout' | 'stopped';

const maxTextLength = 1000;
const retryMs = 500;

/**
 * Sends through a gateway that speaks HTTP. A message is handed over at most once: it is tried a second time only where
 * the connection was refused, so that the gateway cannot have read it. SMS_FAILED tells the fault as `fields.reason`,
 * and neither the number, the text nor what the gateway answered.
 */
export function createHttpGateway(config: GatewayConfig): Sms {
  return {
    isLocal: false,
    async send(message, signal) {
      assertMessage(message);
      const deadline = AbortSignal.timeout(config.timeoutMs);
      const stop = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
      let answer: HttpAnswer;
      try {
        answer = await exchangeOrRetry(fillRequest(config, message), stop);
      } catch (cause) {
        // Without its cause: a parser's error carries what it had read.
        throw smsFailed(signal?.aborted ? 'stopped' : deadline.aborted ? 'timeout' : 'unreachable', {
          error: errorCode(cause),
        });
      }
      const { status, bodyMatches } = config.success;
      const isTaken = answer.status >= status[0] && answer.status <= status[1];
      if (!isTaken) throw smsFailed('refused', { status: answer.status });
      if (answer.text === null) throw smsFailed('answer', { status: answer.status });
      if (bodyMatches !== null && !bodyMatches.test(answer.text)) throw smsFailed('refused', { status: answer.status });
    },
  };
}

function assertMessage({ to, text }: SmsMessage): void {
  const isText = text !== '' && text.length <= maxTextLength && text.isWellFormed() && !/[^\P{Cc}\n]/u.test(text);
  if (!(isText && /^\+[1-9][0-9]{6,14}$/.test(to))) throw smsFailed('message', {});
}

function fillRequest(config: GatewayConfig, { to, text }: SmsMessage): HttpRequest {
  const values = new Map([...config.fixed, ['to', to], ['toDigits', to.slice(1)], ['text', text]]);
  const plain = (value: string) => value;
  return {
    method: config.method,
    url: new URL(fillTemplate(config.url, values, percentEncode)),
    headers: Object.fromEntries(config.headers.map(([name, value]) => [name, fillTemplate(value, values, plain)])),
    body: bodyText(config.body, values),
  };
}

function bodyText(body: GatewayConfig['body'], values: ReadonlyMap<string, string>): string | null {
  if (body === null) return null;
  if (body.kind === 'form') return fillTemplate(body.template, values, percentEncode);
  return JSON.stringify(body.value, (_name, item: unknown) => {
    const template = typeof item === 'string' ? parseTemplate(item) : null;
    return template === null ? item : fillTemplate(template, values, (value) => value);
  });
}

async function exchangeOrRetry(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
  try {
    return await exchange(request, signal);
  } catch (cause) {
    if (errorCode(cause) !== 'ECONNREFUSED') throw cause;
    await delay(retryMs, undefined, { signal });
    return exchange(request, signal);
  }
}

function smsFailed(reason: SmsFault, facts: { status?: number; error?: string | null }): ServerError {
  return new ServerError('SMS_FAILED', 'The SMS was not sent', {
    fields: { reason, ...facts },
    hint: 'What each reason means is in docs/security/sms.md.',
  });
}
