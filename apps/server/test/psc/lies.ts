import { constants, createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Lie, TestProvider } from './test-provider.ts';

type Claims = Record<string, unknown>;

/** Where the provider answers, as its description says. */
export const paths = {
  description: '/.well-known/openid-configuration',
  token: '/token',
  keys: '/jwks',
  userinfo: '/me',
} as const;

/** Does something else to the answer at that path. */
export function at(path: string, change: (context: KoaContextWithOIDC) => void | Promise<void>): Lie {
  return (context) => (context.path === path ? change(context) : undefined);
}

/** Changes members of the JSON answered there; those that become undefined are left out. */
export function withMembers(path: string, members: (body: Claims) => Claims): Lie {
  return at(path, (context) => {
    const body = bodyOf(context);
    context.body = JSON.stringify({ ...body, ...members(body) });
    context.type = 'json';
  });
}

/** An ID token with other claims, signed by the provider's own key. */
export function withClaims(provider: TestProvider, members: (claims: Claims) => Claims): Lie {
  return withIdToken((claims) => signRs256({ ...claims, ...members(claims) }, provider.key, provider.keyId));
}

/** The same claims in a token made otherwise. */
export function withIdToken(make: (claims: Claims) => string): Lie {
  return withMembers(paths.token, ({ id_token }) => ({ id_token: make(claimsOf(String(id_token))) }));
}

export function signRs256(claims: Claims, key: KeyObject, kid: string): string {
  const signed = unsigned({ alg: 'RS256', kid }, claims);
  return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
}

export function signPs256(claims: Claims, key: KeyObject, kid: string): string {
  const signed = unsigned({ alg: 'PS256', kid }, claims);
  const padded = { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
  return `${signed}.${sign('sha256', Buffer.from(signed), padded).toString('base64url')}`;
}

export function signHs256(claims: Claims, secret: string, kid: string): string {
  const signed = unsigned({ alg: 'HS256', kid }, claims);
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

export function unsigned(header: Claims, claims: Claims): string {
  return [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
}

export function anotherKey(): KeyObject {
  return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
}

/** Sends a body for as long as it is read. */
export async function* endless(): AsyncGenerator<string> {
  while (true) {
    yield 'a'.repeat(65_536);
    await delay(0);
  }
}

export function claimsOf(token: string): Claims {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
}

function bodyOf({ body }: KoaContextWithOIDC): Claims {
  return typeof body === 'object' && body !== null ? { ...body } : {};
}
