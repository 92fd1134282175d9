import type { Role } from '@serment/core/journal/body';
import { holdersOf } from '@serment/core/journal/checks';
import type { PatientRow } from '@serment/replica/directory';
import { type LeftDraft, leftDrafts, takeDraft } from '@serment/replica/draft-handover';
import { type Invitation, inviteAgain, inviteMember } from '@serment/replica/invitation';
import { cancelInvitation, removeMember, setTerm, type Term } from '@serment/replica/members';
import { patientOfDraft } from '../file-view/draft-key.ts';
import { Desk } from './desk.ts';

export interface NewMemberInput {
  readonly role: Role;
  readonly family: string;
  readonly given: string;
  /** Null without a limit; never for a doctor. */
  readonly term: Term | null;
}

/** What another member was writing, with the patient as the directory knows it. */
export interface LeftDraftView extends LeftDraft {
  /** Null for a draft of no patient, and for a patient who never reached this device. */
  readonly row: PatientRow | null;
}

export interface LeftDraftsView {
  readonly drafts: readonly LeftDraftView[];
  readonly unreadable: number;
}

/** The members of the practice, each named in hexadecimal. */
export class MembersDesk extends Desk {
  /** Null when the member's name is not known here. */
  async memberName(member: string): Promise<string | null> {
    return this.practice.memberName(member);
  }

  /** Throws what `inviteMember` throws. */
  async invite({ role, family, given, term }: NewMemberInput): Promise<Invitation> {
    const name = { family, given, ...(role === 'doctor' ? { prefix: 'Dr' } : {}) };
    return inviteMember(this.practice, { role, name, term });
  }

  /** Another link and code for a member who has not entered, or not any more: those before serve no more. */
  async inviteAnew(member: string): Promise<Invitation> {
    const { practice } = this;
    const holders = holdersOf(practice.mirror.governance, member);
    if (holders.some(({ type }) => type === 'invitation')) await cancelInvitation(practice, member);
    return inviteAgain(practice, member);
  }

  async cancelInvitation(member: string): Promise<void> {
    await cancelInvitation(this.practice, member);
  }

  async setTerm(member: string, term: Term | null): Promise<void> {
    await setTerm(this.practice, member, term);
  }

  async remove(member: string): Promise<void> {
    await removeMember(this.practice, member);
    await this.at.keysChanged();
  }

  /** What a member was writing and nobody has taken over; for doctors. */
  async leftDrafts(member: string): Promise<LeftDraftsView> {
    const { practice } = this;
    const { drafts, unreadable } = await leftDrafts(practice, member, patientOfDraft);
    const rowOf = (patient: string | null) => (patient === null ? null : practice.directory.get(patient));
    return { drafts: drafts.map((draft) => ({ ...draft, row: rowOf(draft.patient) })), unreadable };
  }

  /** Makes one of them this doctor's own, beside what is written already. */
  async takeDraft(member: string, key: string): Promise<void> {
    await takeDraft(this.practice, { member, key }, patientOfDraft);
    this.at.send({ type: 'draft', key });
  }
}
