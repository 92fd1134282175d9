import { draftValue } from '../../file-view/draft-key.ts';
import type { LeftDraftView } from '../../worker/members-desk.ts';
import { editingOfKey, firstLine, parseNoteDraft } from '../file/note-draft.ts';
import { draftedForm, formName } from '../patients/new-patient.ts';

/** One draft of somebody who leaves, as a line tells it. */
export interface LeftLine {
  readonly kind: 'new' | 'edit' | 'addendum' | 'deposit' | 'patient' | 'other';
  /** Whom a form of a new patient is about; null for a draft of a file. */
  readonly about: { readonly family: string; readonly given: string } | null;
  /** Its first line; all of it where nothing but reading it can be done. */
  readonly text: string;
  /** Why it cannot be taken over; null where it can. */
  readonly obstacle: 'restricted' | 'unknown' | 'toCopy' | 'illegible' | null;
  readonly canTake: boolean;
}

export function leftLine({ key, patient, row, text, isRestricted }: LeftDraftView): LeftLine {
  if (patient === null) return formLine(key, text);
  const editing = editingOfKey(patient, key);
  if (isRestricted) return line({ kind: editing?.kind ?? kindOfForm(key), obstacle: 'restricted' });
  if (editing === null) return copiedLine(key, text);
  const { kind } = editing;
  const note = parseNoteDraft(text);
  if (note === null) return line({ kind, text, obstacle: 'illegible' });
  // Its patient was made on a device that never sent it: there is no file to go on in.
  if (row === null) return line({ kind, text: Object.values(note.texts).join('\n'), obstacle: 'unknown' });
  return line({ kind, text: firstLine(note) });
}

function formLine(key: string, text: string): LeftLine {
  const form = key.startsWith('patient/new~') ? draftedForm(text) : null;
  return form === null ? copiedLine(key, text) : line({ kind: 'patient', about: formName(form) });
}

/** Of a form that another person does not go on with, such as a deposit: what was typed in it is read, and typed again. */
function copiedLine(key: string, text: string): LeftLine {
  const kind = kindOfForm(key);
  const value = draftValue(text);
  if (value === null || key.startsWith('patient/')) return line({ kind, text, obstacle: 'illegible' });
  return line({ kind, text: typedIn(value).join('\n'), obstacle: 'toCopy' });
}

function kindOfForm(key: string): LeftLine['kind'] {
  return key.startsWith('deposit/') ? 'deposit' : 'other';
}

const versionFields = new Set(['replaces', 'versions']);

/** The texts of a form, whatever its fields; versions that it stands upon, which nobody typed, left out. */
function typedIn(value: unknown): string[] {
  if (typeof value === 'string') return value.trim() === '' ? [] : [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => (versionFields.has(name) ? [] : typedIn(part)));
}

function line(told: Partial<LeftLine> & Pick<LeftLine, 'kind'>): LeftLine {
  const { obstacle = null } = told;
  return { about: null, text: '', ...told, obstacle, canTake: obstacle === null };
}
