import { useEffect } from 'react';
import { useStatus } from '../../session/use-session.ts';

let isAsked = false;

/**
 * Asks the browser, once in a window, not to throw away what this device keeps: when there is something that would be
 * missed. Some browsers ask their person; what is lost where they refuse is at the host, but for what was not sent yet.
 */
export async function askForStorage(): Promise<void> {
  if (isAsked || navigator.storage?.persist === undefined) return;
  isAsked = true;
  if (!(await navigator.storage.persisted())) await navigator.storage.persist();
}

/** The same as soon as something waits here that the host has not. */
export function useStorageForSaves(): void {
  const status = useStatus();
  const isOnlyHere = status !== null && !status.online && status.pending > 0;
  useEffect(() => {
    if (isOnlyHere) void askForStorage();
  }, [isOnlyHere]);
}
