import { mkdirSync } from 'node:fs';
import { CopyError } from '@serment/store/copy/copy-error';
import { folderDestination } from '@serment/store/copy/folder';
import { verifyCopy } from '@serment/store/copy/verify';
import { StateFolder } from '@serment/store/copy/verify-state';
import { findingTexts, verifyFolder } from './copied.ts';
import { type Operation, type Order, runAgain, texts } from './operation.ts';
import { cloneFiles, type FaultVault } from './vault.ts';

interface VerifyOrder extends Order {
  readonly copy: string;
  readonly state: string;
}

/** A damaged copy is read whole, and how far that came is kept at each occasion. */
export const wholeVerification = verification('verify, everything', false);
/** What came since an earlier verification is read on top of what that kept; some of it is damaged. */
export const nextVerification = verification('verify, what is new', true);

function verification(name: string, hasState: boolean): Operation<VerifyOrder> {
  let [least, most]: (string[] | null)[] = [null, null];
  const operation: Operation<VerifyOrder> = {
    name,

    async order(vault, folder) {
      mkdirSync(folder);
      if (hasState) cloneFiles(vault.path('state-behind'), `${folder}/state`);
      const copy = vault.path('copy-bad');
      return { folder, practice: vault.id, hostKey: vault.path('host.key'), copy, state: `${folder}/state` };
    },

    async run(order, tools) {
      tools.begin();
      const state = await StateFolder.open(order.state);
      const report = await verifyCopy(folderDestination({ path: order.copy }), { state, saveEveryMs: 0 });
      tools.tell({ what: 'findings', findings: findingTexts(report), size: report.practices[0]?.size });
      tools.end();
    },

    async check(order, { told, outcome }, vault) {
      const wrong: string[] = [];
      if (outcome.end === 'failed' && outcome.code !== 'VERIFY_STATE_UNWRITABLE')
        wrong.push(`ended with ${outcome.code}`);
      // What must be found by a reading like this one, and what there is to be found at all.
      most ??= findingTexts(await verifyFolder(order.copy));
      least ??= hasState ? await findingsOnTop(order, vault) : most;
      const again = await runAgain(operation, order).catch((cause: unknown) => {
        if (!(cause instanceof CopyError)) throw cause;
        wrong.push(`could not be run again: ${cause.code}`);
        return [];
      });
      for (const { findings } of [...told, ...again]) {
        const found = texts(findings);
        wrong.push(...(least ?? []).filter((text) => !found.includes(text)).map((text) => `did not report ${text}`));
        wrong.push(...found.filter((text) => !most?.includes(text)).map((text) => `reported ${text}`));
      }
      if (again.length === 0) wrong.push('a second run said nothing');
      return wrong;
    },

    end: async () => undefined,
  };
  return operation;
}

async function findingsOnTop({ folder, copy }: VerifyOrder, vault: FaultVault): Promise<string[]> {
  cloneFiles(vault.path('state-behind'), `${folder}/state-alone`);
  const state = await StateFolder.open(`${folder}/state-alone`);
  return findingTexts(await verifyCopy(folderDestination({ path: copy }), { state }));
}
