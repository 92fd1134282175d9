import { isLoopbackHttp, isSecureUrl } from '@serment/store/loopback';
import * as client from 'openid-client';
import { parseNationalId } from '../identity/national-id.ts';
import { boundedFetch } from './bounded-fetch.ts';
import type { PscConfiguration } from './configuration.ts';
import { pscError, toPscError } from './failure.ts';

/** What a sign-in keeps of itself while the browser is at the provider. */
export interface SignInSecrets {
  readonly redirectUri: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  /** Milliseconds since 1970. */
  readonly beganAt: number;
}

/** Tokens that have been verified. They live as long as the answer to one request, and are written nowhere. */
export interface PscSession {
  readonly idToken: string;
  readonly accessToken: string;
  readonly claims: client.IDToken;
}

/** The only level of Pro Santé Connect: a card, or an e-CPS on a telephone, with its code. */
const level = 'eidas1';
const refreshMs = 60 * 60_000;
/** For each of the three or four requests that a sign-in takes. */
const timeoutSeconds = 8;
/** How far the provider's clock may be from ours. */
const leewaySeconds = 30;
const neededEndpoints = [
  'authorization_endpoint',
  'token_endpoint',
  'userinfo_endpoint',
  'jwks_uri',
  'end_session_endpoint',
] as const;

/** Pro Santé Connect as OpenID Connect Core 1.0 lets a confidential client use it: code flow, with PKCE. */
export class PscProvider {
  readonly #configuration: PscConfiguration;
  readonly #clock: () => number;
  #discovered: { readonly client: Promise<client.Configuration>; readonly until: number } | null = null;

  constructor(configuration: PscConfiguration, clock: () => number) {
    this.#configuration = configuration;
    this.#clock = clock;
  }

  /** Where to send a browser that begins to sign in. Throws PSC_DOWN. */
  async signInUrl(state: string, { redirectUri, nonce, codeVerifier }: SignInSecrets): Promise<URL> {
    const { maxAgeSeconds } = this.#configuration;
    return client.buildAuthorizationUrl(await this.#client(), {
      redirect_uri: redirectUri,
      scope: 'openid scope_all',
      acr_values: level,
      state,
      nonce,
      code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
      ...(maxAgeSeconds === null ? {} : { max_age: String(maxAgeSeconds) }),
    });
  }

  /**
   * Takes the tokens for an answer that a browser brought back, once all that an ID token promises was verified (OpenID
   * Connect Core 1.0, 3.1.3.7). `answer` holds no more than `state`, `iss`, and `code` or `error`. Throws PSC_REFUSED,
   * PSC_STATE, PSC_TOKEN, PSC_DOWN.
   */
  async redeem(answer: URLSearchParams, state: string, secrets: SignInSecrets): Promise<PscSession> {
    const { issuer, maxAgeSeconds } = this.#configuration;
    const configuration = await this.#client();
    // RFC 9207: another provider's answer must not look like a token that does not hold.
    const isNamed = configuration.serverMetadata().authorization_response_iss_parameter_supported === true;
    if ((isNamed || answer.has('iss')) && answer.get('iss') !== issuer) throw pscError('PSC_STATE', 'issuer');
    const url = new URL(secrets.redirectUri);
    url.search = answer.toString();
    try {
      const tokens = await client.authorizationCodeGrant(configuration, url, {
        expectedState: state,
        expectedNonce: secrets.nonce,
        pkceCodeVerifier: secrets.codeVerifier,
        ...(maxAgeSeconds === null ? {} : { maxAge: maxAgeSeconds }),
      });
      const claims = tokens.claims();
      if (claims === undefined || tokens.id_token === undefined) throw pscError('PSC_TOKEN', 'missing');
      this.#checkParties(claims, secrets.beganAt);
      return { idToken: tokens.id_token, accessToken: tokens.access_token, claims };
    } catch (error) {
      throw toPscError(error, 'PSC_TOKEN');
    }
  }

  /** Who signed in, as the directory prints it. Throws PSC_ACR, PSC_IDENTITY, PSC_DOWN. */
  async nationalIdOf({ claims, accessToken }: PscSession): Promise<string> {
    if (claims.acr !== level) throw pscError('PSC_ACR', 'level');
    const userinfo = await this.#userinfo(accessToken, claims.sub);
    const nationalId = parseNationalId(userinfo.SubjectNameID);
    if (nationalId === null) throw pscError('PSC_IDENTITY', 'no_national_id');
    // Not every version of the provider repeats it in these; those that do must agree.
    const others = [userinfo.preferred_username, claims.preferred_username, claims.SubjectNameID];
    if (others.some((other) => parseNationalId(other) !== null && other !== nationalId))
      throw pscError('PSC_IDENTITY', 'several_national_ids');
    return nationalId;
  }

  /** Where the provider forgets this browser, and sends it back to `redirectUri` with `state`. Throws PSC_DOWN. */
  async signOutUrl({ idToken }: PscSession, redirectUri: string, state: string): Promise<URL> {
    return client.buildEndSessionUrl(await this.#client(), {
      id_token_hint: idToken,
      post_logout_redirect_uri: redirectUri,
      state,
    });
  }

  /** What openid-client leaves to its callers: for whom and when the token was made. */
  #checkParties({ azp, iat }: client.IDToken, beganAt: number): void {
    if (azp !== undefined && azp !== this.#configuration.clientId) throw pscError('PSC_TOKEN', 'azp');
    if (iat > this.#clock() / 1000 + leewaySeconds) throw pscError('PSC_TOKEN', 'iat_ahead');
    if (iat < beganAt / 1000 - leewaySeconds) throw pscError('PSC_TOKEN', 'iat_before');
  }

  async #userinfo(accessToken: string, subject: string): Promise<client.UserInfoResponse> {
    const configuration = await this.#client();
    try {
      return await client.fetchUserInfo(configuration, accessToken, subject);
    } catch (error) {
      throw toPscError(error, 'PSC_IDENTITY');
    }
  }

  /** The client, once the provider has described itself; it is asked at the first use, then each hour. */
  async #client(): Promise<client.Configuration> {
    const now = this.#clock();
    if (this.#discovered === null || this.#discovered.until <= now) {
      const current = { client: discover(this.#configuration), until: now + refreshMs };
      this.#discovered = current;
      // A failure is told to whoever waits for it, and tried again by whoever comes next.
      current.client.catch(() => {
        if (this.#discovered === current) this.#discovered = null;
      });
    }
    return this.#discovered.client;
  }
}

async function discover(configuration: PscConfiguration): Promise<client.Configuration> {
  const { discoveryUrl, clientId, clientSecret, authentication, signingAlgorithm, issuer } = configuration;
  const isLoopback = isLoopbackHttp(discoveryUrl);
  const authenticate = authentication === 'client_secret_post' ? client.ClientSecretPost : client.ClientSecretBasic;
  const metadata = {
    id_token_signed_response_alg: signingAlgorithm,
    [client.clockTolerance]: leewaySeconds,
  };
  try {
    const found = await client.discovery(discoveryUrl, clientId, metadata, authenticate(clientSecret), {
      [client.customFetch]: boundedFetch,
      timeout: timeoutSeconds,
      execute: [
        // Without it a token that came over TLS is taken at its word.
        client.enableNonRepudiationChecks,
        ...(isLoopback ? [client.allowInsecureRequests] : []),
      ],
    });
    checkDescription(found.serverMetadata(), issuer, isLoopback);
    return found;
  } catch (error) {
    throw toPscError(error, 'PSC_DOWN');
  }
}

/** The library compares no issuer when it is given the whole address of a description. Throws PSC_DOWN. */
function checkDescription(described: client.ServerMetadata, issuer: string, isLoopback: boolean): void {
  if (described.issuer !== issuer) throw pscError('PSC_DOWN', 'issuer');
  for (const name of neededEndpoints) {
    const address = described[name];
    const isUsable = typeof address === 'string' && URL.canParse(address) && isSecureUrl(new URL(address), isLoopback);
    if (!isUsable) throw pscError('PSC_DOWN', name);
  }
}
