import { Button, TextInput } from '@mantine/core';
import type { OperatorOffer, OperatorSession } from '@serment/core/wire/operator';
import { type FormEvent, useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { Failure } from '../../ui/failure.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { authenticatorAddress } from '../../worker/authenticator.ts';
import { Qr } from '../kit/kit-groups.tsx';
import { hasPasskeys } from '../unlock/passkey.ts';
import { PasskeyFailure } from '../unlock/passkey-failure.tsx';
import { StepFrame } from '../welcome/step-frame.tsx';
import { hostClient } from './host-client.ts';
import { makeOperatorPasskey } from './operator-passkey.ts';
import { PasswordField } from './password-field.tsx';
import { TotpField } from './totp-field.tsx';

interface EnrolmentProps {
  /** The code that the address brought; empty when it is to be typed. */
  readonly first: string;
  readonly onEnter: (session: OperatorSession) => void;
  readonly onBack: () => void;
}

interface Begun {
  readonly code: string;
  readonly offer: OperatorOffer;
}

/** Becoming an operator, or one again, with the code that the host's machine gave. */
export function OperatorEnrolment({ first, onEnter, onBack }: EnrolmentProps) {
  const { t } = useTranslation();
  const [code, setCode] = useState(first);
  const [begun, setBegun] = useState<Begun | null>(null);
  const { isBusy, error, run } = useAttempt();
  const begin = (event: FormEvent) => {
    event.preventDefault();
    void run(async () => setBegun({ code, offer: await hostClient.offer(code) }));
  };
  if (begun !== null) return <ChooseWay {...begun} onEnter={onEnter} />;
  return (
    <StepFrame step={null} title={t('operators.enrolTitle')} lead={t('operators.enrolLead')}>
      <form className="host-form" onSubmit={begin}>
        <TextInput
          label={t('operators.enrolCode')}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
          autoComplete="off"
          spellCheck={false}
          maxLength={64}
        />
        <div>
          <Button type="submit" loading={isBusy} disabled={code.trim() === ''}>
            {t('operators.enrolNext')}
          </Button>
        </div>
      </form>
      <Failure error={error} />
      <div className="host-foot">
        <button type="button" className="text-button" onClick={onBack}>
          {t('operators.haveWay')}
        </button>
      </div>
    </StepFrame>
  );
}

/** One way in: a passkey, or a password with an application. */
function ChooseWay({ code, offer, onEnter }: Begun & Pick<EnrolmentProps, 'onEnter'>) {
  const { t } = useTranslation();
  const [isPassword, setPassword] = useState(!hasPasskeys());
  const { isBusy, error, run, forget } = useAttempt();
  const turnTo = (other: boolean) => {
    forget();
    setPassword(other);
  };
  const byPasskey = () =>
    run(async () => onEnter(await hostClient.enrolPasskey({ code, ...(await makeOperatorPasskey(offer)) })));
  return (
    <StepFrame step={null} title={t('operators.welcome', { name: offer.name })} lead={t('operators.chooseLead')}>
      {isPassword ? (
        <PasswordChoice
          offer={offer}
          isBusy={isBusy}
          onChosen={(password, totp) =>
            run(async () => onEnter(await hostClient.enrolPassword({ code, password, totp })))
          }
        />
      ) : (
        <div className="host-form">
          <p>{t('operators.makePasskeyLead')}</p>
          <div>
            <Button loading={isBusy} onClick={() => void byPasskey()}>
              {t('operators.makePasskey')}
            </Button>
          </div>
        </div>
      )}
      <PasskeyFailure error={error} />
      {isPassword && !hasPasskeys() ? null : (
        <div className="host-foot">
          <button type="button" className="text-button" disabled={isBusy} onClick={() => turnTo(!isPassword)}>
            {t(isPassword ? 'operators.chooseOther' : 'operators.choosePassword')}
          </button>
        </div>
      )}
    </StepFrame>
  );
}

interface PasswordChoiceProps {
  readonly offer: OperatorOffer;
  readonly isBusy: boolean;
  readonly onChosen: (password: string, totp: string) => Promise<void>;
}

function PasswordChoice({ offer, isBusy, onChosen }: PasswordChoiceProps) {
  const { t } = useTranslation();
  const [password, setPassword] = useState('');
  const [totp, setTotp] = useState('');
  const { secret, address } = authenticatorAddress(offer.totpSecret, offer.name);
  const send = (event: FormEvent) => {
    event.preventDefault();
    void onChosen(password, totp);
  };
  return (
    <form className="host-form" onSubmit={send}>
      <PasswordField value={password} onChange={setPassword} isNew />
      <p>{t('operators.scan')}</p>
      <Qr text={address} size={184} />
      <p className="muted row-text">
        {t('operators.typeSecret')} <code className="secret">{secret.match(/.{1,4}/g)?.join(' ')}</code>
      </p>
      <TotpField value={totp} onChange={setTotp} />
      <div>
        <Button type="submit" loading={isBusy} disabled={password === '' || totp.trim() === ''}>
          {t('operators.finish')}
        </Button>
      </div>
    </form>
  );
}
