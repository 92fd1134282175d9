import { bytesToHex } from '@serment/core/bytes';
import type { Finding } from '@serment/core/journal/finding';
import type { PracticeAlert } from '@serment/core/wire/alert';
import type { CopyStatus, RestoredStatus } from '@serment/core/wire/status';
import type { MassChange } from './change-watch.ts';
import type { DepositPart } from './deposits.ts';
import type { DrillsStatus } from './drill-record.ts';
import type { HeldDevice } from './holds.ts';
import { type KitsStatus, kitsStatus, kitToReplace } from './kits.ts';
import type { OutboxItem } from './outbox.ts';
import type { SaveState } from './patient-file.ts';
import type { Practice } from './practice.ts';
import type { PracticeLine } from './practice-line.ts';
import type { PresentFile } from './presence.ts';
import type { CopyRereads } from './reread-record.ts';
import type { SessionEnd } from './session-end.ts';
import type { WitnessView } from './witnesses.ts';

export interface PracticeStatus {
  readonly practice: string;
  readonly practiceName: string | null;
  readonly member: string;
  readonly memberName: string | null;
  readonly role: string;
  readonly size: number;
  readonly online: boolean;
  /** True when the host is reached and answers with errors: the line is not what is wrong. */
  readonly isFailing: boolean;
  readonly syncing: boolean;
  /** Saves of this person that the host has not acknowledged. */
  readonly pending: number;
  readonly refused: number;
  readonly restored: RestoredStatus | null;
  readonly findings: readonly Finding[];
  readonly copies: readonly CopyStatus[];
  /** What the host says is wrong and this device cannot see, once the line was up. */
  readonly alerts: readonly PracticeAlert[];
  /** What restoring the copies came to. */
  readonly drills: DrillsStatus;
  /** Those that the practice names, once the host was asked. */
  readonly witnesses: readonly WitnessView[];
  /** What the practice's own devices found of the copies; null while it is not known, or for who may not read it. */
  readonly rereads: readonly CopyRereads[] | null;
  /** Devices that ruined many records in a short time, until a person says that it is meant; the last one first. */
  readonly massChanges: readonly MassChange[];
  /** Devices of which nothing is taken until a member says that what they did is meant, this one first. */
  readonly held: readonly HeldDevice[];
  /** Whether this device is one of them: what it saves stays here. */
  readonly isHeld: boolean;
  /** Whether the host holds a device that does unusually much. */
  readonly holdsDevices: boolean;
  readonly lastSyncAt: number | null;
  /** The finding when the host's history does not hold together; nothing more is taken from it. */
  readonly hostLie: string | null;
  readonly compartments: readonly string[];
  /** What this member does with deposits; null for nothing. */
  readonly depositPart: DepositPart | null;
  readonly kits: KitsStatus;
  /** The kit, in hexadecimal, that named this device and is not withdrawn yet: it is to be replaced first. */
  readonly kitToReplace: string | null;
}

export type PracticeEvent =
  | { readonly type: 'status'; readonly status: PracticeStatus }
  /** `copiedAt`: when a copy that holds it was written, the host's clock, ms; null before. */
  | { readonly type: 'save'; readonly id: string; readonly state: SaveState; readonly copiedAt: number | null }
  | { readonly type: 'patient'; readonly patient: string }
  /** Which patients were opened last. */
  | { readonly type: 'recent' }
  /** A document went on its way, or arrived. */
  | { readonly type: 'upload' }
  | { readonly type: 'directory' }
  | { readonly type: 'draft'; readonly key: string }
  /** Which files other devices show now, whole. */
  | { readonly type: 'presence'; readonly present: readonly PresentFile[] }
  /** Which files this device keeps for a time without the line, or how far it has them. */
  | { readonly type: 'kept' }
  /** The host serves this device no more: nothing is taken or sent from here on. */
  | { readonly type: 'ended'; readonly end: SessionEnd }
  | { readonly type: 'closed' };

/** What a practice keeps to itself, of what its members are told. */
interface Told {
  readonly line: PracticeLine;
  readonly items: readonly OutboxItem[];
  readonly damaged: number;
  readonly directoryFindings: readonly Finding[];
  readonly copies: readonly CopyStatus[];
  readonly alerts: readonly PracticeAlert[];
  readonly massChanges: readonly MassChange[];
  readonly held: readonly HeldDevice[];
}

/** How a practice stands now, as its members are told. */
export function practiceStatus(practice: Practice, told: Told): PracticeStatus {
  const { mirror, keyring, kitReads } = practice;
  const { line, items } = told;
  const name = bytesToHex(keyring.member);
  return {
    practice: bytesToHex(mirror.practice),
    practiceName: practice.nameOf(`Organization/${bytesToHex(mirror.practice)}`),
    member: name,
    memberName: practice.memberName(name),
    role: mirror.governance.members.get(name)?.role ?? '',
    size: mirror.size,
    online: line.isOnline,
    isFailing: line.isFailing,
    syncing: line.isSyncing,
    pending: items.filter((item) => item.problem === null && isSave(item)).length,
    refused: items.filter((item) => item.problem !== null).length + told.damaged,
    restored: line.restored,
    findings: [
      // A host that says it was restored is `restored`, and no more; one that does not say so is found out.
      ...mirror.findings.filter(({ code }) => code !== 'FENCE_UNACKNOWLEDGED' || line.restored === null),
      ...keyring.unreadable.map((index) => ({ code: 'PAYLOAD_UNREADABLE' as const, index, detail: 'KEY' })),
      ...told.directoryFindings,
      ...practice.upkeep.findings,
    ],
    copies: told.copies,
    // What the journal tells of is over for whoever said that it was seen.
    alerts: told.alerts.filter(({ entry }) => entry === null || entry >= (practice.news.current.seenSize ?? 0)),
    drills: practice.drills.status,
    witnesses: practice.witnesses.views,
    rereads: practice.rereads.status,
    massChanges: told.massChanges,
    held: told.held,
    isHeld: practice.isHeld,
    holdsDevices: mirror.governance.holdsDevices,
    lastSyncAt: line.lastSyncAt,
    hostLie: line.hostLie,
    compartments: keyring.compartments(),
    depositPart: practice.deposits.part,
    kits: kitsStatus(mirror.governance, (author) => kitReads.lastOf(author) !== null),
    kitToReplace: kitToReplace(mirror.governance, keyring.signer.author),
  };
}

/** What a person wrote: the trace of an opening and a snapshot travel the same way, and nobody waits for them. */
function isSave(item: OutboxItem): boolean {
  return item.parts.some(({ body }) => body.kind === 'records');
}
