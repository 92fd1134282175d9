import { NativeSelect, TextInput } from '@mantine/core';
import { type PersonBeside, personRoles } from '@serment/records/fhir/contact';
import { useTranslation } from '../../i18n/use-translation.ts';
import type { FieldsProps } from './identity-fields.tsx';
import { safeName } from './person.tsx';

const nobody: PersonBeside = { place: null, name: '', relation: '', role: '', phone: '' };

/** Whom to call, whom the patient trusts, who decides for them. */
export function PersonFields({ form, set, problemOf }: FieldsProps) {
  const { t } = useTranslation();
  const { persons } = form;
  const change = (at: number, person: Partial<PersonBeside>) =>
    set({ persons: persons.map((one, place) => (place === at ? { ...one, ...person } : one)) });
  const problem = problemOf('persons');
  return (
    <fieldset className="identity-part">
      <legend>{t('patientIdentity.persons')}</legend>
      {persons.length === 0 ? <p className="faint row-text">{t('patientIdentity.personsNone')}</p> : null}
      {persons.map((person, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a person that is being typed has no other name.
        <div className="form-grid identity-person" key={at}>
          <TextInput
            label={t('patientIdentity.personName')}
            value={person.name}
            onChange={(event) => change(at, { name: event.currentTarget.value })}
            autoComplete="off"
            maxLength={200}
          />
          <TextInput
            label={t('patientIdentity.personRelation')}
            placeholder={t('patientIdentity.personRelationHint')}
            value={person.relation}
            onChange={(event) => change(at, { relation: event.currentTarget.value })}
            autoComplete="off"
            maxLength={200}
          />
          <NativeSelect
            label={t('patientIdentity.personRole')}
            value={person.role}
            onChange={(event) =>
              change(at, { role: personRoles.find((role) => role === event.currentTarget.value) ?? '' })
            }
          >
            <option value="">{t('patientIdentity.role.none')}</option>
            {personRoles.map((role) => (
              <option key={role} value={role}>
                {t(`patientIdentity.role.${role}`)}
              </option>
            ))}
          </NativeSelect>
          <TextInput
            label={t('patientIdentity.personPhone')}
            type="tel"
            value={person.phone}
            onChange={(event) => change(at, { phone: event.currentTarget.value })}
            autoComplete="off"
            maxLength={60}
          />
          <button
            type="button"
            className="text-button wide"
            onClick={() => set({ persons: persons.filter((_, place) => place !== at) })}
          >
            {t('patientIdentity.personRemove', {
              name: safeName(person.name) || t('patients.unnamed').toLocaleLowerCase('fr'),
            })}
          </button>
        </div>
      ))}
      {problem === null ? null : (
        <p className="red row-text" role="alert">
          {problem}
        </p>
      )}
      <button type="button" className="text-button" onClick={() => set({ persons: [...persons, nobody] })}>
        {t('patientIdentity.personAdd')}
      </button>
    </fieldset>
  );
}
