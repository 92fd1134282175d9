import { bytesToHex } from '@serment/core/bytes';
import { kitTestValue } from '@serment/core/keys/kit';
import { seedToSigner } from '@serment/core/keys/signing';
import { kitStanding, readKit } from '@serment/replica/kit-reading';
import type { Practice } from '@serment/replica/practice';
import type { KitAnswer } from './protocol.ts';

/** Whether a kit opens this practice, told from the verified journal: nothing is sent. Throws what `readKit` throws. */
export async function testKit(practice: Practice, kitText: string): Promise<KitAnswer> {
  const kit = readKit(kitText);
  const author = bytesToHex((await seedToSigner(kit.seed)).author);
  const standing = await kitStanding(kit, practice.practice, practice.mirror.governance);
  const hasServed = practice.status().kits.used.some((used) => used.author === author);
  return { testValue: kitTestValue(kit.seed), standing, hasServed };
}
