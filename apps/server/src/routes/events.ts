import { bytesToHex } from '@serment/core/bytes';
import { encodeCheckpointEvent, encodeCopies } from '@serment/core/wire/status';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { AppContext } from '../app-context.ts';
import { requireOwnPractice, requireSession } from '../session-guard.ts';

const beatMs = 15_000;
const quietMs = 50;

/** Server-sent events: news, not data; a client that missed some asks for what it needs. */
export function addEventRoutes(app: FastifyInstance, { store, copies }: AppContext): void {
  const open = new Set<FastifyReply>();
  app.addHook('preClose', async () => {
    for (const reply of open) reply.raw.end();
  });

  app.get('/api/practices/:practice/events', async (request, reply) => {
    const { practice } = await requireOwnPractice(store, request);
    const name = bytesToHex(practice);
    const checkpoint = await store.checkpoint(practice);
    reply.hijack();
    for (const [header, value] of Object.entries(reply.getHeaders()))
      if (value !== undefined) reply.raw.setHeader(header, value);
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' });
    open.add(reply);
    const line = new EventLine((text) => reply.raw.write(text));
    if (checkpoint !== null) line.send('checkpoint', encodeCheckpointEvent(checkpoint));
    line.send('copies', encodeCopies(copies.status(name)));
    const stops = [
      store.onCheckpoint((news) => {
        if (bytesToHex(news.practice) === name) line.send('checkpoint', encodeCheckpointEvent(news));
      }),
      copies.onChange((changed) => {
        if (changed === name) line.send('copies', encodeCopies(copies.status(name)));
      }),
    ];
    const beat = setInterval(() => {
      reply.raw.write(':\n\n');
      // A session that ended, or whose author was revoked, hears no more.
      requireSession(store, request).catch(() => reply.raw.end());
    }, beatMs);
    reply.raw.once('close', () => {
      clearInterval(beat);
      line.close();
      for (const stop of stops) stop();
      open.delete(reply);
    });
  });
}

/** Sends the last of each event, at most one for each in a short while. */
class EventLine {
  readonly #write: (text: string) => void;
  readonly #waiting = new Map<string, string>();
  #timer: NodeJS.Timeout | null = null;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  send(event: string, data: string): void {
    this.#waiting.set(event, data);
    if (this.#timer === null) this.#flush();
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#waiting.clear();
  }

  #flush(): void {
    this.#timer = null;
    if (this.#waiting.size === 0) return;
    for (const [event, data] of this.#waiting) this.#write(`event: ${event}\ndata: ${data}\n\n`);
    this.#waiting.clear();
    this.#timer = setTimeout(() => this.#flush(), quietMs);
  }
}
