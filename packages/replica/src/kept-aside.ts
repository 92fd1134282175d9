import type { AuthorState } from '@serment/core/journal/governance-state';

/** What a member keeps for a day without a device: a kit or a passkey. Each time that it serves is told. */
export function isKeptAside<Holder extends Pick<AuthorState, 'type'>>(
  holder: Holder | undefined,
): holder is Holder & { readonly type: 'kit' | 'passkey' } {
  return holder?.type === 'kit' || holder?.type === 'passkey';
}
