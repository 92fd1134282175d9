import { isLoopbackAddress, isLoopbackHostHeader } from '@serment/store/loopback';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Gauge } from 'prom-client';
import type { AppContext } from '../app-context.ts';
import { notFound } from '../error.ts';

const forwarding = /^(?:x-forwarded-.*|forwarded|via|x-real-ip)$/;

/** Health, readiness and figures. */
export function addHealthRoutes(app: FastifyInstance, { health, alerts }: AppContext): void {
  health.watch(app);
  new Gauge({
    name: 'serment_alerts_open',
    help: 'Alerts that are open, by cause and by whether somebody takes care of them',
    labelNames: ['cause', 'acknowledged'],
    registers: [health.registry],
    collect() {
      this.reset();
      for (const { cause, acknowledged } of alerts.open())
        this.inc({ cause, acknowledged: acknowledged === null ? 'no' : 'yes' });
    },
  });

  app.get('/health', async (_request, reply) => reply.type('text/plain').send('ok\n'));

  app.get('/ready', async (_request, reply) => {
    const isReady = await health.isDatabaseReady();
    return reply
      .code(isReady ? 200 : 503)
      .type('text/plain')
      .send(isReady ? 'ready\n' : 'database\n');
  });

  app.get('/metrics', async (request, reply) => {
    if (!isFromThisMachine(request)) throw notFound();
    return reply.type('text/plain; version=0.0.4').send(await health.registry.metrics());
  });
}

/** A proxy on this machine connects from loopback too: what it passes on names another host, or says so in a header. */
function isFromThisMachine({ headers, socket }: FastifyRequest): boolean {
  const isForwarded = Object.keys(headers).some((name) => forwarding.test(name));
  return isLoopbackAddress(socket.remoteAddress ?? '') && isLoopbackHostHeader(headers.host ?? '') && !isForwarded;
}
