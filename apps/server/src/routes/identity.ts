import { randomBytes } from 'node:crypto';
import { bytesToHex } from '@serment/core/bytes';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { randomNonce, randomPKCECodeVerifier } from 'openid-client';
import type { AppContext } from '../app-context.ts';
import { ServerError } from '../error.ts';
import { unknownAttempt } from '../identity/attempts.ts';
import { BrowserCookie } from '../psc/browser-cookie.ts';
import { pscError } from '../psc/failure.ts';
import { PscProvider, type PscSession, type SignInSecrets } from '../psc/provider.ts';
import { RoundTrips } from '../psc/round-trips.ts';
import { idParam } from '../request.ts';
import { refuseForeignSite } from '../same-origin.ts';
import { Throttle } from '../throttle.ts';

interface SignIn extends SignInSecrets {
  readonly attempt: string;
}

const base = '/api/identity/psc';
/** Stands where an attempt's name does when nobody knows which it was. */
const noAttempt = '-';
const maxAnswerLength = 4096;

/**
 * Proof of identity by Pro Santé Connect, as a window of the browser goes through it: out to the provider, back with a
 * code, out again to end the provider's session, and to the application's page `/identity`, whose fragment tells the
 * attempt and its proof, or an error (docs/security/pro-sante-connect.md).
 */
export function addIdentityRoutes(app: FastifyInstance, { psc, ...context }: AppContext): void {
  const { attempts, clock, publicUrl, isHttps } = context;
  const provider = psc === null ? null : new PscProvider(psc, clock);
  const signIns = new RoundTrips<SignIn>(clock);
  const signOuts = new RoundTrips<string>(clock);
  const byAddress = new Throttle({ limit: 60, windowMs: 60_000, clock });
  const cookie = new BrowserCookie(isHttps);
  const urlOf = (request: FastifyRequest, path: string) =>
    `${publicUrl?.origin ?? `http://${request.headers.host}`}${path}`;

  app.get(`${base}/:attempt`, async (request, reply) => {
    const attempt = bytesToHex(idParam(request, 'attempt', 16));
    try {
      byAddress.count(request.ip);
      // It could otherwise send a doctor's browser to sign in, and end a proof that is under way in it.
      refuseForeignSite(request);
      if (provider === null) throw pscError('PSC_OFF', 'not_configured');
      if (!attempts.isWaiting(attempt, 'psc')) throw unknownAttempt();
      const browser = randomBytes(32).toString('hex');
      const secrets = {
        redirectUri: urlOf(request, `${base}/callback`),
        nonce: randomNonce(),
        codeVerifier: randomPKCECodeVerifier(),
        beganAt: clock(),
      };
      const url = await provider.signInUrl(signIns.leave(browser, { attempt, ...secrets }), secrets);
      return reply.header('set-cookie', cookie.holding(browser)).redirect(url.href, 303);
    } catch (error) {
      return reply.redirect(urlOf(request, pageOf(refusal(request, attempt, error))), 303);
    }
  });

  if (provider === null) return;

  /** What the page is told of a session that the provider opened. */
  const proofOf = async (request: FastifyRequest, attempt: string, session: PscSession): Promise<string> => {
    try {
      const nationalId = await provider.nationalIdOf(session);
      return `${attempt}.${attempts.prove(attempt, { method: 'psc', nationalId })}`;
    } catch (error) {
      return refusal(request, attempt, error);
    }
  };

  app.get(`${base}/callback`, async (request, reply) => {
    let attempt = noAttempt;
    try {
      byAddress.count(request.ip);
      const { state, answer } = parseAnswer(queryOf(request));
      const browser = cookie.read(request.headers.cookie);
      const signIn = signIns.comeBack(state, browser);
      if (signIn === null || browser === null) throw pscError('PSC_STATE', 'unknown');
      attempt = signIn.attempt;
      const session = await provider.redeem(answer, state, signIn);
      // The provider knows this browser from here on: it is made to forget it before anything opens, proof or not, and
      // also when the attempt ended meanwhile.
      const back = signOuts.leave(browser, await proofOf(request, attempt, session));
      const url = await provider.signOutUrl(session, urlOf(request, `${base}/logout`), back);
      return reply.redirect(url.href, 303);
    } catch (error) {
      return reply.redirect(urlOf(request, pageOf(refusal(request, attempt, error))), 303);
    }
  });

  app.get(`${base}/logout`, async (request, reply) => {
    const fragment = signOuts.comeBack(queryOf(request).get('state') ?? '', cookie.read(request.headers.cookie));
    if (fragment !== null)
      return reply.header('set-cookie', cookie.cleared()).redirect(urlOf(request, pageOf(fragment)), 303);
    const told = refusal(request, noAttempt, pscError('PSC_STATE', 'unknown'));
    return reply.redirect(urlOf(request, pageOf(told)), 303);
  });
}

function pageOf(fragment: string): string {
  return `/identity#${fragment}`;
}

/** What the page is told of an error. What has no code of this server is a fault of it, and thrown on. */
function refusal(request: FastifyRequest, attempt: string, error: unknown): string {
  if (!(error instanceof ServerError)) throw error;
  const { code, fields } = error;
  request.log.info({ code, reason: fields.reason, route: request.routeOptions.url }, 'no identity was proven');
  return `${attempt}.error.${code}`;
}

function queryOf({ url }: FastifyRequest): URLSearchParams {
  const at = url.indexOf('?');
  return new URLSearchParams(at < 0 ? '' : url.slice(at + 1));
}

/** What a browser brings back from the provider; what is not the protocol's is left out. Throws PSC_STATE. */
function parseAnswer(query: URLSearchParams): { state: string; answer: URLSearchParams } {
  const answer = new URLSearchParams();
  for (const name of ['state', 'iss', 'code', 'error']) {
    const [value, ...more] = query.getAll(name);
    if (value === undefined) continue;
    if (more.length > 0 || value === '' || value.length > maxAnswerLength) throw pscError('PSC_STATE', 'malformed');
    answer.set(name, value);
  }
  const state = answer.get('state');
  if (state === null || answer.has('code') === answer.has('error')) throw pscError('PSC_STATE', 'malformed');
  return { state, answer };
}
