import { RouterProvider } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { Elsewhere } from './features/unlock/elsewhere.tsx';
import { Unlock } from './features/unlock/unlock.tsx';
import type { WelcomeStep } from './features/welcome/welcome.tsx';
import { router } from './router.tsx';
import { useSessionState } from './session/use-session.ts';

const Welcome = lazy(async () => ({ default: (await import('./features/welcome/welcome.tsx')).Welcome }));

/** What this browser can show now: a welcome, the lock, or the practice. The address stays the same through a lock. */
export function App() {
  const { phase, current } = useSessionState().engine;
  useLeaveOtherPractice(current?.practice ?? null);
  const [welcome, setWelcome] = useState<WelcomeStep | null>(phase === 'none' ? 'choice' : null);
  if (phase === 'elsewhere') return <Elsewhere />;
  // A practice is open before its creation has said so: the welcome ends when the person leaves it.
  if (welcome !== null)
    return (
      <Suspense>
        <Welcome first={welcome} onDone={() => setWelcome(null)} />
      </Suspense>
    );
  if (phase === 'open') return <RouterProvider router={router} />;
  return <Unlock onWelcome={setWelcome} />;
}

/** The address of one practice means nothing in another. */
function useLeaveOtherPractice(practice: string | null): void {
  const last = useRef<string | null>(null);
  useEffect(() => {
    if (practice === null) return;
    if (last.current !== null && last.current !== practice) void router.navigate({ to: '/patients' });
    last.current = practice;
  }, [practice]);
}
