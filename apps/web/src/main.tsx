import { App } from './app.tsx';
import { begin } from './browser-check.ts';
import { returnIdentity } from './features/unlock/identity-window.ts';
import { takeInvitation } from './features/welcome/invitation-link.ts';
import { startI18n } from './i18n/i18n.ts';
import { registerServiceWorker } from './service-worker/registration.ts';
import { Session } from './session/session.ts';
import { SessionContext } from './session/use-session.ts';
import { show } from './show.tsx';

await begin(start);

async function start(): Promise<void> {
  if (location.pathname === '/identity') returnIdentity();
  const invitation = takeInvitation();
  await startI18n();
  const session = await Session.start();
  // A page that the browser brings back from its memory has lost its line to the worker.
  addEventListener('pageshow', (event) => {
    if (event.persisted) location.reload();
  });
  show(
    <SessionContext value={session}>
      <App invitation={invitation} />
    </SessionContext>,
  );
  // Last: what it fetches for the next start must not keep this one waiting.
  if (import.meta.env.PROD) void registerServiceWorker();
}
