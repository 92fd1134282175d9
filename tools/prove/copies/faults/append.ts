import { mkdirSync } from 'node:fs';
import { type Bytes, bytesToHex, equalBytes, hexToBytes } from '@serment/core/bytes';
import { sha256 } from '@serment/core/hash';
import { parseEntry, parseStatement } from '@serment/core/journal/entry';
import { readDraft, writeDraft } from '@serment/store/drafts';
import { StoreError } from '@serment/store/error';
import { loadHostKeys } from '@serment/store/host-keys';
import type { Store } from '@serment/store/store';
import { copyFindings } from './copied.ts';
import { type Operation, type Order, runAgain, type Told } from './operation.ts';
import { cloneFiles, draftSlot, openVault } from './vault.ts';

interface AppendOrder extends Order {
  readonly database: string;
  readonly blobs: string;
  /** In hexadecimal, as are statements and payloads. */
  readonly document: string;
  readonly draft: string;
  readonly member: string;
  readonly steps: readonly (readonly { readonly statement: string; readonly payload: string }[])[];
}

/** A document is uploaded, saves are appended one by one and together, the last ones fill a tile, and a draft is kept. */
export const appendOperation: Operation<AppendOrder> = {
  name: 'append',

  async order(vault, folder) {
    mkdirSync(folder);
    cloneFiles(vault.path('blobs-behind'), `${folder}/blobs`);
    return {
      ...{ folder, practice: vault.id, hostKey: vault.path('host.key'), blobs: `${folder}/blobs` },
      ...{ database: await vault.database('behind'), member: bytesToHex(vault.author.founder) },
      ...{ document: bytesToHex(vault.document), draft: bytesToHex(vault.draft) },
      steps: vault.steps.map((step) =>
        step.map(({ statement, payload }) => ({
          statement: bytesToHex(statement),
          payload: bytesToHex(payload ?? new Uint8Array(0)),
        })),
      ),
    };
  },

  async run(order, tools) {
    const practice = hexToBytes(order.practice);
    const store = await openVault({ hostKeys: await loadHostKeys(order.hostKey) }, order.database, order.blobs);
    try {
      tools.begin();
      const bytes = hexToBytes(order.document);
      const { upload } = await store.uploads.start(practice, { hash: sha256(bytes), size: bytes.length });
      if (upload !== null) {
        await store.uploads.putPart(practice, upload, 0, bytes);
        await store.uploads.close(practice, upload);
      }
      tools.tell({ what: 'document' });
      for (const [step, entries] of order.steps.entries()) {
        const sent = entries.map(({ statement, payload }) => ({
          ...{ statement: hexToBytes(statement), payload: hexToBytes(payload) },
        }));
        const { receipts } = await store.append(practice, sent);
        tools.tell({ what: 'entries', step, indexes: receipts.map(({ index }) => index) });
      }
      await keepDraft(store, order);
      tools.tell({ what: 'draft' });
    } finally {
      await store.close();
      tools.end();
    }
  },

  async check(order, ran, vault) {
    const store = await openVault(vault, order.database, order.blobs);
    try {
      const wrong = await missing(store, order, ran.told);
      const again = await runAgain(appendOperation, order);
      wrong.push(...(await missing(store, order, again)).map((what) => `sent again: ${what}`));
      const size = (await store.head(hexToBytes(order.practice)))?.size;
      const due = vault.author.size + order.steps.flat().length;
      if (size !== due) wrong.push(`the journal has ${size} entries, and ought to have ${due}`);
      const found = await copyFindings(store, vault, `${order.folder}/copy`);
      return [...wrong, ...found.map((code) => `its copy: ${code}`)];
    } finally {
      await store.close();
    }
  },

  end: (order, vault) => vault.drop(order.database),
};

/** As an editor does: what it sent and had no answer to may stand. */
async function keepDraft(store: Store, order: AppendOrder): Promise<void> {
  const [practice, member] = [hexToBytes(order.practice), hexToBytes(order.member)];
  const asker = { member, holds: () => true };
  const draft = hexToBytes(order.draft);
  try {
    await writeDraft(store.database, practice, draftSlot, {
      ...{ ...asker, replaced: 0, draft, compartment: 'admin', updated: store.clock(), mayBegin: true },
    });
  } catch (cause) {
    const isStale = cause instanceof StoreError && cause.code === 'DRAFT_STALE';
    const standing = isStale ? await readDraft(store.database, practice, draftSlot, asker) : null;
    if (standing === null || !equalBytes(standing, draft)) throw cause;
  }
}

/** What was acknowledged and is not in the live side. */
async function missing(store: Store, order: AppendOrder, told: readonly Told[]): Promise<string[]> {
  const practice = hexToBytes(order.practice);
  const wrong: string[] = [];
  const size = (await store.head(practice))?.size ?? 0;
  const standing = new Map<number, { id: string; payload: Bytes | null }>();
  for await (const { index, entry, payload } of store.capture.readRange(order.practice, 0, size))
    standing.set(index, { id: bytesToHex(parseEntry(entry).id), payload });
  for (const { what, ...more } of told) {
    if (what === 'document') {
      const hash = sha256(hexToBytes(order.document));
      if ((await store.uploads.size(practice, hash)) === null) wrong.push('the document is not recorded');
      if (!(await isReadable(store, order, hash))) wrong.push('the document does not read back');
    } else if (what === 'draft') {
      const asker = { member: hexToBytes(order.member), holds: () => true };
      const draft = await readDraft(store.database, practice, draftSlot, asker);
      if (draft === null || bytesToHex(draft) !== order.draft) wrong.push('the draft is not as it was kept');
    } else {
      const indexes = more.indexes as readonly number[];
      for (const [place, sent] of (order.steps[Number(more.step)] ?? []).entries()) {
        const { id, payloadHash } = parseStatement(hexToBytes(sent.statement));
        const found = standing.get(indexes[place] ?? -1);
        const isWhole =
          found !== undefined &&
          found.id === bytesToHex(id) &&
          (found.payload === null
            ? payloadHash !== null && (await isReadable(store, order, payloadHash))
            : bytesToHex(found.payload) === sent.payload);
        if (!isWhole) wrong.push(`entry ${indexes[place]} is not the one that was acknowledged`);
      }
    }
  }
  return wrong;
}

async function isReadable(store: Store, { practice }: AppendOrder, hash: Bytes): Promise<boolean> {
  const pieces: Uint8Array[] = [];
  try {
    for await (const piece of store.blobs.read({ practice: hexToBytes(practice), hash })) pieces.push(piece);
  } catch {
    return false;
  }
  return equalBytes(sha256(new Uint8Array(Buffer.concat(pieces))), hash);
}
