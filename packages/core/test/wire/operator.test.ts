import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeCanonical } from '../../src/cbor.ts';
import { encodeAskedPlace, encodeTriedPlace, parseAskedPlace, parseTriedPlace } from '../../src/wire/copy-place.ts';
import {
  encodeOperatorOffer,
  encodeOperatorPasskeyMade,
  encodeOperatorPasswordChosen,
  encodeOperatorPasswordConfirmed,
  encodeOperatorPasswordGiven,
  encodeOperatorSession,
  parseOperatorAsk,
  parseOperatorChallenge,
  parseOperatorOffer,
  parseOperatorPasskeyMade,
  parseOperatorPasswordChosen,
  parseOperatorPasswordConfirmed,
  parseOperatorPasswordGiven,
  parseOperatorSession,
} from '../../src/wire/operator.ts';
import { encodePasskeyGiven, parsePasskeyGiven } from '../../src/wire/passkey.ts';
import { parseCopyNamed } from '../../src/wire/status.ts';

const bytes = (sizeBytes: number) => new Uint8Array(sizeBytes).fill(7);

test('what is written for an operator is read back', () => {
  const offer = { name: 'Ève', operator: bytes(16), challenge: bytes(32), totpSecret: bytes(20) };
  assert.deepEqual(parseOperatorOffer(encodeOperatorOffer(offer)), offer);
  const made = { code: 'A', credential: bytes(16), attestation: bytes(90), clientData: bytes(80) };
  assert.deepEqual(parseOperatorPasskeyMade(encodeOperatorPasskeyMade(made)), made);
  const given = {
    ...{ credential: bytes(16), authenticatorData: bytes(37) },
    ...{ clientData: bytes(80), signature: bytes(70) },
  };
  assert.deepEqual(parsePasskeyGiven(encodePasskeyGiven(given)), given);
  const chosen = { code: 'A', password: 'b', totp: '123456' };
  assert.deepEqual(parseOperatorPasswordChosen(encodeOperatorPasswordChosen(chosen)), chosen);
  const typed = { name: 'Ève', password: 'b', totp: '123456' };
  assert.deepEqual(parseOperatorPasswordGiven(encodeOperatorPasswordGiven(typed)), typed);
  const confirmed = { password: 'b', totp: '123456' };
  assert.deepEqual(parseOperatorPasswordConfirmed(encodeOperatorPasswordConfirmed(confirmed)), confirmed);
  const session = { token: bytes(32), expires: 9, name: 'Ève' };
  assert.deepEqual(parseOperatorSession(encodeOperatorSession(session)), session);
});

test('a place for a copy is read back, with what was found there', () => {
  const bucket = {
    ...{ name: 'nuage', endpoint: 'https://s3.example.org', region: 'fr-par', bucket: 'cabinets' },
    ...{ prefix: '', accessKeyId: 'id', secretAccessKey: 'hush', lockDays: 90, tailLockDays: 14 },
    kind: 's3' as const,
  };
  const folder = { kind: 'folder', name: 'disque', path: '/mnt/copies' } as const;
  for (const place of [folder, { ...bucket, megabytesPerSecond: null }, { ...bucket, megabytesPerSecond: 3 }])
    assert.deepEqual(parseAskedPlace(encodeAskedPlace(place)), place);
  for (const freeBytes of [null, 5]) {
    const tried = { isEmpty: false, practices: 3, sameDisk: true, freeBytes };
    assert.deepEqual(parseTriedPlace(encodeTriedPlace(tried)), tried);
  }
  for (const items of [['a'], ['a', 'folder'], ['a', 'folder', ['/x', 1]], ['a', 'disk', ['/x']], ['a', 's3', ['/x']]])
    assert.throws(() => parseAskedPlace(encodeCanonical([1, ...items])), { code: 'WIRE_INVALID' });
});

test('anything else is refused', () => {
  const refused = { code: 'WIRE_INVALID' };
  const parsers = [
    ...[parseOperatorOffer, parseOperatorPasskeyMade, parsePasskeyGiven, parseOperatorPasswordChosen],
    ...[parseOperatorPasswordConfirmed, parseAskedPlace, parseTriedPlace],
    ...[parseOperatorPasswordGiven, parseOperatorSession, parseOperatorChallenge, parseCopyNamed, parseOperatorAsk],
  ];
  for (const parse of parsers)
    for (const value of [[], [2], [1, null], [1, 'a', 'b', 'c', 'd', 'e'], [1, bytes(31)], [1, 'a'.repeat(300)]])
      assert.throws(() => parse(encodeCanonical(value)), refused, `${parse.name} ${JSON.stringify(value)}`);
  const long = encodeCanonical([1, 'name', 'p'.repeat(257), '123456']);
  assert.throws(() => parseOperatorPasswordGiven(long), refused);
});
