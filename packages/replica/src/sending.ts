import { type Bytes, bytesToHex, equalBytes, ownBytes } from '@serment/core/bytes';
import { sha256 } from '@serment/core/hash';
import type { Body, BodyOf } from '@serment/core/journal/body';
import type { BlobRef } from '@serment/core/journal/header';
import { maxSentPayloadBytes, type Receipt, type SentEntry } from '@serment/core/wire/append';
import { sealDeposit } from './deposit-sealing.ts';
import { writeEntry } from './entry-writer.ts';
import { ReplicaError } from './error.ts';
import type { JournalMirror } from './journal-mirror.ts';
import type { Keyring, StreamRef } from './keyring.ts';
import type { Transport } from './transport.ts';

/** One entry to be: what to seal and where it goes. Everything that depends on the journal's head is added at sending. */
export interface OutboxPart {
  readonly stream: StreamRef;
  readonly body:
    | Extract<Body, { kind: 'records' | 'opened' | 'reread' | 'snapshot' | 'heads' }>
    | Pick<BodyOf<'deposit'>, 'kind' | 'id'>;
  readonly content: Bytes;
  readonly blobs: readonly BlobRef[];
}

/** One entry's worth of records. */
export interface RecordsPart extends OutboxPart {
  readonly body: BodyOf<'records'>;
}

export interface SendingParts {
  readonly mirror: JournalMirror;
  readonly keyring: Keyring;
  readonly transport: Transport;
  readonly clock: () => number;
}

/** What another device's writing, a revocation, or a host that was restored makes true at the last moment: signing again settles it. */
export const staleRefusals: ReadonlySet<string> = new Set([
  'PREV_STALE',
  'BASE_STALE',
  'EPOCH_STALE',
  'SEEN_AHEAD',
  'SEEN_REQUIRED',
  'SEEN_FORK',
]);

/**
 * Seals and signs parts for the journal as it is now: each refers to the one before it. What binds begins its stream, as
 * the filing of a deposit does: throws DEPOSIT_FILED where it began already.
 */
export async function sealParts(
  parts: readonly OutboxPart[],
  { mirror, keyring, clock }: Pick<SendingParts, 'mirror' | 'keyring' | 'clock'>,
): Promise<SentEntry[]> {
  const bases = new Map<string, Bytes | null>();
  const entries: SentEntry[] = [];
  const seen = mirror.seen();
  let prev = mirror.lastEntryOf(keyring.signer.author);
  for (const { stream, body, content, blobs } of parts) {
    const name = bytesToHex(stream.id);
    const base = bases.get(name) ?? mirror.headOf(stream.id);
    if (body.kind === 'records' && body.binding && base !== null)
      throw new ReplicaError('DEPOSIT_FILED', 'Somebody has filed this deposit already');
    const { sealed, body: signed } =
      body.kind === 'deposit'
        ? await sealDeposit(body.id, mirror.governance, keyring)
        : { body, sealed: keyring.currentEpoch(stream.compartment) };
    const entry = await writeEntry(keyring.signer, {
      ...{ practice: mirror.practice, stream: stream.id, base, prev, seen, time: clock() },
      body: signed,
      blobs,
      sealed: { ...sealed, content },
    });
    prev = entry.statement.id;
    bases.set(name, prev);
    entries.push({ statement: entry.statementBytes, payload: entry.payload });
  }
  return entries;
}

/**
 * Sends entries, all or none, and sees them in the verified journal: a receipt is the host's word. Throws what
 * `Transport.append` throws, and HOST_LIES when the journal does not hold what the host says it took.
 */
export async function deliver(
  sent: readonly SentEntry[],
  { mirror, transport }: Pick<SendingParts, 'mirror' | 'transport'>,
  onReceived: (sent: readonly SentEntry[], receipts: readonly Receipt[]) => void = () => undefined,
): Promise<readonly Receipt[]> {
  const { receipts, note } = await transport.append(await withoutLarge(sent, transport));
  onReceived(sent, receipts);
  await mirror.syncTo(note);
  await confirm(sent, receipts, mirror);
  return receipts;
}

/** Throws HOST_LIES when the synchronised journal does not hold, where the receipts say, what was sent. */
export async function confirm(
  sent: readonly SentEntry[],
  receipts: readonly Receipt[],
  mirror: JournalMirror,
): Promise<void> {
  for (const [place, { index }] of receipts.entries()) {
    const entry = index < mirror.size ? await mirror.entry(index) : null;
    if (entry === null || !equalBytes(entry.id, sha256(sent[place]?.statement ?? new Uint8Array())))
      throw new ReplicaError('HOST_LIES', 'The host acknowledged a save that its journal does not hold', {
        fields: { finding: 'RECEIPT_FALSE' },
        hint: 'What waits on this device is kept.',
      });
    if (!mirror.entriesOf(entry.header.stream).includes(index)) throw voided(mirror, index);
  }
}

/** The journal holds the entry and the rules do not: as good as refused, and never counted as saved. */
function voided(mirror: JournalMirror, index: number): ReplicaError {
  const finding = mirror.findings.findLast((one) => one.index === index);
  return new ReplicaError('SERVER_REFUSED', 'The host placed a save where it does not count', {
    fields: { refusal: finding?.detail ?? finding?.code ?? 'UNAUTHORIZED' },
  });
}

/** Why the host will not have what was sent; null when it is no refusal of what was sent. */
export function refusalOf(error: unknown): { code: string; isStale: boolean } | null {
  if (!(error instanceof ReplicaError) || error.code !== 'SERVER_REFUSED') return null;
  const code = String(error.fields.refusal ?? error.fields.server ?? error.code);
  return { code, isStale: staleRefusals.has(code) };
}

/** A payload too large for a request goes first, as a blob under its hash. */
async function withoutLarge(sent: readonly SentEntry[], transport: Transport): Promise<SentEntry[]> {
  const light: SentEntry[] = [];
  for (const { statement, payload } of sent) {
    const isLarge = payload !== null && payload.length > maxSentPayloadBytes;
    if (isLarge) await uploadPayload(payload, transport);
    light.push({ statement, payload: isLarge ? null : payload });
  }
  return light;
}

async function uploadPayload(payload: Bytes, transport: Transport): Promise<void> {
  const { upload, partSize, received } = await transport.startUpload(sha256(payload), payload.length);
  if (upload === null) return;
  for (let part = 0; part * partSize < payload.length; part += 1)
    if (!received.includes(part))
      await transport.putPart(upload, part, ownBytes(payload.subarray(part * partSize, (part + 1) * partSize)));
  await transport.closeUpload(upload);
}
