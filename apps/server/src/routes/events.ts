import { bytesToHex } from '@serment/core/bytes';
import { encodeAlerts } from '@serment/core/wire/alert';
import { encodePresenceEvent } from '@serment/core/wire/presence';
import { encodeCheckpointEvent, encodeCopies } from '@serment/core/wire/status';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { AppContext } from '../app-context.ts';
import type { Presences } from '../presences.ts';
import { callerOf, requireSession } from '../session-guard.ts';

const beatMs = 15_000;
const quietMs = 50;
/** Lines of one session: its windows share one. */
const maxLines = 8;
/** What may wait for a client that does not read. */
const maxWaitingBytes = 262_144;

/** Server-sent events: news, not data; a client that missed some asks for what it needs. */
export function addEventRoutes(app: FastifyInstance, context: AppContext, presences: Presences): void {
  const { store, copies, alerts } = context;
  const open = new Map<FastifyReply, string>();
  app.addHook('preClose', async () => {
    for (const reply of open.keys()) reply.raw.end();
  });
  /** Counts a line in; the oldest of a session that has too many ends: its client left without a word. */
  const keep = (reply: FastifyReply, session: string) => {
    const own = [...open].filter(([, other]) => other === session);
    if (own.length >= maxLines) own[0]?.[0].raw.destroy();
    open.set(reply, session);
    return () => open.delete(reply);
  };

  app.get('/api/practices/:practice/events', async (request, reply) => {
    const { practice, author, token } = callerOf(request);
    const name = bytesToHex(practice);
    const session = bytesToHex(token);
    const checkpoint = await store.checkpoint(practice);
    // Whoever left while it was read sends no close any more.
    if (reply.raw.destroyed || request.raw.destroyed) return reply.hijack();
    reply.hijack();
    const stops: (() => void)[] = [];
    reply.raw.once('close', () => {
      for (const stop of stops) stop();
    });
    for (const [header, value] of Object.entries(reply.getHeaders()))
      if (value !== undefined) reply.raw.setHeader(header, value);
    // Its connection serves nothing after it: a server that stops would wait for it to be idle long enough.
    reply.raw.shouldKeepAlive = false;
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' });
    const line = new EventLine((text) => write(reply, text));
    // A session that was closed or ended, or whose author may not act any more, hears no more.
    const recheck = () => requireSession(context, request).catch(() => reply.raw.end());
    stops.push(
      () => line.close(),
      keep(reply, session),
      store.onCheckpoint((news) => {
        if (bytesToHex(news.practice) !== name) return;
        line.send('checkpoint', encodeCheckpointEvent(news));
        // What ends a session stands in the journal, whichever instance wrote it.
        void recheck();
      }),
      copies.onChange((changed) => {
        if (changed === name) line.send('copies', encodeCopies(copies.status(name)));
      }),
      store.suspensions.onChange((changed) => {
        if (changed === name) void recheck();
      }),
      alerts.onChange(() => line.send('alerts', encodeAlerts(alerts.of(name)))),
      presences.open({
        ...{ practice, author },
        hear: (event) => line.send('presence', encodePresenceEvent(event), bytesToHex(event.author)),
      }),
    );
    if (checkpoint !== null) line.send('checkpoint', encodeCheckpointEvent(checkpoint));
    line.send('copies', encodeCopies(copies.status(name)));
    line.send('alerts', encodeAlerts(alerts.of(name)));
    const beat = setInterval(() => {
      write(reply, ':\n\n');
      void recheck();
    }, beatMs);
    stops.push(() => clearInterval(beat));
  });
}

function write({ raw }: FastifyReply, text: string): void {
  raw.write(text);
  if (raw.writableLength > maxWaitingBytes) raw.destroy();
}

/** Sends the last of each event, or of each subject of it, at most one for each in a short while. */
class EventLine {
  readonly #write: (text: string) => void;
  readonly #waiting = new Map<string, { readonly event: string; readonly data: string }>();
  #timer: NodeJS.Timeout | null = null;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  send(event: string, data: string, subject = ''): void {
    this.#waiting.set(`${event} ${subject}`, { event, data });
    if (this.#timer === null) this.#flush();
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#waiting.clear();
  }

  #flush(): void {
    this.#timer = null;
    if (this.#waiting.size === 0) return;
    for (const { event, data } of this.#waiting.values()) this.#write(`event: ${event}\ndata: ${data}\n\n`);
    this.#waiting.clear();
    this.#timer = setTimeout(() => this.#flush(), quietMs);
  }
}
