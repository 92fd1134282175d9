import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngine } from '../../session/use-session.ts';
import { Failure } from '../../ui/failure.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import type { EnrolledMember } from '../../worker/protocol.ts';
import { useProposedName } from '../members/platform.ts';
import { PasswordStep } from './password-step.tsx';
import { SecondFactorStep } from './second-factor-step.tsx';
import { StepFrame } from './step-frame.tsx';

/** `known`: the member has a password already, and this device may take it over without typing it. */
type Step = 'known' | 'password' | 'phone';

/** A device that was just added: its member's password opens it too, or a first one is chosen, with a second factor. */
export function KnownMember({ member, onDone }: { readonly member: EnrolledMember; readonly onDone: () => void }) {
  const { t } = useTranslation();
  const engine = useEngine();
  const proposedName = useProposedName();
  const [step, setStep] = useState<Step>(member.hasPassword ? 'known' : 'password');
  const { isBusy, error, run } = useAttempt();
  const failure = <Failure error={error} />;
  const enter = async () => {
    await engine.enter(proposedName);
    onDone();
  };
  if (step === 'phone') return <SecondFactorStep step={null} number="" onConfirmed={enter} />;
  const choose = (password: string | null) =>
    run(async () => {
      await engine.finishEnrolment(password);
      if (member.hasFactor) await enter();
      else setStep('phone');
    });
  if (step === 'known')
    return (
      <StepFrame step={null} title={t('enrol.knownTitle')} lead={t('enrol.knownLead')}>
        {failure}
        <div className="step-actions">
          <Button loading={isBusy} onClick={() => void choose(null)}>
            {t('creation.done.open')}
          </Button>
          <Button variant="quiet" disabled={isBusy} onClick={() => setStep('password')}>
            {t('enrol.forgotten')}
          </Button>
        </div>
      </StepFrame>
    );
  return (
    <StepFrame step={null} title={t('creation.password.title')} lead={t('creation.password.lead')}>
      <PasswordStep
        isBusy={isBusy}
        loss={t('enrol.loss')}
        onBack={member.hasPassword ? () => setStep('known') : null}
        onChosen={(password) => void choose(password)}
      />
      {failure}
    </StepFrame>
  );
}
