import { RouterProvider } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { Ended } from './features/ended/ended.tsx';
import { Elsewhere } from './features/unlock/elsewhere.tsx';
import { Unlock } from './features/unlock/unlock.tsx';
import type { WelcomeStep } from './features/welcome/welcome.tsx';
import { withWords } from './i18n/i18n.ts';
import { router } from './router.tsx';
import { useEngine, useSessionState } from './session/use-session.ts';

const Welcome = lazy(async () => ({ default: (await withWords(import('./features/welcome/welcome.tsx'))).Welcome }));

/** What this browser can show now: a welcome, the lock, or the practice. The address stays the same through a lock. */
export function App({ invitation }: { readonly invitation: string | null }) {
  const [carried, setCarried] = useState(invitation);
  const { phase, current, ended } = useSessionState().engine;
  const [seenEnd, setSeenEnd] = useState(0);
  useLeaveOtherPerson(current?.device ?? null);
  useReadingAhead();
  const [welcome, setWelcome] = useState<WelcomeStep | null>(
    invitation !== null ? 'join' : phase === 'none' ? 'choice' : null,
  );
  const leaveWelcome = () => {
    setCarried(null);
    setWelcome(null);
  };
  if (phase === 'elsewhere') return <Elsewhere />;
  // A practice is open before its creation has said so: the welcome ends when the person leaves it.
  if (welcome !== null)
    return (
      <Suspense>
        <Welcome first={welcome} invitation={carried} onDone={leaveWelcome} />
      </Suspense>
    );
  if (phase === 'open') return <RouterProvider router={router} />;
  if (ended !== null && ended.at > seenEnd) return <Ended ended={ended} onRetry={() => setSeenEnd(ended.at)} />;
  return <Unlock onWelcome={setWelcome} />;
}

/** The address is what one person was looking at: it is nobody else's, and means nothing in another practice. */
function useLeaveOtherPerson(device: string | null): void {
  const last = useRef<string | null>(null);
  useEffect(() => {
    if (device === null) return;
    if (last.current !== null && last.current !== device) void router.navigate({ to: '/', replace: true });
    last.current = device;
  }, [device]);
}

const filePath = /^\/patients\/([^/]+)$/;

/** A file that was chosen is read while its page is being made. */
function useReadingAhead(): void {
  const engine = useEngine();
  useEffect(
    () =>
      router.subscribe('onBeforeNavigate', ({ toLocation, pathChanged }) => {
        const id = pathChanged ? filePath.exec(toLocation.pathname)?.[1] : undefined;
        // What goes wrong is said by the opening itself.
        if (id !== undefined) engine.expectFile(`Patient/${decodeURIComponent(id)}`).catch(() => undefined);
      }),
    [engine],
  );
}
