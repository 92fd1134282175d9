import { type Bytes, equalBytes } from '@serment/core/bytes';
import { shutOutOf } from '@serment/core/journal/restriction';
import type { Store } from '@serment/store/store';
import { ServerError } from './error.ts';
import type { Caller } from './session-guard.ts';

/** The streams that restrictions keep from who asks: all that are restricted, for an author that is no member's. */
export async function shutOutStreams(store: Store, { practice, member }: Caller): Promise<readonly Bytes[]> {
  const governance = await store.governance(practice);
  return governance === null ? [] : shutOutOf(governance, member ?? '');
}

/** Throws STREAM_RESTRICTED for one of these streams. */
export function refuseShutOut(shutOut: readonly Bytes[], stream: Uint8Array): void {
  if (shutOut.some((one) => equalBytes(one, stream))) throw restricted();
}

export function restricted(): ServerError {
  return new ServerError('STREAM_RESTRICTED', 'This file is restricted to others', {
    hint: 'A member who may read the compartment opens it with a reason, which is signed and shown to all.',
  });
}
