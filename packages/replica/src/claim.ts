import { bytesToHex } from '@serment/core/bytes';
import { newFiling } from '@serment/records/fhir/deposit';
import { newVersion } from '@serment/records/version';
import type { StreamRef } from './keyring.ts';
import type { Practice } from './practice.ts';
import { recordsPart } from './saving.ts';
import type { OutboxPart } from './sending.ts';

/** True once the stream of a filing began: in the journal, or by a save of this device that waits. */
export function isClaimed({ mirror, outbox }: Practice, { id }: StreamRef): boolean {
  if (mirror.headOf(id) !== null) return true;
  const name = bytesToHex(id);
  return outbox.items.some(
    ({ problem, parts }) => problem === null && parts.some(({ stream }) => bytesToHex(stream.id) === name),
  );
}

export interface Filing {
  readonly patient: string | null;
  readonly targets: readonly string[];
  readonly by: string;
  readonly at: string;
}

/** What begins the stream of a filing: it binds, so that there is one. */
export function claimPart({ random }: Practice, claim: StreamRef, { patient, ...filing }: Filing): OutboxPart {
  const resource = newFiling(bytesToHex(random(16)), filing);
  const version = newVersion({ resource, change: 'create', replaces: [] }, random);
  const part = recordsPart(claim, { patient, versions: [version], documents: [] });
  return { ...part, body: { kind: 'records', binding: true } };
}
