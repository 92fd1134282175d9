import type { Bytes } from '@serment/core/bytes';
import { isAnyOf } from '@serment/store/journal/read';
import type { AppContext } from './app-context.ts';
import { notFound } from './error.ts';
import { inboxesOf, refuseKept } from './inboxes.ts';
import { restricted, shutOutStreams } from './restricted.ts';
import type { Caller } from './session-guard.ts';

/**
 * Throws NOT_FOUND for a document that the practice has not, or of a deposit that is kept from who asks, and
 * STREAM_RESTRICTED.
 */
export async function refuseUnreadableDocument(context: AppContext, caller: Caller, hash: Bytes): Promise<void> {
  const { store } = context;
  const { practice } = caller;
  if ((await store.uploads.size(practice, hash)) === null) throw notFound();
  const shutOut = await shutOutStreams(store, caller);
  if (await isAnyOf(store.database, practice, shutOut, { blob: hash })) throw restricted();
  await refuseKept(context, practice, await inboxesOf(context, caller), { blob: hash });
}

/** The same of the payloads of entries. */
export async function refuseUnreadable(context: AppContext, caller: Caller, indexes: readonly number[]): Promise<void> {
  const { store } = context;
  const { practice } = caller;
  const shutOut = await shutOutStreams(store, caller);
  if (await isAnyOf(store.database, practice, shutOut, { indexes })) throw restricted();
  await refuseKept(context, practice, await inboxesOf(context, caller), { indexes });
}
