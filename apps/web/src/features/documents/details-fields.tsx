import { TextInput } from '@mantine/core';
import { useTranslation } from '../../i18n/use-translation.ts';
import { type DocumentForm, dayTyped } from './document-form.ts';
import { TypeField } from './type-field.tsx';

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
      <TypeField {...field('type')} />
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
