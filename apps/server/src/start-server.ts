import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { server as opaque, ready as opaqueReady } from '@serenity-kit/opaque';
import { createFolderBlobs } from '@serment/store/blob/folder-blobs';
import { sweepPlaces } from '@serment/store/copy/copies-file';
import { openDrillQueue } from '@serment/store/drill-queue';
import { exportHostKeys, type HostKeys, loadOrCreateHostKeys } from '@serment/store/host-keys';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@serment/store/postgres/embedded';
import { openStore, type Store } from '@serment/store/store';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { ServedCertificate } from './alerts/certificate-watch.ts';
import { buildApp } from './app.ts';
import { buildConsole, type ConsoleListenerOptions } from './console/console-listener.ts';
import { ConsoleView } from './console/console-view.ts';
import { CopyAdditions } from './console/copy-additions.ts';
import { addHostMetrics } from './console/metrics.ts';
import { buildCardListener } from './cps/card-listener.ts';
import { ServerError } from './error.ts';
import { IdentityAttempts } from './identity/attempts.ts';
import { startAlerts } from './jobs/alerts.ts';
import { type CopyJob, startCopies } from './jobs/copies.ts';
import { type DrillJob, startDrills } from './jobs/drills.ts';
import { startSamples } from './jobs/samples.ts';
import { startSweep } from './jobs/sweep.ts';
import type { ConsoleOptions, ServerOptions } from './options.ts';
import { ServerHealth } from './server-health.ts';
import { openSms } from './sms/open-sms.ts';

export interface RunningServer {
  /** Where it serves. */
  readonly url: string;
  /** Where it serves the host's console; null when it does not. */
  readonly consoleUrl: string | null;
  readonly store: Store;
  /** Settles with a reason when the server can go on no more: its database ended. */
  readonly failed: Promise<Error>;
  /** Answers what is under way, copies what is pending, stops the database. May be called twice. */
  stop(): Promise<void>;
}

/** Where the parts that ship with the server are, from this file. */
const root = join(import.meta.dirname, '../../..');

/**
 * Starts everything: database, store, copies, HTTP. Throws ServerError and StoreError, having stopped what it started.
 */
export async function startServer(options: ServerOptions, log: FastifyBaseLogger): Promise<RunningServer> {
  const undo = new AsyncDisposableStack();
  try {
    const { dataDir, databaseUrl } = options;
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    const postgres =
      databaseUrl === null ? await startEmbeddedPostgres({ dataDir, onLog: (line) => log.debug(line) }) : null;
    if (postgres !== null) undo.defer(() => postgres.stop());
    const hostKeys = await openHostKeys(options);
    const store = await openStore({
      databaseUrl: postgres?.url ?? databaseUrl ?? '',
      blobs: await createFolderBlobs(join(dataDir, 'blobs')),
      hostKeys,
      isShared: postgres === null,
    });
    undo.defer(() => store.close());
    const copies = await startCopies({
      store,
      dataDir,
      copies: options.copies,
      formatDir: join(root, 'docs/format'),
      log,
    });
    undo.defer(() => copies.stop());
    const drills = await openDrills({ store, copies, options, databaseUrl: postgres?.url ?? databaseUrl ?? '', log });
    if (drills !== null) undo.defer(() => drills.stop());
    undo.defer(startSweep(store, log));
    const { version } = await readPackage();
    const { publicUrl, invitations, tls, trustedProxies, smsGateway, psc, cps } = options;
    const clock = Date.now;
    const attempts = new IdentityAttempts(clock);
    const sms = openSms({ gateway: smsGateway, isLoopback: publicUrl === null, log });
    const alerts = startAlerts({
      ...{ store, dataDir, copies, sms, clock, log },
      config: options.alerts,
      certificates: servedCertificates(options),
    });
    undo.defer(() => alerts.stop());
    const health = new ServerHealth(store);
    const view = new ConsoleView({
      ...{ store, copies, drills, alerts, health, version, clock },
      window: options.drills.window,
    });
    addHostMetrics(health.registry, () => view.overview());
    const samples = startSamples({ store, practices: view.practices, clock, log });
    undo.defer(() => samples.stop());
    const common = { store, copies, drills, trustedProxies, log, clock };
    const webDir = join(root, 'apps/web/dist');
    const app = await buildApp({
      ...{ ...common, alerts, health, version, publicUrl, invitations, psc, attempts, sms, webDir },
      cardOrigin: cps?.publicUrl.origin ?? null,
      isHttps: publicUrl?.protocol === 'https:',
      ...(tls === null ? {} : { https: tls }),
    });
    undo.defer(() => app.close());
    const port = await listen(app, options);
    const url = publicUrl?.origin ?? `http://localhost:${port}`;
    if (cps !== null) {
      const cards = buildCardListener({ cps, attempts, appOrigin: url, log, clock });
      undo.defer(() => cards.close());
      await listen(cards, cps);
    }
    const { copiesFile } = options;
    await sweepPlaces(copiesFile, clock());
    const additions = new CopyAdditions({ store, copies, dataDir, copiesFile, env: process.env, log });
    const operators =
      options.console === null ? null : await openConsole({ ...common, additions, view, webDir }, options.console, tls);
    if (operators !== null) undo.defer(() => operators.close());
    const consoleUrl = operators?.url ?? null;
    if (consoleUrl !== null) log.info({ url: consoleUrl }, 'the host’s console');
    const stack = undo.move();
    let stopping: Promise<void> | null = null;
    return {
      ...{ url, consoleUrl, store },
      failed: failureOf(postgres, () => stopping !== null),
      stop() {
        stopping ??= stack.disposeAsync();
        return stopping;
      },
    };
  } catch (cause) {
    await undo.disposeAsync();
    throw cause;
  }
}

/** Serves the host's console where its options say. */
async function openConsole(
  parts: Omit<ConsoleListenerOptions, 'publicUrl' | 'isHttps' | 'https'>,
  options: ConsoleOptions,
  tls: ServerOptions['tls'],
) {
  const { publicUrl } = options;
  // Whoever reaches it on loopback came through a tunnel, which is sealed.
  const https = publicUrl === null ? null : tls;
  const app = await buildConsole({
    ...{ ...parts, publicUrl, isHttps: publicUrl !== null },
    ...(https === null ? {} : { https }),
  });
  try {
    const port = await listen(app, options);
    return { url: publicUrl?.origin ?? `http://localhost:${port}`, close: () => app.close() };
  } catch (cause) {
    await app.close();
    throw cause;
  }
}

function servedCertificates({ publicUrl, tls, cps }: ServerOptions): ServedCertificate[] {
  const own = publicUrl === null ? [] : [{ subject: 'server' as const, cert: tls?.cert ?? null, url: publicUrl }];
  return cps === null ? own : [...own, { subject: 'cps', cert: cps.tls.cert, url: cps.publicUrl }];
}

interface DrillParts {
  readonly store: Store;
  readonly copies: CopyJob;
  readonly options: ServerOptions;
  readonly databaseUrl: string;
  readonly log: FastifyBaseLogger;
}

/** Null where there is no copy to restore, nor a console in which one may be added. */
async function openDrills({ store, copies, options, databaseUrl, log }: DrillParts): Promise<DrillJob | null> {
  if (options.copies.length === 0 && options.console === null) return null;
  const queue = await openDrillQueue({
    databaseUrl,
    onError: (err) => log.warn({ err }, 'the queue of drills failed'),
  });
  try {
    const { window, scratchDir } = options.drills;
    return await startDrills({
      ...{ store, queue, copies, window, clock: Date.now, log },
      scratchDir: scratchDir ?? join(options.dataDir, 'drills'),
    });
  } catch (cause) {
    await queue.stop();
    throw cause;
  }
}

async function openHostKeys({ hostKeyFile, hostKeyOut }: ServerOptions): Promise<HostKeys> {
  const keys = await loadOrCreateHostKeys(hostKeyFile, async () => {
    await opaqueReady;
    return opaque.createSetup();
  });
  if (hostKeyOut !== null) await exportHostKeys(hostKeyFile, hostKeyOut);
  return keys;
}

async function listen(
  app: FastifyInstance,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<number> {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : null;
    if (code === 'EADDRINUSE' || code === 'EACCES')
      throw new ServerError('PORT_IN_USE', 'The port is taken, or not allowed', {
        cause,
        fields: { port },
        hint: 'Stop what uses it, or choose another one with --port, --console-port, or in the file of --cps.',
      });
    throw new ServerError('ADDRESS_UNAVAILABLE', 'The address cannot be listened on', { cause, fields: { host } });
  }
  return app.addresses().find((address) => typeof address === 'object')?.port ?? port;
}

/** An embedded database that ends by itself takes the server with it: it must not look alive. */
function failureOf(postgres: EmbeddedPostgres | null, isStopping: () => boolean): Promise<Error> {
  return new Promise((resolve) => {
    postgres?.exited.then(() => {
      if (!isStopping())
        resolve(new ServerError('STOPPING', 'The database ended by itself', { hint: 'Its log says why.' }));
    });
  });
}

async function readPackage(): Promise<{ version: string }> {
  const value: unknown = JSON.parse(await readFile(join(import.meta.dirname, '../package.json'), 'utf8'));
  const version = typeof value === 'object' && value !== null && 'version' in value ? value.version : null;
  return { version: typeof version === 'string' ? version : '0' };
}
