import { CodedError } from '@serment/core/error';
import { inError } from '@serment/records/fhir/in-error';
import { equalJson, isJsonObject, type JsonObject, parseJson } from '@serment/records/json-text';
import { ReplicaError } from '@serment/replica/error';
import type { RecordView, VersionView } from '@serment/replica/patient-file';
import type { SaveRequest } from '@serment/replica/saving';
import type { ShownVersions } from '../file-view/reading.ts';
import { Desk } from './desk.ts';

/** A record of a save. */
export interface Written extends ShownVersions {
  /** What stood there; null for what is new. */
  readonly before: JsonObject | null;
  readonly after: JsonObject;
}

export interface Saved {
  readonly id: string;
}

interface KnownSave {
  readonly patient: string | null;
  readonly written: readonly Written[];
}

/** Saves that can be taken back by *Annuler*; older ones are in the history. */
const keptSaves = 20;

/** A desk whose saves can be taken back: of a patient's file, or of what the practice shares, where the patient is null. */
export abstract class UndoDesk extends Desk {
  /** In this worker alone: a lock forgets them. */
  readonly #saves = new Map<string, KnownSave>();

  /**
   * Takes a save back by new versions that say what was said before it. Throws CHANGED_SINCE when something of it was
   * changed meanwhile, here or by a colleague.
   */
  async undo(id: string): Promise<Saved> {
    const known = this.#saves.get(id);
    if (known === undefined) throw new CodedError('CHANGED_SINCE', 'Nothing of that save is known any more');
    const { patient, written } = known;
    const standing = await this.#standing(
      patient,
      written.map(({ recordId }) => recordId),
    );
    const records = written.map(({ recordId, before, after }): SaveRequest['records'][number] => {
      const versions = standing.find((one) => one.id === recordId)?.versions ?? [];
      // What was sent twice stands twice.
      const isSame = ({ content }: VersionView) => content !== null && equalJson(parsedResource(content), after);
      if (versions.length === 0 || !versions.every(isSame))
        throw new CodedError('CHANGED_SINCE', 'It was changed since');
      const replaces = versions.map(({ version }) => version);
      if (before === null) return { resource: inError(after), change: 'entered-in-error', replaces };
      return { resource: before, change: 'restore', replaces };
    });
    const saved = await this.practice.save({ patient, records });
    this.#saves.delete(id);
    this.#tell(patient);
    return { id: saved.id };
  }

  protected async write(
    patient: string | null,
    written: readonly Written[],
    how: 'edit' | 'entered-in-error' = 'edit',
  ): Promise<Saved> {
    const records = written.map(({ before, after, versions }) => ({
      resource: after,
      change: before === null ? ('create' as const) : how,
      replaces: versions,
    }));
    const { id } = await this.practice.save({ patient, records });
    this.remember(id, { patient, written });
    this.#tell(patient);
    return { id };
  }

  /** Makes a save one that `undo` takes back. */
  protected remember(id: string, save: KnownSave): void {
    this.#saves.set(id, save);
    for (const old of [...this.#saves.keys()].slice(0, -keptSaves)) this.#saves.delete(old);
  }

  /** The last of the versions that were on the screen, whatever came since. Throws RECORD_UNKNOWN. */
  protected async shown(patient: string | null, { recordId, versions }: ShownVersions): Promise<JsonObject> {
    const { practice } = this;
    // What stands is read at once; what something came over meanwhile is looked for in all that was.
    const standing = (await this.#standing(patient, [recordId])).find(({ id }) => id === recordId);
    const current = standing?.versions.find(({ version }) => version === versions.at(-1));
    if (current?.content != null) return parsedResource(current.content);
    const history = await (patient === null ? practice.shared.history(recordId) : practice.history(patient, recordId));
    const shown = history.find(({ version }) => version === versions.at(-1));
    if (shown?.content == null) throw new ReplicaError('RECORD_UNKNOWN', 'That version is not there any more');
    return parsedResource(shown.content);
  }

  async #standing(patient: string | null, recordIds: readonly string[]): Promise<readonly RecordView[]> {
    const { practice } = this;
    if (patient === null) return practice.shared.views();
    // Whoever may not read the file takes back what they wrote of its rights.
    const isAdministrative = recordIds.every((recordId) => practice.files.isAdministrative(recordId));
    return (await (isAdministrative ? practice.files.administrative(patient) : practice.readPatient(patient))).records;
  }

  #tell(patient: string | null): void {
    if (patient !== null) this.at.send({ type: 'patient', patient });
  }
}

/** Throws RECORD_UNKNOWN. */
export function parsedResource(text: string): JsonObject {
  const value = parseJson(text);
  if (!isJsonObject(value)) throw new ReplicaError('RECORD_UNKNOWN', 'That version is no resource');
  return value;
}

/** A record that is new, under its type and id. */
export function newWritten(resource: { readonly resourceType: string; readonly id: string }): Written {
  const { resourceType, id } = resource;
  return {
    recordId: `${resourceType}/${id}`,
    versions: [],
    before: null,
    after: parsedResource(JSON.stringify(resource)),
  };
}
