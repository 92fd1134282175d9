import { itemsOf, withItems } from '../json-edit.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json-text.ts';
import { textAt } from '../page/element-text.ts';

/** What a Patient says of another record of the same person (docs/format/record.md). */
export type MergeLink = 'replaced-by' | 'replaces';

/** The Patients, `Patient/…`, that this one says it replaces, or is replaced by. */
export function linkedPatients(patient: unknown, type: MergeLink): string[] {
  const links = isObject(patient) && Array.isArray(patient.link) ? patient.link : [];
  return links.flatMap((link) => {
    const other = textAt(link, 'other.reference');
    return textAt(link, 'type') === type && other.startsWith('Patient/') ? [other] : [];
  });
}

/** The Patient that goes on, and the one that it stands for from now on. */
export function mergePatients(kept: JsonObject, gone: JsonObject): readonly [kept: JsonObject, gone: JsonObject] {
  const [keptId, goneId] = [idOf(kept), idOf(gone)];
  // Merged the other way round before: only the last word counts.
  const [freeKept, freeGone] = separatePatients(kept, gone);
  return [withLink(freeKept, 'replaces', goneId), withLink(freeGone, 'replaced-by', keptId)];
}

/** Both as they were before they were merged, whichever of them went on. */
export function separatePatients(one: JsonObject, other: JsonObject): readonly [one: JsonObject, other: JsonObject] {
  return [withoutLinks(one, idOf(other)), withoutLinks(other, idOf(one))];
}

function withLink(patient: JsonObject, type: MergeLink, other: string): JsonObject {
  return withItems(patient, 'link', [...itemsOf(patient, 'link'), { other: { reference: other }, type }]);
}

function withoutLinks(patient: JsonObject, other: string): JsonObject {
  const isMerge = (link: JsonValue) =>
    isJsonObject(link) &&
    textAt(link, 'other.reference') === other &&
    (link.type === 'replaces' || link.type === 'replaced-by');
  const links = itemsOf(patient, 'link');
  return links.some(isMerge)
    ? withItems(
        patient,
        'link',
        links.filter((link) => !isMerge(link)),
      )
    : patient;
}

function idOf(patient: JsonObject): string {
  return `Patient/${textAt(patient, 'id')}`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
