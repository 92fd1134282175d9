import type { CareSubject } from '../../file-view/care-list.ts';
import { newPatientApart, newPatientKey } from '../../file-view/draft-key.ts';

const namedForms = [
  'note',
  'edit',
  'addendum',
  'private',
  'measures',
  'document',
  'identity',
  'deposit',
  'tell',
] as const;
const subjects = [
  'problems',
  'allergies',
  'treatments',
  'vaccines',
  'family',
  'social',
  'ald',
  'coverage',
  'consents',
  'information',
] as const satisfies readonly CareSubject[];

/** What form a draft is of. */
export type DraftForm =
  | { readonly kind: 'form'; readonly name: (typeof namedForms)[number] | 'other' }
  | { readonly kind: 'care'; readonly subject: CareSubject }
  /** `apart` names the one of two new patients that were typed at the same time. */
  | { readonly kind: 'patient'; readonly apart: string | null };

/** The form that a draft's key names; one that is of another version of this program is a form still. */
export function draftForm(key: string): DraftForm {
  const apart = newPatientApart(key);
  if (key === newPatientKey || apart !== null) return { kind: 'patient', apart };
  const [form = ''] = key.split('/');
  const subject = subjects.find((one) => form === `care-${one}`);
  if (subject !== undefined) return { kind: 'care', subject };
  return { kind: 'form', name: namedForms.find((one) => one === form) ?? 'other' };
}
