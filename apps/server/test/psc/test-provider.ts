import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { type KoaContextWithOIDC } from 'oidc-provider';
import type { PscConfiguration } from '../../src/psc/configuration.ts';

/** The doctor before the screen: what they do there, and what the directory says of them. */
export interface TestDoctor {
  readonly subject: string;
  readonly isPatient: boolean;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Changes what the provider has just answered, once it has. */
export type Lie = (context: KoaContextWithOIDC) => void | Promise<void>;

export interface TestProvider {
  readonly issuer: string;
  readonly configuration: PscConfiguration;
  /** The key that signs its tokens. */
  readonly key: KeyObject;
  readonly keyId: string;
  doctor: TestDoctor;
  lie: Lie | null;
  /** Paths that were asked, in order. */
  readonly asked: string[];
  /** Makes it know an application. Until then it answers 503 to all. */
  serve(appOrigin: string, options?: { readonly authentication?: PscConfiguration['authentication'] }): void;
  close(): Promise<void>;
}

export const rppsOfDoctor = '899700218896';
/** Pro Santé Connect describes itself under this name alone. */
const description = '/.well-known/wallet-openid-configuration';

export const doctor: TestDoctor = {
  subject: 'f:550dc1c8:1',
  isPatient: true,
  claims: {
    SubjectNameID: rppsOfDoctor,
    preferred_username: rppsOfDoctor,
    given_name: 'ROBERT',
    family_name: 'SPECIALISTE',
    SubjectRefPro: { codeCivilite: 'M', exercices: [{ codeProfession: '10' }] },
  },
};

/** An OpenID provider on a free port of loopback, set as Pro Santé Connect's documentation says of it. */
export async function startTestProvider(host: 'localhost' | '127.0.0.1' = 'localhost'): Promise<TestProvider> {
  let listener: RequestListener = (_request, response) => response.writeHead(503).end('{}');
  const server = createServer((request, response) => listener(request, response)).listen(0, host);
  await new Promise((resolve) => server.once('listening', resolve));
  const issuer = `http://${host}:${(server.address() as AddressInfo).port}`;
  const { privateKey: key } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const configuration: PscConfiguration = {
    issuer,
    discoveryUrl: new URL(`${issuer}${description}`),
    clientId: 'serment',
    clientSecret: 'secret of the host, with / and + and : in it',
    authentication: 'client_secret_basic',
    signingAlgorithm: 'RS256',
    maxAgeSeconds: null,
  };
  const made: TestProvider = {
    ...{ issuer, configuration, key, keyId: 'psc-1', doctor, lie: null, asked: [] },
    serve(appOrigin, { authentication = configuration.authentication } = {}) {
      listener = makeProvider(made, appOrigin, authentication).callback();
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return made;
}

function makeProvider(
  made: TestProvider,
  appOrigin: string,
  authentication: PscConfiguration['authentication'],
): Provider {
  const { issuer, configuration, key, keyId } = made;
  const back = `${appOrigin}/api/identity/psc`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: configuration.clientId,
        client_secret: configuration.clientSecret,
        redirect_uris: [`${back}/callback`],
        post_logout_redirect_uris: [`${back}/logout`],
        grant_types: ['authorization_code'],
        response_types: ['code'],
        token_endpoint_auth_method: authentication,
      },
    ],
    jwks: { keys: [{ ...key.export({ format: 'jwk' }), kid: keyId, use: 'sig', alg: 'RS256' }] },
    acrValues: ['eidas1'],
    scopes: ['openid', 'scope_all'],
    claims: { openid: ['sub', 'acr'], scope_all: Object.keys(made.doctor.claims) },
    pkce: { required: () => true },
    cookies: { keys: ['test'] },
    ttl: { Interaction: 300, Grant: 300, Session: 300, AuthorizationCode: 60, AccessToken: 120, IdToken: 300 },
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true, logoutSource } },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    async findAccount(_context, id) {
      return { accountId: id, claims: async () => ({ sub: id, ...made.doctor.claims }) };
    },
    async loadExistingGrant(context) {
      const { client, session } = context.oidc;
      const grant = new provider.Grant({ clientId: client?.clientId, accountId: session?.accountId });
      grant.addOIDCScope('openid scope_all');
      await grant.save();
      return grant;
    },
  });
  // Lies break off answers, which it would otherwise print.
  provider.silent = true;
  provider.use(async (context, next) => {
    made.asked.push(context.path);
    if (context.path.startsWith('/interaction/')) return present(provider, made, context);
    if (context.path === description) context.path = '/.well-known/openid-configuration';
    await next();
    await made.lie?.(context as KoaContextWithOIDC);
  });
  return provider;
}

/** The doctor presents the e-CPS, or gives up. */
async function present(
  provider: Provider,
  { doctor: { subject, isPatient } }: TestProvider,
  context: { req: KoaContextWithOIDC['req']; res: KoaContextWithOIDC['res']; respond?: boolean | undefined },
): Promise<void> {
  context.respond = false;
  const result = isPatient
    ? { login: { accountId: subject, acr: 'eidas1', remember: true } }
    : { error: 'access_denied', error_description: 'The doctor gave up' };
  await provider.interactionFinished(context.req, context.res, result, { mergeWithLastSubmission: false });
}

function logoutSource(context: KoaContextWithOIDC, form: string): void {
  const script = 'document.querySelector("form").submit()';
  context.body = `<!doctype html>${form.replace('</form>', '<input name="logout" value="yes"></form>')}<script>${script}</script>`;
}
