import { type Identity, identityProofs, statusAfter } from '@serment/records/fhir/identity';
import { type NirDoubt, type NirFinding, nirDoubts, parseNir } from '@serment/records/identifiers/nir';
import { parsePartialDate, typedDate } from './birth-date.ts';

/** The identity as it is typed, and the versions that it was typed over. */
export interface IdentityForm extends Identity {
  readonly isDeceased: boolean;
  readonly versions: readonly string[];
}

export function identityForm(identity: Identity, versions: readonly string[]): IdentityForm {
  const { birthDate, deceased } = identity;
  const isDeceased = deceased !== '';
  return {
    ...identity,
    birthDate: typedDate(birthDate),
    deceased: deceased === 'yes' ? '' : typedDate(deceased),
    isDeceased,
    versions,
  };
}

/** What is written of a form that has no problem; `before` tells what was not touched. */
export function typedIdentity(form: IdentityForm, before: Identity): Identity {
  const { isDeceased, versions, ...identity } = form;
  // A time of death that is more than the form shows stays as it was written.
  const isSameDeath = isDeceased && typedDate(before.deceased) === form.deceased && before.deceased !== '';
  const died = parsePartialDate(form.deceased) ?? 'yes';
  return {
    ...identity,
    ...trimmed(identity),
    birthDate: form.birthDate.trim() === '' ? '' : (parsePartialDate(form.birthDate) ?? form.birthDate),
    birthPlaceCode: form.birthPlaceCode.trim().toUpperCase(),
    deceased: isSameDeath ? before.deceased : isDeceased ? died : '',
    persons: form.persons.filter(({ name, phone }) => name.trim() !== '' || phone.trim() !== ''),
  };
}

export type IdentityField =
  | 'birthName'
  | 'firstGivenName'
  | 'birthDate'
  | 'birthRank'
  | 'deceased'
  | 'proof'
  | 'persons';
export type IdentityProblem = 'required' | 'birthDateInvalid' | 'birthDateFuture' | 'rank' | 'proof' | 'personName';

/** What keeps the form from being saved, by field. A number that looks wrong warns and never refuses. */
export function identityProblems(
  form: IdentityForm,
  before: Identity,
  today: string,
): Partial<Record<IdentityField, IdentityProblem>> {
  const dated = (text: string): IdentityProblem | null => {
    if (text.trim() === '') return null;
    const date = parsePartialDate(text);
    return date === null ? 'birthDateInvalid' : date > today ? 'birthDateFuture' : null;
  };
  // What a Patient from elsewhere lacks need not be invented to change something else.
  const missing = (name: 'birthName' | 'firstGivenName') => form[name].trim() === '' && before[name] !== '';
  const [born, died] = [dated(form.birthDate), form.isDeceased ? dated(form.deceased) : null];
  const isProofMissing = form.status === 'validated' && before.status !== 'validated' && form.proof === '';
  const isPersonEmpty = form.persons.some(
    ({ name, phone, relation }) => name.trim() === '' && phone.trim() === '' && relation.trim() !== '',
  );
  return {
    ...(missing('birthName') ? { birthName: 'required' } : {}),
    ...(missing('firstGivenName') ? { firstGivenName: 'required' } : {}),
    ...(born === null ? {} : { birthDate: born }),
    ...(/^[1-9]?$/.test(form.birthRank.trim()) ? {} : { birthRank: 'rank' }),
    ...(died === null ? {} : { deceased: died }),
    ...(isProofMissing ? { proof: 'proof' } : {}),
    ...(isPersonEmpty ? { persons: 'personName' } : {}),
  };
}

/** Whether saving takes a status away, so that it is said before. */
export function statusWarning(form: IdentityForm, before: Identity): 'back' | 'loses' | null {
  const after = statusAfter(before, typedIdentity(form, before));
  if (after === before.status || before.status === 'provisional') return null;
  if (after === 'provisional' && form.status !== 'provisional') return 'back';
  return before.status === 'qualified' || before.status === 'retrieved' ? 'loses' : null;
}

/** What is odd about the number, and about it beside the other traits. */
export function numberWarnings(form: IdentityForm): { warnings: (NirFinding | NirDoubt)[]; key: string } {
  if (form.nir.trim() === '') return { warnings: [], key: '' };
  const { nir, findings } = parseNir(form.nir);
  if (nir === null) return { warnings: ['NIR_FORM'], key: '' };
  const birthDate = parsePartialDate(form.birthDate) ?? '';
  return { warnings: [...findings, ...nirDoubts(nir, { ...form, birthDate })], key: nir.key };
}

export function isProof(code: string): boolean {
  return identityProofs.some((proof) => proof === code);
}

function trimmed(identity: Identity | Omit<IdentityForm, 'isDeceased' | 'versions'>): Partial<Identity> {
  const texts = [
    ...(['birthName', 'firstGivenName', 'birthGivenNames', 'usedName', 'usedGivenName', 'birthRank'] as const),
    ...(['birthPlaceName', 'mobile', 'phone', 'email', 'postalCode', 'city', 'doctorName'] as const),
  ];
  return Object.fromEntries(texts.map((name) => [name, identity[name].trim()]));
}
