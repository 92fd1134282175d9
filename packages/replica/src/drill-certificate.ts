import { equalBytes } from '@serment/core/bytes';
import { parseCheckpoint } from '@serment/core/journal/checkpoint';
import { type Certificate, makeCertificate } from './certificate/certificate.ts';
import { ReplicaError } from './error.ts';
import type { Practice } from './practice.ts';

/**
 * The certificate of a drill, made by this device: it says whether its own entries have the root that was restored. Throws
 * RECORD_UNKNOWN, CERTIFICATE_UNPROVEN, and UNREACHABLE while the host gives no proof.
 */
export async function drillCertificate(practice: Practice, index: number): Promise<Certificate> {
  const { mirror, transport, clock } = practice;
  const { note, governance } = mirror;
  const { bytes, header } = await mirror.entry(index);
  if (note === null || governance.hostAuthor === null || header.body.kind !== 'drill')
    throw new ReplicaError('RECORD_UNKNOWN', 'No drill of that number on this device', { fields: { index } });
  const { destination, size, root } = header.body;
  const own = mirror.rootAt(size);
  const { copies, practiceName } = practice.status();
  return makeCertificate(
    {
      ...{ entry: bytes, index, note, hostAuthor: governance.hostAuthor },
      proof: await transport.inclusionProof(index, parseCheckpoint(note).checkpoint.size),
    },
    {
      practiceName,
      isSameDisk: copies.find(({ name }) => name === destination)?.sameDisk ?? null,
      isRootRecomputed: size > 0 && own !== null && equalBytes(own, root),
      madeAt: clock(),
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    },
  );
}
