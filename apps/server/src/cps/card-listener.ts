import { constants } from 'node:crypto';
import { TLSSocket } from 'node:tls';
import { CodedError } from '@serment/core/error';
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { ServerError } from '../error.ts';
import { statusOf } from '../error-answer.ts';
import { type IdentityAttempts, unknownAttempt } from '../identity/attempts.ts';
import { Throttle } from '../throttle.ts';
import type { CpsOptions } from './cps-options.ts';
import { languageOf } from './language.ts';
import { pageSecurityPolicy, renderRefusal } from './refusal-page.ts';
import { type RefusalCode, refusals } from './refusals.ts';
import { createRevocation } from './revocation.ts';
import { verifyCard } from './verify-card.ts';

export interface CardListenerOptions {
  readonly cps: CpsOptions;
  readonly attempts: IdentityAttempts;
  /** Origin of the application, where the browser is sent back. */
  readonly appOrigin: string;
  readonly log?: FastifyBaseLogger;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

const cardsPerMinute = 30;
const maxConnections = 500;
const handshakeMs = 10_000;
const requestMs = 30_000;
const pageHeaders = {
  'content-security-policy': pageSecurityPolicy,
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  // The next proof is another handshake.
  connection: 'close',
};

/**
 * The https listener that asks the browser for a card (docs/security/cps.md), ready to listen. It answers one path,
 * `/card/<attempt>`: by a redirection that carries the proof's code to the application, or by a page that tells why
 * not. TLS proves that the card is there; it is told of every certificate, and `verifyCard` decides.
 */
export function buildCardListener(options: CardListenerOptions): FastifyInstance {
  const { cps, attempts, appOrigin, clock, log } = options;
  const revocation = createRevocation(cps.revocation);
  const byAddress = new Throttle({ limit: cardsPerMinute, windowMs: 60_000, clock });
  const refuse = refusing(appOrigin);
  const app = openListener(cps, refuse, log);
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(pageHeaders);
  });
  app.get<{ Params: { attempt: string } }>('/card/:attempt', async (request, reply) => {
    const { attempt } = request.params;
    byAddress.count(request.ip);
    // Before anything is asked outside: whoever began no attempt makes this server ask nobody.
    if (!attempts.isWaiting(attempt, 'cps')) throw unknownAttempt();
    const card = cardOf(request);
    const { nationalId } = await verifyCard({ card, authorities: cps.authorities, at: clock(), revocation });
    const code = attempts.prove(attempt, { method: 'cps', nationalId });
    return reply.redirect(`${appOrigin}/identity#${attempt}.${code}`, 303);
  });
  app.setErrorHandler(refuse);
  app.setNotFoundHandler((request, reply) => refuse(new ServerError('NOT_FOUND', 'No such page'), request, reply));
  return app;
}

type Refuse = (error: Error, request: FastifyRequest, reply: FastifyReply) => FastifyReply;

/** Answers an error by its page. */
function refusing(appOrigin: string): Refuse {
  return (error, request, reply) => {
    const code = codeOf(error);
    const { reason = null, reasons = null } = error instanceof CodedError ? error.fields : {};
    // Nothing of the certificate, nor of the address asked for.
    if (code === 'INTERNAL') request.log.error({ err: error }, 'card check failed');
    else request.log.info({ code, reason, reasons }, 'card refused');
    const language = languageOf(request.headers['accept-language']);
    const backUrl = `${appOrigin}/identity${fragmentOf(request, code)}`;
    return reply
      .code(code === 'INTERNAL' ? 500 : statusOf(new CodedError(code, '')))
      .headers({ ...pageHeaders, 'content-language': language, vary: 'accept-language' })
      .type('text/html; charset=utf-8')
      .send(renderRefusal({ code, language, backUrl }));
  };
}

function openListener({ tls, authorities }: CpsOptions, refuse: Refuse, log?: FastifyBaseLogger): FastifyInstance {
  const app = fastify({
    https: {
      ...tls,
      // The browser proposes the certificates of these authorities alone.
      ca: authorities.map(({ openssl }) => openssl.toString()),
      requestCert: true,
      // Whoever has no card, or a wrong one, is told so by a page: `verifyCard` is what decides.
      rejectUnauthorized: false,
      minVersion: 'TLSv1.2',
      ALPNProtocols: ['http/1.1'],
      // A session resumed would be a proof by a card that may have been taken out since.
      secureOptions: constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION,
      handshakeTimeout: handshakeMs,
    },
    requestTimeout: requestMs,
    bodyLimit: 1024,
    exposeHeadRoutes: false,
    // A path that cannot be decoded: Fastify's own answer would repeat it.
    frameworkErrors: refuse,
    forceCloseConnections: true,
    logController: new LogController({ disableRequestLogging: true }),
    ...(log === undefined ? {} : { loggerInstance: log }),
  }) as unknown as FastifyInstance;
  app.server.maxConnections = maxConnections;
  app.server.headersTimeout = handshakeMs;
  app.removeAllContentTypeParsers();
  return app;
}

/** The certificate whose key this connection's handshake has proven. Throws CARD_MISSING. */
function cardOf({ raw: { socket } }: FastifyRequest): Uint8Array {
  const card = socket instanceof TLSSocket && !socket.isSessionReused() ? socket.getPeerX509Certificate() : undefined;
  if (card === undefined) throw new ServerError('CARD_MISSING', 'No certificate was presented');
  return card.raw;
}

function codeOf(error: Error): RefusalCode {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'INTERNAL';
  if (Object.hasOwn(refusals, code)) return code as RefusalCode;
  // Fastify's own, for a path or a body that it cannot read.
  const status = 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
  return status < 500 ? 'NOT_FOUND' : 'INTERNAL';
}

/** What tells the application of the refusal: only for what has the form of an attempt. */
function fragmentOf({ params }: FastifyRequest, code: RefusalCode): string {
  const attempt: unknown = typeof params === 'object' && params !== null ? Reflect.get(params, 'attempt') : null;
  return typeof attempt === 'string' && /^[0-9a-f]{32}$/.test(attempt) ? `#${attempt}.error.${code}` : '';
}
