import { TextInput } from '@mantine/core';
import { useTranslation } from '../../i18n/use-translation.ts';

interface PhoneFieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Where the second factor goes. Whether a number can receive it is for the server to say. */
export function PhoneField({ value, onChange }: PhoneFieldProps) {
  const { t } = useTranslation();
  return (
    <TextInput
      label={t('phone.label')}
      description={t('phone.hint')}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      type="tel"
      inputMode="tel"
      autoComplete="tel"
      maxLength={40}
    />
  );
}
