import type { Bytes } from '@serment/core/bytes';
import { bytesToHex } from '@serment/core/bytes';
import {
  encodeChallengeRequest,
  encodeSessionRequest,
  parseChallenge,
  parseSession,
  sessionMessage,
} from '@serment/core/wire/session';
import type { Store } from '@serment/store/store';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import type { TestPractice } from '../../../packages/core/test/journal/practice-fixture.ts';
import type { TestSigner } from '../../../packages/core/test/journal/signer.ts';
import { type AppOptions, buildApp } from '../src/app.ts';
import type { Alerts, Copies } from '../src/app-context.ts';
import { buildConsole, type ConsoleListenerOptions } from '../src/console/console-listener.ts';
import { ConsoleView, type ConsoleViewOptions } from '../src/console/console-view.ts';
import { CopyAdditions } from '../src/console/copy-additions.ts';
import { CopyReadings } from '../src/copy-readings.ts';
import { IdentityAttempts } from '../src/identity/attempts.ts';
import { usualDrills } from '../src/jobs/drill-config.ts';
import { ServerHealth } from '../src/server-health.ts';
import type { Sms, SmsMessage } from '../src/sms/sms.ts';

export const noCopies: Copies = {
  status: () => [],
  reading: new CopyReadings({ places: () => [], clock: Date.now, sizeOf: () => 0 }),
  verify: () => false,
  onChange: () => () => undefined,
};

export const noAlerts: Alerts = {
  ...{ open: () => [], of: () => [], onChange: () => () => undefined },
  ...{ noteRevoked: () => undefined, noteOtherHistory: () => undefined },
  ...{ isAnnounced: () => false, noteAnnounced: () => undefined },
};

/** Keeps what it is given to send, for a test to read. */
export function keepSms(sent: SmsMessage[]): Sms {
  return {
    isLocal: false,
    async send(message) {
      sent.push(message);
    },
  };
}

export function makeApp(store: Store, options: Partial<AppOptions> = {}): Promise<FastifyInstance> {
  const web = { webDir: '/nowhere', version: '0.0.0', publicUrl: null, isHttps: false, invitations: null };
  const { clock = Date.now } = options;
  return buildApp({
    ...{
      store,
      copies: noCopies,
      drills: null,
      health: new ServerHealth(store),
      alerts: noAlerts,
      sms: keepSms([]),
      attempts: new IdentityAttempts(clock),
      psc: null,
      cardOrigin: null,
      clock,
    },
    ...web,
    ...options,
  });
}

const noWrittenCopies = {
  ...noCopies,
  ...{ places: [], retired: [], verifying: () => ({ verifying: null, waiting: 0 }), follow: async () => undefined },
  add: async () => undefined,
};

/** The host's console beside it. */
export function makeConsole(store: Store, options: Partial<ConsoleParts> = {}): Promise<FastifyInstance> {
  const { copies = noWrittenCopies, drills = null, clock = Date.now } = options;
  const view = new ConsoleView({
    ...{ store, copies, drills, clock, health: new ServerHealth(store), version: '0.0.0' },
    ...{ window: usualDrills.window, alerts: { lockEnds: () => new Map() } },
  });
  const additions = new CopyAdditions({
    ...{ store, copies: noWrittenCopies, dataDir: '/nowhere', copiesFile: '/nowhere/copies.json', env: {} },
    log: pino({ level: 'silent' }),
  });
  return buildConsole({
    ...{ store, copies, drills, additions, view, clock, webDir: '/nowhere', publicUrl: null, isHttps: false },
    ...options,
  });
}

type ConsoleParts = Omit<ConsoleListenerOptions, 'copies'> & {
  readonly copies: ConsoleListenerOptions['copies'] & ConsoleViewOptions['copies'];
};

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly bytes: Bytes;
  readonly text: string;
  /** Code of an error answer. */
  readonly code: string | null;
}

export interface Asked {
  readonly body?: Uint8Array;
  readonly token?: Bytes;
  readonly headers?: Record<string, string>;
  readonly type?: string;
}

/** Asks the application, as a program would. */
export async function ask(
  app: FastifyInstance,
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  url: string,
  { body, token, headers = {}, type = 'application/cbor' }: Asked = {},
): Promise<Answer> {
  const response = await app.inject({
    method,
    url,
    headers: {
      host: 'localhost:4400',
      ...(body === undefined ? {} : { 'content-type': type }),
      ...(token === undefined ? {} : { authorization: `Bearer ${bytesToHex(token)}` }),
      ...headers,
    },
    ...(body === undefined ? {} : { payload: Buffer.from(body) }),
  });
  const text = response.payload;
  const isError = response.statusCode >= 400 && text.startsWith('{');
  const code: unknown = isError ? JSON.parse(text).code : null;
  return {
    status: response.statusCode,
    headers: response.headers,
    bytes: new Uint8Array(response.rawPayload),
    text,
    code: typeof code === 'string' ? code : null,
  };
}

/** Opens a session of an author and answers with its token. */
export async function signIn(
  app: FastifyInstance,
  practice: TestPractice,
  signer: TestSigner = practice.device,
): Promise<Bytes> {
  const who = { practice: practice.practice, author: signer.author };
  const challenge = await ask(app, 'POST', '/api/challenges', { body: encodeChallengeRequest(who) });
  const { nonce } = parseChallenge(challenge.bytes);
  const signature = await signer.sign(sessionMessage(who, nonce));
  const answer = await ask(app, 'POST', '/api/sessions', { body: encodeSessionRequest({ ...who, nonce, signature }) });
  return parseSession(answer.bytes).token;
}
