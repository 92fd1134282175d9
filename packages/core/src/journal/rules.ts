import { deviceLabels, type HolderLabel, type Kind, type Role } from './body.ts';

/** Why an entry is refused, in the order in which it is checked (docs/format/journal.md). */
export const refusals = [
  'KIND_UNKNOWN',
  'PRACTICE_MISMATCH',
  'STREAM_FORBIDDEN',
  'PAYLOAD_FORBIDDEN',
  'PAYLOAD_REQUIRED',
  'AUTHOR_UNKNOWN',
  'AUTHOR_REVOKED',
  'AUTHOR_FROZEN',
  'TERM_OUTSIDE',
  'AUTHOR_HELD',
  'PREV_STALE',
  'BASE_STALE',
  'SEEN_REQUIRED',
  'SEEN_AHEAD',
  'ROLE_FORBIDDEN',
  'MEMBER_UNKNOWN',
  'MEMBER_EXISTS',
  'GENERATION_STALE',
  'HOLDERS_MISMATCH',
  'AUTHOR_EXISTS',
  'PROOF_INVALID',
  'COMPARTMENT_UNKNOWN',
  'EPOCH_STALE',
  'PREVIOUS_KEY_MISSING',
  'GRANT_MISSING',
  'GRANT_EXISTS',
  'FENCE_STALE',
  'REVOKE_UNKNOWN',
  'FREEZE_UNKNOWN',
  'RESTRICT_UNKNOWN',
  'WITNESS_REFUSED',
] as const;
export type Refusal = (typeof refusals)[number];

/** A `device` entry makes a device, a passkey or an invitation, as its label says. */
export const authorTypes = ['founder', 'device', 'passkey', 'invitation', 'kit', 'host'] as const;
export type AuthorType = (typeof authorTypes)[number];

/** What must hold between the signer and what the entry names, beside the signer's type and role. */
export type SignerCondition =
  | 'founder-member'
  | 'founder-itself'
  | 'same-member'
  | 'no-holder-left'
  | 'shared-compartment'
  | 'own-private'
  | 'itself'
  | 'holder-of-member'
  | 'freezes-another'
  | 'unfreezes'
  | 'unfreezes-own'
  | 'lets-go'
  | 'holds-unusual'
  | 'lets-go-own-hold'
  | 'may-restrict'
  | 'compartment-role'
  | 'own-inbox';

export interface SignerRule {
  readonly type: AuthorType;
  readonly role?: Role;
  readonly when?: SignerCondition;
  /** What the label of the holder that it names must be one of. */
  readonly naming?: readonly HolderLabel[];
  /** For what a person decides, and no program alone. */
  readonly notScript?: true;
}

export type Check =
  | 'known-member'
  | 'active-member'
  | 'new-or-next-member'
  | 'next-generation'
  | 'all-holders'
  | 'current-generation'
  | 'own-generation'
  | 'new-author'
  | 'new-genesis-host'
  | 'new-host'
  | 'new-witness'
  | 'proof'
  | 'compartment-name'
  | 'body-compartment'
  | 'header-compartment'
  | 'next-epoch'
  | 'body-epoch'
  | 'header-epoch'
  | 'previous-key'
  | 'grant-held'
  | 'grantee-role'
  | 'grant-new'
  | 'greater-fence'
  | 'revocable'
  | 'freezable'
  | 'term-role'
  | 'named-members'
  | 'lifts-restriction'
  | 'clinical-epoch'
  | 'clinical-grant'
  | 'shut-out'
  | 'names-witness';

export interface Rule {
  readonly stream: 'governance' | 'host' | 'inbox' | 'other';
  readonly compartment: 'none' | 'any' | 'admin' | 'clinical';
  readonly payload: boolean;
  /** Whether `base` must be the stream's head. */
  readonly binding: 'always' | 'never' | 'body';
  /** May stand in a genesis batch, where `seen` is null. */
  readonly genesisBatch: boolean;
  /** One of these must fit; null for genesis, which makes its own signer. */
  readonly signers: readonly SignerRule[] | null;
  /** In the order of `refusals`. */
  readonly checks: readonly Check[];
}

const governance = {
  stream: 'governance',
  compartment: 'none',
  payload: false,
  binding: 'always',
  genesisBatch: true,
} as const;
const laterGovernance = { ...governance, genesisBatch: false } as const;
const sealed = { stream: 'other', payload: true, binding: 'never', genesisBatch: false } as const;
const byHost = {
  stream: 'host',
  compartment: 'none',
  payload: false,
  binding: 'never',
  genesisBatch: false,
  signers: [{ type: 'host' }],
  checks: ['header-compartment'],
} as const;
const doctorSigners = [
  { type: 'device', role: 'doctor' },
  { type: 'kit', role: 'doctor' },
] as const;
const memberSigners = [
  { type: 'device', when: 'same-member' },
  { type: 'kit', when: 'same-member' },
  { type: 'passkey', when: 'same-member' },
] as const;
const epochSigners = [
  { type: 'device', role: 'doctor', when: 'shared-compartment' },
  { type: 'kit', role: 'doctor', when: 'shared-compartment' },
  { type: 'device', when: 'own-private' },
  { type: 'kit', when: 'own-private' },
] as const;
const recordSigners = [{ type: 'device', when: 'compartment-role' }] as const;
const recordChecks = ['header-compartment', 'header-epoch', 'grant-held'] as const;

/** Who may sign what, and what else must hold: the one table that server and clients share. */
export const rules: { readonly [K in Kind]: Rule } = {
  genesis: { ...governance, signers: null, checks: ['new-genesis-host', 'header-compartment'] },
  member: {
    ...governance,
    signers: [...doctorSigners, { type: 'founder', when: 'founder-member' }, ...memberSigners],
    checks: ['new-or-next-member', 'next-generation', 'all-holders', 'header-compartment'],
  },
  device: {
    ...governance,
    signers: [
      ...memberSigners,
      { type: 'invitation', when: 'same-member', naming: ['browser', 'cli'] },
      { type: 'founder', when: 'founder-itself', naming: deviceLabels },
      { type: 'device', role: 'doctor', when: 'no-holder-left' },
    ],
    checks: ['known-member', 'current-generation', 'new-author', 'proof', 'header-compartment'],
  },
  kit: {
    ...governance,
    signers: [{ type: 'device', when: 'same-member' }],
    checks: ['known-member', 'current-generation', 'new-author', 'proof', 'header-compartment'],
  },
  epoch: {
    ...governance,
    signers: epochSigners,
    checks: ['compartment-name', 'header-compartment', 'next-epoch', 'previous-key'],
  },
  grant: {
    ...governance,
    signers: epochSigners,
    checks: [
      'grantee-role',
      'active-member',
      'current-generation',
      'own-generation',
      'body-compartment',
      'header-compartment',
      'body-epoch',
      'grant-new',
    ],
  },
  revoke: {
    ...laterGovernance,
    // Bound to the head, it could be outrun by a device that keeps writing: its own place is the cut.
    binding: 'never',
    signers: [
      ...doctorSigners,
      { type: 'device', when: 'itself' },
      { type: 'invitation', when: 'itself' },
      { type: 'passkey', when: 'holder-of-member' },
      { type: 'kit', when: 'holder-of-member' },
    ],
    checks: ['header-compartment', 'revocable'],
  },
  freeze: {
    ...laterGovernance,
    // As `revoke`: a device that keeps writing must not outrun it.
    binding: 'never',
    signers: [
      { type: 'device', when: 'freezes-another', notScript: true },
      { type: 'kit', when: 'freezes-another' },
      { type: 'device', role: 'doctor', when: 'unfreezes', notScript: true },
      { type: 'kit', role: 'doctor', when: 'unfreezes' },
      { type: 'device', when: 'unfreezes-own', notScript: true },
      { type: 'kit', when: 'unfreezes-own' },
      { type: 'device', when: 'lets-go', notScript: true },
      { type: 'host', when: 'holds-unusual' },
      { type: 'host', when: 'lets-go-own-hold' },
    ],
    checks: ['header-compartment', 'freezable'],
  },
  hold: {
    ...laterGovernance,
    signers: [{ type: 'device', role: 'doctor', notScript: true }],
    checks: ['header-compartment'],
  },
  term: {
    ...laterGovernance,
    signers: [{ type: 'device', role: 'doctor' }],
    checks: ['term-role', 'known-member', 'header-compartment'],
  },
  restrict: {
    ...laterGovernance,
    signers: [
      { type: 'device', role: 'doctor', when: 'may-restrict', notScript: true },
      { type: 'kit', role: 'doctor' },
    ],
    checks: ['named-members', 'header-compartment', 'lifts-restriction'],
  },
  'break-glass': {
    ...laterGovernance,
    signers: [{ type: 'device', notScript: true }],
    checks: ['header-compartment', 'clinical-epoch', 'clinical-grant', 'shut-out'],
  },
  host: { ...laterGovernance, signers: doctorSigners, checks: ['new-host', 'header-compartment'] },
  'restore-ack': { ...laterGovernance, signers: doctorSigners, checks: ['header-compartment', 'greater-fence'] },
  witness: {
    ...laterGovernance,
    signers: [{ type: 'device', role: 'doctor', notScript: true }],
    checks: ['new-witness', 'header-compartment', 'names-witness'],
  },
  records: { ...sealed, compartment: 'any', binding: 'body', signers: recordSigners, checks: recordChecks },
  deposit: {
    ...sealed,
    stream: 'inbox',
    compartment: 'clinical',
    signers: [{ type: 'device', when: 'own-inbox' }],
    checks: ['header-compartment', 'header-epoch'],
  },
  snapshot: { ...sealed, compartment: 'any', signers: recordSigners, checks: recordChecks },
  heads: { ...sealed, compartment: 'admin', signers: recordSigners, checks: recordChecks },
  opened: { ...sealed, compartment: 'admin', signers: recordSigners, checks: recordChecks },
  reread: { ...sealed, compartment: 'admin', signers: recordSigners, checks: recordChecks },
  fetch: byHost,
  backup: byHost,
  drill: byHost,
  operator: byHost,
  access: byHost,
};

/** How many witnesses a practice names at the same time. */
export const maxWitnesses = 8;

/** Roles that may write in a shared compartment, and be granted it. A private one is its member's alone. */
export const compartmentRoles: ReadonlyMap<string, readonly Role[]> = new Map([
  ['admin', ['doctor', 'substitute', 'medical-secretary', 'desk']],
  ['clinical', ['doctor', 'substitute', 'medical-secretary']],
  ['billing', ['doctor', 'substitute', 'medical-secretary', 'accountant']],
]);

/** Whether who has this role deposits in `clinical`, which it may not read: whoever may, writes there. */
export function mayDeposit(role: Role): boolean {
  return !compartmentRoles.get('clinical')?.includes(role);
}

const privatePattern = /^private\/([0-9a-f]{32})$/;

/** The member, in hexadecimal, whose private compartment this names; null for any other name. */
export function privateMember(compartment: string): string | null {
  return privatePattern.exec(compartment)?.[1] ?? null;
}

export function isCompartmentName(compartment: string): boolean {
  return compartmentRoles.has(compartment) || privateMember(compartment) !== null;
}
