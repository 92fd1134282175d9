import { type Asked, useAsked, useStatus } from '../../session/use-session.ts';

/** What this member may do with deposits: a desk lets in what it may not read, and others file it. */
export function useDepositRights(): { readonly mayDeposit: boolean; readonly mayFile: boolean } {
  const compartments = useStatus()?.compartments ?? [];
  const mayFile = compartments.includes('clinical');
  return { mayFile, mayDeposit: !mayFile && compartments.includes('admin') };
}

/** As `useAsked`, again whenever the journal grew, a save went or a copy was made; what is shown stays meanwhile. */
export function useFollowed<Value>(key: string, ask: () => Promise<Value>): Asked<Value> {
  const status = useStatus();
  const copied = Math.max(0, ...(status?.copies ?? []).map(({ size }) => size));
  return useAsked(key, ask, [status?.size, status?.pending, status?.refused, status?.online, copied].join(' '));
}
