import { request as requestByHttp } from 'node:http';
import { request as requestByHttps } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import { readAtMost } from '@serment/store/bounded-read';
import { ServerError } from '../error.ts';
import type { GatewayConfig } from './gateway-config.ts';
import type { Sms, SmsMessage } from './sms.ts';
import { fillTemplate, parseTemplate, percentEncode } from './template.ts';

export type SmsFault = 'message' | 'unreachable' | 'refused' | 'answer' | 'timeout' | 'stopped';

interface GatewayRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

interface GatewayAnswer {
  readonly status: number;
  /** Null when it is larger than what is read. */
  readonly text: string | null;
}

const maxTextLength = 1000;
const maxAnswerBytes = 65_536;
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
      let answer: GatewayAnswer;
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

function fillRequest(config: GatewayConfig, { to, text }: SmsMessage): GatewayRequest {
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

async function exchangeOrRetry(request: GatewayRequest, signal: AbortSignal): Promise<GatewayAnswer> {
  try {
    return await exchange(request, signal);
  } catch (cause) {
    if (errorCode(cause) !== 'ECONNREFUSED') throw cause;
    await delay(retryMs, undefined, { signal });
    return exchange(request, signal);
  }
}

function exchange({ method, url, headers, body }: GatewayRequest, signal: AbortSignal): Promise<GatewayAnswer> {
  const start = url.protocol === 'https:' ? requestByHttps : requestByHttp;
  return new Promise((resolve, reject) => {
    // A connection of its own: one kept from before may end just as the message goes out. Redirections are not
    // followed, and the certificate is checked whatever the environment says.
    const request = start(url, { method, headers, signal, agent: false, rejectUnauthorized: true }, (response) => {
      readAtMost(response, maxAnswerBytes).then(
        (bytes) => {
          const text = bytes === null ? null : new TextDecoder().decode(bytes);
          resolve({ status: response.statusCode ?? 0, text });
        },
        (cause: unknown) => reject(cause),
      );
    });
    request.on('error', reject);
    // Another protocol instead of an answer: unheard, it would leave this waiting for ever, past its deadline.
    request.on('upgrade', ({ statusCode = 0 }, socket) => {
      socket.destroy();
      resolve({ status: statusCode, text: null });
    });
    if (body === null) request.end();
    else request.end(body, 'utf8');
  });
}

function errorCode(cause: unknown): string | null {
  const code = cause instanceof Error && 'code' in cause ? cause.code : null;
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? code : null;
}

function smsFailed(reason: SmsFault, facts: { status?: number; error?: string | null }): ServerError {
  return new ServerError('SMS_FAILED', 'The SMS was not sent', {
    fields: { reason, ...facts },
    hint: 'What each reason means is in docs/security/sms.md.',
  });
}
