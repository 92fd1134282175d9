import { Button } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { Notice } from '../../ui/notice.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { codeOf } from '../../worker/carried-error.ts';
import { hasPasskeys } from '../unlock/passkey.ts';
import { PasskeyFailure } from '../unlock/passkey-failure.tsx';
import { useConsole } from './console-session.ts';
import { hostClient } from './host-client.ts';
import { askOperatorPasskey } from './operator-passkey.ts';
import { PasswordField } from './password-field.tsx';
import { TotpField } from './totp-field.tsx';

interface ConfirmStepProps {
  /** What is asked for, and that it wants this. */
  readonly lead: string;
  /** It was confirmed, and is no more. */
  readonly isAgain: boolean;
  readonly onConfirmed: () => void;
}

/** An operator who is in proves it once more, in either of the two ways. */
export function ConfirmStep({ lead, isAgain, onConfirmed }: ConfirmStepProps) {
  const { t } = useTranslation();
  const { session, endIfOver } = useConsole();
  const { isBusy, error, run } = useAttempt();
  const [password, setPassword] = useState('');
  const [totp, setTotp] = useState('');
  const confirm = (proof: () => Promise<void>) =>
    run(async () => {
      await proof();
      onConfirmed();
    }, endIfOver);
  const send = (event: FormEvent) => {
    event.preventDefault();
    void confirm(() => hostClient.confirmByPassword(session.token, { password, totp }));
  };
  const byPasskey = () =>
    confirm(async () =>
      hostClient.confirmByPasskey(session.token, await askOperatorPasskey(await hostClient.challenge())),
    );
  return (
    <div className="host-act">
      {isAgain ? <Notice tone="plain">{t('operators.confirmAgain')}</Notice> : null}
      <p>{lead}</p>
      {hasPasskeys() ? (
        <div>
          <Button loading={isBusy} onClick={() => void byPasskey()}>
            {t('operators.confirmPasskey')}
          </Button>
        </div>
      ) : null}
      <form className="host-form" onSubmit={send}>
        <h3>{t('operators.orPassword')}</h3>
        <PasswordField value={password} onChange={setPassword} />
        <TotpField value={totp} onChange={setTotp} />
        <div>
          <Button type="submit" variant="default" loading={isBusy} disabled={password === '' || totp.trim() === ''}>
            {t('operators.confirm')}
          </Button>
        </div>
      </form>
      {codeOf(error) === 'OPERATOR_REFUSED' ? (
        <Notice tone="red" title={t('error.title')}>
          {t('operators.notYou')}
        </Notice>
      ) : (
        <PasskeyFailure error={error} />
      )}
    </div>
  );
}
