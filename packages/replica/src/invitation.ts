import { type Bytes, bytesToHex } from '@serment/core/bytes';
import type { Role } from '@serment/core/journal/body';
import { holdersOf } from '@serment/core/journal/checks';
import { compartmentRoles } from '@serment/core/journal/rules';
import {
  formatInvitationLink,
  type InvitationLink,
  invitationSeed,
  newInvitationCode,
  newInvitationLink,
} from '@serment/core/keys/invitation';
import { newPractitioner, type PractitionerTraits } from '@serment/records/fhir/directory';
import { ReplicaError } from './error.ts';
import { type GovernanceBatch, govern } from './governance-batch.ts';
import { type Generation, grantBody, holderBody, newGeneration } from './key-bodies.ts';
import { epochOf } from './key-renewal.ts';
import { checkTerm, knownMember, type Term } from './members.ts';
import type { Practice } from './practice.ts';
import { partsOfSave } from './saving.ts';

export interface InvitationRequest {
  readonly role: Role;
  readonly name: PractitionerTraits;
  /** Null without a limit; never for a doctor. */
  readonly term: Term | null;
}

/** What is told to the invited person, the link and the code by two ways. Neither is kept here. */
export interface Invitation {
  /** 92 characters: what stands in the fragment of the link's address. */
  readonly linkText: string;
  /** 8 characters. */
  readonly code: string;
  /** In hexadecimal. */
  readonly member: string;
}

/**
 * Names a member, its rights, its name and an invitation for it, in one request: all of it stands or nothing. When the
 * answer is lost, what may stand is an invitation that nobody can accept, to be seen and cancelled. Throws TERM_INVALID,
 * SAVE_INVALID, COMPARTMENT_CLOSED for a right that this device has not itself, and what `govern` throws.
 */
export async function inviteMember(practice: Practice, request: InvitationRequest): Promise<Invitation> {
  const { role, name, term } = request;
  if (term !== null) checkTerm(role, term);
  const { random, keyring } = practice;
  const member = random(16);
  const resource = newPractitioner(bytesToHex(member), name);
  const save = { patient: null, records: [{ resource, change: 'create' as const, replaces: [] }] };
  const parts = partsOfSave(save, keyring, random);
  const secret = newSecret(practice);
  await govern(practice, async (batch) => {
    const writing = { practice, batch, member, role };
    await writeInvitation({ ...writing, generation: 1, secret }, async () => {
      if (term !== null) await batch.add(keyring.signer, { kind: 'term', member, from: term.from, until: term.until });
    });
    for (const part of parts) await batch.addSealed(keyring, part);
  });
  return told(secret, member);
}

/**
 * Invites again a member who has nothing left to enter with: another invitation, or all devices, were revoked. Throws
 * MEMBER_UNKNOWN, MEMBER_ACTIVE, and as `inviteMember` does.
 */
export async function inviteAgain(practice: Practice, name: string): Promise<Invitation> {
  const secret = newSecret(practice);
  await govern(practice, async (batch) => {
    const { member, role, generation } = knownMember(practice, name);
    if (holdersOf(practice.mirror.governance, name).length > 0)
      throw new ReplicaError('MEMBER_ACTIVE', 'This member still has something to enter with');
    await writeInvitation({ practice, batch, member, role, generation: generation + 1, secret });
  });
  return told(secret, knownMember(practice, name).member);
}

interface Secret {
  readonly link: InvitationLink;
  readonly code: string;
}

interface Writing {
  readonly practice: Practice;
  readonly batch: GovernanceBatch;
  readonly member: Bytes;
  readonly role: Role;
  readonly generation: number;
  readonly secret: Secret;
}

async function writeInvitation(
  { practice, batch, member, role, generation, secret }: Writing,
  afterMember: () => Promise<void> = async () => undefined,
): Promise<void> {
  const { practice: scope, keyring, random } = practice;
  const { body, seed } = await newGeneration({ scope, member, role, generation, holders: [] }, random);
  await batch.add(keyring.signer, body);
  await afterMember();
  const owner = { scope, member, generation, memberSeed: seed };
  const holder = await holderBody(owner, invitationSeed(secret.link, secret.code));
  await batch.add(keyring.signer, { kind: 'device', label: 'invitation', ...holder });
  await grantAll({ practice, batch }, role, body);
}

/** Everything that the role admits. */
async function grantAll(
  { practice, batch }: Pick<Writing, 'practice' | 'batch'>,
  role: Role,
  to: Generation,
): Promise<void> {
  for (const [compartment, roles] of compartmentRoles)
    if (roles.includes(role))
      await batch.add(practice.keyring.signer, await grantBody(epochOf(practice, compartment), to));
}

function newSecret({ practice, random }: Practice): Secret {
  return { link: newInvitationLink(practice, random), code: newInvitationCode(random) };
}

function told({ link, code }: Secret, member: Uint8Array): Invitation {
  return { linkText: formatInvitationLink(link), code, member: bytesToHex(member) };
}
