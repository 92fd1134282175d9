import { textAt } from '@serment/records/page/element-text';
import { recordTitle, whenOf } from '@serment/records/page/resource-words';
import { typeName } from '@serment/records/page/wording';
import type { FileDifference } from '@serment/replica/file-travel';
import type { Language } from '../i18n/language.ts';
import type { Told } from './element-changes.ts';
import { type FieldChange, fieldChanges } from './history.ts';
import { readResource } from './reading.ts';

/** A record that is otherwise now than it was at an instant. */
export interface DifferenceView {
  readonly recordId: string;
  readonly kind: FileDifference['kind'];
  /** What kind of record it is, and what it is about. */
  readonly type: string;
  readonly title: string;
  /** A FHIR date or date and time; '' when the record says none. */
  readonly when: string;
  /** What restoring it would change: from what it says now to what it said then. */
  readonly fields: readonly FieldChange[];
}

/** In the order of a file: what happened last comes first. */
export function differenceViews(differences: readonly FileDifference[], told: Told): DifferenceView[] {
  return differences
    .map(({ id, kind, was, is }): DifferenceView => {
      const [before, after] = [is, was].map((content) => (content === null ? null : readResource(content)));
      const resource = after ?? before ?? {};
      const title = recordTitle(resource, told.language);
      const fields = kind === 'changed' ? fieldChanges(before ?? null, after ?? null, told) : [];
      const type = typeName(id.slice(0, id.indexOf('/')), told.language);
      return { recordId: id, kind, type, title, when: whenOf(resource), fields };
    })
    .sort((left, right) => (left.when < right.when ? 1 : left.when > right.when ? -1 : 0));
}

/** What a line says of a record that is to be moved: what kind it is, and what it is about. */
export function recordLine(content: string | null, language: Language): string {
  const resource = content === null ? null : readResource(content);
  if (resource === null) return '';
  const type = typeName(textAt(resource, 'resourceType'), language);
  const words = recordTitle(resource, language);
  return [type, words].filter((part) => part !== '').join(' · ');
}
