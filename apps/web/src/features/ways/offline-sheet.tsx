import { PasswordInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngine } from '../../session/use-session.ts';
import { Sheet } from '../../ui/dialog.tsx';
import { useErrorText } from '../../ui/error-text.tsx';
import { FormEnd } from '../../ui/form-end.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { codeOf } from '../../worker/carried-error.ts';

/** What is wrong with the password that was typed. */
const typedErrors = new Set(['PASSWORD_WRONG', 'PASSWORD_WEAK']);

/** What is weaker is said before the password is asked for. */
export function OfflineSheet({ onClose, onDone }: { readonly onClose: () => void; readonly onDone: () => void }) {
  const { t } = useTranslation();
  const engine = useEngine();
  const errorText = useErrorText();
  const [password, setPassword] = useState('');
  const { isBusy, error, run } = useAttempt();
  const isTyped = error !== null && typedErrors.has(codeOf(error));
  const send = (event: FormEvent) => {
    event.preventDefault();
    void run(async () => {
      await engine.allowOffline(password);
      onDone();
    });
  };
  return (
    <Sheet title={t('ways.offline')} isBusy={isBusy} onClose={onClose}>
      <form className="offline-way" onSubmit={send}>
        <p>{t('ways.offlineLead')}</p>
        <ul className="consequences">
          <li>
            <b>{t('ways.offlineWeaker')}</b>
          </li>
          <li>{t('ways.offlineFactor')}</li>
          <li>{t('ways.offlineEnds')}</li>
        </ul>
        <PasswordInput
          label={t('unlock.label')}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          autoComplete="current-password"
          visibilityToggleButtonProps={{ 'aria-label': t('creation.password.show') }}
          error={isTyped ? errorText(error) : null}
        />
        <FormEnd
          error={isTyped ? null : error}
          isBusy={isBusy}
          isReady={password !== ''}
          submit={t('ways.allow')}
          onCancel={onClose}
        />
      </form>
    </Sheet>
  );
}
