import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { holdersOf } from '@serment/core/journal/checks';
import { parseInvitationLink } from '@serment/core/keys/invitation';
import { newSeed } from '@serment/core/keys/seed';
import { type Invitation, inviteAgain, inviteMember } from '@serment/replica/invitation';
import { acceptInvitation } from '@serment/replica/invitation-acceptance';
import { cancelInvitation } from '@serment/replica/members';
import type { Practice } from '@serment/replica/practice';
import type { Transport } from '@serment/replica/transport';
import type { Enrolled } from './creation.ts';
import type { NewMemberInput } from './protocol.ts';

/** Invites somebody. Throws what `inviteMember` throws. */
export function invite(practice: Practice, { role, family, given, term }: NewMemberInput): Promise<Invitation> {
  const name = { family, given, ...(role === 'doctor' ? { prefix: 'Dr' } : {}) };
  return inviteMember(practice, { role, name, term });
}

/** Another link and code for a member who has not entered, or not any more: those before serve no more. */
export async function inviteAnew(practice: Practice, member: string): Promise<Invitation> {
  const holders = holdersOf(practice.mirror.governance, member);
  if (holders.some(({ type }) => type === 'invitation')) await cancelInvitation(practice, member);
  return inviteAgain(practice, member);
}

export interface JoiningParts {
  readonly transport: Transport;
  readonly random: (sizeBytes: number) => Bytes;
  readonly clock: () => number;
}

/** An invitation that this browser accepts. */
export class Joining {
  readonly #parts: JoiningParts;
  /** Asking again with the same seed finds what an answer that was lost had accepted. */
  readonly #seeds = new Map<string, Bytes>();

  constructor(parts: JoiningParts) {
    this.#parts = parts;
  }

  /** Beside whoever works on this browser already. Throws what `acceptInvitation` throws. */
  async accept(
    { linkText, code }: { readonly linkText: string; readonly code: string },
    onProgress: (done: number, total: number) => void,
  ): Promise<Enrolled> {
    const { transport, random, clock } = this.#parts;
    const secret = bytesToHex(parseInvitationLink(linkText).secret);
    const seed = this.#seeds.get(secret) ?? newSeed(random);
    this.#seeds.set(secret, seed);
    return acceptInvitation({ transport, linkText, code, seed, label: 'browser', random, clock, onProgress });
  }

  /** Once the device is kept. */
  forget(): void {
    this.#seeds.clear();
  }
}
