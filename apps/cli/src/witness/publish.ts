import { createServer, type Server, type ServerResponse } from 'node:http';
import { CliError } from '../error.ts';
import { pagePolicy } from './page.ts';

/** What is published now. */
export interface Published {
  readonly page: string;
  readonly feed: string;
}

/**
 * Serves the page at `/` and the feed at `/feed.json`, and nothing else. Behind whatever speaks TLS. Throws WITNESS_ADDRESS.
 */
export async function publish(port: number, host: string, current: () => Published): Promise<Server> {
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 10_000 }, (request, response) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (isRead && request.url === '/') answer(response, 'text/html; charset=utf-8', current().page);
    else if (isRead && request.url === '/feed.json') answer(response, 'application/feed+json', current().feed);
    else response.writeHead(isRead ? 404 : 405).end();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new CliError('WITNESS_ADDRESS', 'The page of the witness cannot be served at this address', {
          cause,
          hint: 'Give another --port, or another --host.',
        }),
      ),
    );
    server.listen(port, host, resolve);
  });
  return server;
}

function answer(response: ServerResponse, type: string, body: string): void {
  response
    .writeHead(200, {
      'content-type': type,
      'cache-control': 'no-cache',
      'content-security-policy': pagePolicy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    })
    .end(body);
}
