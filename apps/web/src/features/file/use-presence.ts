import type { PresentFile } from '@serment/replica/presence';
import { useEffect, useState } from 'react';
import { useEngine, useEngineEvents } from '../../session/use-session.ts';

/**
 * Says that this window shows the file of the first patient, with the records of the others, and gives what other devices
 * show: nothing while the line is down.
 */
export function usePresence(patients: readonly string[]): readonly PresentFile[] {
  const engine = useEngine();
  const [present, setPresent] = useState<readonly PresentFile[]>([]);
  useEngineEvents((event) => {
    if (event.type === 'presence') setPresent(event.present);
  });
  const key = patients.join(' ');
  useEffect(() => {
    const lock = `serment-shown/${crypto.randomUUID()}`;
    const end = new AbortController();
    const [patient = '', ...read] = key.split(' ');
    void navigator.locks.request(lock, async () => {
      if (end.signal.aborted) return;
      // Nobody waits for it: a practice that was locked meanwhile shows nothing.
      void engine.desks.presence.show([patient, ...read], lock).then(setPresent, () => undefined);
      await new Promise((resolve) => end.signal.addEventListener('abort', resolve));
    });
    return () => end.abort();
  }, [engine, key]);
  return present;
}
