import { bytesToHex } from '@serment/core/bytes';
import { inParallel } from '@serment/core/in-parallel';
import { encodeTriedPlace, parseAskedPlace } from '@serment/core/wire/copy-place';
import { parseCopyRetirement } from '@serment/core/wire/operator';
import { parseCopyNamed } from '@serment/core/wire/status';
import { StoreError } from '@serment/store/error';
import type { FastifyInstance } from 'fastify';
import { countAlone, placeText } from '../console/copy-overview.ts';
import { notFound, ServerError } from '../error.ts';
import { operatorOf } from '../operators/operator-guard.ts';
import { journalsAtOnce, type Trace } from '../operators/trace.ts';
import { bodyBytes, sendCbor } from '../request.ts';
import { Throttle } from '../throttle.ts';
import type { ConsoleContext } from './operators.ts';

const path = '/api/operators/copies';
const limits = { bodyLimit: 4096 };
const placeLimits = { bodyLimit: 16_384 };

/** What operators do to a copy of all practices: add one, retire it, put it back. One at a time, whoever asks. */
export function addOperatorCopyRoutes(app: FastifyInstance, context: ConsoleContext, trace: Trace): void {
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn: InTurn = (work) => {
    const run = turn.then(work);
    turn = run.catch(() => undefined);
    return run;
  };
  addRetirements(app, context, { trace, inTurn });
  addAdditions(app, context, { trace, inTurn });
}

type InTurn = (work: () => Promise<void>) => Promise<void>;

interface Means {
  readonly trace: Trace;
  readonly inTurn: InTurn;
}

/**
 * A copy that is retired is written no more, read no more and counted no more, for any practice; nothing of it is deleted.
 * Whoever retires one proves who it is once more; whoever puts one back need not.
 */
function addRetirements(app: FastifyInstance, context: ConsoleContext, { trace, inTurn }: Means): void {
  const { store, copies, drills, confirmations, view, clock } = context;
  const known = () => [...copies.places, ...copies.retired.map(({ place }) => place)];

  app.post(`${path}/retirements`, limits, async (request, reply) => {
    const { copy, mayBeLast } = parseCopyRetirement(bodyBytes(request));
    if (!known().some(({ name }) => name === copy)) throw notFound();
    // Of two that are retired at once, the second one may be the last good one.
    await inTurn(async () => {
      if (!copies.places.some(({ name }) => name === copy)) return;
      view.practices.forget();
      const alone = countAlone(await view.practices.all(), copy);
      if (alone > 0 && !mayBeLast)
        throw new ServerError('COPY_LAST', 'It is the last good copy of some practices', { fields: { count: alone } });
      const practices = await concerned(context);
      confirmations.spend(operatorOf(request));
      await trace(request, practices, { action: 'retire-copy', subject: copy });
      await store.retiredCopies.retire({ copy, since: clock(), by: operatorOf(request).name });
      await copies.follow();
      await drills?.forget(copy);
      view.practices.forget();
    });
    return reply.code(204).send();
  });

  app.post(`${path}/returns`, limits, async (request, reply) => {
    const copy = parseCopyNamed(bodyBytes(request));
    if (!known().some(({ name }) => name === copy)) throw notFound();
    await inTurn(async () => {
      if (copies.places.some(({ name }) => name === copy)) return;
      await trace(request, await concerned(context), { action: 'return-copy', subject: copy });
      await store.retiredCopies.putBack(copy);
      await copies.follow();
      view.practices.forget();
    });
    return reply.code(204).send();
  });
}

/** A copy that is added is given everything, sealed: who asks for it proves who it is once more. */
function addAdditions(app: FastifyInstance, context: ConsoleContext, { trace, inTurn }: Means): void {
  const { additions, confirmations, view, clock } = context;
  // Each asks another machine, or a disk.
  const tries = new Throttle({ limit: 30, windowMs: 60_000, clock });

  app.post(`${path}/trials`, placeLimits, async (request, reply) => {
    const caller = operatorOf(request);
    confirmations.check(caller);
    tries.count(bytesToHex(caller.operator));
    return sendCbor(reply, encodeTriedPlace(await additions.try(parseAskedPlace(bodyBytes(request)))));
  });

  app.post(path, placeLimits, async (request, reply) => {
    const caller = operatorOf(request);
    confirmations.check(caller);
    tries.count(bytesToHex(caller.operator));
    const asked = parseAskedPlace(bodyBytes(request));
    await inTurn(async () => {
      if (await additions.isHere(asked)) return;
      await concerned(context);
      await additions.add(asked, async (place) => {
        const practices = await concerned(context);
        confirmations.spend(caller);
        await trace(request, practices, { action: 'add-copy', subject: place.name, place: placeText(place) });
      });
      view.practices.forget();
    });
    return reply.code(204).send();
  });
}

/** Every practice, for each copy is one of all of them. Throws VAULT_RESTORED before anything is written where one takes no entry. */
async function concerned({ store, view }: ConsoleContext) {
  const practices = (await view.practices.all()).map(({ practice }) => practice);
  await inParallel(practices, journalsAtOnce, async (practice) => {
    if ((await store.status(practice)).restored === null) return;
    throw new StoreError('VAULT_RESTORED', 'A restored vault waits for a member', {
      fields: { practice: bytesToHex(practice) },
    });
  });
  return practices;
}
