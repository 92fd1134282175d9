import { type Bytes, bytesToHex, compareBytes } from '@serment/core/bytes';
import { CodedError } from '@serment/core/error';
import { holdersOf } from '@serment/core/journal/checks';
import type { GlassRecord, RestrictionState } from '@serment/core/journal/governance-state';
import { isShutOut } from '@serment/core/journal/restriction';
import { compartmentRoles } from '@serment/core/journal/rules';
import { openReason, sealReason } from '@serment/core/keys/reason';
import { patientStream } from '@serment/records/route';
import type { PatientRow } from './directory.ts';
import { govern } from './governance-batch.ts';
import { knownMember } from './members.ts';
import type { Practice } from './practice.ts';

/** Somebody who reads medical files, and whether a restriction of this one names them. */
export interface FileReader {
  /** In hexadecimal. */
  readonly member: string;
  readonly name: string | null;
  readonly role: string;
  readonly isNamed: boolean;
}

/** A restricted file that somebody opened with a reason. */
export interface GlassView {
  readonly name: string | null;
  /** The host's clock, ms. */
  readonly at: number;
  /** Null where this member's rights do not open it. */
  readonly reason: string | null;
}

/** Who may read a file. It is a rule that the host and every client apply, and no key. */
export interface FileAccess {
  readonly isRestricted: boolean;
  /** Members whose role admits them to medical files and who still hold something. */
  readonly readers: readonly FileReader[];
  /** Newest first. */
  readonly broken: readonly GlassView[];
  /** Whether this member may restrict it, name others, or lift it. */
  readonly mayChange: boolean;
}

/** Throws COMPARTMENT_CLOSED for whoever reads no medical file. */
export async function fileAccess(practice: Practice, patient: string): Promise<FileAccess> {
  const { governance } = practice.mirror;
  const known = restrictionOf(practice, patient);
  const own = bytesToHex(practice.keyring.member);
  const readers = [...governance.members].flatMap(([member, { role }]) =>
    compartmentRoles.get('clinical')?.includes(role) && holdersOf(governance, member).length > 0
      ? [{ member, name: practice.memberName(member), role, isNamed: known?.named.has(member) ?? false }]
      : [],
  );
  const broken: GlassView[] = [];
  for (const glass of known?.broken.toReversed() ?? []) broken.push(await glassView(practice, known, glass));
  const isDoctor = governance.members.get(own)?.role === 'doctor';
  const mayChange = practice.canWrite && isDoctor && (known === null || known.named.has(own));
  return { isRestricted: known !== null, readers, broken, mayChange };
}

/**
 * Says who may go on reading a file, in hexadecimal; null for all who read medical files. Said again, it ends what reasons
 * had opened. Throws MEMBER_UNKNOWN, and what `govern` throws.
 */
export async function restrictPatient(
  practice: Practice,
  patient: string,
  members: readonly string[] | null,
): Promise<void> {
  const { id: stream } = practice.keyring.stream('clinical', patientStream(patient));
  const named = members?.map((member) => knownMember(practice, member).member).toSorted(compareBytes) ?? null;
  await govern(practice, async (batch) => {
    const known = restrictionOf(practice, patient);
    if (named === null && known === null) return;
    if (named !== null && known !== null && isSame(known, named)) return;
    await batch.add(practice.keyring.signer, { kind: 'restrict', stream, members: named });
  });
}

/**
 * Opens a restricted file with a reason, which every reader of medical files sees. Nothing happens to who may read it
 * already. Throws REASON_INVALID, COMPARTMENT_CLOSED, and what `govern` throws.
 */
export async function breakGlass(practice: Practice, patient: string, reason: string): Promise<void> {
  const { keyring, mirror } = practice;
  const { id: stream } = keyring.stream('clinical', patientStream(patient));
  await govern(practice, async (batch) => {
    if (!isShutOut(mirror.governance, stream, bytesToHex(keyring.member))) return;
    const { epoch: number, key } = keyring.currentEpoch('clinical');
    const scope = { practice: mirror.practice, stream, author: keyring.signer.author };
    const sealed = await sealReason(key, scope, reason.trim(), practice.random);
    await batch.add(keyring.signer, { kind: 'break-glass', stream, number, reason: sealed });
  });
}

/** The reason of a `break-glass`; null where this member's rights do not open it, or when it is none. */
export async function reasonOf(
  { keyring, mirror }: Pick<Practice, 'mirror' | 'keyring'>,
  glass: { readonly stream: Bytes; readonly author: Bytes; readonly number: number; readonly reason: Bytes },
): Promise<string | null> {
  if (!keyring.canRead('clinical')) return null;
  try {
    const key = keyring.epochKey('clinical', glass.number);
    return await openReason(key, { ...glass, practice: mirror.practice }, glass.reason);
  } catch (error) {
    // Sealed by somebody under another key, or an epoch that was not granted: the entry says the rest.
    if (error instanceof CodedError) return null;
    throw error;
  }
}

/** Finds the patient whose file a stream is, as the directory knows it: every name is derived once, when one is wanted. */
export function patientsByStream({ keyring, directory }: Practice): (stream: Bytes) => PatientRow | null {
  let rows: ReadonlyMap<string, PatientRow> | null = null;
  const nameOf = ({ id }: PatientRow) => bytesToHex(keyring.stream('clinical', patientStream(id)).id);
  return (stream) => {
    if (!(keyring.canRead('clinical') && keyring.canRead('admin'))) return null;
    rows ??= new Map(directory.rows().map((row) => [nameOf(row), row]));
    return rows.get(bytesToHex(stream)) ?? null;
  };
}

function restrictionOf({ mirror, keyring }: Practice, patient: string): RestrictionState | null {
  const { id } = keyring.stream('clinical', patientStream(patient));
  return mirror.governance.restrictions.get(bytesToHex(id)) ?? null;
}

async function glassView(practice: Practice, known: RestrictionState | null, glass: GlassRecord): Promise<GlassView> {
  const { receivedAt } = await practice.mirror.entry(glass.index);
  const reason = await reasonOf(practice, { ...glass, stream: known?.stream ?? new Uint8Array(0) });
  return { name: practice.memberName(glass.member), at: receivedAt, reason };
}

function isSame({ named, broken }: RestrictionState, members: readonly Bytes[]): boolean {
  return broken.length === 0 && named.size === members.length && members.every((one) => named.has(bytesToHex(one)));
}
