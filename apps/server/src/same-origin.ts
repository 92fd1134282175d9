import { isLoopbackHostHeader } from '@serment/store/loopback';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ServerError } from './error.ts';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses what another site's page makes a browser send: changes from another origin and, on loopback, any name that is
 * not this machine's own (a foreign name can be made to resolve to it). Programs that send neither header pass: a
 * page's request is told by them, and sessions are never sent by themselves.
 */
export function refuseForeignOrigins(app: FastifyInstance, publicUrl: URL | null): void {
  app.addHook('onRequest', async (request) => {
    if (publicUrl === null && !isLoopbackHostHeader(request.headers.host ?? '')) throw forbidden();
    if (safeMethods.has(request.method)) return;
    refuseForeignSite(request);
    if (!isOwnOrigin(request, publicUrl)) throw forbidden();
  });
}

/** Refuses, whatever the method, what a browser says another site's page made it send. Throws ORIGIN_FORBIDDEN. */
export function refuseForeignSite({ headers }: FastifyRequest): void {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw forbidden();
}

/** The origin that this request's browser knows the server by. */
export function ownOrigin({ headers }: FastifyRequest, publicUrl: URL | null): string {
  return publicUrl?.origin ?? `http://${headers.host}`;
}

function isOwnOrigin(request: FastifyRequest, publicUrl: URL | null): boolean {
  const { origin } = request.headers;
  return origin === undefined || origin === ownOrigin(request, publicUrl);
}

function forbidden(): ServerError {
  return new ServerError('ORIGIN_FORBIDDEN', 'Another site asked for this');
}
