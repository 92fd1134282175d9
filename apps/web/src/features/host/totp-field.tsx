import { TextInput } from '@mantine/core';
import { useTranslation } from '../../i18n/use-translation.ts';

interface TotpFieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** The code that an application shows now. */
export function TotpField({ value, onChange }: TotpFieldProps) {
  const { t } = useTranslation();
  return (
    <TextInput
      label={t('operators.code')}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      autoComplete="one-time-code"
      inputMode="numeric"
      maxLength={12}
    />
  );
}
