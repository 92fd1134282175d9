import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { sha256 } from '@serment/core/hash';
import { hashOf, toReadTask } from '@serment/records/fhir/reading-task';
import type { StreamState } from '@serment/records/fold';
import { outOfRangeInputs } from '@serment/records/received/out-of-range';
import type { ReceivedPart } from '@serment/records/received/received-file';
import { newReceived } from '@serment/records/received/received-records';
import { type DocumentKey, newVersion, parseRecordBatch } from '@serment/records/version';
import { isClaimed } from './claim.ts';
import type { PatientRow } from './directory.ts';
import { uploadDocument } from './documents.ts';
import { ReplicaError } from './error.ts';
import { isDoctor, practitioner, tasksIn } from './inbox-tasks.ts';
import type { Keyring, StreamRef } from './keyring.ts';
import type { Practice } from './practice.ts';
import { recordsPart } from './saving.ts';
import { fold } from './search-terms.ts';

/** One part of a file that was let in. */
export interface Arrived {
  /** Logical id of what waits; null for what came before and is filed. */
  readonly id: string | null;
  readonly title: string;
  /** `again`: the same bytes came before, and nothing was written. */
  readonly outcome: 'received' | 'again';
  /** Where it was filed, for what came again. */
  readonly patient: PatientRow | null;
  readonly results: number;
  readonly findings: ReceivedPart['findings'];
}

/** Where the filing of bytes stands, by their SHA-256 in hexadecimal: it begins once (docs/format/record.md). */
export function receivedStream(keyring: Keyring, hash: string): StreamRef {
  return keyring.stream('clinical', `received/${hash}`);
}

/** Where what nobody filed yet stands. */
export function arrivalStream(keyring: Keyring): StreamRef {
  return keyring.stream('clinical', 'practice');
}

/**
 * Keeps each part of a file as a document, with the results that were understood, and that it is to be read. What came
 * before is told and not written again. Throws RECEIVED_EMPTY, DOCUMENT_INVALID over 200 MB, UNREACHABLE without the host.
 */
export async function receiveFile(
  practice: Practice,
  { name, bytes }: { readonly name: string; readonly bytes: Bytes },
  read: () => Promise<StreamState>,
): Promise<Arrived[]> {
  if (bytes.length === 0) throw new ReplicaError('RECEIVED_EMPTY', 'The file is empty');
  const arrived: Arrived[] = [];
  // The readers of laboratories' formats come to a browser when a file does.
  const { readReceivedFile, receivedName } = await import('@serment/records/received/received-file');
  for (const part of readReceivedFile(bytes)) {
    const own = bytes.slice(part.start, part.end);
    const hash = bytesToHex(sha256(own));
    const title = titleOf(part, receivedName(name));
    const told = { title, results: part.report?.results.length ?? 0, findings: part.findings };
    const known = await knownPart(practice, hash, await read());
    if (known !== null) arrived.push({ ...told, ...known, outcome: 'again' });
    else {
      const id = await keepPart(practice, part, { bytes: own, hash, title, name: receivedName(name) });
      arrived.push({ ...told, id, outcome: 'received', patient: null });
    }
  }
  return arrived;
}

interface KeptPart {
  readonly bytes: Bytes;
  readonly hash: string;
  readonly title: string;
  readonly name: string;
}

async function keepPart(practice: Practice, part: ReceivedPart, kept: KeptPart): Promise<string> {
  const { random, clock, keyring } = practice;
  const { bytes, hash, title, name } = kept;
  const key = await uploadDocument({ clear: new Blob([bytes]).stream(), mediaType: part.mediaType }, practice);
  const id = crypto.randomUUID();
  const at = new Date(clock()).toISOString();
  const { document, report } = newReceived(id, {
    ...{ report: part.report, name, mediaType: part.mediaType, size: key.size, hash, at },
    blobId: bytesToHex(key.blobId),
  });
  const focus = `${report === null ? 'DocumentReference' : 'DiagnosticReport'}/${id}`;
  const owner = addressee(practice, part.report?.recipient ?? '');
  const by = practitioner(bytesToHex(keyring.member));
  const isUrgent = part.report?.results.some(({ flag }) => flag === 'LL' || flag === 'HH') ?? false;
  const task = toReadTask(id, {
    ...{ hash, title, focus, at, by, isUrgent, outOfRange: outOfRangeInputs(part.report?.results ?? []) },
    owner: owner === null ? null : practitioner(owner),
  });
  // Nobody can tell yet whom it concerns: each version stands alone in its batch.
  const alone = (
    resource: { readonly resourceType: string; readonly id: string },
    documents: readonly DocumentKey[],
  ) => {
    const version = newVersion({ resource, change: 'create' }, random);
    return recordsPart(arrivalStream(keyring), { patient: null, versions: [version], documents });
  };
  await practice.saveParts([alone(document, [key]), ...(report === null ? [] : [alone(report, [])]), alone(task, [])]);
  return id;
}

/** Whether these bytes came before: what waits of them, or whose file they are in. */
async function knownPart(
  practice: Practice,
  hash: string,
  state: StreamState,
): Promise<Pick<Arrived, 'id' | 'patient'> | null> {
  const rowOf = (patient: string | null) => (patient === null ? null : practice.directory.get(patient));
  for (const { task, id, code } of tasksIn(state))
    if (code === 'to-read' && hashOf(task) === hash) return { id, patient: rowOf(task.for?.reference ?? null) };
  const claim = receivedStream(practice.keyring, hash);
  if (!isClaimed(practice, claim)) return null;
  return { id: null, patient: rowOf(await patientOfClaim(practice, claim)) };
}

async function patientOfClaim(practice: Practice, claim: StreamRef): Promise<string | null> {
  for await (const read of practice.reader.contents(claim))
    if (read.finding === null) return parseRecordBatch(read.content).patient;
  return null;
}

function titleOf({ report }: ReceivedPart, name: string): string {
  if (report === null) return name || 'Document';
  const { title, sender, results } = report;
  // What a laboratory calls its report says less than who made it.
  const about = results.length > 0 ? 'Biologie' : title || (report.isLaboratory ? 'Biologie' : 'Courrier');
  return [about, sender].filter(Boolean).join(', ');
}

/** The one doctor of the practice whose family name the recipient's line has; null for none or several. */
function addressee(practice: Practice, recipient: string): string | null {
  const words = ` ${fold(recipient)} `;
  const named = [...practice.mirror.governance.members.keys()].filter((member) => {
    const record = isDoctor(practice, member) ? practice.directoryRecord(practitioner(member)) : null;
    const family = record === null ? '' : fold(familyIn(record.content));
    return family !== '' && words.includes(` ${family} `);
  });
  return named.length === 1 ? (named[0] ?? null) : null;
}

/** The family name of a member's own record, whose shape was checked when it was written. */
function familyIn(content: string): string {
  const { name } = JSON.parse(content) as { readonly name?: readonly { readonly family?: string }[] };
  return name?.[0]?.family ?? '';
}
