import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import { Readable } from 'node:stream';
import { beforeEach, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Desk } from './desk.ts';
import {
  anotherKey,
  at,
  endless,
  paths,
  signHs256,
  signPs256,
  signRs256,
  unsigned,
  withClaims,
  withIdToken,
  withMembers,
} from './lies.ts';
import { setScene } from './scene.ts';
import { TestBrowser } from './test-browser.ts';
import { doctor, type Lie, rppsOfDoctor, startTestProvider } from './test-provider.ts';

const { provider, desks } = await setScene();
let desk: Desk;
beforeEach(async () => {
  desk = await desks.open(provider);
});

async function refusesLie(code: string, lie: Lie): Promise<void> {
  provider.lie = lie;
  await desk.refuses(code);
}

async function proves(): Promise<void> {
  const begun = desk.begin();
  assert.equal(desk.take(begun, await desk.signIn(begun)).nationalId, rppsOfDoctor);
}

const now = () => Math.floor(Date.now() / 1000);

describe('a token of the provider’s own key', () => {
  it('that is signed again with nothing changed is taken: what follows fails for its lie alone', async () => {
    provider.lie = withClaims(provider, () => ({}));
    await proves();
  });

  const lies: readonly (readonly [string, (claims: Record<string, unknown>) => Record<string, unknown>])[] = [
    ['another nonce', () => ({ nonce: 'a'.repeat(43) })],
    ['no nonce', () => ({ nonce: undefined })],
    ['another audience', () => ({ aud: 'another-software' })],
    [
      'us among other audiences, for another',
      ({ aud }) => ({ aud: [aud, 'another-software'], azp: 'another-software' }),
    ],
    ['us among other audiences, for nobody said', ({ aud }) => ({ aud: [aud, 'another-software'] })],
    ['us alone, for another', () => ({ azp: 'another-software' })],
    ['another issuer', () => ({ iss: 'http://localhost:1' })],
    ['no issuer', () => ({ iss: undefined })],
    ['its time over', () => ({ exp: now() - 31 })],
    ['no end', () => ({ exp: undefined })],
    ['an end that is no number', () => ({ exp: 'tomorrow' })],
    ['a birth to come', () => ({ iat: now() + 40 })],
    ['a birth before the sign-in', () => ({ iat: now() - 60 })],
    ['a start to come', () => ({ nbf: now() + 40 })],
    ['no subject', () => ({ sub: undefined })],
  ];
  for (const [what, members] of lies)
    it(`with ${what} is refused`, () => refusesLie('PSC_TOKEN', withClaims(provider, members)));

  it('by a clock some seconds away is taken', async () => {
    provider.lie = withClaims(provider, () => ({ iat: now() + 20, exp: now() - 20 }));
    await proves();
  });

  it('of another level, or of none, is refused for that', async () => {
    for (const acr of ['eidas0', 'eidas', 'EIDAS1', '', null, undefined, 1, ['eidas1']])
      await refusesLie(
        'PSC_ACR',
        withClaims(provider, () => ({ acr })),
      );
  });
});

describe('a token', () => {
  it('without a signature is refused', async () => {
    for (const alg of ['none', 'None'])
      await refusesLie(
        'PSC_TOKEN',
        withIdToken((claims) => `${unsigned({ alg }, claims)}.`),
      );
    await refusesLie(
      'PSC_TOKEN',
      withIdToken((claims) => `${unsigned({ alg: 'RS256', kid: provider.keyId }, claims)}.`),
    );
  });

  it('signed by a key that is not the provider’s is refused', async () => {
    const key = anotherKey();
    await refusesLie(
      'PSC_TOKEN',
      withIdToken((claims) => signRs256(claims, key, provider.keyId)),
    );
    await refusesLie(
      'PSC_TOKEN',
      withIdToken((claims) => signRs256(claims, key, 'another')),
    );
  });

  it('signed with the secret, or with the public key as a secret, is refused', async () => {
    const { clientSecret } = provider.configuration;
    await refusesLie(
      'PSC_TOKEN',
      withIdToken((claims) => signHs256(claims, clientSecret, provider.keyId)),
    );
    const pem = String(createPublicKey(provider.key).export({ format: 'pem', type: 'spki' }));
    await refusesLie(
      'PSC_TOKEN',
      withIdToken((claims) => signHs256(claims, pem, provider.keyId)),
    );
  });

  it('that is absent, or no token, is refused', async () => {
    for (const id_token of [undefined, '', 'a.b.c', '..', 1, 'a'.repeat(100_000), 'é.é.é', 'a.b.c.d.e'])
      await refusesLie(
        'PSC_TOKEN',
        withMembers(paths.token, () => ({ id_token })),
      );
    await refusesLie(
      'PSC_TOKEN',
      withMembers(paths.token, () => ({ access_token: undefined })),
    );
  });

  it('of a provider that says it signs in any way is held to the algorithm configured', async () => {
    const { key, keyId, configuration } = provider;
    const described = withMembers(paths.description, () => ({
      id_token_signing_alg_values_supported: ['none', 'HS256', 'PS256', 'RS256'],
    }));
    const published = withMembers(paths.keys, () => ({
      keys: [{ ...createPublicKey(key).export({ format: 'jwk' }), kid: keyId }],
    }));
    for (const make of [
      (claims: Record<string, unknown>) => `${unsigned({ alg: 'none' }, claims)}.`,
      (claims: Record<string, unknown>) => signHs256(claims, configuration.clientSecret, keyId),
      (claims: Record<string, unknown>) => signPs256(claims, key, keyId),
    ])
      await refusesLie('PSC_TOKEN', async (context) => {
        for (const lie of [described, published, withIdToken(make)]) await lie(context);
      });
  });

  it('signed in the way configured is taken', async () => {
    const configuration = { ...provider.configuration, signingAlgorithm: 'PS256' as const };
    const own = await desks.open({ ...provider, configuration });
    const { key, keyId } = provider;
    const published = withMembers(paths.keys, () => ({
      keys: [{ ...createPublicKey(key).export({ format: 'jwk' }), kid: keyId }],
    }));
    provider.lie = async (context) => {
      await published(context);
      await withIdToken((claims) => signPs256(claims, key, keyId))(context);
    };
    const begun = own.begin();
    // Its own logout would refuse the token, made in another way than it makes them.
    await new TestBrowser().open(own.startUrl(begun), ({ pathname }) => pathname === '/session/end');
    assert.ok(!own.attempts.isWaiting(begun.attempt, 'psc'), 'it is proven');
  });
});

describe('an identity', () => {
  const of = (SubjectNameID: unknown, more: Record<string, unknown> = {}) =>
    withMembers(paths.userinfo, () => ({ SubjectNameID, ...more }));

  it('without a national id is refused, whatever else it says', async () => {
    for (const absent of [undefined, null, '', 0]) await refusesLie('PSC_IDENTITY', of(absent));
  });

  it('with a national id that is not "8" and an RPPS number is refused', async () => {
    const wrong = [
      '99700218896',
      '0759900001234',
      '899700218897',
      '8997002188960',
      ' 899700218896',
      '899700218896\n',
      '８９９７００２１８８９６',
      'ANS20231122132732',
      899_700_218_896,
      ['899700218896'],
      { value: '899700218896' },
    ];
    for (const nationalId of wrong) await refusesLie('PSC_IDENTITY', of(nationalId));
  });

  it('with two national ids is refused', async () => {
    await refusesLie('PSC_IDENTITY', of(rppsOfDoctor, { preferred_username: '810000000009' }));
    for (const name of ['preferred_username', 'SubjectNameID'])
      await refusesLie(
        'PSC_IDENTITY',
        withClaims(provider, () => ({ [name]: '810000000009' })),
      );
  });

  it('needs no more than the national id', async () => {
    provider.lie = of(rppsOfDoctor, { preferred_username: 'a1b2', given_name: undefined, family_name: undefined });
    await proves();
  });

  it('of another subject than the token’s is refused', async () => {
    for (const sub of ['f:550dc1c8:2', '', undefined, null])
      await refusesLie('PSC_IDENTITY', of(rppsOfDoctor, { sub }));
  });

  it('in a token of its own that nobody signed is refused', async () => {
    const claims = { sub: doctor.subject, SubjectNameID: rppsOfDoctor };
    const answer = (body: string) =>
      at(paths.userinfo, (context) => {
        context.body = body;
        context.type = 'application/jwt';
      });
    await refusesLie('PSC_IDENTITY', answer(`${unsigned({ alg: 'none' }, claims)}.`));
    await refusesLie('PSC_IDENTITY', answer(signRs256(claims, anotherKey(), provider.keyId)));
  });
});

describe('a provider that answers otherwise than it should', () => {
  /** What each of its addresses means when it fails. */
  const places = [
    [paths.description, 'PSC_DOWN'],
    [paths.token, 'PSC_DOWN'],
    [paths.keys, 'PSC_DOWN'],
    [paths.userinfo, 'PSC_DOWN'],
  ] as const;
  for (const [path, code] of places) {
    it(`is down when ${path} is huge, elsewhere, broken or no JSON`, async () => {
      const answers: ((context: Parameters<Lie>[0]) => void)[] = [
        (context) => {
          context.body = Readable.from(endless());
          context.type = 'json';
        },
        // Followed, it would lead to the truth.
        (context) => {
          if (context.querystring === 'again') return;
          context.redirect(`${path}?again`);
          context.status = 307;
        },
        (context) => {
          context.status = 500;
        },
        (context) => {
          context.status = 204;
        },
        (context) => {
          context.body = '<!doctype html>';
          context.type = 'html';
        },
        (context) => {
          context.respond = false;
          context.res.destroy();
        },
      ];
      for (const answer of answers) await refusesLie(code, at(path, answer));
      assert.match(desk.logged.join(''), /answer_too_large/);
      provider.lie = null;
      await proves();
    });
  }

  it('is down when it is slow, at each address, however little it sends', { timeout: 60_000 }, async () => {
    const slow: Lie = async (context) => {
      context.type = 'json';
      context.body = Readable.from(dripping());
    };
    await Promise.all(
      places.map(async ([path, code]) => {
        const own = await startTestProvider();
        const ownDesk = await desks.open(own);
        own.lie = at(path, slow);
        const began = Date.now();
        await ownDesk.refuses(code).finally(() => own.close());
        assert.ok(Date.now() - began < 12_000);
      }),
    );
  });

  for (const [path, code] of [
    [paths.description, 'PSC_DOWN'],
    [paths.token, 'PSC_TOKEN'],
    [paths.keys, 'PSC_TOKEN'],
    [paths.userinfo, 'PSC_IDENTITY'],
  ] as const)
    it(`is refused when ${path} is JSON, and not what is asked`, async () => {
      for (const body of ['[]', 'null', '{}', '"text"', '{"a":', ''])
        await refusesLie(
          code,
          at(path, (context) => {
            context.body = body;
            context.type = 'json';
          }),
        );
    });

  it('is down when it describes another issuer, or addresses that are absent or not secure', async () => {
    for (const members of [
      { issuer: 'http://localhost:1' },
      { issuer: `${provider.issuer}/` },
      { token_endpoint: undefined },
      { userinfo_endpoint: undefined },
      { jwks_uri: undefined },
      { end_session_endpoint: undefined },
      { authorization_endpoint: 'http://evil.example/auth' },
      { authorization_endpoint: 'javascript:alert(1)' },
      { end_session_endpoint: 'http://evil.example/logout' },
      { token_endpoint: 'http://evil.example/token' },
      { userinfo_endpoint: 7 },
      { jwks_uri: 'file:///etc/passwd' },
    ])
      await refusesLie(
        'PSC_DOWN',
        withMembers(paths.description, () => members),
      );
  });

  it('is refused when it takes no code, and down when it says so', async () => {
    const answer = (status: number, error: string) =>
      at(paths.token, (context) => {
        context.status = status;
        context.type = 'json';
        context.body = JSON.stringify({ error, error_description: rppsOfDoctor });
      });
    await refusesLie('PSC_TOKEN', answer(400, 'invalid_grant'));
    await refusesLie('PSC_TOKEN', answer(401, 'invalid_client'));
    await refusesLie('PSC_DOWN', answer(503, 'temporarily_unavailable'));
    assert.doesNotMatch(desk.logged.join(''), new RegExp(rppsOfDoctor));
  });

  it('does not keep the server from starting when it is not there at all', async () => {
    const gone = await startTestProvider();
    const own = await desks.open(gone);
    await gone.close();
    await own.refuses('PSC_DOWN');
  });
});

describe('a session at the provider that is old', () => {
  it('is asked for anew, and refused when it is given all the same', async () => {
    const own = await desks.open({
      ...provider,
      configuration: { ...provider.configuration, maxAgeSeconds: 120 },
    });
    const begun = own.begin();
    assert.equal(own.take(begun, await own.signIn(begun)).nationalId, rppsOfDoctor);
    for (const auth_time of [now() - 200, undefined, 'now']) {
      provider.lie = withClaims(provider, () => ({ auth_time }));
      await own.refuses('PSC_TOKEN');
    }
  });
});

async function* dripping(): AsyncGenerator<string> {
  for (let count = 0; count < 40; count += 1) {
    yield ' ';
    await delay(500);
  }
}
