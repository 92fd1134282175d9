import { setTimeout } from 'node:timers/promises';
import { isLoopbackAddress, isLoopbackHostHeader } from '@serment/store/loopback';
import type { Store } from '@serment/store/store';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { AppContext } from '../app-context.ts';
import { notFound } from '../error.ts';

const readyMs = 3000;
const forwarding = /^(?:x-forwarded-.*|forwarded|via|x-real-ip)$/;

/** How the server does, for its operators. */
export interface Health {
  readonly database: boolean;
  /** Since the start; `failures` are those of the server. */
  readonly answers: number;
  readonly failures: number;
}

/**
 * Health, readiness and figures. Labels name routes and statuses, never a practice. Returns what tells the same in few
 * words.
 */
export function addHealthRoutes(app: FastifyInstance, { store, alerts }: AppContext): () => Promise<Health> {
  let [answers, failures] = [0, 0];
  const registers = [new Registry()];
  collectDefaultMetrics({ register: registers[0] ?? new Registry() });
  const seconds = new Histogram({
    name: 'serment_request_seconds',
    help: 'Time to answer a request',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10],
    registers,
  });
  const checkpoints = new Counter({
    name: 'serment_checkpoints_total',
    help: 'Groups of entries committed',
    registers,
  });
  const streams = new Gauge({ name: 'serment_requests_open', help: 'Requests being answered', registers });
  new Gauge({
    name: 'serment_alerts_open',
    help: 'Alerts that are open, by cause and by whether somebody takes care of them',
    labelNames: ['cause', 'acknowledged'],
    registers,
    collect() {
      this.reset();
      for (const { cause, acknowledged } of alerts.open())
        this.inc({ cause, acknowledged: acknowledged === null ? 'no' : 'yes' });
    },
  });
  app.addHook('onClose', async () => stopCounting());
  const stopCounting = store.onCheckpoint(() => checkpoints.inc());
  app.addHook('onRequest', async (_request, reply) => {
    streams.inc();
    // Not the end of the answer: a client that leaves gets none.
    reply.raw.once('close', () => streams.dec());
  });
  app.addHook('onResponse', async (request, reply) => {
    const labels = { method: request.method, route: request.routeOptions.url ?? 'none', status: reply.statusCode };
    seconds.observe(labels, reply.elapsedTime / 1000);
    answers += 1;
    if (reply.statusCode >= 500) failures += 1;
  });

  app.get('/health', async (_request, reply) => reply.type('text/plain').send('ok\n'));

  app.get('/ready', async (_request, reply) => {
    const isReady = await isDatabaseReady(store);
    return reply
      .code(isReady ? 200 : 503)
      .type('text/plain')
      .send(isReady ? 'ready\n' : 'database\n');
  });

  app.get('/metrics', async (request, reply) => {
    if (!isFromThisMachine(request)) throw notFound();
    const texts = await Promise.all(registers.map((registry) => registry.metrics()));
    return reply.type('text/plain; version=0.0.4').send(texts.join(''));
  });
  return async () => ({ database: await isDatabaseReady(store), answers, failures });
}

function isDatabaseReady({ database }: Store): Promise<boolean> {
  // A lost connection may also never answer.
  return Promise.race([
    database`SELECT 1`.then(
      () => true,
      () => false,
    ),
    setTimeout(readyMs, false, { ref: false }),
  ]);
}

/** A proxy on this machine connects from loopback too: what it passes on names another host, or says so in a header. */
function isFromThisMachine({ headers, socket }: FastifyRequest): boolean {
  const isForwarded = Object.keys(headers).some((name) => forwarding.test(name));
  return isLoopbackAddress(socket.remoteAddress ?? '') && isLoopbackHostHeader(headers.host ?? '') && !isForwarded;
}
