import { AuthorizationResponseError, ClientError, ResponseBodyError } from 'openid-client';
import { type ServerCode, ServerError } from '../error.ts';

export type PscCode = Extract<ServerCode, `PSC_${string}`>;

const messages: Readonly<Record<PscCode, string>> = {
  PSC_OFF: 'This host does not offer Pro Santé Connect',
  PSC_DOWN: 'Pro Santé Connect does not answer as it should',
  PSC_REFUSED: 'Pro Santé Connect identified nobody: the sign-in was given up or refused',
  PSC_STATE: 'This answer belongs to no sign-in that this browser began',
  PSC_TOKEN: 'What Pro Santé Connect gave as proof does not hold',
  PSC_ACR: 'Pro Santé Connect did not vouch for the level that was asked',
  PSC_IDENTITY: 'Pro Santé Connect named no professional with an RPPS number',
};

/**
 * A refusal, with what tells an operator why: a word of this program or of the protocol, never a token, a claim or an
 * address.
 */
export function pscError(code: PscCode, reason: string): ServerError {
  return new ServerError(code, messages[code], { fields: { reason } });
}

/** Codes of openid-client for an answer that never came or is none. */
const transport = new Set([
  'OAUTH_TIMEOUT',
  'OAUTH_ABORT',
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
  'OAUTH_RESPONSE_IS_NOT_JSON',
  'OAUTH_HTTP_REQUEST_FORBIDDEN',
]);
const providerFaults = new Set(['server_error', 'temporarily_unavailable']);

/**
 * What an error of openid-client means here; `otherwise` when the provider answered and its answer does not hold. Its
 * causes hold tokens and claims, and go no further.
 */
export function toPscError(error: unknown, otherwise: PscCode): ServerError {
  if (error instanceof ServerError) return error;
  if (error instanceof AuthorizationResponseError)
    return pscError(providerFaults.has(error.error) ? 'PSC_DOWN' : 'PSC_REFUSED', wordOf(error.error));
  if (error instanceof ResponseBodyError) return pscError(otherwise, wordOf(error.error));
  if (error instanceof ClientError) {
    if (error.cause instanceof ServerError) return error.cause;
    return pscError(transport.has(error.code ?? '') ? 'PSC_DOWN' : otherwise, error.code ?? 'unknown');
  }
  // `fetch` tells a network's faults so.
  if (error instanceof TypeError) return pscError('PSC_DOWN', 'network');
  return pscError(otherwise, 'refused');
}

/** An error's name comes from the other side, through the browser even. */
function wordOf(text: string): string {
  return /^[a-z_]{1,40}$/.test(text) ? text : 'malformed';
}
