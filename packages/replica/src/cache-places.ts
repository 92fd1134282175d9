/**
 * Where a device, by its author in hexadecimal, keeps all that is its own. One browser may hold several members' devices:
 * what one of them verified, fetched, typed or has not sent yet is never another's, though their rights may be alike.
 */
export function deviceFolder(author: string): string {
  return `device/${author}`;
}

/** Within it: saves that wait for the host. */
export const outboxFolder = 'outbox/';

/** Within it: one mark for each draft whose text the host has not, so that they are counted without opening any. */
export const unsentDraftFolder = 'unsent-draft/';

/** Within it: batches that were scanned and are not wholly filed, one each. */
export const scannedBatchFolder = 'scanned-batch/';
