import { NativeSelect } from '@mantine/core';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useAsked, useEngine } from '../../session/use-session.ts';
import { safeName } from '../patients/person.tsx';

interface DocumentFieldProps {
  readonly label: string;
  readonly patient: string;
  /** `DocumentReference/…`, '' for none. */
  readonly value: string;
  readonly isDisabled: boolean;
  readonly onChange: (document: string) => void;
}

/** One of the documents of the file; one that is not there any more stays chosen. */
export function DocumentField({ label, patient, value, isDisabled, onChange }: DocumentFieldProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const format = useFormat();
  const { value: documents } = useAsked(`documents ${patient}`, () => engine.desks.care.documents(patient));
  const isListed = value === '' || documents?.some(({ recordId }) => recordId === value) === true;
  return (
    <NativeSelect
      label={label}
      value={value}
      disabled={isDisabled || documents === null}
      onChange={(event) => onChange(event.currentTarget.value)}
    >
      <option value="">{t('careSheet.noDocument')}</option>
      {(documents ?? []).map(({ recordId, title, day }) => (
        <option key={recordId} value={recordId}>
          {[day === '' ? '' : format.fhirDay(day), safeName(title)].filter((part) => part !== '').join(' · ')}
        </option>
      ))}
      {isListed ? null : <option value={value}>{t('careSheet.otherDocument')}</option>}
    </NativeSelect>
  );
}
