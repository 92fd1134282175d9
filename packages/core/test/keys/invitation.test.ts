import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import {
  formatInvitationLink,
  invitationSeed,
  newInvitationCode,
  newInvitationLink,
  parseInvitationCode,
  parseInvitationLink,
} from '../../src/keys/invitation.ts';
import { passkeySeed } from '../../src/keys/passkey.ts';
import { runInvitationVectors } from '../vectors/invitation.ts';

const text = readFileSync(new URL('../../../../vectors/invitation.json', import.meta.url), 'utf8');
const practice = new Uint8Array(32).fill(7);

describe('an invitation', () => {
  test('gives what every scenario of invitation.json says', async () => {
    assert.deepEqual(await runInvitationVectors(JSON.parse(text)), []);
  });

  test('is read back from what was made', () => {
    const link = newInvitationLink(practice);
    assert.deepEqual(parseInvitationLink(formatInvitationLink(link)), link);
    const code = newInvitationCode();
    assert.equal(code.length, 8);
    assert.equal(parseInvitationCode(code.toLowerCase()), code);
  });

  test('gives another seed with another code or another link', () => {
    const [one, other] = [newInvitationLink(practice), newInvitationLink(practice)];
    const seeds = [invitationSeed(one, '00000000'), invitationSeed(one, '00000001'), invitationSeed(other, '00000000')];
    assert.equal(new Set(seeds.map((seed) => seed.join())).size, 3);
  });

  test('takes no code that was not read first, and no secret or passkey of another size', () => {
    const link = newInvitationLink(practice);
    for (const code of ['', '0000000', '000000000', '0000000o', '0000-000', 'ILOU0000'])
      assert.throws(() => invitationSeed(link, code), { code: 'KEY_INVALID' });
    assert.throws(() => invitationSeed({ secret: new Uint8Array(31) }, '00000000'), { code: 'KEY_INVALID' });
    assert.throws(() => formatInvitationLink({ ...link, practice: new Uint8Array(16) }), { code: 'KEY_INVALID' });
    assert.throws(() => passkeySeed(new Uint8Array(64)), { code: 'KEY_INVALID' });
  });
});
