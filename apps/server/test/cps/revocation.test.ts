import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { CodedError } from '@serment/core/error';
import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';
import { isRevokedBy, parseCrl } from '../../src/cps/crl.ts';
import { createRevocation, type RevocationSettings } from '../../src/cps/revocation.ts';
import { type PkiHost, startPkiHost } from './pki-host.ts';
import {
  answerOcsp,
  type CrlOptions,
  dayMs,
  extension,
  field,
  type Hierarchy,
  type Issued,
  issue,
  issueAuthority,
  issueCard,
  makeCrl,
  makeHierarchy,
  now,
  type OcspOptions,
  oids,
} from './test-authority.ts';

let pki: Hierarchy;
let host: PkiHost;
let folder: string;
/** Names a list and a responder, one of each, and one of neither. */
let card: { list: Issued; ocsp: Issued; both: Issued; bare: Issued };
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'serment-crl-'));
  host = await startPkiHost();
  pki = await makeHierarchy();
  const crlUrls = [host.url('/cards.crl')];
  const ocspUrl = host.url('/ocsp');
  card = {
    list: await issueCard(pki.cards, { crlUrls }),
    ocsp: await issueCard(pki.cards, { ocspUrl }),
    both: await issueCard(pki.cards, { crlUrls, ocspUrl }),
    bare: await issueCard(pki.cards),
  };
});
after(async () => {
  await host.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => {
  host.answers.clear();
  host.asked.length = 0;
});

const settings = (more: Partial<RevocationSettings> = {}) => ({ hosts: [host.host], crls: [], ocsp: true, ...more });

interface Asking extends Partial<RevocationSettings> {
  readonly at?: number;
  readonly issuer?: Issued;
}

/** 'good', or the code of the refusal and its reasons. */
async function outcome(
  asked: Issued,
  { at = now, issuer = pki.cards, ...more }: Asking = {},
  revocation = createRevocation(settings(more)),
) {
  try {
    await revocation.check({ certificate: asked.certificate, issuer: issuer.certificate, at });
    return 'good';
  } catch (error) {
    assert.ok(error instanceof CodedError, String(error));
    return [error.code, error.fields.reasons].filter(Boolean).join(' ');
  }
}

const unknown = (...reasons: string[]) => ['CARD_REVOCATION_UNKNOWN', ...reasons].join(' ');

async function serveCrl(options: CrlOptions = {}, issuer = pki.cards): Promise<void> {
  host.answers.set('/cards.crl', await makeCrl(issuer, options));
}

function serveOcsp(options: OcspOptions = {}): void {
  host.answers.set('/ocsp', (request: Uint8Array) => answerOcsp(request, pki.cards, options));
}

describe('a list of revoked certificates', () => {
  it('tells who is on it and who is not', async () => {
    await serveCrl();
    assert.equal(await outcome(card.list), 'good');
    await serveCrl({ revoked: [card.bare] });
    assert.equal(await outcome(card.list), 'good');
    await serveCrl({ revoked: [card.bare, card.list] });
    assert.equal(await outcome(card.list), 'CARD_REVOKED');
  });

  it('finds serial numbers whatever their first bit', async () => {
    for (const serial of ['00ff01', '7f', '00f0000000000000000000000000000000000001']) {
      const asked = await issueCard(pki.cards, { serial, crlUrls: [host.url('/cards.crl')] });
      await serveCrl({ revoked: [asked] });
      assert.equal(await outcome(asked), 'CARD_REVOKED', serial);
    }
  });

  it('counts in its dates alone, with five minutes for clocks', async () => {
    await serveCrl({ nextUpdate: now - 1000 });
    assert.equal(await outcome(card.list), unknown('CRL_STALE'));
    await serveCrl({ nextUpdate: null });
    assert.equal(await outcome(card.list), unknown('CRL_STALE'));
    await serveCrl({ thisUpdate: now + 6 * 60_000 });
    assert.equal(await outcome(card.list), unknown('CRL_STALE'));
    await serveCrl({ thisUpdate: now + 4 * 60_000 });
    assert.equal(await outcome(card.list), 'good');
  });

  it('counts from the issuer alone, signed by a strong algorithm', async () => {
    await serveCrl({ signedBy: pki.root });
    assert.equal(await outcome(card.list), unknown('CRL_SIGNATURE'));
    await serveCrl({}, pki.root);
    assert.equal(await outcome(card.list), unknown('CRL_FOREIGN'));
    await serveCrl({ hash: 'SHA-1' });
    assert.equal(await outcome(card.list), unknown('CRL_SIGNATURE'));
    const mute = await issueAuthority('AC PERSONNES', { issuer: pki.root, usage: 0x04, keys: pki.cards.keys });
    await serveCrl();
    assert.equal(await outcome(card.list, { issuer: mute }), unknown('CRL_SIGNATURE'));
  });

  it('that is partial counts only for what it speaks of', async () => {
    const scope = (value: Partial<pkijs.IssuingDistributionPoint>) =>
      extension('2.5.29.28', new pkijs.IssuingDistributionPoint(value).toSchema(), true);
    const at = (url: string) => ({ distributionPoint: [new pkijs.GeneralName({ type: 6, value: url })] });
    for (const good of [{ onlyContainsUserCerts: true }, at(host.url('/cards.crl'))]) {
      await serveCrl({ extensions: [scope(good)], revoked: [card.list] });
      assert.equal(await outcome(card.list), 'CARD_REVOKED');
    }
    for (const wrong of [
      { onlyContainsCACerts: true },
      { onlyContainsAttributeCerts: true },
      { indirectCRL: true },
      { onlySomeReasons: 1 },
      at(host.url('/others.crl')),
    ]) {
      await serveCrl({ extensions: [scope(wrong)] });
      assert.equal(await outcome(card.list), unknown('CRL_SCOPE'), JSON.stringify(wrong));
    }
    const delta = extension('2.5.29.27', new asn1js.Integer({ value: 1 }), true);
    await serveCrl({ extensions: [delta] });
    assert.equal(await outcome(card.list), unknown('CRL_SCOPE'));
    const number = extension('2.5.29.20', new asn1js.Integer({ value: 1 }));
    await serveCrl({ extensions: [number] });
    assert.equal(await outcome(card.list), 'good');
    const elsewhere = extension('2.5.29.29', new pkijs.GeneralNames({ names: [] }).toSchema(), true);
    await serveCrl({ revoked: [card.bare], entryExtensions: [elsewhere] });
    assert.equal(await outcome(card.list), unknown('CRL_SCOPE'));
  });

  it('is read as pkijs reads it', async () => {
    const many = await Promise.all(Array.from({ length: 20 }, () => issueCard(pki.cards)));
    const der = await makeCrl(pki.cards, { revoked: many });
    const theirs = pkijs.CertificateRevocationList.fromBER(der).revokedCertificates ?? [];
    const ours = await parseCrl(der, pki.cards.certificate);
    const serials = theirs.map(({ userCertificate }) =>
      Buffer.from(userCertificate.valueBlock.valueHexView).toString('hex'),
    );
    assert.deepEqual([...ours.revoked], serials);
    assert.equal(isRevokedBy(ours, many[7]!.certificate, now), true);
  });

  it('is refused with a code wherever it is cut, and whatever byte is changed', async () => {
    const der = await makeCrl(pki.cards, {
      revoked: [card.list],
      extensions: [extension('2.5.29.20', new asn1js.Integer({ value: 1 }))],
    });
    const parse = (bytes: Uint8Array) => parseCrl(bytes, pki.cards.certificate);
    for (let length = 0; length < der.length; length++)
      await assert.rejects(parse(der.slice(0, length)), { code: 'CARD_REVOCATION_UNKNOWN' });
    for (let place = 0; place < der.length; place++)
      for (const flip of [1, 0x80, 0xff]) {
        const changed = der.slice();
        changed[place]! ^= flip;
        await assert.rejects(parse(changed), { code: 'CARD_REVOCATION_UNKNOWN' }, `${place} ${flip}`);
      }
    await assert.rejects(parse(new Uint8Array([...der, 0])), { code: 'CARD_REVOCATION_UNKNOWN' });
  });

  it('is asked for once an hour, and the one from before serves while its host is silent', async () => {
    await serveCrl({ thisUpdate: now - 1000 });
    const revocation = createRevocation(settings());
    await Promise.all([outcome(card.list, {}, revocation), outcome(card.list, {}, revocation)]);
    await outcome(card.list, { at: now + 1_800_000 }, revocation);
    assert.deepEqual(host.asked, ['/cards.crl']);
    await serveCrl({ revoked: [card.list], thisUpdate: now });
    assert.equal(await outcome(card.list, { at: now + 3_700_000 }, revocation), 'CARD_REVOKED');
    // An older one, played again.
    await serveCrl({ thisUpdate: now - 1000 });
    assert.equal(await outcome(card.list, { at: now + 7_500_000 }, revocation), 'CARD_REVOKED');
    host.answers.clear();
    assert.equal(await outcome(card.list, { at: now + 12_000_000 }, revocation), 'CARD_REVOKED');
    assert.equal(await outcome(card.list, { at: now + dayMs + 1000 }, revocation), unknown('CRL_STALE'));
  });

  it('may be a file, or an address of the configuration', async () => {
    const path = join(folder, 'cards.crl');
    await writeFile(path, await makeCrl(pki.cards, { revoked: [card.bare] }));
    assert.equal(await outcome(card.bare, { crls: [path] }), 'CARD_REVOKED');
    assert.equal(await outcome(card.list, { crls: [path] }), 'good');
    assert.equal(await outcome(card.bare, { crls: [join(folder, 'none.crl')] }), unknown('CRL_UNREACHABLE'));
    await serveCrl({ revoked: [card.bare] });
    assert.equal(await outcome(card.bare, { crls: [host.url('/cards.crl')] }), 'CARD_REVOKED');
  });

  it('of another authority in the configuration leaves the word to the next', async () => {
    const other = join(folder, 'root.crl');
    await writeFile(other, await makeCrl(pki.root));
    await serveCrl({ revoked: [card.list] });
    assert.equal(await outcome(card.list, { crls: [other] }), 'CARD_REVOKED');
  });

  it('is never a file that a certificate names', async () => {
    const path = join(folder, 'planted.crl');
    await writeFile(path, await makeCrl(pki.cards));
    for (const url of [path, `file://${path}`, 'ldap://annuaire.example/x'])
      assert.equal(await outcome(await issueCard(pki.cards, { crlUrls: [url] })), unknown('CRL_HOST_REFUSED'), url);
  });
});

describe('an OCSP responder', () => {
  it('tells whether a certificate is revoked', async () => {
    serveOcsp();
    assert.equal(await outcome(card.ocsp), 'good');
    serveOcsp({ byKey: true });
    assert.equal(await outcome(card.ocsp), 'good');
    serveOcsp({ status: 'revoked' });
    assert.equal(await outcome(card.ocsp), 'CARD_REVOKED');
  });

  it('is believed when it knows no such certificate, whatever the list says', async () => {
    serveOcsp({ status: 'unknown' });
    await serveCrl();
    assert.equal(await outcome(card.both), unknown('OCSP_UNKNOWN'));
  });

  it('leaves the word to the list when it does not answer', async () => {
    await serveCrl({ revoked: [card.both] });
    assert.equal(await outcome(card.both), 'CARD_REVOKED');
    await serveCrl();
    assert.equal(await outcome(card.both), 'good');
    assert.equal(await outcome(card.ocsp), unknown('OCSP_UNREACHABLE'));
  });

  it('that asks for patience or refuses tells nothing', async () => {
    const status = (value: number) =>
      new Uint8Array(new pkijs.OCSPResponse({ responseStatus: new asn1js.Enumerated({ value }) }).toSchema().toBER());
    host.answers.set('/ocsp', status(3));
    assert.equal(await outcome(card.ocsp), unknown('OCSP_TRY_LATER'));
    host.answers.set('/ocsp', status(6));
    assert.equal(await outcome(card.ocsp), unknown('OCSP_REFUSED'));
    host.answers.set('/ocsp', status(0));
    assert.equal(await outcome(card.ocsp), unknown('OCSP_MALFORMED'));
  });

  it('is no longer believed with an old answer', async () => {
    serveOcsp({ nonce: null, thisUpdate: now - 2 * dayMs, nextUpdate: now - dayMs });
    assert.equal(await outcome(card.ocsp), unknown('OCSP_STALE'));
    serveOcsp({ nonce: null, thisUpdate: now - dayMs - 1000, nextUpdate: null });
    assert.equal(await outcome(card.ocsp), unknown('OCSP_STALE'));
    serveOcsp({ nonce: null, thisUpdate: now + 6 * 60_000 });
    assert.equal(await outcome(card.ocsp), unknown('OCSP_STALE'));
    serveOcsp({ nonce: null, thisUpdate: now - dayMs + 1000, nextUpdate: null });
    assert.equal(await outcome(card.ocsp), 'good');
  });

  it('gives back the nonce of the question, not of another', async () => {
    serveOcsp({ nonce: new Uint8Array(new asn1js.OctetString({ valueHex: new Uint8Array(16).buffer }).toBER()) });
    assert.equal(await outcome(card.ocsp), unknown('OCSP_NONCE'));
    serveOcsp({ nonce: new Uint8Array([0x30]) });
    assert.equal(await outcome(card.ocsp), unknown('OCSP_NONCE'));
    let recorded: Uint8Array | null = null;
    host.answers.set('/ocsp', async (request: Uint8Array) => {
      recorded ??= await answerOcsp(request, pki.cards);
      return recorded;
    });
    assert.equal(await outcome(card.ocsp), 'good');
    assert.equal(await outcome(card.ocsp), unknown('OCSP_NONCE'));
  });

  it('answers about the certificate asked, not about another', async () => {
    serveOcsp({ about: card.bare });
    assert.equal(await outcome(card.ocsp), unknown('OCSP_OTHER_CERTIFICATE'));
  });

  it('is the issuer, or whom the issuer gave that task', async () => {
    const purposes = ['1.3.6.1.5.5.7.3.9'];
    const noCheck = [extension('1.3.6.1.5.5.7.48.1.5', new asn1js.Null())];
    const responder = (options: Partial<Parameters<typeof issue>[0]>) =>
      issue({ subject: [field(oids.cn, 'OCSP')], issuer: pki.cards, usage: 0x80, purposes, more: noCheck, ...options });
    serveOcsp({ signer: await responder({}) });
    assert.equal(await outcome(card.ocsp), 'good');
    for (const wrong of [
      { purposes: ['1.3.6.1.5.5.7.3.2'] },
      { issuer: pki.root },
      { notAfter: now - dayMs },
      { usage: 0x40 },
      { hash: 'SHA-1' },
    ]) {
      serveOcsp({ signer: await responder(wrong) });
      assert.equal(await outcome(card.ocsp), unknown('OCSP_RESPONDER'), JSON.stringify(wrong));
    }
    const impostor = await issue({ subject: [field(oids.cn, 'OCSP')], usage: 0x80, purposes, more: noCheck });
    serveOcsp({ signer: impostor });
    assert.equal(await outcome(card.ocsp), unknown('OCSP_RESPONDER'));
    // Another doctor's card answers for a colleague's.
    serveOcsp({ signer: card.bare });
    assert.equal(await outcome(card.ocsp), unknown('OCSP_RESPONDER'));
    serveOcsp({ hash: 'SHA-1' });
    assert.equal(await outcome(card.ocsp), unknown('OCSP_SIGNATURE'));
  });

  it('that is revoked itself is not believed, nor one whose revocation cannot be known', async () => {
    const signer = await issue({
      subject: [field(oids.cn, 'OCSP')],
      issuer: pki.cards,
      usage: 0x80,
      purposes: ['1.3.6.1.5.5.7.3.9'],
      crlUrls: [host.url('/cards.crl')],
    });
    serveOcsp({ signer });
    assert.equal(await outcome(card.ocsp), unknown('CRL_UNREACHABLE'));
    await serveCrl({ revoked: [signer] });
    assert.equal(await outcome(card.ocsp), unknown('OCSP_RESPONDER'));
    await serveCrl();
    assert.equal(await outcome(card.ocsp), 'good');
  });

  it('is asked again after five minutes, and an altered answer is refused', async () => {
    const revocation = createRevocation(settings());
    serveOcsp();
    await outcome(card.ocsp, {}, revocation);
    await outcome(card.ocsp, { at: now + 4 * 60_000 }, revocation);
    assert.equal(host.asked.length, 1);
    serveOcsp({ status: 'revoked' });
    assert.equal(await outcome(card.ocsp, { at: now + 6 * 60_000 }, revocation), 'CARD_REVOKED');
    host.answers.set('/ocsp', async (request: Uint8Array) => {
      const answer = await answerOcsp(request, pki.cards);
      answer[answer.length - 3]! ^= 1;
      return answer;
    });
    assert.equal(await outcome(card.ocsp), unknown('OCSP_SIGNATURE'));
  });

  it('is refused with a code wherever its answer is cut, and whatever byte is changed', async () => {
    let answer: Uint8Array = new Uint8Array();
    host.answers.set('/ocsp', async (request: Uint8Array) => {
      answer = await answerOcsp(request, pki.cards, { nonce: null });
      return answer;
    });
    await outcome(card.ocsp);
    let changed: Uint8Array = answer;
    host.answers.set('/ocsp', async () => changed);
    for (let place = 0; place < answer.length; place += 2) {
      changed = answer.slice(0, place);
      assert.match(await outcome(card.ocsp), /^CARD_REVOCATION_UNKNOWN OCSP_/);
      changed = answer.slice();
      changed[place]! ^= 0xff;
      assert.match(await outcome(card.ocsp), /^CARD_REVOCATION_UNKNOWN OCSP_/, String(place));
    }
  });

  it('is not asked when the configuration says so', async () => {
    serveOcsp();
    assert.equal(await outcome(card.ocsp, { ocsp: false }), unknown('NO_SOURCE'));
    assert.deepEqual(host.asked, []);
  });
});

describe('what a certificate names', () => {
  it('is asked only on the hosts of the configuration', async () => {
    await serveCrl();
    serveOcsp();
    for (const hosts of [[], ['127.0.0.1'], ['localhost'], [`${host.host}0`]])
      assert.equal(await outcome(card.both, { hosts }), unknown('OCSP_HOST_REFUSED', 'CRL_HOST_REFUSED'));
    const tricks = [
      `http://user@${host.host}/cards.crl`,
      `http://${host.host}@example.org/`,
      'gopher://x/',
      'http://',
      '',
    ];
    for (const url of tricks)
      assert.equal(await outcome(await issueCard(pki.cards, { crlUrls: [url] })), unknown('CRL_HOST_REFUSED'), url);
    assert.deepEqual(host.asked, []);
  });

  it('may not send elsewhere', async () => {
    host.answers.set('/cards.crl', (_request, response) => {
      response.writeHead(302, { location: host.url('/internal') }).end();
    });
    assert.equal(await outcome(card.list), unknown('CRL_UNREACHABLE'));
    assert.deepEqual(host.asked, ['/cards.crl']);
  });

  it('is bounded in size and in time', { timeout: 30_000 }, async () => {
    host.answers.set('/ocsp', (_request, response) => response.end(Buffer.alloc(70_000)));
    assert.equal(await outcome(card.ocsp), unknown('OCSP_TOO_LARGE'));
    // Headers, and then nothing.
    host.answers.set('/ocsp', (_request, response) => void response.write('x'));
    const began = Date.now();
    assert.equal(await outcome(card.ocsp), unknown('OCSP_UNREACHABLE'));
    assert.ok(Date.now() - began < 10_000);
  });

  it('and is not there leaves the certificate refused', async () => {
    assert.equal(await outcome(card.bare), unknown('NO_SOURCE'));
    assert.equal(await outcome(card.both), unknown('OCSP_UNREACHABLE', 'CRL_UNREACHABLE'));
  });
});
