import { TextInput } from '@mantine/core';
import { documentTypeNames } from '@serment/records/fhir/document-types';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { type DocumentForm, dayTyped } from './document-form.ts';

interface DetailsFieldsProps {
  readonly form: DocumentForm;
  readonly isLoaded: boolean;
  /** Whether what is missing is said. */
  readonly isTried: boolean;
  /** False where each file has its title beside it. */
  readonly hasTitle: boolean;
  readonly onChange: (form: DocumentForm) => void;
}

/** What a person says of a document. */
export function DetailsFields({ form, isLoaded, isTried, hasTitle, onChange }: DetailsFieldsProps) {
  const { t } = useTranslation();
  const typeId = useId();
  const field = (name: keyof DocumentForm) => ({
    value: form[name],
    disabled: !isLoaded,
    onChange: (event: { currentTarget: { value: string } }) => onChange({ ...form, [name]: event.currentTarget.value }),
  });
  const dayError = dayTyped(form.day) === null && (isTried || form.day.length >= 10) ? t('documents.dayWrong') : null;
  return (
    <div className="document-fields">
      {hasTitle ? (
        <TextInput
          className="wide"
          label={t('documents.titleLabel')}
          maxLength={200}
          error={isTried && form.title.trim() === '' ? t('documents.titleMissing') : null}
          {...field('title')}
        />
      ) : null}
      <div className="document-select">
        <label htmlFor={typeId}>{t('documents.typeLabel')}</label>
        <select id={typeId} {...field('type')}>
          <option value="">{t('documents.noType')}</option>
          {documentTypeNames.map((name) => (
            <option key={name} value={name}>
              {t(`documents.type.${name}`)}
            </option>
          ))}
        </select>
      </div>
      <TextInput
        label={t('documents.dayLabel')}
        placeholder={t('documents.dayHint')}
        inputMode="numeric"
        autoComplete="off"
        error={dayError}
        {...field('day')}
      />
      <TextInput label={t('documents.authorLabel')} maxLength={200} autoComplete="off" {...field('author')} />
      <TextInput label={t('documents.tagsLabel')} maxLength={300} autoComplete="off" {...field('tags')} />
    </div>
  );
}
