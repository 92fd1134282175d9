import { Button, TextInput } from '@mantine/core';
import type { OperatorSession } from '@serment/core/wire/operator';
import { type FormEvent, useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { Notice } from '../../ui/notice.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { hasPasskeys } from '../unlock/passkey.ts';
import { PasskeyFailure } from '../unlock/passkey-failure.tsx';
import { StepFrame } from '../welcome/step-frame.tsx';
import { hostClient } from './host-client.ts';
import { askOperatorPasskey } from './operator-passkey.ts';
import { PasswordField } from './password-field.tsx';
import { TotpField } from './totp-field.tsx';

interface SignInProps {
  /** A session was open here, and is no more. */
  readonly hasEnded: boolean;
  readonly onEnter: (session: OperatorSession) => void;
  readonly onEnrol: () => void;
}

/** Entering as an operator: one gesture, or a name, a password and a code. */
export function OperatorSignIn({ hasEnded, onEnter, onEnrol }: SignInProps) {
  const { t } = useTranslation();
  const { isBusy, error, run } = useAttempt();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [totp, setTotp] = useState('');
  const send = (event: FormEvent) => {
    event.preventDefault();
    void run(async () => onEnter(await hostClient.enterByPassword({ name: name.trim(), password, totp })));
  };
  const byPasskey = () =>
    run(async () => onEnter(await hostClient.enterByPasskey(await askOperatorPasskey(await hostClient.challenge()))));
  return (
    <StepFrame step={null} title={t('operators.title')} lead={t('operators.lead')}>
      {hasEnded ? <Notice tone="plain">{t('operators.ended')}</Notice> : null}
      {hasPasskeys() ? (
        <Button loading={isBusy} onClick={() => void byPasskey()}>
          {t('operators.passkey')}
        </Button>
      ) : null}
      <form className="host-form" onSubmit={send}>
        <h2>{t('operators.orPassword')}</h2>
        <TextInput
          label={t('operators.name')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          autoComplete="username"
          spellCheck={false}
          maxLength={64}
        />
        <PasswordField value={password} onChange={setPassword} />
        <TotpField value={totp} onChange={setTotp} />
        <div>
          <Button
            type="submit"
            variant="default"
            loading={isBusy}
            disabled={name.trim() === '' || password === '' || totp.trim() === ''}
          >
            {t('operators.signIn')}
          </Button>
        </div>
      </form>
      <PasskeyFailure error={error} />
      <div className="host-foot">
        <button type="button" className="text-button" onClick={onEnrol}>
          {t('operators.haveCode')}
        </button>
        <p>{t('operators.lost')}</p>
      </div>
    </StepFrame>
  );
}
