import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { inParallel } from '@serment/core/in-parallel';
import { encodeOperatorDetail, type OperatorAction } from '@serment/core/journal/operator-act';
import {
  encodeConsole,
  encodePracticeDetail,
  encodePracticePage,
  practiceFilters,
  practiceSorts,
} from '@serment/core/wire/console';
import { parseCopyRetirement } from '@serment/core/wire/operator';
import { parseCopyNamed } from '@serment/core/wire/status';
import { acknowledgeAlerts } from '@serment/store/alerts/alert-log';
import { listRunsOf } from '@serment/store/console/drill-runs';
import { type SampleStep, sampleSteps } from '@serment/store/console/samples';
import { StoreError } from '@serment/store/error';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { AppContext, Copies } from '../app-context.ts';
import { pageOf } from '../console/console-practices.ts';
import type { ConsoleView } from '../console/console-view.ts';
import { countAlone } from '../console/copy-overview.ts';
import { notFound, ServerError } from '../error.ts';
import type { CopyJob } from '../jobs/copies.ts';
import { operatorOf } from '../operators/operator-guard.ts';
import { bodyBytes, idParam, numberParam, numberQuery, sendJson, textQuery } from '../request.ts';
import { Throttle } from '../throttle.ts';

/** What the console's routes share. */
export interface ConsoleContext extends Pick<AppContext, 'store' | 'drills' | 'clock'> {
  readonly copies: Copies & Pick<CopyJob, 'places' | 'retired' | 'follow'>;
  readonly view: ConsoleView;
}

const path = '/api/operators';
const limits = { bodyLimit: 4096 };
const languages = ['fr', 'en'] as const;
/** Journals that are written at once for an act that concerns all of them. */
const journalsAtOnce = 16;

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
  const { store, copies, drills, clock } = context;
  const of = `${path}/practices/:practice`;
  const trace = tracerOf(context);
  addCopyActs(app, context, trace);
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
    await trace(request, [practice], 'verify-copy', copy);
    copies.verify(bytesToHex(practice), copy);
    return reply.code(202).send();
  });

  app.post(`${of}/drills`, limits, async (request, reply) => {
    const { practice, copy } = await copyOf(request);
    if (drills === null) throw notFound();
    await trace(request, [practice], 'run-drill', copy);
    await drills.ask(bytesToHex(practice), copy);
    return reply.code(202).send();
  });

  app.delete(`${of}/sessions`, async (request, reply) => {
    const { practice, governance } = await practiceOf(request);
    await trace(request, [practice], 'close-sessions');
    const authors = [...governance.authors.values()].map(({ author }) => author);
    await store.sessions.close({ practice, authors }, { allBut: null });
    return reply.code(204).send();
  });

  app.put(`${of}/suspension`, limits, async (request, reply) => {
    const { practice } = await practiceOf(request);
    if ((await store.suspensions.since(practice)) !== null) return reply.code(204).send();
    await trace(request, [practice], 'suspend');
    await store.suspensions.suspend(practice, clock());
    return reply.code(204).send();
  });

  app.delete(`${of}/suspension`, async (request, reply) => {
    const { practice } = await practiceOf(request);
    if ((await store.suspensions.since(practice)) === null) return reply.code(204).send();
    await trace(request, [practice], 'resume');
    await store.suspensions.resume(practice);
    return reply.code(204).send();
  });
}

/** Writes an act in these journals, or throws. */
type Trace = (
  request: FastifyRequest,
  practices: readonly Bytes[],
  action: OperatorAction,
  subject?: string,
) => Promise<void>;

function tracerOf({ store, view, clock }: ConsoleContext): Trace {
  // Entries that nobody can take away again: an operator writes few of them.
  const byOperator = new Throttle({ limit: 30, windowMs: 60_000, clock });
  return async (request, practices, action, subject) => {
    const { operator, name } = operatorOf(request);
    byOperator.count(bytesToHex(operator));
    const detail = encodeOperatorDetail({ operator: name, subject: subject ?? null });
    await inParallel(practices, journalsAtOnce, async (practice) => {
      await store.appendAsHost(practice, [{ kind: 'operator', action, detail }]);
    });
    view.practices.forget();
  };
}

/** A copy that is retired is written no more, read no more and counted no more, for any practice; nothing of it is deleted. */
function addCopyActs(app: FastifyInstance, { store, copies, drills, view, clock }: ConsoleContext, trace: Trace): void {
  const known = () => [...copies.places, ...copies.retired.map(({ place }) => place)];
  /** Every practice, for each copy is one of all of them. Throws VAULT_RESTORED before anything is written where one takes no entry. */
  const concerned = async () => {
    const practices = (await view.practices.all()).map(({ practice }) => practice);
    await inParallel(practices, journalsAtOnce, async (practice) => {
      if ((await store.status(practice)).restored === null) return;
      throw new StoreError('VAULT_RESTORED', 'A restored vault waits for a member', {
        fields: { practice: bytesToHex(practice) },
      });
    });
    return practices;
  };
  // Of two that are retired at once, the second one may be the last good one.
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = (work: () => Promise<void>) => {
    const run = turn.then(work);
    turn = run.catch(() => undefined);
    return run;
  };

  app.post(`${path}/copies/retirements`, limits, async (request, reply) => {
    const { copy, mayBeLast } = parseCopyRetirement(bodyBytes(request));
    if (!known().some(({ name }) => name === copy)) throw notFound();
    await inTurn(async () => {
      if (!copies.places.some(({ name }) => name === copy)) return;
      view.practices.forget();
      const alone = countAlone(await view.practices.all(), copy);
      if (alone > 0 && !mayBeLast)
        throw new ServerError('COPY_LAST', 'It is the last good copy of some practices', { fields: { count: alone } });
      await trace(request, await concerned(), 'retire-copy', copy);
      await store.retiredCopies.retire({ copy, since: clock(), by: operatorOf(request).name });
      await copies.follow();
      await drills?.forget(copy);
      view.practices.forget();
    });
    return reply.code(204).send();
  });

  app.post(`${path}/copies/returns`, limits, async (request, reply) => {
    const copy = parseCopyNamed(bodyBytes(request));
    if (!known().some(({ name }) => name === copy)) throw notFound();
    await inTurn(async () => {
      if (copies.places.some(({ name }) => name === copy)) return;
      await trace(request, await concerned(), 'return-copy', copy);
      await store.retiredCopies.putBack(copy);
      await copies.follow();
      view.practices.forget();
    });
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
