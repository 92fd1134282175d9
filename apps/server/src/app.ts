import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { AppContext } from './app-context.ts';
import { answerError } from './error-answer.ts';
import { guardOperators } from './operators/operator-guard.ts';
import { Presences } from './presences.ts';
import { addAccountRoutes } from './routes/accounts.ts';
import { addCopyRoutes } from './routes/copies.ts';
import { addDocumentRoutes } from './routes/documents.ts';
import { addDraftRoutes } from './routes/drafts.ts';
import { addDrillRoutes } from './routes/drills.ts';
import { addEnrolmentRoutes } from './routes/enrolments.ts';
import { addEntryRoutes } from './routes/entries.ts';
import { addEventRoutes } from './routes/events.ts';
import { addFactorRoutes } from './routes/factors.ts';
import { addHealthRoutes } from './routes/health.ts';
import { addIdentityRoutes } from './routes/identity.ts';
import { addIdentityAccountRoutes } from './routes/identity-accounts.ts';
import { addLoginRoutes } from './routes/login.ts';
import { addOpenSessionRoutes } from './routes/open-sessions.ts';
import { addOperatorSignInRoutes } from './routes/operator-sign-in.ts';
import { addOperatorRoutes } from './routes/operators.ts';
import { addPinRoutes } from './routes/pins.ts';
import { addPracticeRoutes } from './routes/practices.ts';
import { addPresenceRoutes } from './routes/presence.ts';
import { addSessionRoutes } from './routes/sessions.ts';
import { addWebRoutes, documentFrameScripts } from './routes/web.ts';
import { addWitnessRoutes } from './routes/witness.ts';
import { refuseForeignOrigins } from './same-origin.ts';
import { addSecurityHeaders } from './security-headers.ts';
import { guardSessions } from './session-guard.ts';
import { createSignIn } from './sign-in/sign-in.ts';

export interface AppOptions extends AppContext {
  /** Folder of the built web application. */
  readonly webDir: string;
  readonly log?: FastifyBaseLogger;
  /** Key and certificate in PEM, when this process speaks TLS itself. */
  readonly https?: { readonly key: string; readonly cert: string };
  /** Addresses of proxies whose word on the client's address is taken. */
  readonly trustedProxies?: readonly string[];
}

const maxBodyBytes = 65_536;
/** A part of 8 MiB takes this long on a slow line. */
const requestMs = 300_000;
const headersMs = 20_000;
/** How often a server that stops looks for connections that have nothing under way any more. */
const endIdleMs = 50;

/** The HTTP application, ready to listen or to be asked through `inject()`. */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const { log, https, webDir, trustedProxies = [], ...context } = options;
  const shared = {
    bodyLimit: maxBodyBytes,
    requestTimeout: requestMs,
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle' as const,
    // Paths hold pseudonyms of practices and streams: what is logged is chosen line by line.
    logController: new LogController({ disableRequestLogging: true }),
    ...(log === undefined ? {} : { loggerInstance: log }),
  };
  const app: FastifyInstance =
    https === undefined ? fastify(shared) : (fastify({ ...shared, https }) as unknown as FastifyInstance);
  app.server.headersTimeout = headersMs;
  endIdleConnections(app);
  app.setErrorHandler(answerError);
  addSecurityHeaders(app, { isHttps: context.isHttps, inlineScripts: documentFrameScripts(webDir) });
  refuseForeignOrigins(app, context.publicUrl);
  guardSessions(app, context);
  guardOperators(app, context);
  app.addHook('onRequest', async (request, reply) => {
    if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store');
  });
  app.removeAllContentTypeParsers();
  const types = ['application/cbor', 'application/octet-stream'];
  app.addContentTypeParser(types, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  const signIn = createSignIn(context, app.log);
  const health = addHealthRoutes(app, context);
  addPracticeRoutes(app, context);
  addSessionRoutes(app, context);
  addEntryRoutes(app, context);
  addDocumentRoutes(app, context);
  addCopyRoutes(app, context);
  addDraftRoutes(app, context);
  addDrillRoutes(app, context);
  addWitnessRoutes(app, context);
  addAccountRoutes(app, context, signIn);
  addOpenSessionRoutes(app, context, signIn);
  addFactorRoutes(app, context, signIn);
  addLoginRoutes(app, context, signIn);
  addPinRoutes(app, context, signIn);
  addEnrolmentRoutes(app, context, signIn);
  addIdentityRoutes(app, context);
  addIdentityAccountRoutes(app, context, signIn);
  const presences = new Presences();
  addPresenceRoutes(app, context, presences);
  addEventRoutes(app, context, presences);
  addOperatorSignInRoutes(app, context);
  addOperatorRoutes(app, context, health);
  await addWebRoutes(app, webDir);
  return app;
}

/**
 * A stop ends the connections that are idle as it begins. One whose request was under way becomes idle after that, and
 * would be waited for until a client that keeps it open has kept it long enough: it is ended with its answer.
 */
function endIdleConnections(app: FastifyInstance): void {
  app.addHook('preClose', async () => {
    if (!app.server.listening) return;
    const timer = setInterval(() => app.server.closeIdleConnections(), endIdleMs);
    app.server.once('close', () => clearInterval(timer));
  });
}
