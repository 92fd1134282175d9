import { useEffect } from 'react';
import { useLanguage } from '../../i18n/use-language.ts';
import { useEngine, useSessionState, useStatus } from '../../session/use-session.ts';
import { isDue, makeCopy } from './copies.ts';

const lookMs = 20_000;
const quietMs = 2 * 60_000;
const againMs = 30 * 60_000;
const touches = ['pointerdown', 'pointermove', 'keydown', 'wheel'] as const;

/** Makes the day's rescue copy at a quiet moment, in one window: nobody is held up, and no lock waits for it. */
export function RescueKeeper() {
  const engine = useEngine();
  const language = useLanguage();
  const device = useSessionState().engine.current?.device ?? null;
  const status = useStatus();
  const mayMake = status?.role === 'doctor' && status.online && status.restored === null;
  useEffect(() => {
    if (!mayMake || device === null) return;
    let touchedAt = Date.now();
    let waitUntil = 0;
    const touch = () => {
      touchedAt = Date.now();
    };
    const look = async () => {
      const now = Date.now();
      if (now - touchedAt < quietMs || now < waitUntil) return;
      const view = await engine.desks.rescue.view();
      if (view === null || !isDue(view, now)) return;
      waitUntil = now + againMs;
      await makeCopy(engine, view, { device, language });
    };
    for (const kind of touches) addEventListener(kind, touch, { passive: true });
    const timer = setInterval(() => {
      // Another window is at it. What fails is tried again, and the age of the last one tells.
      void navigator.locks
        .request('serment-rescue', { ifAvailable: true }, (lock) => (lock === null ? undefined : look()))
        .catch(() => undefined);
    }, lookMs);
    return () => {
      clearInterval(timer);
      for (const kind of touches) removeEventListener(kind, touch);
    };
  }, [engine, language, device, mayMake]);
  return null;
}
