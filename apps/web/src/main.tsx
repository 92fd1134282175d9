import { MantineProvider } from '@mantine/core';
import { lazy, type ReactNode, Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { takeOperatorCode } from './features/host/operator-code.ts';
import { returnIdentity } from './features/unlock/identity-window.ts';
import { takeInvitation } from './features/welcome/invitation-link.ts';
import { startI18n, withWords } from './i18n/i18n.ts';
import { registerServiceWorker } from './service-worker/registration.ts';
import { Session } from './session/session.ts';
import { SessionContext } from './session/use-session.ts';
import { FaultBoundary } from './ui/fault.tsx';
import { theme } from './ui/theme.ts';

const HostApp = lazy(async () => ({ default: (await withWords(import('./features/host/host-app.tsx'))).HostApp }));

if (await window.sermentCheck) await start();

async function start(): Promise<void> {
  const place = document.getElementById('app');
  if (place === null) return;
  if (location.pathname === '/identity') returnIdentity();
  const invitation = takeInvitation();
  await startI18n();
  if (location.pathname === '/host') return startHost(place);
  const session = await Session.start();
  // A page that the browser brings back from its memory has lost its line to the worker.
  addEventListener('pageshow', (event) => {
    if (event.persisted) location.reload();
  });
  show(
    place,
    <SessionContext value={session}>
      <App invitation={invitation} />
    </SessionContext>,
  );
  // Last: what it fetches for the next start must not keep this one waiting.
  if (import.meta.env.PROD) void registerServiceWorker();
}

/** The page of the host's operators: no vault, no worker, nothing of what this browser keeps of its members. */
function startHost(place: HTMLElement): void {
  const code = takeOperatorCode();
  // A code that is opened over this page loads nothing by itself, and would stay in the address.
  addEventListener('hashchange', () => location.reload());
  show(place, <HostApp code={code} />);
}

function show(place: HTMLElement, page: ReactNode): void {
  createRoot(place).render(
    <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
      <FaultBoundary>
        <Suspense>{page}</Suspense>
      </FaultBoundary>
    </MantineProvider>,
  );
}
