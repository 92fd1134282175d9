import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { inParallel } from '@serment/core/in-parallel';
import { encodeOperatorDetail, type OperatorAction } from '@serment/core/journal/operator-act';
import type { FastifyRequest } from 'fastify';
import type { AppContext } from '../app-context.ts';
import type { ConsoleView } from '../console/console-view.ts';
import { Throttle } from '../throttle.ts';
import { operatorOf } from './operator-guard.ts';

interface Act {
  readonly action: OperatorAction;
  /** What it is about; nothing for the whole practice. */
  readonly subject?: string;
  /** Where a copy is that is added. */
  readonly place?: string;
}

/** Writes an act in these journals, or throws. */
export type Trace = (request: FastifyRequest, practices: readonly Bytes[], act: Act) => Promise<void>;

/** Journals that are written at once for an act that concerns all of them. */
export const journalsAtOnce = 16;

export function tracerOf({
  store,
  view,
  clock,
}: Pick<AppContext, 'store' | 'clock'> & { readonly view: ConsoleView }): Trace {
  // Entries that nobody can take away again: an operator writes few of them.
  const byOperator = new Throttle({ limit: 30, windowMs: 60_000, clock });
  return async (request, practices, { action, subject = null, place = null }) => {
    const { operator, name } = operatorOf(request);
    byOperator.count(bytesToHex(operator));
    const detail = encodeOperatorDetail({ operator: name, subject, place });
    await inParallel(practices, journalsAtOnce, async (practice) => {
      await store.appendAsHost(practice, [{ kind: 'operator', action, detail }]);
    });
    view.practices.forget();
  };
}
