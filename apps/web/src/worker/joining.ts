import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { parseInvitationLink } from '@serment/core/keys/invitation';
import { newSeed } from '@serment/core/keys/seed';
import { acceptInvitation } from '@serment/replica/invitation-acceptance';
import type { Enrolled } from './creation.ts';
import type { EnrollingParts } from './enrolling.ts';

/** An invitation that this browser accepts. */
export class Joining {
  readonly #parts: EnrollingParts;
  /** Asking again with the same seed finds what an answer that was lost had accepted. */
  readonly #seeds = new Map<string, Bytes>();

  constructor(parts: EnrollingParts) {
    this.#parts = parts;
  }

  /** Beside whoever works on this browser already. Throws what `acceptInvitation` throws. */
  async accept({ linkText, code }: { readonly linkText: string; readonly code: string }): Promise<Enrolled> {
    const secret = bytesToHex(parseInvitationLink(linkText).secret);
    const seed = this.#seeds.get(secret) ?? newSeed(this.#parts.random);
    this.#seeds.set(secret, seed);
    return acceptInvitation({ ...this.#parts, linkText, code, seed, label: 'browser' });
  }

  /** Once the device is kept. */
  forget(): void {
    this.#seeds.clear();
  }
}
