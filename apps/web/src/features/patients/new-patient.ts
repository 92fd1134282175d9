import { nirDoubts, parseNir } from '@serment/records/identifiers/nir';
import { draftValue } from '../../file-view/draft-key.ts';
import type { Catalogue } from '../../i18n/catalogue.ts';
import type { NewPatientInput } from '../../worker/protocol.ts';
import { parsePartialDate } from './birth-date.ts';

/** What is typed in the form of a new patient, as it is typed. */
export interface PatientForm {
  readonly birthName: string;
  readonly given: string;
  readonly usedName: string;
  readonly usedGiven: string;
  readonly birthDate: string;
  readonly sex: '' | 'male' | 'female' | 'other' | 'unknown';
  readonly nir: string;
  readonly mobile: string;
  readonly phone: string;
  readonly email: string;
  readonly addressLine: string;
  readonly postalCode: string;
  readonly city: string;
}

export const emptyPatientForm: PatientForm = {
  ...{ birthName: '', given: '', usedName: '', usedGiven: '', birthDate: '', sex: '', nir: '' },
  ...{ mobile: '', phone: '', email: '', addressLine: '', postalCode: '', city: '' },
};

const sexes: readonly string[] = ['', 'male', 'female', 'other', 'unknown'] satisfies PatientForm['sex'][];

/** The form that a draft's text holds; null when it is none. */
export function draftedForm(text: string): PatientForm | null {
  const typed = draftValue(text);
  if (typed === null) return null;
  const form = { ...emptyPatientForm, ...typed };
  const isForm = Object.keys(emptyPatientForm).every((name) => typeof Reflect.get(form, name) === 'string');
  return isForm && sexes.includes(form.sex) ? form : null;
}

/** Whom a form is about, as far as it says. */
export function formName({ birthName, given, usedName, usedGiven }: PatientForm): { family: string; given: string } {
  return { family: usedName || birthName, given: usedGiven || given };
}

export type PatientFormField = keyof PatientForm;
export type NirWarning = keyof Catalogue['newPatient']['nirFinding'];

/** What keeps the form from being saved, by field. A number that looks wrong warns and never refuses. */
export function formProblems(
  form: PatientForm,
  today: string,
): Partial<Record<PatientFormField, 'required' | 'birthDateInvalid' | 'birthDateFuture'>> {
  const birth = form.birthDate.trim() === '' ? '' : parsePartialDate(form.birthDate);
  return {
    ...(form.birthName.trim() === '' ? { birthName: 'required' } : {}),
    ...(form.given.trim() === '' ? { given: 'required' } : {}),
    ...(form.sex === '' ? { sex: 'required' } : {}),
    ...(birth === null ? { birthDate: 'birthDateInvalid' } : birth > today ? { birthDate: 'birthDateFuture' } : {}),
  };
}

/** What is odd about the number, and about it beside the other fields. */
export function nirWarnings(form: PatientForm): { warnings: NirWarning[]; key: string } {
  if (form.nir.trim() === '') return { warnings: [], key: '' };
  const { nir, findings } = parseNir(form.nir);
  if (nir === null) return { warnings: ['NIR_FORM'], key: '' };
  const birthDate = parsePartialDate(form.birthDate) ?? '';
  return { warnings: [...findings, ...nirDoubts(nir, { ...form, birthDate, birthPlaceCode: '' })], key: nir.key };
}

/** The form as what a new patient is made of. Call it once `formProblems` is empty. */
export function patientInput(form: PatientForm): NewPatientInput {
  const given = (text: string) => (text.trim() === '' ? undefined : text.trim());
  const { nir } = parseNir(form.nir);
  const [line, postalCode, city] = [form.addressLine, form.postalCode, form.city].map(given);
  return {
    traits: {
      birthName: form.birthName.trim(),
      firstGivenName: form.given.trim(),
      usedName: given(form.usedName),
      usedGivenName: given(form.usedGiven),
      birthDate: parsePartialDate(form.birthDate) ?? undefined,
      sex: form.sex === '' ? 'unknown' : form.sex,
      identityStatus: 'provisional',
      ins: nir === null ? undefined : { kind: 'INS-NIR', value: nir.text },
      mobile: given(form.mobile),
      phone: given(form.phone),
      email: given(form.email),
    },
    address: {
      ...(line === undefined ? {} : { line }),
      ...(postalCode === undefined ? {} : { postalCode }),
      ...(city === undefined ? {} : { city }),
    },
  };
}
