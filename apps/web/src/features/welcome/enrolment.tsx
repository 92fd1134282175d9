import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useEngine } from '../../session/use-session.ts';
import { Failure } from '../../ui/failure.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import type { EnrolledMember } from '../../worker/protocol.ts';
import { useProposedName } from '../members/platform.ts';
import { OpeningProgress } from '../unlock/opening-progress.tsx';
import { KitInput } from './kit-input.tsx';
import { PasswordStep } from './password-step.tsx';
import { SecondFactorStep } from './second-factor-step.tsx';
import { StepFrame } from './step-frame.tsx';

/** `known`: the member has a password already, and this device may take it over without typing it. */
type Step = 'kit' | 'known' | 'password' | 'phone';

/** This device becomes one of the practice's, by the paper kit. */
export function Enrolment({ onBack, onDone }: { readonly onBack: () => void; readonly onDone: () => void }) {
  const { t } = useTranslation();
  const engine = useEngine();
  const proposedName = useProposedName();
  const [kitText, setKitText] = useState('');
  const [step, setStep] = useState<Step>('kit');
  const [member, setMember] = useState<EnrolledMember>({ hasPassword: false, hasFactor: false });
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
  if (step === 'password')
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
  const enrol = () =>
    run(async () => {
      const found = await engine.enrol(kitText);
      setKitText('');
      setMember(found);
      setStep(found.hasPassword ? 'known' : 'password');
    });
  return (
    <StepFrame step={null} title={t('enrol.title')} lead={t('enrol.lead')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void enrol();
        }}
      >
        <div className="fields">
          <KitInput value={kitText} onChange={setKitText} />
        </div>
        {failure}
        <div className="step-actions">
          <Button type="submit" loading={isBusy} disabled={kitText.trim() === ''}>
            {t('enrol.submit')}
          </Button>
          <Button variant="quiet" onClick={onBack} disabled={isBusy}>
            {t('app.back')}
          </Button>
          {isBusy ? <OpeningProgress words={t('enrol.working')} /> : null}
        </div>
      </form>
    </StepFrame>
  );
}
