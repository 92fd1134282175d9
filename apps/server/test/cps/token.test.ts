import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { buildCardListener } from '../../src/cps/card-listener.ts';
import { readCpsOptions } from '../../src/cps/cps-options.ts';
import { IdentityAttempts } from '../../src/identity/attempts.ts';
import { makeCpsFolder } from './cps-folder.ts';
import { startPkiHost } from './pki-host.ts';
import { makeToken, missingForToken } from './softhsm.ts';
import { answerOcsp, issueCard, makeCrl, makeHierarchy, now, rpps } from './test-authority.ts';

describe('a card in a PKCS#11 token', { timeout: 60_000 }, () => {
  it('proves its holder, and is refused once it is revoked', { skip: missingForToken ?? false }, async () => {
    await using undo = new AsyncDisposableStack();
    const token = await makeToken();
    undo.defer(() => token.remove());
    const host = await startPkiHost();
    undo.defer(() => host.close());
    const made = await makeCpsFolder(await makeHierarchy());
    undo.defer(() => made.remove());
    const { cards, root } = made.pki;
    const rsa = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
    const publicKey = await crypto.subtle.importKey('spki', token.publicKey, rsa, true, ['verify']);
    // The private half stays in the token: whoever issues a certificate needs the public one alone.
    const keys = { publicKey, privateKey: cards.keys.privateKey };
    const card = await issueCard(cards, { keys, ocspUrl: host.url('/ocsp') });
    const certPath = `${made.folder}/card.pem`;
    await made.save('card', card);
    host.answers.set('/root.crl', await makeCrl(root));
    let status: 'good' | 'revoked' = 'good';
    host.answers.set('/ocsp', (request: Uint8Array) => answerOcsp(request, cards, { status }));
    const revocation = { revocationHosts: [host.host], crls: [host.url('/root.crl')] };
    const cps = await readCpsOptions(await made.configure(revocation));
    let time = now;
    const clock = () => time;
    const attempts = new IdentityAttempts(clock);
    const app = buildCardListener({ cps, attempts, appOrigin: 'https://app.example', clock });
    undo.defer(() => app.close());
    await app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.address() as AddressInfo;
    const account = new Uint8Array(16);
    const verifier = new Uint8Array(32);
    const challenge = new Uint8Array(createHash('sha256').update(verifier).digest());
    const ask = async () => {
      const attempt = attempts.begin({ account, method: 'cps', challenge });
      return { attempt, answer: await token.ask({ port, path: `/card/${attempt}`, certPath }) };
    };

    const { attempt, answer } = await ask();
    const [, code = ''] =
      /^location: https:\/\/app\.example\/identity#[0-9a-f]+\.([0-9a-f]{64})\r$/m.exec(answer) ?? [];
    assert.match(answer, /^HTTP\/1\.1 303 /m, answer);
    const identity = attempts.take(attempt, { account, code, verifier });
    assert.deepEqual(identity, { method: 'cps', nationalId: `8${rpps}` });

    status = 'revoked';
    time += 6 * 60_000;
    const refused = await ask();
    assert.match(refused.answer, /^HTTP\/1\.1 403 [\s\S]*\.error\.CARD_REVOKED"/m, refused.answer);
  });
});
