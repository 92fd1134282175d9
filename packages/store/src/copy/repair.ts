import { utf8ToBytes } from '@serment/core/bytes';
import { fencePath, markerName, markerText } from '@serment/core/copy/names';
import { isAgeFile, isDraft } from './alone.ts';
import { readObject } from './bundle-check.ts';
import { CopyError } from './copy-error.ts';
import { listFences } from './copy-state.ts';
import type { Destination } from './destination.ts';
import { writeEdition } from './edition.ts';
import { maxFindings } from './finding.ts';
import { nameOrNull } from './held.ts';
import { Mender, type RepairAction, type Unrepairable } from './mender.ts';
import { type OpenedState, statesOfFence } from './open-copy.ts';
import { DocumentRepair } from './repair-documents.ts';
import { FenceRepair } from './repair-fence.ts';

export interface RepairOptions {
  /** What is repaired. */
  readonly bad: Destination;
  /** Where what it lacks is taken from, each object from the first that has it whole. */
  readonly good: readonly Destination[];
  /** Only this practice, in hexadecimal. */
  readonly practice?: string;
  /** Says what would be done and writes nothing. */
  readonly isDryRun?: boolean;
  /** Folder of the format's documents, for a copy that has none. */
  readonly formatFolder?: string;
  readonly onProgress?: (progress: { practice: string; entries: number; size: number }) => void;
}

/** Something that stays as it is. */
export interface Unrepaired {
  readonly object: string;
  readonly reason: Unrepairable | 'fork' | 'unproven';
  readonly practice: string | null;
  /** Entries that it touches, `to` not included; null where that is not known, or none. */
  readonly from: number | null;
  readonly to: number | null;
}

export interface RepairedPractice {
  readonly practice: string;
  readonly fence: number;
  /** What all copies together prove, and what the repaired one proves by itself afterwards; before it, in a dry run. */
  readonly size: number;
  readonly provenSize: number;
}

export interface RepairReport {
  readonly practices: readonly RepairedPractice[];
  /** The first 10 000, in the order in which they were done. */
  readonly actions: readonly RepairAction[];
  readonly written: number;
  readonly replaced: number;
  readonly putAside: number;
  /** Of these, drafts and account data: their outer form was checked, and nothing proves more without their keys. */
  readonly unproven: number;
  /** The first 10 000. */
  readonly unrepaired: readonly Unrepaired[];
  readonly unrepairedCount: number;
  readonly durationMs: number;
}

/**
 * Writes into a damaged copy what it lacks of what all copies together prove, and puts damaged files aside (copy.md,
 * Repairing). Nothing is written that was not checked against the proven tree or its hash, whichever copy it came from.
 * Run again, it goes on with what is not right yet. An empty place is filled whole. Throws CopyError when a copy is out of
 * reach, or the damaged one's place takes no more (COPY_FULL).
 */
export async function repairCopy(options: RepairOptions): Promise<RepairReport> {
  const startedAt = performance.now();
  const run = new RepairRun(options);
  try {
    await run.repairMarker();
    for (const practice of await run.practices()) await run.repairPractice(practice);
    await run.repairAccounts();
    return await run.finish(performance.now() - startedAt);
  } finally {
    await run.abandon();
  }
}

class RepairRun {
  readonly #options: RepairOptions;
  readonly #places: readonly Destination[];
  readonly #mender: Mender;
  readonly #practices: RepairedPractice[] = [];
  readonly #actions: RepairAction[] = [];
  readonly #counts = { written: 0, replaced: 0, 'put-aside': 0 };
  readonly #unrepaired: Unrepaired[] = [];
  #unrepairedCount = 0;
  #unproven = 0;
  #practice: string | null = null;

  constructor(options: RepairOptions) {
    this.#options = options;
    this.#places = [options.bad, ...options.good];
    this.#mender = new Mender({
      ...{ destination: options.bad, isDryRun: options.isDryRun ?? false },
      onAction: (action) => {
        this.#counts[action.how] += 1;
        if (this.#actions.length < maxFindings) this.#actions.push(action);
      },
      onFailure: (object, reason) => this.#lose(object, reason),
    });
  }

  async repairMarker(): Promise<void> {
    const found = await readObject(this.#options.bad, markerName);
    const text = found instanceof Uint8Array ? new TextDecoder().decode(found) : '';
    if (text !== markerText && /^serment-copy [0-9]+\n$/.test(text))
      throw new CopyError('COPY_FORMAT_UNKNOWN', 'The copy is of another format', {
        hint: 'Use the release of Serment that wrote it, or a later one.',
      });
    await this.#mender.mend(markerName, utf8ToBytes(markerText));
    await this.#mender.flush();
  }

  async practices(): Promise<string[]> {
    const practices = new Set<string>();
    for (const destination of this.#places)
      for (const folder of await destination.listFolders(''))
        if (/^[0-9a-f]{64}$/.test(folder) && folder === (this.#options.practice ?? folder)) practices.add(folder);
    return [...practices].sort();
  }

  async repairPractice(practice: string): Promise<void> {
    this.#practice = practice;
    const { bad } = this.#options;
    const own = new Set(await listFences(bad, practice));
    const fences = new Set(own);
    for (const destination of this.#options.good)
      for (const fence of await listFences(destination, practice)) fences.add(fence);
    let newest: OpenedState | null = null;
    for (const fence of [...fences].sort((left, right) => right - left)) {
      // What an older vault wrote is in the newer journal: it is not brought to a copy that has none of it.
      if (newest !== null && !own.has(fence)) continue;
      const opened = await this.#provenOf(practice, fence);
      if (opened === null) {
        if (own.has(fence)) this.#lose(fencePath(practice, fence), 'unproven');
      } else if (await this.#repairFence(opened, newest === null)) newest ??= opened;
    }
    if (newest !== null) await this.#repairDrafts(practice);
    this.#practice = null;
  }

  /**
   * Account data of the host, in the place of what is damaged; a copy that has none gets what there is. One that has some
   * gets no later one: whoever knows the host's recipient can make one, and the server adds its own at each start.
   */
  async repairAccounts(): Promise<void> {
    let hasOwn = false;
    for await (const text of this.#options.bad.list('host/')) {
      const object = await readObject(this.#options.bad, text);
      hasOwn ||= object instanceof Uint8Array && isAgeFile(object);
    }
    await this.#takeOver('host/', isAgeFile, { isMissingWanted: !hasOwn });
  }

  async finish(durationMs: number): Promise<RepairReport> {
    const { bad, formatFolder, isDryRun } = this.#options;
    if (formatFolder !== undefined && isDryRun !== true) await writeEdition(bad, formatFolder);
    const { written, replaced, 'put-aside': putAside } = this.#counts;
    return {
      ...{ practices: this.#practices, actions: this.#actions, written, replaced, putAside },
      ...{ unproven: this.#unproven, unrepaired: this.#unrepaired, unrepairedCount: this.#unrepairedCount, durationMs },
    };
  }

  abandon(): Promise<void> {
    return this.#mender.abandon();
  }

  async #provenOf(practice: string, fence: number): Promise<OpenedState | null> {
    for await (const { opened, isSigned } of statesOfFence(this.#places, { practice, fence }))
      if (isSigned) return opened;
    return null;
  }

  /** Returns false when two histories were signed: nothing is written then. */
  async #repairFence(opened: OpenedState, isNewest: boolean): Promise<boolean> {
    const { bad, onProgress } = this.#options;
    const { place, size } = opened.state;
    const { practice, fence } = place;
    const onLost = (object: string, reason: Unrepairable, reach?: { from: number; to: number }) =>
      this.#lose(object, reason, reach);
    const shared = { bad, mender: this.#mender, onLost };
    const documents = new DocumentRepair({ ...shared, practice, source: opened.source });
    const repair = new FenceRepair({
      ...{ ...shared, opened, places: this.#places, documents },
      onProgress: (entries) => onProgress?.({ practice, entries, size }),
    });
    const forkedAt = await repair.fork();
    if (forkedAt !== null) {
      this.#lose(fencePath(practice, fence), 'fork', { from: 0, to: forkedAt });
      return false;
    }
    if (isNewest) await documents.repairListed();
    await repair.repair();
    if (!isNewest) return true;
    this.#practices.push({ practice, fence, size, provenSize: await provenSize(bad, practice, fence) });
    return true;
  }

  async #repairDrafts(practice: string): Promise<void> {
    await this.#takeOver(`${practice}/draft/`, isDraft, { isMissingWanted: true });
  }

  /** Objects that carry no proof: one whose form holds is taken over where the damaged copy has none of that name. */
  async #takeOver(
    prefix: string,
    isRight: (bytes: Uint8Array<ArrayBuffer>, revision: number) => boolean,
    { isMissingWanted }: { isMissingWanted: boolean },
  ): Promise<void> {
    const { bad, good } = this.#options;
    const names = new Set<string>();
    for (const destination of this.#places) for await (const text of destination.list(prefix)) names.add(text);
    for (const text of names) {
      const name = nameOrNull(text);
      if (name?.kind !== 'draft' && name?.kind !== 'host') continue;
      const revision = name.kind === 'draft' ? name.revision : 0;
      const own = await readObject(bad, text);
      if ((own === null && !isMissingWanted) || (own instanceof Uint8Array && isRight(own, revision))) continue;
      let isTaken = false;
      for (const destination of good) {
        const object = await readObject(destination, text);
        if (!(object instanceof Uint8Array && isRight(object, revision))) continue;
        if (await this.#mender.write(text, object, own !== null)) this.#unproven += 1;
        isTaken = true;
        break;
      }
      if (!isTaken) this.#lose(text, 'nowhere');
    }
    await this.#mender.flush();
  }

  #lose(object: string, reason: Unrepaired['reason'], reach?: { from: number; to: number }): void {
    this.#unrepairedCount += 1;
    if (this.#unrepaired.length >= maxFindings) return;
    this.#unrepaired.push({
      object,
      reason,
      practice: this.#practice,
      from: reach?.from ?? null,
      to: reach?.to ?? null,
    });
  }
}

/** What a copy proves by itself. */
async function provenSize(destination: Destination, practice: string, fence: number): Promise<number> {
  for await (const { opened, isSigned } of statesOfFence([destination], { practice, fence }))
    if (isSigned) return opened.state.size;
  return 0;
}
