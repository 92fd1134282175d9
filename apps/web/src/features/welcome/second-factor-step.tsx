import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { AuthenticatorSetup } from '../ways/authenticator-setup.tsx';
import { PhoneConfirm } from './phone-confirm.tsx';
import { StepFrame } from './step-frame.tsx';

interface SecondFactorStepProps {
  readonly step: number | null;
  /** As it was typed before; empty to ask for it. */
  readonly number: string;
  readonly onConfirmed: () => Promise<void> | void;
}

/** The second factor of a new account: a telephone, or an application where no SMS comes or no number is given. */
export function SecondFactorStep({ step, number, onConfirmed }: SecondFactorStepProps) {
  const { t } = useTranslation();
  const [way, setWay] = useState<'phone' | 'application'>('phone');
  if (way === 'phone')
    return (
      <StepFrame step={step} title={t('phone.title')} lead={t('phone.lead')}>
        <PhoneConfirm number={number} onConfirmed={onConfirmed} />
        <p className="row-text">
          <button type="button" className="text-button" onClick={() => setWay('application')}>
            {t('phone.application')}
          </button>
        </p>
      </StepFrame>
    );
  return (
    <StepFrame step={step} title={t('phone.applicationTitle')} lead={t('phone.applicationLead')}>
      <AuthenticatorSetup onDone={onConfirmed}>
        <Button variant="quiet" onClick={() => setWay('phone')}>
          {t('phone.insteadPhone')}
        </Button>
      </AuthenticatorSetup>
    </StepFrame>
  );
}
