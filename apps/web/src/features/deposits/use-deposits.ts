import type { DepositPart } from '@serment/replica/deposits';
import { useContext } from 'react';
import { type Asked, useAsked, useStatus } from '../../session/use-session.ts';
import { HasTime } from '../shell/late.ts';

/** What this member does with deposits: a desk lets in what it may not read, and others file it. */
export function useDepositPart(): DepositPart | null {
  return useStatus()?.depositPart ?? null;
}

/** As `useAsked`, again whenever the journal grew, a save went or a copy was made; what is shown stays meanwhile. */
export function useFollowed<Value>(key: string, ask: () => Promise<Value>): Asked<Value> {
  const status = useStatus();
  const copied = Math.max(0, ...(status?.copies ?? []).map(({ size }) => size));
  return useAsked(key, ask, [status?.size, status?.pending, status?.refused, status?.online, copied].join(' '));
}

/** The same of what stands beside the list of patients, and is asked once that is there; null until then. */
export function useFollowedLater<Value>(key: string, ask: () => Promise<Value>): Asked<Value | null> {
  const hasTime = useContext(HasTime);
  return useFollowed<Value | null>(hasTime ? key : `${key}, later`, hasTime ? ask : nothingYet);
}

async function nothingYet(): Promise<null> {
  return null;
}
