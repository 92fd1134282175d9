import { type Bytes, bytesToHex } from '@serment/core/bytes';
import type { BodyOf } from '@serment/core/journal/body';
import { verifyCheckpoint } from '@serment/core/journal/checkpoint';
import { parseEntry, signedMessage } from '@serment/core/journal/entry';
import { verifyInclusion } from '@serment/core/journal/proof';
import { verifySignature } from '@serment/core/signature';
import { ReplicaError } from '../error.ts';

/** What is known around a drill, that its entry does not say. */
export interface CertificateContext {
  /** As people call the practice; null where only its pseudonym is known, as at its host. */
  readonly practiceName: string | null;
  /** Whether the copy stands on the disk that it protects against; null when that is not known. */
  readonly isSameDisk: boolean | null;
  /** Whether who makes the certificate found the drill's root by itself: a device of the practice, from the entries. */
  readonly isRootRecomputed: boolean;
  /** Milliseconds since 1970. */
  readonly madeAt: number;
  /** Name of a time zone, such as `Europe/Paris`. */
  readonly timeZone: string;
}

export interface CertificateSource {
  /** The `drill` entry, and its number. */
  readonly entry: Bytes;
  readonly index: number;
  /** A checkpoint that holds it, the entry's audit path under it, and the host's key that signed it. */
  readonly note: string;
  readonly proof: readonly Bytes[];
  readonly hostAuthor: Bytes;
}

/** A drill that stands in the journal, with what it takes to check that. Plain data. */
export interface Certificate extends CertificateSource, CertificateContext {
  readonly practice: string;
  readonly fence: number;
  /** Of the checkpoint. */
  readonly size: number;
  readonly root: Bytes;
  readonly receivedAt: number;
  readonly drill: BodyOf<'drill'>;
}

/**
 * Checks that the entry is a drill that the host signed, and stands in the journal under the checkpoint. Throws
 * CERTIFICATE_UNPROVEN: nobody could check such a certificate.
 */
export async function makeCertificate(source: CertificateSource, context: CertificateContext): Promise<Certificate> {
  const { entry, index, note, proof, hostAuthor } = source;
  const { header, headerBytes, payloadHash, signature, receivedAt, leaf } = parseEntry(entry);
  const { body: drill, author } = header;
  if (drill.kind !== 'drill') throw unproven();
  const { practice, fence, size, root } = await verifyCheckpoint(note, hostAuthor).catch((cause: unknown) => {
    throw unproven(cause);
  });
  const isIncluded = verifyInclusion({ index, size, leaf, proof, root });
  if (!(isIncluded && (await verifySignature(author, signedMessage(headerBytes, payloadHash), signature))))
    throw unproven();
  return { ...source, ...context, practice: bytesToHex(practice), fence, size, root, receivedAt, drill };
}

function unproven(cause?: unknown): ReplicaError {
  return new ReplicaError('CERTIFICATE_UNPROVEN', 'The drill does not stand in the journal that the host signed', {
    cause,
    hint: 'Synchronise, and try again. If it repeats, the host shows another journal than before: tell the editor.',
  });
}
