import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Fault, Kind, Write } from '../prove/copies/faults/kinds.ts';
import type { Operation } from '../prove/copies/faults/operation.ts';
import { operations } from '../prove/copies/faults/operations.ts';
import { Bench } from '../prove/copies/faults/trial.ts';
import { FaultVault } from '../prove/copies/faults/vault.ts';
import { faultsFolder, judge, tryFaults } from '../prove/copies/faults.ts';

let folder: string;
before(async () => {
  folder = await faultsFolder();
});
after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

function named(name: string): Operation {
  const found = operations.find((one) => one.name === name);
  assert.ok(found, name);
  return found;
}

/** One kind at one write of four, in turn: `npm run prove copies` tries them all at each, in every operation. */
it('faults at writes of a copy and of its verification lose nothing and hide nothing, the quick part', async () => {
  const some = ['replication, what is new', 'verify, what is new'].map(named);
  const own = mkdtempSync(join(folder, 'quick-'));
  const {
    holds,
    figure,
    details = [],
  } = judge(await tryFaults({ folder: own, operations: some, isWhole: false, oneOf: 4 }));
  assert.equal(holds, true, [figure, ...details].join('\n'));
});

describe('a product that is broken on purpose', () => {
  let vault: FaultVault;
  before(async () => {
    const own = join(folder, 'broken');
    mkdirSync(own);
    vault = await FaultVault.make(own);
  });
  after(() => vault?.close());

  /** What is found wrong after a fault at the last call, or the last that is called so. */
  async function wrongWith(breaker: string | null, operation: Operation, where: { kind: Kind; call: RegExp }) {
    const path = breaker === null ? null : join(import.meta.dirname, `../prove/copies/faults/broken/${breaker}.ts`);
    const bench = new Bench(vault, { name: `bench-${breaker}`, breaker: path });
    try {
      for (let attempt = 0; attempt < 5; attempt += 1) {
        const { writes } = await bench.try(operation, null);
        const isDatabase = writes.findLast(({ call }) => where.call.test(call))?.isDatabase === true;
        const ofKind = (all: readonly Write[]) => all.filter((write) => write.isDatabase === isDatabase);
        const own = ofKind(writes);
        const at = own.findLastIndex(({ call }) => where.call.test(call)) + 1;
        const fault: Fault = { isDatabase, at, kind: where.kind };
        const { hasFired, wrong, writes: seen } = await bench.try(operation, fault);
        assert.ok(hasFired, `${fault.kind} at ${at} of ${own.length}`);
        // Writes that go side by side come in another order now and then, and the fault strikes another one.
        const struck = ofKind(seen)[at - 1];
        if (struck === undefined || where.call.test(struck.call)) return wrong;
      }
      throw new Error(`No fault struck a call ${where.call} in five runs`);
    } finally {
      await bench.close();
    }
  }

  for (const [breaker, name, kind, call] of [
    ['no-sync', 'replication, what is new', 'power-cut', /^rm$/],
    ['no-folder-sync', 'replication, what is new', 'power-cut', /^rm$/],
    ['deaf', 'replication, what is new', 'error', /^link$/],
    ['hasty', 'append', 'killed', /^create$/],
  ] as const)
    it(`is caught: ${breaker}, by a fault of kind ${kind} in ${name}`, async () => {
      const operation = named(name);
      assert.deepEqual(await wrongWith(null, operation, { kind, call }), []);
      assert.notDeepEqual(await wrongWith(breaker, operation, { kind, call }), []);
    });
});
