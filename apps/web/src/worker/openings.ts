import { bytesToHex } from '@serment/core/bytes';
import { decodeCanonical } from '@serment/core/cbor';
import type { Practice } from '@serment/replica/practice';

/** Who opened a file, from the traces that this member can read. */
export interface Opening {
  /** In hexadecimal. */
  readonly member: string;
  readonly name: string | null;
  readonly isSelf: boolean;
  readonly at: number;
}

/** How far back traces are read for a file's margin; the access journal reads them all. */
const recentTraces = 200;

/** Who opened a file lately, newest first, from the traces that this member can read. */
export async function openingsOf(practice: Practice, patient: string): Promise<Opening[]> {
  const { mirror, keyring, reader } = practice;
  if (!keyring.canRead('admin')) return [];
  const openings: Opening[] = [];
  for (const [author, state] of mirror.governance.authors) {
    if (state.type !== 'device' || state.member === null) continue;
    const stream = keyring.stream('admin', `opened/${author}`);
    const first = mirror.entriesOf(stream.id).slice(-recentTraces)[0];
    if (first === undefined) continue;
    const who = {
      member: state.member,
      name: practice.memberName(state.member),
      isSelf: state.member === bytesToHex(keyring.member),
    };
    for await (const read of reader.contents(stream, { after: first - 1, isRolling: true })) {
      const at = read.content === null ? null : openedAt(read.content, patient);
      if (at !== null) openings.push({ ...who, at });
    }
  }
  return openings.sort((left, right) => right.at - left.at);
}

function openedAt(content: Uint8Array<ArrayBuffer>, patient: string): number | null {
  const value = decodeCanonical(content);
  const [format, id, at] = Array.isArray(value) ? value : [];
  return format === 1 && id === patient && typeof at === 'number' ? at : null;
}
