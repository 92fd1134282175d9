import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { answerError } from './error-answer.ts';
import { documentFrameScripts } from './routes/web.ts';
import { refuseForeignOrigins } from './same-origin.ts';
import { addSecurityHeaders } from './security-headers.ts';

export interface ListenerOptions {
  /** Folder of the built web application. */
  readonly webDir: string;
  /** Address under which browsers reach it; null on loopback. */
  readonly publicUrl: URL | null;
  readonly isHttps: boolean;
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
/** A connection on which nothing was asked for so long was opened in advance. */
const silentMs = 1_000;

/** What every listener that browsers reach has before its first route: limits, headers, errors, who may not ask. */
export function openListener(options: ListenerOptions): FastifyInstance {
  const { log, https, webDir, publicUrl, isHttps, trustedProxies = [] } = options;
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
  addSecurityHeaders(app, { isHttps, inlineScripts: documentFrameScripts(webDir) });
  refuseForeignOrigins(app, publicUrl);
  app.addHook('onRequest', async (request, reply) => {
    if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store');
  });
  app.removeAllContentTypeParsers();
  const types = ['application/cbor', 'application/octet-stream'];
  app.addContentTypeParser(types, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  return app;
}

/**
 * A stop ends the connections that are idle as it begins. One whose request was under way becomes idle after that, and
 * would be waited for until a client that keeps it open has kept it long enough: it is ended with its answer. One that a
 * client opened in advance, and on which it never asked for anything, is no idle one to Node, and would be waited for too.
 */
function endIdleConnections(app: FastifyInstance): void {
  const silent = new Map<string, { readonly socket: Socket; readonly since: number }>();
  app.server.on('connection', (socket: Socket) => {
    const peer = peerOf(socket);
    silent.set(peer, { socket, since: performance.now() });
    socket.once('close', () => {
      if (silent.get(peer)?.socket === socket) silent.delete(peer);
    });
  });
  // Of TLS it is another socket, of the same peer.
  app.server.on('request', ({ socket }: IncomingMessage) => silent.delete(peerOf(socket)));
  app.addHook('preClose', async () => {
    if (!app.server.listening) return;
    const timer = setInterval(() => {
      app.server.closeIdleConnections();
      for (const { socket, since } of silent.values()) if (performance.now() - since > silentMs) socket.destroy();
    }, endIdleMs);
    app.server.once('close', () => clearInterval(timer));
  });
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress}/${remotePort}`;
}
