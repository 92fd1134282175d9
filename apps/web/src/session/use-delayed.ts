import { useSyncExternalStore } from 'react';
import type { DelayedAct } from './delayed.ts';
import { useSession } from './use-session.ts';

/** What waits behind an undo in this window. */
export function useDelayedActs(): readonly DelayedAct[] {
  const { delayed } = useSession();
  return useSyncExternalStore(delayed.subscribe, delayed.current);
}

/** The act that waits for one draft; null for none. */
export function useDelayed(key: string): DelayedAct | null {
  return useDelayedActs().find((act) => act.key === key) ?? null;
}
