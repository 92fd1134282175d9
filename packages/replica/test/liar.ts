import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Bytes, hexToBytes } from '@serment/core/bytes';
import { signCheckpoint } from '@serment/core/journal/checkpoint';
import { parseStatement, statementToEntry } from '@serment/core/journal/entry';
import { inclusionProof } from '@serment/core/journal/proof';
import { Frontier, leafHash } from '@serment/core/journal/tree';
import { type Signer, seedSigner } from '@serment/core/signature';
import { encodeAppendAnswer, parseAppendRequest } from '@serment/core/wire/append';
import { encodeEntriesAnswer, encodeProofAnswer } from '@serment/core/wire/read';

export interface Asked {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Bytes;
  /** The real server's answer. */
  forward(): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: Bytes;
}

/** Null leaves the request to the real server; `cut` lets it through and drops the line before the answer. */
type Lie = (asked: Asked) => Promise<Answer | 'cut' | null> | Answer | 'cut' | null;

const hopHeaders = ['host', 'connection', 'content-length', 'transfer-encoding', 'accept-encoding'];

/** A server that stands before the real one and may answer anything in its place. */
export class Liar {
  readonly #server: Server;
  readonly #target: string;
  readonly #lies: { readonly matches: RegExp; readonly lie: Lie }[] = [];

  static async start(target: string): Promise<Liar> {
    const liar = new Liar(target);
    await new Promise<void>((resolve) => liar.#server.listen(0, '127.0.0.1', resolve));
    return liar;
  }

  private constructor(target: string) {
    this.#target = target;
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** `matches` is tried on "METHOD /path?query"; the last lie told wins. */
  lie(matches: RegExp, lie: Lie): void {
    this.#lies.unshift({ matches, lie });
  }

  /** Serves this journal in the place of the real one. */
  serve(journal: LyingJournal): void {
    this.lie(/^GET .*\/checkpoint$/, async () => textAnswer(await journal.note()));
    this.lie(/^GET .*\/entries\?/, ({ query }) => {
      const from = Number(query.get('from'));
      const entries = journal.entries.slice(from, from + Number(query.get('limit')));
      return cborAnswer(encodeEntriesAnswer({ from, entries }));
    });
    this.lie(/^GET .*\/proofs\/inclusion/, async ({ query }) => {
      const proof = await journal.inclusionProof(Number(query.get('index')), Number(query.get('size')));
      return cborAnswer(encodeProofAnswer(proof));
    });
    this.lie(/^POST .*\/entries$/, async ({ body }) => {
      const receipts = parseAppendRequest(body).map(({ statement }) => journal.take(statement));
      return cborAnswer(encodeAppendAnswer({ receipts, note: await journal.note() }));
    });
    this.lie(/^GET \/api\/practices\/[0-9a-f]{64}$/, () =>
      jsonAnswer({ size: journal.entries.length, fence: journal.fence, restored: null }),
    );
  }

  /** From now on nothing but the truth. */
  repent(): void {
    this.#lies.length = 0;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = new Uint8Array(Buffer.concat(parts));
    const { method = 'GET', url: path = '/' } = request;
    const headers = Object.fromEntries(
      Object.entries(request.headers).filter(([name]) => !hopHeaders.includes(name)),
    ) as Record<string, string>;
    const init = { method, headers, ...(method === 'GET' ? {} : { body }) };
    if (path.endsWith('/events')) return this.#stream(path, init, response);
    const forward = async (): Promise<Answer> => {
      const real = await fetch(this.#target + path, init);
      const type = real.headers.get('content-type') ?? '';
      return { status: real.status, type, body: new Uint8Array(await real.arrayBuffer()) };
    };
    const query = new URL(path, this.#target).searchParams;
    for (const { matches, lie } of this.#lies) {
      if (!matches.test(`${method} ${path}`)) continue;
      const told = await lie({ method, path, query, body, forward });
      if (told === 'cut') {
        await forward();
        response.destroy();
        return;
      }
      if (told !== null) return send(response, told);
    }
    send(response, await forward());
  }

  async #stream(path: string, init: RequestInit, response: ServerResponse): Promise<void> {
    const stop = new AbortController();
    response.once('close', () => stop.abort());
    const real = await fetch(this.#target + path, { ...init, signal: stop.signal });
    response.writeHead(real.status, { 'content-type': real.headers.get('content-type') ?? '' });
    for await (const part of real.body ?? []) response.write(part);
    response.end();
  }
}

/** A journal of the liar's own making, under the real host's key: a host that lies has it. */
export class LyingJournal {
  readonly entries: Bytes[];
  readonly signer: Signer;
  readonly practice: Bytes;
  readonly fence = 1;
  now = Date.now();

  constructor(practice: Bytes, signer: Signer, entries: readonly Bytes[]) {
    this.practice = practice;
    this.signer = signer;
    this.entries = [...entries];
  }

  /** Signs whatever the entries are now; `size` signs a head that was. */
  note(size = this.entries.length): Promise<string> {
    const frontier = new Frontier();
    for (const bytes of this.entries.slice(0, size)) frontier.append(leafHash(bytes));
    return signCheckpoint({ practice: this.practice, fence: this.fence, size, root: frontier.root() }, this.signer);
  }

  root(size = this.entries.length): Bytes {
    const frontier = new Frontier();
    for (const bytes of this.entries.slice(0, size)) frontier.append(leafHash(bytes));
    return frontier.root();
  }

  inclusionProof(index: number, size: number): Promise<Bytes[]> {
    const nodes = new Map<string, Bytes>();
    const frontier = new Frontier();
    for (const bytes of this.entries.slice(0, size))
      frontier.append(leafHash(bytes), (level, node, hash) => nodes.set(`${level}/${node}`, hash));
    return inclusionProof(index, size, (level, node) => nodes.get(`${level}/${node}`) ?? new Uint8Array(32));
  }

  /** Appends a statement unchecked. */
  take(statement: Uint8Array): { index: number; receivedAt: number } {
    this.now += 1;
    this.entries.push(statementToEntry(parseStatement(statement), this.now).bytes);
    return { index: this.entries.length - 1, receivedAt: this.now };
  }
}

/** The host's own signing key, from the file that the server wrote. */
export async function hostSigner(hostKeyFile: string): Promise<Signer> {
  const { signSeed } = JSON.parse(await readFile(hostKeyFile, 'utf8')) as { signSeed: string };
  return seedSigner(hexToBytes(signSeed));
}

export function cborAnswer(body: Bytes): Answer {
  return { status: 200, type: 'application/cbor', body };
}

export function jsonAnswer(value: unknown, status = 200): Answer {
  return { status, type: 'application/json', body: new TextEncoder().encode(JSON.stringify(value)) };
}

export function textAnswer(text: string): Answer {
  return { status: 200, type: 'text/plain', body: new TextEncoder().encode(text) };
}

function send(response: ServerResponse, { status, type, body }: Answer): void {
  response.writeHead(status, { 'content-type': type, 'content-length': body.length });
  response.end(body);
}
