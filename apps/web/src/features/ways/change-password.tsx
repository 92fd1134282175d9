import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useEngine } from '../../session/use-session.ts';
import { Sheet } from '../../ui/dialog.tsx';
import { useErrorText } from '../../ui/error-text.tsx';
import { Notice } from '../../ui/notice.tsx';
import { PasswordStep } from '../welcome/password-step.tsx';

/** A new password, also for one that was forgotten: this device is open, and that is enough. */
export function ChangePassword({ onClose, onDone }: { readonly onClose: () => void; readonly onDone: () => void }) {
  const { t } = useTranslation();
  const engine = useEngine();
  const errorText = useErrorText();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const change = async (password: string) => {
    setBusy(true);
    setError(null);
    try {
      await engine.changePassword(password);
      onDone();
    } catch (caught) {
      setError(caught);
      setBusy(false);
    }
  };
  return (
    <Sheet title={t('ways.newPassword')} onClose={onClose}>
      <PasswordStep
        isBusy={isBusy}
        submit={t('ways.change')}
        loss={t('ways.passwordEverywhere')}
        onBack={null}
        onChosen={(password) => void change(password)}
      />
      {error === null ? null : (
        <Notice tone="red" title={t('error.title')}>
          {errorText(error)}
        </Notice>
      )}
    </Sheet>
  );
}
