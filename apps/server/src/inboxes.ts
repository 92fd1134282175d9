import { type Bytes, bytesToHex, equalBytes } from '@serment/core/bytes';
import { inboxStream, isInboxStream } from '@serment/core/journal/header';
import { isAnyOf } from '@serment/store/journal/read';
import type { AppContext } from './app-context.ts';
import { notFound } from './error.ts';
import type { Caller } from './session-guard.ts';

/** How long a member reads again what it deposited. */
const ownForMs = 24 * 60 * 60 * 1000;

/** What who asks may read of the inboxes (docs/format/wire.md, Deposits). */
export interface InboxView {
  /** Those of others. */
  readonly closed: readonly Bytes[];
  /** Of its own, what was received from then on, milliseconds; null for who has none. */
  readonly own: { readonly stream: Bytes; readonly since: number } | null;
}

/** Null for who holds clinical and reads all of them. */
export async function inboxesOf(
  { store, clock }: Pick<AppContext, 'store' | 'clock'>,
  { practice, member }: Caller,
): Promise<InboxView | null> {
  const governance = await store.governance(practice);
  if (governance?.compartments.get('clinical')?.grants.has(member ?? '')) return null;
  const members = [...(governance?.members.values() ?? [])];
  const closed = members.filter((one) => bytesToHex(one.member) !== member).map((one) => inboxStream(one.member));
  const self = governance?.members.get(member ?? '');
  return { closed, own: self ? { stream: inboxStream(self.member), since: clock() - ownForMs } : null };
}

/**
 * From when on the entries of a stream are given, milliseconds; null for all of them. Throws NOT_FOUND for an inbox that is
 * kept from who asks, whether it holds anything or not.
 */
export function sinceOf(view: InboxView | null, stream: Uint8Array): number | null {
  if (view === null || !isInboxStream(stream)) return null;
  if (view.own !== null && equalBytes(view.own.stream, stream)) return view.own.since;
  throw notFound();
}

/** Throws NOT_FOUND where a deposit that is kept from who asks has one of these numbers, or names this document. */
export async function refuseKept(
  { store }: Pick<AppContext, 'store'>,
  practice: Bytes,
  view: InboxView | null,
  what: { readonly indexes: readonly number[] } | { readonly blob: Bytes },
): Promise<void> {
  if (view === null) return;
  if (await isAnyOf(store.database, practice, view.closed, what)) throw notFound();
  const { own } = view;
  if (own !== null && (await isAnyOf(store.database, practice, [own.stream], { ...what, receivedBefore: own.since })))
    throw notFound();
}
