import { NativeSelect, Textarea, TextInput } from '@mantine/core';
import type { Identity } from '@serment/records/fhir/identity';
import { type ChangeEvent, useState } from 'react';
import type { Catalogue } from '../../i18n/catalogue.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { Notice } from '../../ui/notice.tsx';
import type { IdentityView } from '../../worker/patients-desk.ts';
import { type IdentityField, type IdentityForm, numberWarnings } from './identity-form.ts';
import { NirInput } from './nir-input.tsx';
import { safeName } from './person.tsx';

export interface FieldsProps {
  readonly form: IdentityForm;
  /** As it stood when the form was opened. */
  readonly before: Identity;
  readonly set: (change: Partial<IdentityForm>) => void;
  readonly problemOf: (field: IdentityField) => string | null;
}

type TextField = Exclude<keyof Identity, 'sex' | 'status' | 'persons'>;

/** What an input of a text needs. */
function fieldOf({ form, set }: FieldsProps, name: TextField) {
  return {
    value: form[name],
    onChange: (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) =>
      set({ [name]: event.currentTarget.value }),
    autoComplete: 'off',
    maxLength: 400,
  };
}

export function TraitFields(props: FieldsProps) {
  const { t } = useTranslation();
  const { form, set, problemOf } = props;
  const label = (name: keyof Catalogue['patientIdentity']['field']) => t(`patientIdentity.field.${name}`);
  return (
    <fieldset className="identity-part">
      <legend>{t('patientIdentity.traits')}</legend>
      <div className="form-grid">
        <TextInput label={label('birthName')} error={problemOf('birthName')} {...fieldOf(props, 'birthName')} />
        <TextInput
          label={label('firstGivenName')}
          error={problemOf('firstGivenName')}
          {...fieldOf(props, 'firstGivenName')}
        />
        <TextInput
          className="wide"
          label={label('birthGivenNames')}
          description={t('patientIdentity.hint.birthGivenNames')}
          {...fieldOf(props, 'birthGivenNames')}
        />
        <TextInput
          label={label('usedName')}
          description={t('newPatient.usedNameHint')}
          {...fieldOf(props, 'usedName')}
        />
        <TextInput
          label={label('usedGivenName')}
          description={t('newPatient.usedNameHint')}
          {...fieldOf(props, 'usedGivenName')}
        />
        <TextInput
          label={label('birthDate')}
          description={t('patientIdentity.hint.birthDate')}
          inputMode="numeric"
          error={problemOf('birthDate')}
          {...fieldOf(props, 'birthDate')}
        />
        <TextInput
          label={label('birthRank')}
          description={t('patientIdentity.hint.birthRank')}
          inputMode="numeric"
          error={problemOf('birthRank')}
          {...fieldOf(props, 'birthRank')}
        />
        <fieldset className="sex-choice wide">
          <legend>{label('sex')}</legend>
          <div>
            {(['female', 'male', 'other', 'unknown'] as const).map((sex) => (
              <label key={sex}>
                <input type="radio" name="sex" checked={form.sex === sex} onChange={() => set({ sex })} />
                {t(`sex.${sex}`)}
              </label>
            ))}
          </div>
        </fieldset>
        <TextInput
          label={label('birthPlaceName')}
          description={t('patientIdentity.hint.birthPlaceName')}
          {...fieldOf(props, 'birthPlaceName')}
        />
        <TextInput
          label={label('birthPlaceCode')}
          description={t('patientIdentity.hint.birthPlaceCode')}
          {...fieldOf(props, 'birthPlaceCode')}
        />
        <NirInput
          {...fieldOf(props, 'nir')}
          className="wide"
          label={label('nir')}
          description={t('newPatient.nirHint')}
          onChange={(nir) => set({ nir })}
        />
        <NumberNotice form={form} />
      </div>
    </fieldset>
  );
}

function NumberNotice({ form }: { readonly form: IdentityForm }) {
  const { t } = useTranslation();
  const { warnings, key } = numberWarnings(form);
  if (warnings.length === 0) return null;
  const told = warnings.map((warning) =>
    warning === 'NIR_FORM' ? t('patientIdentity.raw') : t(`newPatient.nirFinding.${warning}`, { key }),
  );
  return (
    <div className="field-note">
      <Notice tone="amber">{told.join(' ')}</Notice>
    </div>
  );
}

export function ContactFields(props: FieldsProps) {
  const { t } = useTranslation();
  return (
    <fieldset className="identity-part">
      <legend>{t('patientIdentity.contact')}</legend>
      <div className="form-grid">
        <TextInput label={t('patientIdentity.field.mobile')} type="tel" {...fieldOf(props, 'mobile')} />
        <TextInput label={t('patientIdentity.field.phone')} type="tel" {...fieldOf(props, 'phone')} />
        <TextInput
          className="wide"
          label={t('patientIdentity.field.email')}
          type="email"
          {...fieldOf(props, 'email')}
        />
        <Textarea
          className="wide"
          label={t('patientIdentity.field.address')}
          autosize
          minRows={1}
          maxRows={5}
          {...fieldOf(props, 'addressLines')}
        />
        <TextInput className="third" label={t('patientIdentity.field.postalCode')} {...fieldOf(props, 'postalCode')} />
        <TextInput className="two-thirds" label={t('patientIdentity.field.city')} {...fieldOf(props, 'city')} />
      </div>
    </fieldset>
  );
}

const otherDoctor = 'other';

export function DoctorFields(props: FieldsProps & Pick<IdentityView, 'doctors'>) {
  const { t } = useTranslation();
  const { form, set, doctors } = props;
  // Who is chosen and has no name yet is nobody: the choice itself is of the page until then.
  const [isOther, setOther] = useState(form.doctor === '' && form.doctorName !== '');
  const isKnown = doctors.some(({ id }) => id === form.doctor);
  const choose = (value: string) => {
    setOther(value === otherDoctor);
    set({ doctor: value === otherDoctor ? '' : value, doctorName: doctors.find(({ id }) => id === value)?.name ?? '' });
  };
  const chosen = isOther ? otherDoctor : form.doctor;
  return (
    <fieldset className="identity-part">
      <legend>{t('patientIdentity.care')}</legend>
      <div className="form-grid">
        <NativeSelect
          label={t('patientIdentity.field.doctor')}
          value={chosen}
          onChange={(event) => choose(event.currentTarget.value)}
        >
          <option value="">{t('patientIdentity.doctorNone')}</option>
          {doctors.map(({ id, name }) => (
            <option key={id} value={id}>
              {safeName(name)}
            </option>
          ))}
          {isKnown || form.doctor === '' ? null : (
            <option value={form.doctor}>{safeName(form.doctorName || form.doctor)}</option>
          )}
          <option value={otherDoctor}>{t('patientIdentity.doctorOther')}</option>
        </NativeSelect>
        {isOther ? <TextInput label={t('patientIdentity.doctorName')} {...fieldOf(props, 'doctorName')} /> : null}
      </div>
    </fieldset>
  );
}

export function DeathFields(props: FieldsProps) {
  const { t } = useTranslation();
  const { form, set, problemOf } = props;
  return (
    <fieldset className="identity-part">
      <legend>{t('patientIdentity.death')}</legend>
      <label className="identity-check">
        <input
          type="checkbox"
          checked={form.isDeceased}
          onChange={(event) => set({ isDeceased: event.currentTarget.checked })}
        />
        {t('patientIdentity.isDeceased')}
      </label>
      {form.isDeceased ? (
        <div className="form-grid">
          <TextInput
            label={t('patientIdentity.deceasedOn')}
            description={t('patientIdentity.hint.deceased')}
            inputMode="numeric"
            error={problemOf('deceased')}
            {...fieldOf(props, 'deceased')}
          />
        </div>
      ) : null}
    </fieldset>
  );
}
