import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { CodedError } from '@serment/core/error';
import * as asn1js from 'asn1js';
import type { Revocation } from '../../src/cps/revocation.ts';
import { verifyCard } from '../../src/cps/verify-card.ts';
import {
  dayMs,
  doctorName,
  extension,
  field,
  type Hierarchy,
  type Issued,
  issue,
  issueAuthority,
  issueCard,
  makeHierarchy,
  makeKeys,
  now,
  oids,
  printable,
  rpps,
} from './test-authority.ts';

let pki: Hierarchy;
before(async () => {
  pki = await makeHierarchy();
});

const notRevoked: Revocation = { check: async () => undefined };
/** Fails a test whose card should have been refused before anybody is asked. */
const neverAsked: Revocation = { check: () => Promise.reject(new Error('asked outside')) };

function verify(card: Issued | Uint8Array, options: { authorities?: Hierarchy['authorities']; at?: number } = {}) {
  const der = card instanceof Uint8Array ? card : card.der;
  return verifyCard({ card: der, authorities: pki.authorities, at: now, revocation: notRevoked, ...options });
}

async function isRefused(card: Issued | Uint8Array, code: string, authorities = pki.authorities): Promise<void> {
  const der = card instanceof Uint8Array ? card : card.der;
  await assert.rejects(verifyCard({ card: der, authorities, at: now, revocation: neverAsked }), { code });
}

describe('a card', () => {
  it('gives the national identifier, from one RDN of several values', async () => {
    assert.deepEqual(await verify(await issueCard(pki.cards)), { nationalId: `8${rpps}` });
    assert.deepEqual(await verify(await issueCard(pki.cards, { bits: 2048 })), { nationalId: `8${rpps}` });
  });

  it('and each authority above it are asked about, the root excepted', async () => {
    const asked: string[] = [];
    const revocation: Revocation = {
      check: async ({ certificate, issuer }) => {
        asked.push(`${certificate.openssl.subject.split('=').at(-1)} < ${issuer.openssl.subject.split('=').at(-1)}`);
      },
    };
    const card = await issueCard(pki.cards);
    await verifyCard({ card: card.der, authorities: pki.authorities, at: now, revocation });
    assert.deepEqual(asked, [`${rpps} < AC PERSONNES`, 'AC PERSONNES < AC RACINE']);
  });

  it('is refused when the check of its revocation is', async () => {
    const card = await issueCard(pki.cards);
    const failing: Revocation = { check: () => Promise.reject(new CodedError('CARD_REVOKED', 'x')) };
    await assert.rejects(verifyCard({ card: card.der, authorities: pki.authorities, at: now, revocation: failing }), {
      code: 'CARD_REVOKED',
    });
  });

  it('is valid on its first and last instants, and not one before or after', async () => {
    const card = await issueCard(pki.cards, { notBefore: now - dayMs, notAfter: now + dayMs });
    await verify(card, { at: now - dayMs });
    await verify(card, { at: now + dayMs });
    await assert.rejects(verify(card, { at: now - dayMs - 1000 }), { code: 'CARD_NOT_YET_VALID' });
    await assert.rejects(verify(card, { at: now + dayMs + 1000 }), { code: 'CARD_EXPIRED' });
  });
});

describe('a card is refused', () => {
  it('from an authority that is not configured, were it of the same names', async () => {
    const other = await makeHierarchy();
    await isRefused(await issueCard(other.cards), 'CARD_AUTHORITY_UNKNOWN');
    await isRefused(await issueCard(other.cards, { issuerName: pki.cards }), 'CARD_AUTHORITY_UNKNOWN');
  });

  it('signed by itself, under its own name or the name of the authority', async () => {
    await isRefused(await issue({ subject: doctorName(), usage: 0x80 }), 'CARD_AUTHORITY_UNKNOWN');
    const named = await issue({ subject: doctorName(), usage: 0x80, issuerName: pki.cards });
    await isRefused(named, 'CARD_AUTHORITY_UNKNOWN');
  });

  it('with a signature of somebody else, or one bit of which was changed', async () => {
    const signedBy = await makeKeys();
    await isRefused(await issueCard(pki.cards, { signedBy }), 'CARD_AUTHORITY_UNKNOWN');
    const { der } = await issueCard(pki.cards);
    der[der.length - 4]! ^= 1;
    await isRefused(der, 'CARD_AUTHORITY_UNKNOWN');
  });

  it('when another identifier was written over its own', async () => {
    const { der } = await issueCard(pki.cards);
    const place = Buffer.from(der).indexOf(rpps);
    Buffer.from('10000000017').copy(Buffer.from(der.buffer), place);
    await isRefused(der, 'CARD_AUTHORITY_UNKNOWN');
  });

  it('when it was issued by another card', async () => {
    const holder = await issueCard(pki.cards);
    await isRefused(await issueCard(holder), 'CARD_AUTHORITY_UNKNOWN');
    // Even by an operator who configured that card as an authority.
    await isRefused(await issueCard(holder), 'CARD_AUTHORITY_UNKNOWN', [...pki.authorities, holder.certificate]);
  });

  it('when the authority of cards alone is configured, without its root', async () => {
    await isRefused(await issueCard(pki.cards), 'CARD_AUTHORITY_UNKNOWN', [pki.cards.certificate]);
  });

  it('before it is valid and after, when it is for signing, when it is weak', async () => {
    await isRefused(await issueCard(pki.cards, { notBefore: now + dayMs }), 'CARD_NOT_YET_VALID');
    await isRefused(await issueCard(pki.cards, { notAfter: now - dayMs }), 'CARD_EXPIRED');
    await isRefused(await issueCard(pki.cards, { hash: 'SHA-1' }), 'CARD_WEAK');
    await isRefused(await issueCard(pki.cards, { bits: 1024 }), 'CARD_WEAK');
  });

  it('for every other purpose than authentication', async () => {
    const signing = { usage: 0x40, purposes: ['1.3.6.1.5.5.7.3.4'] };
    await isRefused(await issueCard(pki.cards, signing), 'CARD_PURPOSE');
    await isRefused(await issueCard(pki.cards, { usage: 0xc0 }), 'CARD_PURPOSE');
    await isRefused(await issueCard(pki.cards, { usage: 0x20 }), 'CARD_PURPOSE');
    await isRefused(await issueCard(pki.cards, { purposes: ['1.3.6.1.5.5.7.3.1'] }), 'CARD_PURPOSE');
    await isRefused(await issueCard(pki.cards, { purposes: ['2.5.29.37.0'] }), 'CARD_PURPOSE');
    await isRefused(await issueCard(pki.cards, { authority: { isAuthority: true } }), 'CARD_PURPOSE');
    const bare = await issue({ subject: doctorName(), issuer: pki.cards });
    await isRefused(bare, 'CARD_PURPOSE');
    const noPurpose = await issue({ subject: doctorName(), issuer: pki.cards, usage: 0x80 });
    await isRefused(noPurpose, 'CARD_PURPOSE');
  });

  it('when it asks, as critical, for a check that is not made', async () => {
    const more = [extension('1.2.3.4', new asn1js.Null(), true)];
    await isRefused(await issueCard(pki.cards, { more }), 'CARD_PURPOSE');
    const optional = [extension('1.2.3.4', new asn1js.Null())];
    await verify(await issueCard(pki.cards, { more: optional }));
  });

  it('when an extension stands twice or cannot be read', async () => {
    const twice = [extension('2.5.29.37', new asn1js.Sequence({ value: [] }))];
    await assert.rejects(issueCard(pki.cards, { more: twice }), { code: 'CARD_MALFORMED' });
    const wrong = await issue({
      subject: doctorName(),
      issuer: pki.cards,
      usage: 0x80,
      more: [extension('2.5.29.37', new asn1js.Integer({ value: 5 }))],
    });
    await isRefused(wrong, 'CARD_AUTHORITY_UNKNOWN');
  });

  it('with an empty subject', async () => {
    await isRefused(await issueCard(pki.cards, { subject: [] }), 'CARD_SUBJECT');
  });
});

describe('an authority', () => {
  const above = async (options: Parameters<typeof makeHierarchy>[0]) => {
    const other = await makeHierarchy(options);
    return { card: await issueCard(other.cards), authorities: other.authorities };
  };

  it('vouches only as one: flag, usage, strength, dates, purposes', async () => {
    const wrongs: NonNullable<Parameters<typeof makeHierarchy>[0]>[] = [
      { authority: { isAuthority: false } },
      { usage: 0x82 },
      { bits: 1024 },
      { hash: 'SHA-1' },
      { notAfter: now - dayMs },
      { notBefore: now + dayMs },
      { purposes: ['1.3.6.1.5.5.7.3.1'] },
      { more: [extension('2.5.29.30', new asn1js.Sequence({ value: [] }), true)] },
    ];
    for (const wrong of wrongs) {
      const { card, authorities } = await above(wrong);
      await isRefused(card, 'CARD_AUTHORITY_UNKNOWN', authorities);
    }
    const right = await above({ purposes: ['1.3.6.1.5.5.7.3.2'], bits: 2048 });
    await verify(right.card, { authorities: right.authorities });
  });

  it('without basicConstraints or keyUsage vouches for nobody', async () => {
    const subject = [field(oids.cn, 'AC')];
    const bare = await issue({ subject, issuer: pki.root, usage: 0x06 });
    await isRefused(await issueCard(bare), 'CARD_AUTHORITY_UNKNOWN', [pki.root.certificate, bare.certificate]);
    const mute = await issue({ subject, issuer: pki.root, authority: { isAuthority: true } });
    await isRefused(await issueCard(mute), 'CARD_AUTHORITY_UNKNOWN', [pki.root.certificate, mute.certificate]);
  });

  it('holds to the number of authorities that may stand below it', async () => {
    const root = await issueAuthority('AC R', { authority: { isAuthority: true, pathLength: 0 } });
    const between = await issueAuthority('AC I', { issuer: root });
    await verify(await issueCard(root), { authorities: [root.certificate] });
    await isRefused(await issueCard(between), 'CARD_AUTHORITY_UNKNOWN', [root.certificate, between.certificate]);
  });

  it('that has expired leaves the word to its successor of the same name and key', async () => {
    const old = await issueAuthority('AC PERSONNES', { issuer: pki.root, notAfter: now - dayMs });
    const renewed = await issueAuthority('AC PERSONNES', { issuer: pki.root, keys: old.keys });
    const authorities = [pki.root.certificate, old.certificate, renewed.certificate];
    await verify(await issueCard(old), { authorities });
  });

  it('and another that vouch for each other end in a refusal', { timeout: 10_000 }, async () => {
    const first = await issueAuthority('AC UN', {});
    const second = await issueAuthority('AC DEUX', { issuer: first });
    const crossed = await issueAuthority('AC UN', { issuer: second, keys: first.keys });
    const card = await issueCard(crossed);
    await isRefused(card, 'CARD_AUTHORITY_UNKNOWN', [second.certificate, crossed.certificate]);
  });
});

describe('the subject of a card', () => {
  const refusedBecause = async (subject: Parameters<typeof issue>[0]['subject'], reason: string) => {
    const card = await issueCard(pki.cards, { subject });
    await assert.rejects(verify(card), (error) => {
      assert.ok(error instanceof CodedError);
      assert.equal(`${error.code} ${error.fields.reason}`, `CARD_SUBJECT ${reason}`);
      return true;
    });
  };
  const country = field(oids.c, printable('FR'));
  const profession = field(oids.title, 'Médecin');
  const cn = (value: string) => field(oids.cn, value);

  it('takes the RPPS with or without the 8 before it', async () => {
    for (const name of [rpps, `8${rpps}`])
      assert.deepEqual(await verify(await issueCard(pki.cards, { subject: doctorName(name) })), {
        nationalId: `8${rpps}`,
      });
  });

  it('has one common name, of eleven digits with their key', async () => {
    await refusedBecause([country, profession], 'RPPS');
    await refusedBecause([country, profession, cn(rpps), cn(rpps)], 'RPPS');
    await refusedBecause([country, profession, [cn(rpps), cn('10000000017')]], 'RPPS');
    for (const wrong of [
      '',
      'Zoé LÉONARD',
      rpps.slice(1),
      `${rpps}0`,
      `0${rpps}`,
      ` ${rpps}`,
      `${rpps}\n`,
      `${rpps}\0`,
      '１０００１２３４５６５',
      '9'.repeat(6000),
    ])
      await refusedBecause([country, profession, cn(wrong)], 'RPPS');
    await refusedBecause([country, profession, cn('10001234566')], 'RPPS_KEY');
  });

  it('is not misled by a name that reads like another field', async () => {
    const injected = field(oids.sn, `X, CN=${rpps}\n+CN=${rpps}/CN=${rpps}`);
    await refusedBecause([country, profession, injected], 'RPPS');
    const other = '10000000017';
    const card = await issueCard(pki.cards, {
      subject: [country, profession, field(oids.sn, `CN=${rpps}`), cn(other)],
    });
    assert.deepEqual(await verify(card), { nationalId: `8${other}` });
  });

  it('is of a kind of text with one reading', async () => {
    const bmp = new asn1js.BmpString({ value: rpps });
    await refusedBecause([country, profession, field(oids.cn, bmp)], 'RPPS');
    await refusedBecause([country, profession, field(oids.cn, new asn1js.TeletexString({ value: rpps }))], 'RPPS');
    const number = [country, profession, field(oids.cn, new asn1js.Integer({ value: 5 }))];
    await assert.rejects(issueCard(pki.cards, { subject: number }), { code: 'CARD_MALFORMED' });
    // "Médecin" in Windows-1252, called UTF-8.
    const windows = new asn1js.Utf8String();
    windows.valueBlock.valueHexView = new Uint8Array([0x4d, 0xe9, 0x64]);
    const mistaken = [country, cn(rpps), field(oids.title, windows)];
    await assert.rejects(issueCard(pki.cards, { subject: mistaken }), { code: 'CARD_MALFORMED' });
  });

  it('names a profession, and France', async () => {
    await refusedBecause([country, cn(rpps)], 'PROFESSION');
    await refusedBecause([country, field(oids.title, ' '), cn(rpps)], 'PROFESSION');
    await refusedBecause([profession, cn(rpps)], 'COUNTRY');
    await refusedBecause([field(oids.c, printable('BE')), profession, cn(rpps)], 'COUNTRY');
  });
});

describe('bytes that are no certificate', () => {
  it('are refused with a code: empty, huge, text, with more behind', async () => {
    const { der, certificate } = await issueCard(pki.cards);
    const pem = new TextEncoder().encode(certificate.openssl.toString());
    const more = new Uint8Array([...der, 0]);
    for (const wrong of [new Uint8Array(), new Uint8Array(20_000), new Uint8Array(16_384), pem, more])
      await isRefused(wrong, 'CARD_MALFORMED');
    const deep = Uint8Array.from({ length: 16_000 }, (_, place) => (place % 2 === 0 ? 0x30 : 0x80));
    await isRefused(deep, 'CARD_MALFORMED');
  });

  it('are refused wherever they are cut, and whatever byte is changed', { timeout: 120_000 }, async (test) => {
    const { der } = await issueCard(pki.cards, { crlUrls: ['http://a.example/1.crl'], ocspUrl: 'http://a.example/o' });
    for (let length = 0; length < der.length; length += 3) await isRefused(der.slice(0, length), 'CARD_MALFORMED');
    const seed = Number(process.env.SERMENT_SEED ?? Date.now() % 1e9);
    test.diagnostic(`SERMENT_SEED=${seed}`);
    let state = seed;
    const draw = (below: number) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    const codes = new Map<string, number>();
    for (let round = 0; round < 1500; round++) {
      const mutated = der.slice();
      for (let change = 0; change <= draw(4); change++) mutated[draw(mutated.length)] = draw(256);
      if (Buffer.from(mutated).equals(der)) continue;
      await assert.rejects(
        verifyCard({ card: mutated, authorities: pki.authorities, at: now, revocation: neverAsked }),
        (error) => {
          assert.ok(error instanceof CodedError, String(error));
          codes.set(error.code, (codes.get(error.code) ?? 0) + 1);
          return /^CARD_(?:MALFORMED|AUTHORITY_UNKNOWN)$/.test(error.code);
        },
      );
    }
    assert.equal(codes.size, 2, [...codes].join(' '));
  });
});
