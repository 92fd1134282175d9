import { CodedError } from '@serment/core/error';
import { DraftSlots, type PlacedDraft } from './draft-slots.ts';
import { ReplicaError } from './error.ts';
import { knownMember } from './members.ts';
import type { Practice } from './practice.ts';
import { isRestrictedHere } from './restricted-here.ts';

/** What another member was writing, as a doctor may take it over. */
export interface LeftDraft {
  /** The key of the doctor's own draft once it is taken over: it says whose it was, and from when. */
  readonly key: string;
  /** `Patient/…`; null for a draft of no patient. */
  readonly patient: string | null;
  /** Empty where a restriction keeps the file from this doctor. */
  readonly text: string;
  readonly isRestricted: boolean;
  /** The clock of its member's device at the last keystroke, ms. */
  readonly updatedAt: number;
}

export interface LeftDrafts {
  /** Newest first. */
  readonly drafts: readonly LeftDraft[];
  /** How many do not open with this doctor's keys. */
  readonly unreadable: number;
}

/** Of which patient the drafts of a key are, `Patient/…`; null for none. */
export type PatientOfDraft = (key: string) => string | null;

/**
 * What a member was writing and nobody has taken over. What was taken over here, and whose slot an interruption left as it
 * was, is finished and not told again. Each patient whose text is told leaves the trace of an opening. Throws
 * MEMBER_UNKNOWN, UNREACHABLE and the like, and the server's DRAFT_FORBIDDEN but for a doctor's device.
 */
export async function leftDrafts(practice: Practice, member: string, patientOf: PatientOfDraft): Promise<LeftDrafts> {
  const { standing, unreadable } = await standingDrafts(practice, member);
  const drafts: LeftDraft[] = [];
  for (const one of standing) {
    const key = takenKey(member, one.draft);
    if (await practice.drafts.isKnown(key)) await finish(practice, one, key).catch(nothingYet);
    else drafts.push(leftDraft(practice, one.draft, { key, patient: patientOf(one.draft.key) }));
  }
  const told = drafts.flatMap(({ patient, isRestricted }) => (patient === null || isRestricted ? [] : [patient]));
  await practice.traces.told(told);
  return { drafts: drafts.toSorted((left, right) => right.updatedAt - left.updatedAt), unreadable };
}

/**
 * Makes one of them this doctor's own draft, beside any other of the same patient. The slot that it stood in is emptied
 * once the host holds the new one, so that a line cut in between loses nothing; asked again, it goes on. Throws DRAFT_GONE
 * when it is not there any more, PATIENT_RESTRICTED, PATIENT_UNKNOWN for a file that never reached this device, DRAFTS_FULL,
 * and what `leftDrafts` throws.
 */
export async function takeDraft(
  practice: Practice,
  { member, key }: { readonly member: string; readonly key: string },
  patientOf: PatientOfDraft,
): Promise<void> {
  const { standing } = await standingDrafts(practice, member);
  const one = standing.find(({ draft }) => takenKey(member, draft) === key);
  if (one === undefined) {
    if (await practice.drafts.isKnown(key)) return;
    throw new ReplicaError('DRAFT_GONE', 'This draft is not there any more: saved, given up, or taken over already');
  }
  const patient = patientOf(one.draft.key);
  if (patient !== null && practice.directory.get(patient) === null)
    throw new ReplicaError('PATIENT_UNKNOWN', 'No such patient in this practice');
  if (isRestrictedHere(practice, patient))
    throw new ReplicaError('PATIENT_RESTRICTED', 'This file is restricted to others');
  await finish(practice, one, key);
}

interface Standing {
  readonly slots: DraftSlots;
  readonly draft: PlacedDraft;
}

/** Those that hold a text, under either compartment that a member's drafts may be sealed in. */
async function standingDrafts(practice: Practice, name: string) {
  const { member } = knownMember(practice, name);
  const { keyring, random, transport } = practice;
  const store = transport.draftsOf(member);
  const listed = await store.drafts();
  const standing: Standing[] = [];
  let unreadable = 0;
  for (const compartment of ['clinical', 'admin'].filter((one) => keyring.canRead(one))) {
    const owner = { member, compartment };
    const slots = new DraftSlots({ practice: practice.practice, keyring, transport: store, random, owner });
    const read = await slots.readListed(listed);
    unreadable += read.unreadable;
    standing.push(...read.drafts.flatMap((draft) => (draft.text === '' ? [] : [{ slots, draft }])));
  }
  return { standing, unreadable };
}

/** First the new one at the host, then the slot that it came from: what somebody typed on there since stays. */
async function finish(practice: Practice, { slots, draft }: Standing, key: string): Promise<void> {
  await practice.drafts.adopt({ key, text: draft.text, updatedAt: draft.updatedAt });
  const emptied = { key: draft.key, text: '', updatedAt: practice.clock() };
  await slots.write(emptied, draft.place).catch((error: unknown) => {
    if (!(error instanceof ReplicaError && error.code === 'DRAFT_STALE')) throw error;
  });
}

/** A key of its own for each text of each draft, the same wherever and whenever it is taken over. */
function takenKey(member: string, { key, updatedAt }: PlacedDraft): string {
  const [own = '', apart = ''] = key.split('~');
  return `${own}~${member}.${updatedAt}${apart === '' ? '' : `.${apart}`}`;
}

function leftDraft(
  practice: Practice,
  { text, updatedAt }: PlacedDraft,
  { key, patient }: { readonly key: string; readonly patient: string | null },
): LeftDraft {
  const isRestricted = isRestrictedHere(practice, patient);
  return { key, patient, text: isRestricted ? '' : text, isRestricted, updatedAt };
}

function nothingYet(error: unknown): void {
  if (!(error instanceof CodedError)) throw error;
}
