import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';
import { isStrongKey, isStrongSignature } from '../../src/cps/algorithms.ts';

describe('an algorithm', () => {
  it('of a key is strong from RSA 2048 and P-256', () => {
    const rsa = (modulusLength: number) => generateKeyPairSync('rsa', { modulusLength }).publicKey;
    const curve = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve }).publicKey;
    assert.deepEqual(
      [2048, 2047, 1024].map((bits) => isStrongKey(rsa(bits))),
      [true, false, false],
    );
    const curves = ['prime256v1', 'secp384r1', 'secp521r1', 'secp224r1', 'prime192v1', 'secp256k1'];
    assert.deepEqual(
      curves.map((name) => isStrongKey(curve(name))),
      [true, true, true, false, false, false],
    );
    assert.equal(isStrongKey(generateKeyPairSync('x25519').publicKey), false);
  });

  it('of a signature is strong with SHA-2, and RSA-PSS says which hash it takes', () => {
    const named = (algorithmId: string) => isStrongSignature(new pkijs.AlgorithmIdentifier({ algorithmId }));
    assert.equal(named('1.2.840.113549.1.1.11'), true);
    for (const weak of ['1.2.840.113549.1.1.5', '1.2.840.113549.1.1.4', '1.2.840.10045.4.1', '1.2.3', ''])
      assert.equal(named(weak), false, weak);
    const pss = (hash: string | null) => {
      const hashAlgorithm = new pkijs.AlgorithmIdentifier({ algorithmId: hash ?? '' });
      const params = new pkijs.RSASSAPSSParams(hash === null ? {} : { hashAlgorithm });
      return isStrongSignature(
        new pkijs.AlgorithmIdentifier({ algorithmId: '1.2.840.113549.1.1.10', algorithmParams: params.toSchema() }),
      );
    };
    assert.equal(pss('2.16.840.1.101.3.4.2.1'), true);
    for (const weak of ['1.3.14.3.2.26', '1.2.840.113549.2.5', null]) assert.equal(pss(weak), false);
    const algorithmParams = new asn1js.Null();
    const wrong = new pkijs.AlgorithmIdentifier({ algorithmId: '1.2.840.113549.1.1.10', algorithmParams });
    assert.equal(isStrongSignature(wrong), false);
    assert.equal(named('1.2.840.113549.1.1.10'), false);
  });
});
