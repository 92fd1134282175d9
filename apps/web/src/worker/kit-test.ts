import { bytesToHex } from '@serment/core/bytes';
import { findKit, isKitOf, kitTestValue } from '@serment/core/keys/kit';
import { seedToSigner } from '@serment/core/keys/signing';
import type { Practice } from '@serment/replica/practice';
import type { KitAnswer } from './protocol.ts';

/** Whether a kit opens this practice, told from the verified journal: nothing is sent. Throws KIT_INVALID, KIT_CHECKSUM. */
export async function testKit(practice: Practice, kitText: string): Promise<KitAnswer> {
  const kit = findKit(kitText);
  const { author } = await seedToSigner(kit.seed);
  const holder = practice.mirror.governance.authors.get(bytesToHex(author));
  const isOurs = isKitOf(kit, practice.practice) && holder?.type === 'kit';
  return { testValue: kitTestValue(kit.seed), isOurs, isRevoked: isOurs && holder.revokedAt !== null };
}
