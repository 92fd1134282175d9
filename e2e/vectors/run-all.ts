import { runAuthorizeVectors } from '../../packages/core/test/vectors/authorize.ts';
import { runCheckpointVectors } from '../../packages/core/test/vectors/checkpoint.ts';
import { runCopyVectors } from '../../packages/core/test/vectors/copy.ts';
import { runEnrolmentVectors } from '../../packages/core/test/vectors/enrolment.ts';
import { runInvitationVectors } from '../../packages/core/test/vectors/invitation.ts';
import { runJournalVectors } from '../../packages/core/test/vectors/journal.ts';
import { runKeysVectors } from '../../packages/core/test/vectors/keys.ts';
import { runKitVectors } from '../../packages/core/test/vectors/kit.ts';
import { runRescueVectors } from '../../packages/core/test/vectors/rescue.ts';
import { runSealingVectors } from '../../packages/core/test/vectors/sealing.ts';
import { runSheetVectors } from '../../packages/core/test/vectors/sheet.ts';
import { runTreeVectors } from '../../packages/core/test/vectors/tree.ts';
import { runWireVectors } from '../../packages/core/test/vectors/wire.ts';
import { runWitnessVectors } from '../../packages/core/test/vectors/witness.ts';
import { runRecordVectors } from '../../packages/records/test/vectors/record.ts';

/** The runners that Node's tests call, for a browser to call too. */
const runners = {
  authorize: runAuthorizeVectors,
  checkpoint: runCheckpointVectors,
  copy: runCopyVectors,
  enrolment: runEnrolmentVectors,
  invitation: runInvitationVectors,
  journal: runJournalVectors,
  keys: runKeysVectors,
  kit: runKitVectors,
  record: runRecordVectors,
  rescue: runRescueVectors,
  sealing: runSealingVectors,
  sheet: runSheetVectors,
  tree: runTreeVectors,
  wire: runWireVectors,
  witness: runWitnessVectors,
} as const;

/** Findings of every file of vectors/, by name. */
async function runAll(): Promise<Record<string, unknown>> {
  const findings: Record<string, unknown> = {};
  for (const [name, run] of Object.entries(runners)) {
    const response = await fetch(`/vectors/${name}.json`);
    findings[name] = await run(await response.json());
  }
  return findings;
}

Reflect.set(globalThis, 'vectorFindings', runAll());
