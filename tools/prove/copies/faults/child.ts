import { injector, type Seen } from './injector.ts';
import type { Fault } from './kinds.ts';
import { firedFile, type Order, type Outcome, outcomeOf, type RunTools, tellIn } from './operation.ts';
import { operations } from './operations.ts';
import { virtualTime } from './virtual-time.ts';

export interface ChildOrder {
  readonly operation: string;
  readonly order: Order;
  readonly fault: Fault | null;
}

export interface ChildAnswer {
  readonly outcome: Outcome;
  readonly seen: Seen;
}

/** The process under test: it runs one operation after the other until one of them kills it. */
process.on('message', async ({ operation: name, order, fault }: ChildOrder) => {
  const operation = operations.find((one) => one.name === name);
  if (operation === undefined) throw new RangeError(`No operation is called ${name}`);
  let seen: Seen | null = null;
  const end = () => {
    seen ??= injector.end();
    return seen;
  };
  const tools: RunTools = {
    tell: tellIn(order),
    begin: () => injector.begin({ fault, keep: `${order.folder}/kept`, firedFile: firedFile(order) }),
    end,
    async recover() {
      injector.clear();
      await virtualTime.pass(1000);
    },
  };
  const outcome = await operation.run(order, tools).then(() => ({ end: 'done' as const }), outcomeOf);
  process.send?.({ outcome, seen: end() } satisfies ChildAnswer);
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
