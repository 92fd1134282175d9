import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a host of lists and responders answers at a path: bytes, or what is done with the answer. */
export type PkiAnswer =
  | Uint8Array
  | ((request: Uint8Array) => Promise<Uint8Array>)
  | ((request: IncomingMessage, response: ServerResponse) => void);

export interface PkiHost {
  /** `127.0.0.1:port`. */
  readonly host: string;
  readonly answers: Map<string, PkiAnswer>;
  /** Paths that were asked for, in order. */
  readonly asked: string[];
  url(path: string): string;
  close(): Promise<void>;
}

/** A host of certificate lists and OCSP on loopback. */
export async function startPkiHost(): Promise<PkiHost> {
  const answers = new Map<string, PkiAnswer>();
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    const answer = answers.get(path);
    if (answer === undefined) response.writeHead(404).end();
    else if (answer instanceof Uint8Array) response.end(answer);
    else if (answer.length === 2) (answer as (a: IncomingMessage, b: ServerResponse) => void)(request, response);
    else respond(request, response, answer as (bytes: Uint8Array) => Promise<Uint8Array>);
  });
  await listen(server);
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    host,
    answers,
    asked,
    url: (path) => `http://${host}${path}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (bytes: Uint8Array) => Promise<Uint8Array>,
): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  try {
    response.end(await answer(new Uint8Array(Buffer.concat(parts))));
  } catch {
    response.writeHead(500).end();
  }
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
}
