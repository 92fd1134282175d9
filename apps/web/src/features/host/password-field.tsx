import { PasswordInput } from '@mantine/core';
import { useTranslation } from '../../i18n/use-translation.ts';

interface PasswordFieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** One that is being chosen. */
  readonly isNew?: boolean;
}

/** An operator's password. */
export function PasswordField({ value, onChange, isNew = false }: PasswordFieldProps) {
  const { t } = useTranslation();
  return (
    <PasswordInput
      label={t(isNew ? 'operators.newPassword' : 'operators.password')}
      description={isNew ? t('operators.newPasswordHelp') : undefined}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      autoComplete={isNew ? 'new-password' : 'current-password'}
      visibilityToggleButtonProps={{ 'aria-label': t('operators.showPassword') }}
      maxLength={256}
    />
  );
}
