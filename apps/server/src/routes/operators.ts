import { bytesToHex } from '@serment/core/bytes';
import {
  encodeConsole,
  encodePracticeDetail,
  encodePracticePage,
  practiceFilters,
  practiceSorts,
} from '@serment/core/wire/console';
import { parseCopyNamed } from '@serment/core/wire/status';
import { acknowledgeAlerts } from '@serment/store/alerts/alert-log';
import { listRunsOf } from '@serment/store/console/drill-runs';
import { type SampleStep, sampleSteps } from '@serment/store/console/samples';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { AppContext, Copies } from '../app-context.ts';
import { pageOf } from '../console/console-practices.ts';
import type { ConsoleView } from '../console/console-view.ts';
import type { CopyAdditions } from '../console/copy-additions.ts';
import { notFound, ServerError } from '../error.ts';
import type { CopyJob } from '../jobs/copies.ts';
import type { Confirmations } from '../operators/confirmations.ts';
import { operatorOf } from '../operators/operator-guard.ts';
import { tracerOf } from '../operators/trace.ts';
import { bodyBytes, idParam, numberParam, numberQuery, sendJson, textQuery } from '../request.ts';
import { addOperatorCopyRoutes } from './operator-copies.ts';

/** What the console's routes share. */
export interface ConsoleContext extends Pick<AppContext, 'store' | 'drills' | 'clock'> {
  readonly copies: Copies & Pick<CopyJob, 'places' | 'retired' | 'follow'>;
  readonly additions: CopyAdditions;
  readonly confirmations: Confirmations;
  readonly view: ConsoleView;
}

const path = '/api/operators';
const limits = { bodyLimit: 4096 };
const languages = ['fr', 'en'] as const;

/** What the host's operators see: pseudonyms and figures. */
export function addOperatorRoutes(app: FastifyInstance, context: ConsoleContext): void {
  const { store, view, clock } = context;

  app.get(`${path}/overview`, async (_request, reply) => sendJson(reply, encodeConsole(await view.overview())));

  app.get(`${path}/practices`, async (request, reply) => {
    const [sort, filter] = [oneOf(request, 'sort', practiceSorts), oneOf(request, 'filter', practiceFilters)];
    const search = textQuery(request, 'search');
    if (!/^[0-9a-f]{0,64}$/.test(search)) throw malformed('search');
    const query = { sort, filter, search, from: numberQuery(request, 'from', 0) };
    return sendJson(reply, encodePracticePage(pageOf(await view.practices.all(), query, clock())));
  });

  app.get(`${path}/practices/:practice`, async (request, reply) => {
    const practice = idParam(request, 'practice', 32);
    const step = numberQuery(request, 'step', 5);
    if (!isStep(step)) throw malformed('step');
    const detail = await view.practice(practice, step);
    if (detail === null) throw notFound();
    return sendJson(reply, encodePracticeDetail(detail));
  });

  app.get(`${path}/drills`, async (_request, reply) => sendJson(reply, encodeConsole(await view.calendar())));

  app.get(`${path}/runs`, async (request, reply) => {
    const [night, copy] = [textQuery(request, 'night'), textQuery(request, 'copy')];
    return sendJson(reply, encodeConsole({ runs: await listRunsOf(store.database, { night, copy }) }));
  });

  app.get(`${path}/jobs`, async (_request, reply) => sendJson(reply, encodeConsole(await view.jobs())));

  app.get(`${path}/alerts`, async (request, reply) =>
    sendJson(reply, encodeConsole(await view.alerts(oneOf(request, 'language', languages)))),
  );

  app.put(`${path}/alerts/:alert/acknowledgement`, limits, async (request, reply) => {
    const alert = numberParam(request, 'alert');
    const by = operatorOf(request).name;
    const done = await acknowledgeAlerts(store.database, [alert], { by, now: clock() });
    if (done.length === 0) throw notFound();
    return reply.code(204).send();
  });

  addActs(app, context);
}

/**
 * What they do. Each act stands in the journal of each practice that it concerns, signed by the host, before it is done:
 * what cannot be written there is not done.
 */
function addActs(app: FastifyInstance, context: ConsoleContext): void {
  const { store, copies, drills, clock, confirmations } = context;
  const of = `${path}/practices/:practice`;
  const trace = tracerOf(context);
  addOperatorCopyRoutes(app, context, trace);
  /** The practice of the path, once it is one of this host's. */
  const practiceOf = async (request: FastifyRequest) => {
    const practice = idParam(request, 'practice', 32);
    const governance = await store.governance(practice);
    if (governance === null) throw notFound();
    return { practice, governance };
  };
  /** The same, and the copy that the body names, which holds something of it. */
  const copyOf = async (request: FastifyRequest) => {
    const { practice } = await practiceOf(request);
    const copy = parseCopyNamed(bodyBytes(request));
    if (!copies.status(bytesToHex(practice)).some(({ name, size }) => name === copy && size > 0)) throw notFound();
    return { practice, copy };
  };

  app.post(`${of}/verifications`, limits, async (request, reply) => {
    const { practice, copy } = await copyOf(request);
    await trace(request, [practice], { action: 'verify-copy', subject: copy });
    copies.verify(bytesToHex(practice), copy);
    return reply.code(202).send();
  });

  app.post(`${of}/drills`, limits, async (request, reply) => {
    const { practice, copy } = await copyOf(request);
    if (drills === null) throw notFound();
    await trace(request, [practice], { action: 'run-drill', subject: copy });
    await drills.ask(bytesToHex(practice), copy);
    return reply.code(202).send();
  });

  app.delete(`${of}/sessions`, async (request, reply) => {
    const { practice, governance } = await practiceOf(request);
    await trace(request, [practice], { action: 'close-sessions' });
    const authors = [...governance.authors.values()].map(({ author }) => author);
    await store.sessions.close({ practice, authors }, { allBut: null });
    return reply.code(204).send();
  });

  app.put(`${of}/suspension`, limits, async (request, reply) => {
    const { practice } = await practiceOf(request);
    if ((await store.suspensions.since(practice)) !== null) return reply.code(204).send();
    confirmations.spend(operatorOf(request));
    await trace(request, [practice], { action: 'suspend' });
    await store.suspensions.suspend(practice, clock());
    return reply.code(204).send();
  });

  app.delete(`${of}/suspension`, async (request, reply) => {
    const { practice } = await practiceOf(request);
    if ((await store.suspensions.since(practice)) === null) return reply.code(204).send();
    await trace(request, [practice], { action: 'resume' });
    await store.suspensions.resume(practice);
    return reply.code(204).send();
  });
}

function isStep(step: number): step is SampleStep {
  return Object.hasOwn(sampleSteps, step);
}

function oneOf<const Texts extends readonly string[]>(
  request: FastifyRequest,
  name: string,
  texts: Texts,
): Texts[number] {
  const given = textQuery(request, name);
  const found = texts.find((text) => text === given);
  if (found === undefined) throw malformed(name);
  return found;
}

function malformed(name: string): ServerError {
  return new ServerError('REQUEST_INVALID', 'A part of the address is malformed', { fields: { name } });
}
