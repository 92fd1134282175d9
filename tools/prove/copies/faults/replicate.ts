import { mkdirSync } from 'node:fs';
import { folderDestination } from '@serment/store/copy/folder';
import { loadHostKeys } from '@serment/store/host-keys';
import { findingTexts, objectNames, publishToEnd, verifyFolder } from './copied.ts';
import type { Operation, Order } from './operation.ts';
import { cloneFiles, openVault, publish } from './vault.ts';

interface ReplicateOrder extends Order {
  readonly database: string;
  readonly blobs: string;
  readonly copy: string;
  readonly formatFolder: string;
  /** Whether something was copied before. */
  readonly hasCopy: boolean;
}

const patienceMs = 20_000;

/** A copy is begun, with all that the vault holds. */
export const firstReplication = replication('replication, a first copy', false);
/** A copy that had tails alone gets a full bundle, documents, a draft and account data, and its tails go. */
export const nextReplication = replication('replication, what is new', true);

function replication(name: string, hasCopy: boolean): Operation<ReplicateOrder> {
  const operation: Operation<ReplicateOrder> = {
    name,

    async order(vault, folder) {
      mkdirSync(folder);
      if (hasCopy) cloneFiles(vault.path('copy-behind'), `${folder}/copy`);
      return {
        ...{ folder, practice: vault.id, hostKey: vault.path('host.key'), copy: `${folder}/copy`, hasCopy },
        // Copying only reads there: all runs share it.
        ...{ database: vault.readUrl, blobs: vault.path('blobs'), formatFolder: vault.formatFolder },
      };
    },

    async run(order, tools) {
      const { practice: id, formatFolder } = order;
      const hostKeys = await loadHostKeys(order.hostKey);
      const store = await openVault({ hostKeys }, order.database, order.blobs);
      try {
        tools.begin();
        const publisher = publish({ hostKeys, id, formatFolder }, store, {
          destination: folderDestination({ path: order.copy }),
          log: ({ code }) => tools.tell({ what: 'reported', code }),
          onStatus() {
            // What the second tick stands on, whatever else is still behind.
            const size = publisher.status(id)[0]?.size ?? 0;
            if (size > 0) tools.tell({ what: 'copied', size });
          },
        });
        const isCurrent = () => publisher.status(id)[0]?.state === 'current';
        const endsAt = performance.now() + patienceMs;
        await publisher.settled();
        while (!isCurrent() && performance.now() < endsAt) {
          await tools.recover();
          await publisher.settled();
        }
        await tools.recover();
        await publisher.stop();
        if (!isCurrent()) throw new Error(`The copy did not recover: ${publisher.status(id)[0]?.error}`);
      } finally {
        await store.close();
        tools.end();
      }
    },

    async check(order, { told, kind }, vault) {
      const { copy } = order;
      const copied = Math.max(0, ...told.map(({ what, size }) => (what === 'copied' ? Number(size) : 0)));
      mkdirSync(copy, { recursive: true });
      const cut = await verifyFolder(copy);
      const size = cut.practices[0]?.size ?? 0;
      // A copy that was never begun has no marker yet: it proves nothing, and nobody was told that it does.
      const isBegun = hasCopy || copied > 0;
      const damages = cut.findings.filter(
        ({ severity, code }) => severity === 'damage' && (isBegun || code !== 'MARKER_MISSING'),
      );
      const wrong = damages.map(({ code, object }) => `before it is run again: ${code} ${object}`);
      const least = Math.max(copied, hasCopy ? vault.author.size : 0);
      if (size < least) wrong.push(`it proves ${size} entries, and ${least} were copied`);
      wrong.push(...(await publishToEnd(await vault.live, vault, copy)));
      const whole = await verifyFolder(copy);
      // What a writer was about to name when it was cut off; verify says so, and no object is named by it.
      const leftovers = kind === null ? /^$/ : /^LEFTOVER /;
      wrong.push(...findingTexts(whole).filter((text) => !leftovers.test(text)));
      if (whole.practices[0]?.size !== vault.liveSize) wrong.push(`it proves ${whole.practices[0]?.size} at the end`);
      if (objectNames(copy).join() !== objectNames(vault.path('copy')).join())
        wrong.push('it has other objects than a copy');
      return wrong;
    },

    end: async () => undefined,
  };
  return operation;
}
