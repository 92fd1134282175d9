import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { notFound } from '../error.ts';

const absentPage = `<!doctype html><html lang="fr"><meta charset="utf-8"><title>Serment</title>
<p>L’application n’est pas construite : <code>npm run build</code>.</p>
<p lang="en">The application is not built: <code>npm run build</code>.</p></html>
`;

/**
 * A page of the web application, built by Vite, and its files: those under `assets` carry their hash in their name and
 * never change. The console of the host stands in a folder of its own, which its own listener serves.
 */
export async function addWebRoutes(app: FastifyInstance, webDir: string, page: string): Promise<void> {
  const isBuilt = existsSync(join(webDir, page));
  if (isBuilt) {
    await app.register(fastifyStatic, {
      root: webDir,
      // Each file has its route from the start on: to look one up, the whole folder would be listed at each request.
      wildcard: false,
      globIgnore: ['**/*.{br,gz}', 'console/**'],
      index: page,
      // The build leaves each file compressed beside itself.
      preCompressed: true,
      cacheControl: false,
      setHeaders(reply, path) {
        reply.header('cache-control', cachingOf(relative(webDir, path)));
      },
    });
  }
  app.setNotFoundHandler(async (request, reply) => {
    const isPage = request.method === 'GET' && (request.headers.accept ?? '').includes('text/html');
    if (!isPage || /^\/(?:api|assets)\//.test(request.url)) throw notFound();
    reply.header('cache-control', 'no-cache');
    if (isBuilt) return reply.sendFile(page);
    return reply.type('text/html; charset=utf-8').send(absentPage);
  });
}

/** A browser looks for the icon again at each change of address: for a day it keeps the one that it has. */
function cachingOf(path: string): string {
  if (/^assets[\\/]/.test(path)) return 'public, max-age=31536000, immutable';
  return /^(?:favicon\.svg$|icons[\\/])/.test(path) ? 'public, max-age=86400' : 'no-cache';
}

/** The scripts of the frames that show documents, as a Content-Security-Policy names them; none before the build. */
export function documentFrameScripts(webDir: string): string[] {
  return globSync('assets/{pdf,picture}-frame-*.js', { cwd: webDir })
    .sort()
    .map((path) => {
      const hash = createHash('sha256')
        .update(readFileSync(join(webDir, path)))
        .digest('base64');
      return `'sha256-${hash}'`;
    });
}
