import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { type ListenerOptions, openListener } from '../listener.ts';
import { Confirmations } from '../operators/confirmations.ts';
import { guardOperators } from '../operators/operator-guard.ts';
import { addOperatorSignInRoutes } from '../routes/operator-sign-in.ts';
import { addOperatorRoutes, type ConsoleContext } from '../routes/operators.ts';
import { addWebRoutes } from '../routes/web.ts';

export type ConsoleListenerOptions = Omit<ConsoleContext, 'confirmations'> & ListenerOptions;

/**
 * The host's console, on a port that the application of practices is not served on (docs/security/operators.md), ready to
 * listen or to be asked through `inject()`.
 */
export async function buildConsole(options: ConsoleListenerOptions): Promise<FastifyInstance> {
  const app = openListener(options);
  guardOperators(app, options);
  const confirmations = new Confirmations(options.clock);
  addOperatorSignInRoutes(app, { ...options, confirmations });
  addOperatorRoutes(app, { ...options, confirmations });
  await addWebRoutes(app, join(options.webDir, 'console'), 'console.html');
  return app;
}
