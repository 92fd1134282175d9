import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { encodeOperatorDetail, type OperatorAction } from '@serment/core/journal/operator-act';
import { encodeHostView, maxHostedPractices } from '@serment/core/wire/operator';
import { parseCopyNamed } from '@serment/core/wire/status';
import { HostedPractices } from '@serment/store/hosted';
import type { FastifyInstance } from 'fastify';
import type { AppContext } from '../app-context.ts';
import { notFound } from '../error.ts';
import { type OperatorCaller, operatorOf } from '../operators/operator-guard.ts';
import { bodyBytes, idParam, sendJson } from '../request.ts';
import { Throttle } from '../throttle.ts';

/** What the console's routes share. */
export type ConsoleContext = Pick<
  AppContext,
  'store' | 'copies' | 'drills' | 'alerts' | 'health' | 'version' | 'clock'
>;

const path = '/api/operators/practices';
const limits = { bodyLimit: 4096 };

/**
 * What the host's operators see and do. Each act stands in the practice's journal, signed by the host, before it is
 * done: what cannot be written there is not done.
 */
export function addOperatorRoutes(app: FastifyInstance, context: ConsoleContext): void {
  const { store, copies, health, version, clock } = context;
  const hosted = new HostedPractices(store);
  const started = clock();
  // Entries that nobody can take away again: an operator writes few of them.
  const byOperator = new Throttle({ limit: 30, windowMs: 60_000, clock });
  const trace = async (
    operator: OperatorCaller,
    practice: Bytes,
    act: { action: OperatorAction; subject?: string },
  ) => {
    byOperator.count(bytesToHex(operator.operator));
    const detail = encodeOperatorDetail({ operator: operator.name, subject: act.subject ?? null });
    await store.appendAsHost(practice, [{ kind: 'operator', action: act.action, detail }]);
  };

  app.get(path, async (_request, reply) => {
    const { count, practices } = await hosted.list(maxHostedPractices);
    return sendJson(
      reply,
      encodeHostView({
        ...{ version, started, time: clock(), ...(await health.read()), memoryBytes: process.memoryUsage.rss(), count },
        practices: practices.map((one) => ({ ...one, copies: copies.status(bytesToHex(one.practice)) })),
      }),
    );
  });

  app.post(`${path}/:practice/verifications`, limits, async (request, reply) => {
    const operator = operatorOf(request);
    const practice = idParam(request, 'practice', 32);
    const subject = parseCopyNamed(bodyBytes(request));
    const name = bytesToHex(practice);
    if ((await store.governance(practice)) === null) throw notFound();
    if (!copies.status(name).some((copy) => copy.name === subject && copy.size > 0)) throw notFound();
    await trace(operator, practice, { action: 'verify-copy', subject });
    copies.verify(name, subject);
    return reply.code(202).send();
  });

  app.delete(`${path}/:practice/sessions`, async (request, reply) => {
    const operator = operatorOf(request);
    const practice = idParam(request, 'practice', 32);
    const governance = await store.governance(practice);
    if (governance === null) throw notFound();
    await trace(operator, practice, { action: 'close-sessions' });
    const authors = [...governance.authors.values()].map(({ author }) => author);
    await store.sessions.close({ practice, authors }, { allBut: null });
    return reply.code(204).send();
  });
}
