import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { isPasskeyOf, parsePasskeyHandle, passkeySeed } from '@serment/core/keys/passkey';
import { seedToSigner } from '@serment/core/keys/signing';
import { enrolByHolder, type HolderEnrolment } from './device.ts';
import { ReplicaError } from './error.ts';
import { govern } from './governance-batch.ts';
import { holderBody } from './key-bodies.ts';
import { requireGranted } from './key-renewal.ts';
import { knownMember } from './members.ts';
import type { Practice } from './practice.ts';

/**
 * Names a passkey as a holder of this member: it adds a device to the practice from a browser that holds nothing. `output`
 * is what its PRF gave for `passkeyHolderInput`, 32 bytes. Once named, it is not named again. Throws core's KEY_INVALID,
 * PASSKEY_WITHDRAWN for one that was revoked, KEYS_PENDING while it would open less than this device, and what `govern`
 * throws.
 */
export async function namePasskey(practice: Practice, output: Uint8Array): Promise<void> {
  const seed = passkeySeed(output);
  try {
    const { author } = await seedToSigner(seed);
    await govern(practice, async (batch) => {
      const { keyring, mirror, practice: scope } = practice;
      const known = mirror.governance.authors.get(bytesToHex(author));
      if (known !== undefined && known.revokedAt !== null) throw withdrawn();
      if (known !== undefined) return;
      requireGranted(practice);
      const { member, generation } = knownMember(practice, bytesToHex(keyring.member));
      const holder = await holderBody({ scope, member, generation, memberSeed: keyring.memberSeed(generation) }, seed);
      await batch.add(keyring.signer, { kind: 'device', label: 'passkey', ...holder });
    });
  } finally {
    seed.fill(0);
  }
}

/** What a passkey gives to a browser that holds nothing. */
export interface PasskeyGiven {
  /** Its user handle. */
  readonly handle: Uint8Array;
  /** What its PRF gave for `passkeyHolderInput`, 32 bytes. */
  readonly output: Uint8Array;
}

/**
 * Makes this device one of the passkey's member, by the passkey's signature: every member can see it. Throws core's
 * PASSKEY_INVALID, FORMAT_UNKNOWN and KEY_INVALID; PASSKEY_WRONG for one of a practice that this server does not hold,
 * PASSKEY_UNKNOWN for one that no entry names, PASSKEY_WITHDRAWN; UNREACHABLE, HOST_LIES and the like.
 */
export async function enrolByPasskey(
  { handle, output }: PasskeyGiven,
  options: HolderEnrolment,
): Promise<{ practice: Bytes; seed: Bytes }> {
  const { transport } = options;
  const named = parsePasskeyHandle(handle);
  const seed = passkeySeed(output);
  try {
    const practice = await transport.findPractice(named.practicePrefix);
    if (practice === null || !isPasskeyOf(named, practice))
      throw new ReplicaError('PASSKEY_WRONG', 'This passkey is not of a practice held here');
    await transport.openSession(practice, await seedToSigner(seed)).catch((error: unknown) => {
      throw passkeyRefusal(error);
    });
    const device = await enrolByHolder({ practice, seed }, options, passkeyRefusal);
    return { practice, seed: device.seed };
  } finally {
    seed.fill(0);
  }
}

function passkeyRefusal(error: unknown): unknown {
  if (!(error instanceof ReplicaError)) return error;
  if (error.code === 'HOLDER_REVOKED') return withdrawn(error);
  if (error.code === 'HOLDER_UNKNOWN' || error.code === 'SESSION_REFUSED')
    return new ReplicaError('PASSKEY_UNKNOWN', 'This practice never named this passkey', { cause: error });
  return error;
}

function withdrawn(cause?: ReplicaError): ReplicaError {
  return new ReplicaError('PASSKEY_WITHDRAWN', 'This passkey was withdrawn: it opens nothing any more', { cause });
}
