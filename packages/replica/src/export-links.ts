import { linkedPatients, type MergeLink } from '@serment/records/fhir/patient-merge';
import type { StreamState } from '@serment/records/fold';

/** Another record of the same person. */
export interface ExportedLink {
  readonly type: MergeLink;
  /** `Patient/…` */
  readonly patient: string;
  /** The Patient resource. */
  readonly resource: unknown;
}

/** Which Patients of a directory say that they are one person's (docs/format/record.md). */
export interface MergeLinks {
  of(patient: string): readonly ExportedLink[];
  areJoined(one: string, other: string): boolean;
}

export function mergeLinks(directory: StreamState): MergeLinks {
  const resources = new Map<string, unknown>();
  const links = new Map<string, ExportedLink[]>();
  for (const [id, record] of directory.records) {
    const content = id.startsWith('Patient/') ? record.current.at(-1)?.content : null;
    if (content) resources.set(id, JSON.parse(content));
  }
  const add = (from: string, type: MergeLink, to: string) => {
    const known = links.get(from) ?? [];
    const resource = resources.get(to);
    if (resource !== undefined && !known.some(({ patient }) => patient === to))
      links.set(from, [...known, { type, patient: to, resource }]);
  };
  for (const [id, resource] of resources) {
    // What is in two versions is settled by nobody yet.
    if ((directory.records.get(id)?.current.length ?? 0) > 1) continue;
    for (const other of linkedPatients(resource, 'replaced-by')) {
      add(id, 'replaced-by', other);
      add(other, 'replaces', id);
    }
  }
  const of = (patient: string) => links.get(patient) ?? [];
  return {
    of,
    areJoined(one, other) {
      const joined = new Set([one]);
      // A set grows while it is read.
      for (const patient of joined) for (const link of of(patient)) joined.add(link.patient);
      return joined.has(other);
    },
  };
}
