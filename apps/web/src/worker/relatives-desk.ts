import { inError } from '@serment/records/fhir/in-error';
import {
  newRelative,
  type Relation,
  type RelativeLink,
  readRelative,
  reversed,
} from '@serment/records/fhir/related-person';
import type { PatientRow } from '@serment/replica/directory';
import { ReplicaError } from '@serment/replica/error';
import type { RecordView } from '@serment/replica/patient-file';
import { isRestrictedHere } from '@serment/replica/restricted-here';
import { readRecord, type ShownVersions } from '../file-view/reading.ts';
import { newWritten, type Saved, UndoDesk } from './undo.ts';

/** A patient of the practice who is a relative of another one. */
export interface RelativeView extends ShownVersions {
  /** `Patient/…` of whom it is told: this patient, or the relative, who says it the other way round. */
  readonly owner: string;
  readonly relation: Relation;
  /** Null for one whom the directory does not know. */
  readonly row: PatientRow | null;
}

export interface AddedRelative extends RelativeLink {
  /** Drawn when it was begun: sent again, it is no second one. */
  readonly id: string;
}

/** Which patients of the practice are relatives: said once, of one of them, and read from both. */
export class RelativesDesk extends UndoDesk {
  /** Those whose file is restricted to others are left out: who may not see a file is not told that it is there. */
  async list(patient: string): Promise<readonly RelativeView[]> {
    const { files, directory } = this.practice;
    const { records } = await files.administrative(patient);
    const told = [
      ...records.flatMap((record) => viewOf(record, false) ?? []),
      ...(await files.linkedTo(patient)).flatMap((record) => viewOf(record, true) ?? []),
    ];
    const found = new Map<string, RelativeView>();
    for (const { relative, ...link } of told) {
      const id = directory.survivorOf(relative);
      const isSelf = id === directory.survivorOf(patient);
      if (isSelf || isRestrictedHere(this.practice, relative) || isRestrictedHere(this.practice, id)) continue;
      const key = `${link.relation} ${id}`;
      if (!found.has(key)) found.set(key, { ...link, row: directory.get(id) });
    }
    return [...found.values()];
  }

  /** Throws SAVE_INVALID for a patient who would be their own relative, RESOURCE_INVALID. */
  async add({ id, patient, relative, kinship }: AddedRelative): Promise<Saved> {
    const { directory } = this.practice;
    if (directory.survivorOf(patient) === directory.survivorOf(relative))
      throw new ReplicaError('SAVE_INVALID', 'Nobody is their own relative');
    const saved = await this.write(patient, [newWritten(newRelative(id, { patient, relative, kinship }))]);
    this.at.send({ type: 'patient', patient: relative });
    return saved;
  }

  /** Throws RECORD_UNKNOWN, SAVE_INVALID. */
  async retract({ owner, recordId, versions }: RelativeView): Promise<Saved> {
    const before = await this.shown(owner, { recordId, versions });
    return this.write(owner, [{ recordId, versions, before, after: inError(before) }], 'entered-in-error');
  }
}

type ToldRelative = Omit<RelativeView, 'row'> & { readonly relative: string };

function viewOf(record: RecordView, isOther: boolean): ToldRelative | null {
  const read = readRecord(record);
  const link = read === null ? null : readRelative(read.resource);
  if (link === null) return null;
  return {
    recordId: record.id,
    versions: record.versions.map(({ version }) => version),
    owner: link.patient,
    relation: isOther ? reversed(link.kinship) : link.kinship,
    relative: isOther ? link.patient : link.relative,
  };
}
