import { NativeSelect } from '@mantine/core';
import { documentTypeNames } from '@serment/records/fhir/document-types';
import { useTranslation } from '../../i18n/use-translation.ts';

interface TypeFieldProps {
  /** '' for none. */
  readonly value: string;
  readonly disabled?: boolean;
  /** Where the field stands among others of its kind: what is heard of it, and not seen. */
  readonly hiddenLabel?: string;
  /** What stands for no kind. */
  readonly none?: string;
  readonly onChange: (event: { readonly currentTarget: { readonly value: string } }) => void;
}

/** The kind of a document, out of those that have a name. */
export function TypeField({ value, disabled = false, hiddenLabel, none, onChange }: TypeFieldProps) {
  const { t } = useTranslation();
  return (
    <NativeSelect
      {...(hiddenLabel === undefined ? { label: t('documents.typeLabel') } : { 'aria-label': hiddenLabel })}
      {...{ value, disabled, onChange }}
    >
      <option value="">{none ?? t('documents.noType')}</option>
      {documentTypeNames.map((name) => (
        <option key={name} value={name}>
          {t(`documents.type.${name}`)}
        </option>
      ))}
    </NativeSelect>
  );
}
