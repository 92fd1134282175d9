import type { FastifyInstance } from 'fastify';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { AppContext } from '../app-context.ts';
import { notFound } from '../error.ts';

const loopback = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

/** Health, readiness and figures. Labels name routes and statuses, never a practice. */
export function addHealthRoutes(app: FastifyInstance, { store }: AppContext): void {
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
  app.addHook('onClose', async () => stopCounting());
  const stopCounting = store.onCheckpoint(() => checkpoints.inc());
  app.addHook('onRequest', async () => streams.inc());
  app.addHook('onResponse', async (request, reply) => {
    streams.dec();
    const labels = { method: request.method, route: request.routeOptions.url ?? 'none', status: reply.statusCode };
    seconds.observe(labels, reply.elapsedTime / 1000);
  });

  app.get('/health', async (_request, reply) => reply.type('text/plain').send('ok\n'));

  app.get('/ready', async (_request, reply) => {
    try {
      await store.database`SELECT 1`;
    } catch {
      return reply.code(503).type('text/plain').send('database\n');
    }
    return reply.type('text/plain').send('ready\n');
  });

  app.get('/metrics', async (request, reply) => {
    const isForwarded = request.headers['x-forwarded-for'] !== undefined || request.headers.forwarded !== undefined;
    if (!loopback.has(request.socket.remoteAddress ?? '') || isForwarded) throw notFound();
    const texts = await Promise.all(registers.map((registry) => registry.metrics()));
    return reply.type('text/plain; version=0.0.4').send(texts.join(''));
  });
}
