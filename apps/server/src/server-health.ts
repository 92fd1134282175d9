import { setTimeout } from 'node:timers/promises';
import type { Store } from '@serment/store/store';
import type { FastifyInstance } from 'fastify';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

const readyMs = 3000;

/** How the server does, for its operators. */
export interface Health {
  readonly database: boolean;
  /** Since the start; `failures` are those of the server. */
  readonly answers: number;
  readonly failures: number;
}

/** Figures of this instance since its start. Labels name routes and statuses, never a practice. */
export class ServerHealth {
  readonly registry = new Registry();
  readonly #store: Store;
  readonly #seconds: Histogram;
  readonly #checkpoints: Counter;
  readonly #open: Gauge;
  #answers = 0;
  #failures = 0;

  constructor(store: Store) {
    this.#store = store;
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
    this.#seconds = new Histogram({
      name: 'serment_request_seconds',
      help: 'Time to answer a request',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10],
      registers,
    });
    this.#checkpoints = new Counter({
      name: 'serment_checkpoints_total',
      help: 'Groups of entries committed',
      registers,
    });
    this.#open = new Gauge({ name: 'serment_requests_open', help: 'Requests being answered', registers });
  }

  /** Counts what this application answers. */
  watch(app: FastifyInstance): void {
    const stopCounting = this.#store.onCheckpoint(() => this.#checkpoints.inc());
    app.addHook('onClose', async () => stopCounting());
    app.addHook('onRequest', async (_request, reply) => {
      this.#open.inc();
      // Not the end of the answer: a client that leaves gets none.
      reply.raw.once('close', () => this.#open.dec());
    });
    app.addHook('onResponse', async (request, reply) => {
      const labels = { method: request.method, route: request.routeOptions.url ?? 'none', status: reply.statusCode };
      this.#seconds.observe(labels, reply.elapsedTime / 1000);
      this.#answers += 1;
      if (reply.statusCode >= 500) this.#failures += 1;
    });
  }

  async read(): Promise<Health> {
    return { database: await this.isDatabaseReady(), answers: this.#answers, failures: this.#failures };
  }

  isDatabaseReady(): Promise<boolean> {
    // A lost connection may also never answer.
    return Promise.race([
      this.#store.database`SELECT 1`.then(
        () => true,
        () => false,
      ),
      setTimeout(readyMs, false, { ref: false }),
    ]);
  }
}
