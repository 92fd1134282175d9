import { MantineProvider } from '@mantine/core';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { returnIdentity } from './features/unlock/identity-window.ts';
import { takeInvitation } from './features/welcome/invitation-link.ts';
import { startI18n } from './i18n/i18n.ts';
import { Session } from './session/session.ts';
import { SessionContext } from './session/use-session.ts';
import { FaultBoundary } from './ui/fault.tsx';
import { theme } from './ui/theme.ts';

if (await window.sermentCheck) await start();

async function start(): Promise<void> {
  const place = document.getElementById('app');
  if (place === null) return;
  if (location.pathname === '/identity') returnIdentity();
  const invitation = takeInvitation();
  await startI18n();
  const session = await Session.start();
  // A page that the browser brings back from its memory has lost its line to the worker.
  addEventListener('pageshow', (event) => {
    if (event.persisted) location.reload();
  });
  createRoot(place).render(
    <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
      <SessionContext value={session}>
        <FaultBoundary>
          <App invitation={invitation} />
        </FaultBoundary>
      </SessionContext>
    </MantineProvider>,
  );
}
