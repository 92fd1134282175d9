import { bytesToHex } from '@serment/core/bytes';
import { CoreError } from '@serment/core/error';
import type { GovernanceState } from '@serment/core/journal/governance-state';
import { findKit, isKitOf, type Kit, kitTestValue, parseKit } from '@serment/core/keys/kit';
import { seedToSigner } from '@serment/core/keys/signing';
import { ReplicaError } from './error.ts';

/**
 * A kit as a person gives it: typed, the text of its file, or what its QR code holds. Throws core's KIT_INVALID and
 * KIT_CHECKSUM (with the `group`, from 1, where it is known), FORMAT_UNKNOWN for a newer kit, and KIT_QR_DAMAGED for
 * the text of a QR code that is not whole.
 */
export function readKit(text: string): Kit {
  try {
    return parseKit(text);
  } catch (typed) {
    if (!(typed instanceof CoreError)) throw typed;
    return readKitFile(text, typed);
  }
}

function readKitFile(text: string, typed: CoreError): Kit {
  try {
    return findKit(text);
  } catch (found) {
    if (!(found instanceof CoreError)) throw found;
    if (found.code === 'FORMAT_UNKNOWN') throw found;
    if (/^\s*SERMENT-KIT:/i.test(text))
      throw new ReplicaError('KIT_QR_DAMAGED', 'The text of the QR code is not whole', {
        cause: found,
        hint: 'Read the code again, or type the 17 groups printed beside it.',
      });
    if (found.code === 'KIT_CHECKSUM') throw found;
    // What has the length of a kit was typed: where it went wrong helps. In a longer text it would mean nothing.
    if (text.length > longestTyped) throw found;
    throw typed.code === 'KIT_INVALID' ? invalidIn(text, typed) : typed;
  }
}

/** 17 groups with some room for separators, or for a group typed twice. */
const longestTyped = 170;
const groupSize = 5;
const groupCount = 17;
const separators = /[\s\u002d\u2010-\u2015\u2212]+/gu;

function invalidIn(text: string, typed: CoreError): CoreError {
  const { position } = typed.fields;
  const group = typeof position === 'number' ? groupAt(text, position) : oddGroup(text);
  return new CoreError('KIT_INVALID', typed.message, { cause: typed, fields: { ...typed.fields, group } });
}

/** The group that the character at a position, from 1, stands in; null in what has not about the length of a kit. */
function groupAt(text: string, position: number): number | null {
  const groups = groupsOf(text);
  const count = groups.reduce((sum, group) => sum + group.length, 0);
  if (Math.abs(count - groupCount * groupSize) > groupSize) return null;
  if (groups.length !== groupCount) return Math.ceil(position / groupSize);
  let end = 0;
  return (
    groups.findIndex((group) => {
      end += group.length;
      return end >= position;
    }) + 1
  );
}

/** The one group of all 17 that has not five characters, if exactly one has not. */
function oddGroup(text: string): number | null {
  const groups = groupsOf(text);
  const odd = groups.flatMap(({ length }, place) => (length === groupSize ? [] : [place + 1]));
  return groups.length === groupCount && odd.length === 1 ? (odd[0] ?? null) : null;
}

function groupsOf(text: string): readonly (readonly string[])[] {
  return text
    .trim()
    .split(separators)
    .map((group) => Array.from(group));
}

/**
 * What a practice knows of a kit. `unknown`: its mark names this practice and no entry names the kit, as for a sheet
 * that was printed and given up before it was read back.
 */
export type KitStanding = 'valid' | 'withdrawn' | 'unknown' | 'other-practice';

/** Told from the verified journal alone. */
export async function kitStanding(kit: Kit, practice: Uint8Array, governance: GovernanceState): Promise<KitStanding> {
  if (!isKitOf(kit, practice)) return 'other-practice';
  const { author } = await seedToSigner(kit.seed);
  const holder = governance.authors.get(bytesToHex(author));
  if (holder?.type !== 'kit') return 'unknown';
  return holder.revokedAt === null ? 'valid' : 'withdrawn';
}

export function kitWrong(): ReplicaError {
  return new ReplicaError('KIT_WRONG', 'This kit is not of a practice held here', {
    hint: 'Check that the server or the copy is the right one, and that the kit belongs to this practice.',
  });
}

/**
 * Why a kit opens nothing, where it arose as what is said of any holder: KIT_WITHDRAWN, or KIT_UNKNOWN when nothing
 * names it. Any other error is given back as it is.
 */
export function kitRefusal(error: unknown, seed: Uint8Array): unknown {
  if (!(error instanceof ReplicaError)) return error;
  const details = { cause: error, fields: { testValue: kitTestValue(seed) } };
  if (error.code === 'HOLDER_REVOKED')
    return new ReplicaError('KIT_WITHDRAWN', 'This kit was withdrawn: it opens nothing any more', {
      ...details,
      hint: 'Use the kit that replaced it, and destroy this one.',
    });
  if (error.code === 'HOLDER_UNKNOWN' || error.code === 'SESSION_REFUSED')
    return new ReplicaError('KIT_UNKNOWN', 'This practice never named this kit', {
      ...details,
      hint: 'Its sheet was printed and given up, or this copy is from before it. Use another kit of the practice.',
    });
  return error;
}
