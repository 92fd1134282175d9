import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { bytesToHex, equalBytes } from '@serment/core/bytes';
import { governanceStream } from '@serment/core/journal/header';
import { consistencyProof, inclusionProof } from '@serment/core/journal/proof';
import { encodeProofAnswer } from '@serment/core/wire/read';
import { encodeChallenge, encodeSession } from '@serment/core/wire/session';
import { encodeGovernanceAnswer, parseCosignature } from '@serment/core/wire/witness';
import type { TestPractice } from '../../../../packages/core/test/journal/practice-fixture.ts';

/** A host that a test holds in its hand: what it shows, and how it lies. */
export interface MadeHost {
  readonly url: string;
  /** What it serves: a test puts another in its place. */
  practice: TestPractice;
  /** The note that it shows in the place of its newest. */
  note: string | null;
  /** Answers in its place; false lets it answer. */
  instead: (path: string, response: ServerResponse) => boolean;
  /** Cosignatures that it was given. */
  readonly given: string[];
  close(): Promise<void>;
}

export async function makeHost(practice: TestPractice): Promise<MadeHost> {
  const server = createServer((request, response) => {
    answer(host, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const host: MadeHost = {
    url: `http://127.0.0.1:${port}`,
    practice,
    note: null,
    instead: () => false,
    given: [],
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return host;
}

async function answer(host: MadeHost, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '', host.url);
  const body = await buffer(request);
  const send = (bytes: Uint8Array | string, status = 200) => response.writeHead(status).end(bytes);
  const path = url.pathname.replace(/^\/api\/practices\/[0-9a-f]+/, '');
  if (host.instead(path, response)) return;
  const { practice } = host;
  const number = (name: string) => Number(url.searchParams.get(name));
  if (path === '/api/challenges') send(encodeChallenge({ nonce: new Uint8Array(32), expires: 1 }));
  else if (path === '/api/sessions' && request.method === 'POST')
    send(encodeSession({ token: new Uint8Array(32), expires: 1 }));
  else if (path === '/api/sessions') response.writeHead(204).end();
  else if (!url.pathname.includes(bytesToHex(practice.practice))) refuse(response);
  else if (path === '/checkpoint') send(host.note ?? (await practice.checkpoint()));
  else if (path === '/proofs/consistency' && number('to') <= practice.size)
    send(encodeProofAnswer(await consistencyProof(number('from'), number('to'), practice.reader)));
  else if (path === '/proofs/inclusion' && number('size') <= practice.size)
    send(encodeProofAnswer(await inclusionProof(number('index'), number('size'), practice.reader)));
  else if (path === '/governance') {
    const entries = practice.entries.flatMap((entry, index) =>
      equalBytes(entry.header.stream, governanceStream) && index >= number('from')
        ? [[index, entry.bytes] as const]
        : [],
    );
    // Page by page, of a few.
    send(encodeGovernanceAnswer({ entries: entries.slice(0, 5), next: entries[5]?.[0] ?? null }));
  } else if (path === '/cosignature') {
    host.given.push(parseCosignature(new Uint8Array(body)));
    response.writeHead(204).end();
  } else refuse(response);
}

function refuse(response: ServerResponse): void {
  const body = { code: 'RANGE_INVALID', message: 'The journal has no such entries yet', hint: null, fields: {} };
  response.writeHead(400).end(JSON.stringify(body));
}
