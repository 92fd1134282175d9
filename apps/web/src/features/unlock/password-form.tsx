import { Button, PasswordInput } from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { demoPassword } from '../../worker/demo-sign-in.ts';

interface PasswordFormProps {
  readonly isBusy: boolean;
  readonly isDemo: boolean;
  readonly error: string | null;
  readonly autoFocus: boolean;
  readonly submit: string;
  readonly onPassword: (password: string) => Promise<void>;
}

export function PasswordForm({ isBusy, isDemo, error, autoFocus, submit, onPassword }: PasswordFormProps) {
  const { t } = useTranslation();
  const [password, setPassword] = useState('');
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (autoFocus) input.current?.focus();
  }, [autoFocus]);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    await onPassword(password);
    input.current?.select();
  };
  return (
    <form onSubmit={(event) => void send(event)}>
      <PasswordInput
        ref={input}
        label={t('unlock.label')}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        autoComplete="current-password"
        visibilityToggleButtonProps={{ 'aria-label': t('creation.password.show') }}
        error={error}
      />
      {isDemo ? <p className="row-text muted">{t('demo.password', { password: demoPassword })}</p> : null}
      <div className="lock-actions">
        <Button type="submit" loading={isBusy} disabled={password === ''}>
          {submit}
        </Button>
      </div>
    </form>
  );
}
