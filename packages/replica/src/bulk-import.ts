import type { RoutedBatch } from '@serment/records/import/batch';
import type { Receipt } from '@serment/core/wire/append';
import { ReplicaError } from './error.ts';
import { type OutboxPart, sealParts } from './outbox.ts';
import { type Practice, recordsPart } from './practice.ts';

export interface BulkImport {
  /** Called after the host's answer: these batches are durable. */
  readonly onStored?: (batches: readonly RoutedBatch[], receipts: readonly Receipt[]) => void;
  readonly signal?: AbortSignal;
}

const groupParts = 256;
const groupBytes = 4_194_304;
const maxAttempts = 5;

/**
 * Writes many batches, group by group, each accepted whole: for imports and the demonstration. What the host answered
 * for is durable; when it cannot be reached the rest was not sent, and the same import can be run again.
 */
export async function importBatches(
  practice: Practice,
  batches: Iterable<RoutedBatch> | AsyncIterable<RoutedBatch>,
  { onStored, signal }: BulkImport = {},
): Promise<void> {
  if (!practice.canWrite) throw new ReplicaError('SAVE_INVALID', 'Nothing can be written here now');
  let group: RoutedBatch[] = [];
  let sizeBytes = 0;
  const send = async () => {
    signal?.throwIfAborted();
    const receipts = await sendGroup(practice, group);
    onStored?.(group, receipts);
    group = [];
    sizeBytes = 0;
  };
  for await (const batch of batches) {
    group.push(batch);
    for (const version of batch.batch.versions) sizeBytes += version.content?.length ?? 0;
    if (group.length >= groupParts || sizeBytes >= groupBytes) await send();
  }
  if (group.length > 0) await send();
  await practice.sync();
}

async function sendGroup(practice: Practice, group: readonly RoutedBatch[]): Promise<readonly Receipt[]> {
  const { mirror, keyring, transport } = practice;
  const parts: OutboxPart[] = group.map(({ compartment, stream, batch }) =>
    recordsPart(keyring.stream(compartment, stream), batch),
  );
  for (let attempt = 1; ; attempt += 1) {
    // Prev and seen are those of the journal as it stands now.
    await mirror.sync();
    const entries = await sealParts(parts, practice);
    const sent = entries.map(({ statementBytes, payload }) => ({ statement: statementBytes, payload }));
    try {
      return (await transport.append(sent)).receipts;
    } catch (error) {
      const isStale = error instanceof ReplicaError && error.code === 'SERVER_REFUSED' && error.fields.status === 409;
      if (!isStale || attempt >= maxAttempts) throw error;
    }
  }
}
