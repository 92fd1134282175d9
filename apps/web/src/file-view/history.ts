import { type Fields, textAt } from '@serment/records/page/element-text';
import { noteSections } from '@serment/records/page/resource-words';
import { typeName } from '@serment/records/page/wording';
import type { SaveState, VersionView } from '@serment/replica/patient-file';
import type { Language } from '../i18n/language.ts';
import { careWords } from './care-words.ts';
import { type ElementChange, elementChanges, type Told } from './element-changes.ts';
import { identityTexts } from './identity-texts.ts';
import { readResource } from './reading.ts';
import { type DiffSegment, wordDiff } from './word-diff.ts';
import { words } from './words.ts';

/** Every version of a record, newest first, each with what it changed. */
export interface HistoryView {
  readonly recordId: string;
  readonly title: string;
  readonly versions: readonly HistoryVersion[];
}

export interface HistoryVersion {
  readonly version: string;
  readonly change: VersionView['change'];
  readonly author: string | null;
  readonly device: string | null;
  /** The host's clock, or this device's while it is here only. */
  readonly at: number;
  readonly state: SaveState;
  readonly fields: readonly FieldChange[];
}

export interface FieldChange {
  readonly label: string;
  readonly segments: readonly DiffSegment[];
}

export function historyView(versions: readonly VersionView[], told: Told): HistoryView {
  const [newest] = versions;
  const read = versions.map((version) => (version.content === null ? null : readResource(version.content)));
  const last = read.find((resource) => resource !== null) ?? null;
  const type = textAt(last, 'resourceType');
  return {
    recordId: newest === undefined ? '' : `${type}/${textAt(last, 'id')}`,
    title: textAt(last, 'title') || typeName(type, told.language),
    versions: versions.map((version, place) => ({
      version: version.version,
      change: version.change,
      author: version.authorName,
      device: version.authorLabel,
      at: version.receivedAt ?? version.time,
      state: version.state,
      fields: fieldChanges(read[place + 1] ?? null, read[place] ?? null, told),
    })),
  };
}

/** Types whose elements say little to who reads them: their versions are told as one sentence. */
const toldTypes = new Set(['Flag', 'Consent', 'Communication', 'Coverage']);

/** The fields that differ; all of them for a first version. */
export function fieldChanges(before: Fields | null, after: Fields | null, told: Told): FieldChange[] {
  const [old, now] = [before, after].map((resource) => fieldTexts(resource, told.language));
  const changes = old == null && now == null ? [] : changesOf(before, old ?? new Map(), now ?? new Map());
  // What is told in words must not read as no change where it has none.
  if (changes.length > 0) return changes;
  return elementChanges(before, after, told).flatMap(({ label, was, is }) => changed(before, { label, was, is }));
}

function changesOf(
  before: Fields | null,
  old: ReadonlyMap<string, string>,
  now: ReadonlyMap<string, string>,
): FieldChange[] {
  const labels = [...new Set([...now.keys(), ...old.keys()])];
  return labels.flatMap((label) => changed(before, { label, was: old.get(label) ?? '', is: now.get(label) ?? '' }));
}

function changed(before: Fields | null, { label, was, is }: ElementChange): FieldChange[] {
  if (before === null) return is === '' ? [] : [{ label, segments: [{ text: is, kind: 'same' }] }];
  return was === is ? [] : [{ label, segments: wordDiff(was, is) }];
}

/** What a record says, each under its name; null for a type that is told element by element. */
function fieldTexts(resource: Fields | null, language: Language): Map<string, string> | null {
  if (resource === null) return null;
  if (resource.resourceType === 'Patient') return identityTexts(resource, language);
  const type = textAt(resource, 'resourceType');
  if (toldTypes.has(type)) {
    const told = careWords(resource, language);
    if (told !== '') return new Map([[typeName(type, language), told]]);
  }
  if (type !== 'Composition') return null;
  const { file } = words[language];
  const texts = new Map([[file.titleField, textAt(resource, 'title')]]);
  for (const { title, text } of noteSections(resource))
    texts.set(title, [texts.get(title), text].filter(Boolean).join('\n'));
  return texts;
}
