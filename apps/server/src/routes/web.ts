import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { notFound } from '../error.ts';
import { documentFrame, documentFrameHeaders } from '../security-headers.ts';

const absentPage = `<!doctype html><html lang="fr"><meta charset="utf-8"><title>Serment</title>
<p>L’application n’est pas construite : <code>npm run build</code>.</p>
<p lang="en">The application is not built: <code>npm run build</code>.</p></html>
`;

/** The web application, built by Vite: files under `assets` carry their hash in their name and never change. */
export async function addWebRoutes(app: FastifyInstance, webDir: string): Promise<void> {
  const isBuilt = existsSync(join(webDir, 'index.html'));
  if (isBuilt) {
    await app.register(fastifyStatic, {
      root: webDir,
      wildcard: true,
      // The build leaves each file compressed beside itself.
      preCompressed: true,
      cacheControl: false,
      setHeaders(reply, path) {
        const isHashed = path.startsWith(join(webDir, 'assets'));
        reply.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
        // The page that shows documents has no origin, and asks for its scripts as a stranger would.
        if (isHashed) reply.header('access-control-allow-origin', '*');
        if (path.replace(/\.(?:br|gz)$/, '') === join(webDir, documentFrame)) reply.headers(documentFrameHeaders);
      },
    });
  }
  app.setNotFoundHandler(async (request, reply) => {
    const isPage = request.method === 'GET' && (request.headers.accept ?? '').includes('text/html');
    if (!isPage || /^\/(?:api|assets)\//.test(request.url)) throw notFound();
    reply.header('cache-control', 'no-cache');
    if (isBuilt) return reply.sendFile('index.html');
    return reply.type('text/html; charset=utf-8').send(absentPage);
  });
}
