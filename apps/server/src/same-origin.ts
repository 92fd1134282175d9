import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ServerError } from './error.ts';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);
/** A Host header that names this machine alone. */
export const loopbackHost = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/;

/**
 * Refuses what another site's page makes a browser send: changes from another origin and, on loopback, any name that is
 * not this machine's own (a foreign name can be made to resolve to it). Programs that send neither header pass: a
 * page's request is told by them, and sessions are never sent by themselves.
 */
export function refuseForeignOrigins(app: FastifyInstance, publicUrl: URL | null): void {
  app.addHook('onRequest', async (request) => {
    const host = request.headers.host ?? '';
    if (publicUrl === null && !loopbackHost.test(host)) throw forbidden();
    if (!(safeMethods.has(request.method) || isSameOrigin(request, publicUrl))) throw forbidden();
  });
}

function isSameOrigin(request: FastifyRequest, publicUrl: URL | null): boolean {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  const { origin, host } = request.headers;
  if (origin === undefined) return true;
  return origin === (publicUrl?.origin ?? `http://${host}`);
}

function forbidden(): ServerError {
  return new ServerError('ORIGIN_FORBIDDEN', 'Another site asked for this');
}
