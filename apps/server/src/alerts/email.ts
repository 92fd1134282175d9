import { setTimeout as delay } from 'node:timers/promises';
import { createTransport } from 'nodemailer';
import { ServerError } from '../error.ts';
import { errorCode, isTlsFault } from '../http-exchange.ts';
import type { EmailConfig } from './alert-config.ts';
import { type AlertChannel, type AlertFault, alertFailed, shownAnswer } from './channel.ts';
import type { AlertMessage } from './message.ts';

// A server says a few lines; what it says without end is not kept.
const maxResponseBytes = 65_536;
const faults: Readonly<Record<string, AlertFault>> = {
  EAUTH: 'credentials',
  ENOAUTH: 'credentials',
  EOAUTH2: 'credentials',
  ETLS: 'insecure',
  EENVELOPE: 'refused',
  EMESSAGE: 'refused',
  ETIMEDOUT: 'timeout',
  EPROTOCOL: 'answer',
};

/** Mail by SMTP, to one address, over TLS off loopback. A connection serves one message: a day has few. */
export function emailChannel({ name, perHour, to, from, smtp }: EmailConfig): AlertChannel {
  const { host, port, security, login, ca, timeoutMs } = smtp;
  return {
    ...{ name, perHour },
    async send(message) {
      const transport = createTransport({
        ...{ host, port, secure: security === 'tls', requireTLS: security === 'starttls' },
        ...(security === 'none' ? { ignoreTLS: true } : {}),
        ...(login === null ? {} : { auth: { user: login.user, pass: login.password } }),
        tls: { rejectUnauthorized: true, minVersion: 'TLSv1.2', ...(ca === null ? {} : { ca }) },
        ...{
          connectionTimeout: timeoutMs,
          greetingTimeout: timeoutMs,
          socketTimeout: timeoutMs,
          dnsTimeout: timeoutMs,
        },
        maxResponseSize: maxResponseBytes,
        ...{ disableFileAccess: true, disableUrlAccess: true },
      });
      const ended = new AbortController();
      try {
        // Each wait of the transport is bounded, and all of them together are not: a server may answer a letter a second.
        const late = delay(timeoutMs, null, { signal: ended.signal });
        const info = await Promise.race([transport.sendMail(mailOf(message, { to, from })), late]);
        if (info === null) throw alertFailed('timeout');
        return shownAnswer(info.response);
      } catch (cause) {
        throw failureOf(cause);
      } finally {
        ended.abort();
        transport.close();
      }
    },
  };
}

function mailOf({ id, subject, text }: AlertMessage, { to, from }: { to: string; from: string }) {
  return {
    ...{ to, from, subject, text },
    // The same for the same message sent again, so that a mailbox may know it.
    messageId: `<${id}@${from.slice(from.indexOf('@') + 1)}>`,
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** Without its cause: a transport's error carries what the server wrote. */
function failureOf(cause: unknown): unknown {
  if (cause instanceof ServerError || !(cause instanceof Error)) return cause;
  const kind = errorCode(cause);
  // The transport keeps a code of the system, or of TLS, under another name.
  const below = 'originalCode' in cause ? errorCode({ ...cause, code: cause.originalCode }) : null;
  const error = below ?? kind;
  const status = 'responseCode' in cause && typeof cause.responseCode === 'number' ? cause.responseCode : null;
  return alertFailed(isTlsFault(error) ? 'insecure' : (faults[kind ?? ''] ?? 'unreachable'), { error, status });
}
