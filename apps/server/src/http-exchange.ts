import { request as requestByHttp } from 'node:http';
import { request as requestByHttps } from 'node:https';
import { readAtMost } from '@serment/store/bounded-read';

export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

export interface HttpAnswer {
  readonly status: number;
  /** Null when it is larger than what is read. */
  readonly text: string | null;
}

const maxAnswerBytes = 65_536;

/**
 * One request to a server that may be hostile, and its answer, of which 64 KiB are read. Throws what the connection
 * throws, and once `signal` is aborted.
 */
export function exchange({ method, url, headers, body }: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
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

/** The code of an error of the system, of TLS or of HTTP; null for another. */
export function errorCode(cause: unknown): string | null {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : null;
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? code : null;
}

/** Whether such a code says that the other side is not proven to be who it should. */
export function isTlsFault(code: string | null): boolean {
  return code !== null && /CERT|SELF_SIGNED|ALTNAME|UNABLE_TO|^ERR_(?:TLS|SSL)/.test(code);
}
