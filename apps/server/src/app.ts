import type { FastifyInstance } from 'fastify';
import type { AppContext } from './app-context.ts';
import { HeldReading } from './held.ts';
import { type ListenerOptions, openListener } from './listener.ts';
import { Presences } from './presences.ts';
import { addAccountRoutes } from './routes/accounts.ts';
import { addAnnouncementRoutes } from './routes/announcements.ts';
import { addCopyRoutes } from './routes/copies.ts';
import { addDocumentRoutes } from './routes/documents.ts';
import { addDraftRoutes } from './routes/drafts.ts';
import { addDrillRoutes } from './routes/drills.ts';
import { addEnrolmentRoutes } from './routes/enrolments.ts';
import { addEntryRoutes } from './routes/entries.ts';
import { addEventRoutes } from './routes/events.ts';
import { addFactorRoutes } from './routes/factors.ts';
import { addHealthRoutes } from './routes/health.ts';
import { addIdentityRoutes } from './routes/identity.ts';
import { addIdentityAccountRoutes } from './routes/identity-accounts.ts';
import { addLoginRoutes } from './routes/login.ts';
import { addOpenSessionRoutes } from './routes/open-sessions.ts';
import { addPinRoutes } from './routes/pins.ts';
import { addPracticeRoutes } from './routes/practices.ts';
import { addPresenceRoutes } from './routes/presence.ts';
import { addSessionRoutes } from './routes/sessions.ts';
import { addWebRoutes } from './routes/web.ts';
import { addWitnessRoutes } from './routes/witness.ts';
import { guardSessions } from './session-guard.ts';
import { createSignIn } from './sign-in/sign-in.ts';

export type AppOptions = AppContext & ListenerOptions;

/**
 * What practices and their devices ask, ready to listen or to be asked through `inject()`. Operators have a listener of
 * their own (console/console-listener.ts).
 */
export async function buildApp(context: AppOptions): Promise<FastifyInstance> {
  const app = openListener(context);
  guardSessions(app, context);
  const signIn = createSignIn(context, app.log);
  const heldReading = new HeldReading(context.clock);
  addHealthRoutes(app, context);
  addPracticeRoutes(app, context);
  addSessionRoutes(app, context);
  addEntryRoutes(app, context, heldReading);
  addDocumentRoutes(app, context, heldReading);
  addCopyRoutes(app, context);
  addAnnouncementRoutes(app, context);
  addDraftRoutes(app, context);
  addDrillRoutes(app, context);
  addWitnessRoutes(app, context);
  addAccountRoutes(app, context, signIn);
  addOpenSessionRoutes(app, context, signIn);
  addFactorRoutes(app, context, signIn);
  addLoginRoutes(app, context, signIn);
  addPinRoutes(app, context, signIn);
  addEnrolmentRoutes(app, context, signIn);
  addIdentityRoutes(app, context);
  addIdentityAccountRoutes(app, context, signIn);
  const presences = new Presences();
  addPresenceRoutes(app, context, presences);
  addEventRoutes(app, context, presences);
  await addWebRoutes(app, context.webDir, 'index.html');
  return app;
}
