import type { LeftDraftView } from '../../worker/protocol.ts';
import { editingOfKey, firstLine, parseNoteDraft } from '../file/note-draft.ts';
import { draftedForm, formName } from '../patients/new-patient.ts';

/** One draft of somebody who leaves, as a line tells it. */
export interface LeftLine {
  readonly kind: 'new' | 'edit' | 'addendum' | 'patient' | 'other';
  /** Whom a form of a new patient is about; null for a draft of a file. */
  readonly about: { readonly family: string; readonly given: string } | null;
  /** Its first line; all of it where nothing but reading it can be done. */
  readonly text: string;
  /** Why it cannot be taken over; null where it can. */
  readonly obstacle: 'restricted' | 'unknown' | 'illegible' | null;
  readonly canTake: boolean;
}

export function leftLine({ key, patient, row, text, isRestricted }: LeftDraftView): LeftLine {
  if (patient === null) return formLine(key, text);
  const kind = editingOfKey(patient, key)?.kind ?? 'other';
  if (isRestricted) return line({ kind, obstacle: 'restricted' });
  const note = kind === 'other' ? null : parseNoteDraft(text);
  if (note === null) return line({ kind, text, obstacle: 'illegible' });
  // Its patient was made on a device that never sent it: there is no file to go on in.
  if (row === null) return line({ kind, text: Object.values(note.texts).join('\n'), obstacle: 'unknown' });
  return line({ kind, text: firstLine(note) });
}

function formLine(key: string, text: string): LeftLine {
  const form = key.startsWith('patient/new~') ? draftedForm(text) : null;
  if (form === null) return line({ kind: 'other', text, obstacle: 'illegible' });
  return line({ kind: 'patient', about: formName(form) });
}

function line(told: Partial<LeftLine> & Pick<LeftLine, 'kind'>): LeftLine {
  const { obstacle = null } = told;
  return { about: null, text: '', ...told, obstacle, canTake: obstacle === null };
}
