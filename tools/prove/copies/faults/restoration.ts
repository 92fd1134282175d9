import { mkdirSync } from 'node:fs';
import { bytesToHex, equalBytes, hexToBytes } from '@serment/core/bytes';
import { openAsHost } from '@serment/core/hostseal-open';
import { parseEntry } from '@serment/core/journal/entry';
import { CopyError } from '@serment/store/copy/copy-error';
import { comparedToLive, type DrillResult, runDrill } from '@serment/store/copy/drill';
import { folderDestination } from '@serment/store/copy/folder';
import { restoreCopy } from '@serment/store/copy/restore';
import type { RestoreSink } from '@serment/store/copy/restore-sink';
import { StoreError } from '@serment/store/error';
import { loadHostKeys } from '@serment/store/host-keys';
import { readEntries, readRootAt } from '@serment/store/journal/read';
import { openDatabase } from '@serment/store/postgres/connect';
import { createRestoreSink, type RestoreIntoOptions } from '@serment/store/restore-into';
import type { Store } from '@serment/store/store';
import { copyFindings } from './copied.ts';
import { type Operation, type Order, runAgain, texts } from './operation.ts';
import { type FaultVault, openVault } from './vault.ts';

interface RestoreOrder extends Order {
  readonly copy: string;
  /** An empty database, and an absent folder. */
  readonly database: string;
  readonly blobs: string;
}

async function targetOrder(vault: FaultVault, folder: string): Promise<RestoreOrder> {
  mkdirSync(folder);
  return {
    ...{ folder, practice: vault.id, hostKey: vault.path('host.key'), copy: vault.path('copy') },
    ...{ database: await vault.database('empty'), blobs: `${folder}/blobs` },
  };
}

/** A copy is restored into an empty database and an empty folder of documents. */
export const restoration: Operation<RestoreOrder> = {
  name: 'restore',
  order: targetOrder,

  async run(order, tools) {
    const hostKeys = await loadHostKeys(order.hostKey);
    const store = await openVault({ hostKeys }, order.database, order.blobs);
    const owner = openDatabase({ url: order.database, maxConnections: 1 });
    try {
      // As the store's, connected before anything goes wrong.
      await owner`SELECT 1`;
      tools.begin();
      const report = await restoreCopy({
        destinations: [folderDestination({ path: order.copy })],
        sink: sinkOf(store, { owner, openAccounts: (sealed) => openAsHost(hostKeys.sealSeed, sealed) }),
      });
      const [restored] = report.practices;
      if (restored === undefined) throw new RangeError('A restoration of one practice restores one');
      const findings = report.findings.map(({ code }) => code);
      tools.tell({ what: 'restored', findings, hasAccounts: report.hasAccounts });
    } finally {
      await owner.end({ timeout: 5 });
      await store.close();
      tools.end();
    }
  },

  async check(order, { told }, vault) {
    const wrong: string[] = [];
    const said = told.find(({ what }) => what === 'restored');
    if (said !== undefined) {
      wrong.push(...texts(said.findings).map((code) => `it was restored with ${code}`));
      if (said.hasAccounts !== true) wrong.push('it was restored without accounts');
      return [...wrong, ...(await incomplete(order, vault))];
    }
    wrong.push(...(await passing(order, vault)));
    // As the command does: what was cut is given up, and a fresh place is taken.
    const fresh = { ...order, database: await vault.database('empty'), blobs: `${order.folder}/blobs-again` };
    const again = await runAgain(restoration, fresh);
    if (texts(again[0]?.findings).length > 0) wrong.push(`the next one found ${texts(again[0]?.findings).join(' ')}`);
    wrong.push(...(await incomplete(fresh, vault)).map((what) => `the next one: ${what}`));
    await vault.drop(fresh.database);
    return wrong;
  },

  end: (order, vault) => vault.drop(order.database),
};

interface DrillOrder extends RestoreOrder {
  /** The vault that signs the result. */
  readonly live: string;
  readonly liveBlobs: string;
}

/** A copy is restored for a drill, read back, compared with the live journal, and the result is signed into that. */
export const drill: Operation<DrillOrder> = {
  name: 'drill',

  async order(vault, folder) {
    const order = await targetOrder(vault, folder);
    return { ...order, live: await vault.database('live'), liveBlobs: vault.path('blobs') };
  },

  async run(order, tools) {
    const hostKeys = await loadHostKeys(order.hostKey);
    const practice = hexToBytes(order.practice);
    const live = await openVault({ hostKeys }, order.live, order.liveBlobs);
    const scratch = await openVault({ hostKeys }, order.database, order.blobs);
    try {
      tools.begin();
      const [result] = await runDrill({
        destination: folderDestination({ path: order.copy, name: 'copy' }),
        practice: order.practice,
        // Without the owner: the way of a database that binds it too.
        openScratch: async () => sinkOf(scratch, { owner: null, openAccounts: null }),
      });
      if (result === undefined) throw new RangeError('A drill of one practice has one result');
      const compared = comparedToLive(result, await readRootAt(live.database, practice, result.size));
      await live.appendAsHost(practice, [{ kind: 'drill', ...bodyOf(compared) }]);
      tools.tell({ what: 'drill', outcome: compared.outcome, codes: compared.codes });
    } finally {
      await scratch.close();
      await live.close();
      tools.end();
    }
  },

  async check(order, { told }, vault) {
    const signed = await signedDrills(order, vault);
    const wrong = [...signed.flatMap(({ outcome, codes }) => badResult(outcome, codes))];
    if (signed.length < told.length) wrong.push('a result that was told is not in the journal');
    for (const one of told) wrong.push(...badResult(String(one.outcome), texts(one.codes)));
    if (signed.some(({ outcome }) => outcome === 'proven'))
      return [...wrong, ...(await incomplete(order, vault)).map((what) => `called proven: ${what}`)];
    const fresh = { ...order, database: await vault.database('empty'), blobs: `${order.folder}/blobs-again` };
    const [again] = await runAgain(drill, fresh);
    if (again?.outcome !== 'proven') wrong.push(`the next one is ${again?.outcome}: ${texts(again?.codes).join(' ')}`);
    await vault.drop(fresh.database);
    return wrong;
  },

  async end(order, vault) {
    await vault.drop(order.database);
    await vault.drop(order.live);
  },
};

function bodyOf({ practice: _, copy: __, ...body }: DrillResult) {
  return body;
}

function badResult(outcome: string, codes: readonly string[]): string[] {
  if ((outcome === 'proven') === (codes.length === 0)) return codes.includes('UNKNOWN') ? ['it names no cause'] : [];
  return [`${outcome} with ${codes.length} codes`];
}

function sinkOf(store: Store, who: Pick<RestoreIntoOptions, 'owner' | 'openAccounts'>): RestoreSink {
  const { database, blobs, capture, clock } = store;
  return createRestoreSink({ database, blobs, capture, clock, ...who });
}

async function signedDrills(order: DrillOrder, vault: FaultVault) {
  const live = await openVault(vault, order.live, order.liveBlobs);
  try {
    const entries = await readEntries(live.database, vault.author.practice, { from: vault.liveSize, limit: 100 });
    return entries.flatMap((bytes) => {
      const { body } = parseEntry(bytes).header;
      return body.kind === 'drill' ? [{ outcome: String(body.outcome), codes: body.codes }] : [];
    });
  } finally {
    await live.close();
  }
}

/** What a place that counts as restored lacks: its journal, payloads and documents are copied from there and verified. */
async function incomplete(order: RestoreOrder, vault: FaultVault): Promise<string[]> {
  const store = await openVault(vault, order.database, order.blobs);
  try {
    const head = await store.head(vault.author.practice);
    if (head === null || head.size !== vault.liveSize || !equalBytes(head.root, vault.liveRoot))
      return [`the journal has ${head?.size ?? 0} entries or another root`];
    const wrong: string[] = [];
    const drafts: string[] = [];
    for await (const { draft } of store.capture.drafts(vault.id)) drafts.push(bytesToHex(draft ?? new Uint8Array(0)));
    if (drafts.join() !== bytesToHex(vault.draft)) wrong.push('the draft is not there');
    return [...wrong, ...(await copyFindings(store, vault, `${order.blobs}-copied`))];
  } finally {
    await store.close();
  }
}

/** Where a restoration was cut: what would let its place pass for a vault. */
async function passing(order: RestoreOrder, vault: FaultVault): Promise<string[]> {
  const store = await openVault(vault, order.database, order.blobs);
  const { practice } = vault.author;
  try {
    if ((await store.head(practice)) === null) return [];
    const wrong: string[] = [];
    const { restored } = (await store.head(practice)) ?? { restored: null };
    if (restored === null) wrong.push('half a restoration passes for a live vault');
    const refused = await store.append(practice, vault.next).then(
      () => false,
      (cause: unknown) => cause instanceof StoreError,
    );
    if (!refused) wrong.push('half a restoration takes new entries');
    const again = await runAgain(restoration, order).then(
      () => 'done',
      (cause: unknown) => (cause instanceof CopyError ? cause.code : String(cause)),
    );
    if (again !== 'RESTORE_TARGET_NOT_EMPTY') wrong.push(`restoring there again is ${again}`);
    return wrong;
  } finally {
    await store.close();
  }
}
