import { RouterProvider } from '@tanstack/react-router';
import { useState } from 'react';
import { Elsewhere } from './features/unlock/elsewhere.tsx';
import { Unlock } from './features/unlock/unlock.tsx';
import { Welcome, type WelcomeStep } from './features/welcome/welcome.tsx';
import { router } from './router.tsx';
import { useSessionState } from './session/use-session.ts';

/** What this browser can show now: a welcome, the lock, or the practice. The address stays the same through a lock. */
export function App() {
  const { phase } = useSessionState().engine;
  const [welcome, setWelcome] = useState<WelcomeStep | null>(phase === 'none' ? 'choice' : null);
  if (phase === 'elsewhere') return <Elsewhere />;
  // A practice is open before its creation has said so: the welcome ends when the person leaves it.
  if (welcome !== null) return <Welcome first={welcome} onDone={() => setWelcome(null)} />;
  if (phase === 'open') return <RouterProvider router={router} />;
  return <Unlock onWelcome={setWelcome} />;
}
