import type { Receipt } from '@serment/core/wire/append';
import type { RoutedBatch } from '@serment/records/import/batch';
import { ReplicaError } from './error.ts';
import type { Practice } from './practice.ts';
import { recordsPart } from './saving.ts';
import { deliver, type OutboxPart, refusalOf, sealParts } from './sending.ts';

export interface BulkImport {
  /** Called once these batches stand in the verified journal: they are durable. */
  readonly onStored?: (batches: readonly RoutedBatch[], receipts: readonly Receipt[]) => void;
  readonly signal?: AbortSignal;
}

const groupParts = 256;
const groupBytes = 4_194_304;
const maxAttempts = 5;

/**
 * Writes many batches, group by group, each accepted whole: for imports and the demonstration. What was told as stored
 * is durable; when the host cannot be reached the rest was not sent, and the same import can be run again.
 */
export async function importBatches(
  practice: Practice,
  batches: Iterable<RoutedBatch> | AsyncIterable<RoutedBatch>,
  { onStored, signal }: BulkImport = {},
): Promise<void> {
  if (!practice.canWrite) throw new ReplicaError('SAVE_INVALID', 'Nothing can be written here now');
  let group: RoutedBatch[] = [];
  let sizeBytes = 0;
  let sending: Promise<void> = Promise.resolve();
  const send = async () => {
    const full = group;
    group = [];
    sizeBytes = 0;
    // Made ready while the group before it travels; sealed after it, since each entry names the one before.
    const parts = full.map(({ compartment, stream, batch }) =>
      recordsPart(practice.keyring.stream(compartment, stream), batch),
    );
    await sending;
    signal?.throwIfAborted();
    sending = sendGroup(practice, parts).then((receipts) => onStored?.(full, receipts));
    // A failure is met where it is awaited.
    sending.catch(() => undefined);
  };
  await practice.mirror.sync();
  try {
    for await (const batch of batches) {
      group.push(batch);
      for (const version of batch.batch.versions) sizeBytes += version.content?.length ?? 0;
      if (group.length >= groupParts || sizeBytes >= groupBytes) await send();
    }
    if (group.length > 0) await send();
  } finally {
    // What is under way is told as stored even when what follows it failed.
    await sending;
  }
  await practice.sync();
}

async function sendGroup(practice: Practice, parts: readonly OutboxPart[]): Promise<readonly Receipt[]> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await deliver(await sealParts(parts, practice), practice);
    } catch (error) {
      if (!refusalOf(error)?.isStale || attempt >= maxAttempts) throw error;
      await practice.mirror.sync();
      await practice.keyring.refresh(practice.mirror.governance);
    }
  }
}
