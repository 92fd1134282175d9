import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngine } from '../../session/use-session.ts';
import { Sheet } from '../../ui/dialog.tsx';
import { Failure } from '../../ui/failure.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { AuthenticatorSetup } from './authenticator-setup.tsx';

interface AuthenticatorSheetProps {
  /** Whether one is set up already. */
  readonly isSet: boolean;
  readonly onClose: () => void;
}

/** The application of this account: to be set, replaced or removed. */
export function AuthenticatorSheet({ isSet, onClose }: AuthenticatorSheetProps) {
  const { t } = useTranslation();
  const [isReplacing, setReplacing] = useState(!isSet);
  return (
    <Sheet title={t('ways.authenticator')} onClose={onClose}>
      {isReplacing ? (
        <AuthenticatorSetup onDone={onClose} />
      ) : (
        <Standing onReplace={() => setReplacing(true)} onRemoved={onClose} />
      )}
    </Sheet>
  );
}

function Standing({ onReplace, onRemoved }: { readonly onReplace: () => void; readonly onRemoved: () => void }) {
  const { t } = useTranslation();
  const engine = useEngine();
  const { isBusy, error, run } = useAttempt();
  const remove = () =>
    run(async () => {
      await engine.removeTotp();
      onRemoved();
    });
  return (
    <div className="authenticator">
      <p>{t('ways.standing')}</p>
      <Failure error={error} />
      <div className="code-actions">
        <Button onClick={onReplace}>{t('ways.replace')}</Button>
        <Button variant="default" loading={isBusy} onClick={() => void remove()}>
          {t('ways.remove')}
        </Button>
      </div>
    </div>
  );
}
