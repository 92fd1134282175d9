import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useEngine } from '../../session/use-session.ts';
import { Failure } from '../../ui/failure.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import type { EnrolledMember } from '../../worker/protocol.ts';
import { KitInput } from '../kit/kit-input.tsx';
import { OpeningProgress } from '../unlock/opening-progress.tsx';
import { PasswordStep } from './password-step.tsx';
import { SecondFactorStep } from './second-factor-step.tsx';
import { StepFrame } from './step-frame.tsx';

/**
 * `known`: the member has a password already, and this device may take it over without typing it. `served`: the
 * practice is open, and the kit is to be replaced.
 */
type Step = 'kit' | 'known' | 'password' | 'phone' | 'served';

interface EnrolmentProps {
  readonly onBack: () => void;
  readonly onDone: () => void;
  /** Leads to where the kit that served, in hexadecimal, is replaced. */
  readonly onReplaceKit: (kit: string) => void;
}

/** This device becomes one of the practice's, by the paper kit, which is then to be replaced. */
export function Enrolment({ onBack, onDone, onReplaceKit }: EnrolmentProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const [kitText, setKitText] = useState('');
  const [step, setStep] = useState<Step>('kit');
  const [member, setMember] = useState<EnrolledMember | null>(null);
  const { isBusy, error, run } = useAttempt();
  const failure = <Failure error={error} />;
  const enter = async () => {
    await engine.enter();
    if (member?.isDoctor) setStep('served');
    else onDone();
  };
  if (step === 'phone') return <SecondFactorStep step={null} number="" onConfirmed={enter} />;
  const choose = (password: string | null) =>
    run(async () => {
      await engine.finishEnrolment(password);
      if (member?.hasFactor) await enter();
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
          onBack={member?.hasPassword ? () => setStep('known') : null}
          onChosen={(password) => void choose(password)}
        />
        {failure}
      </StepFrame>
    );
  if (step === 'served' && member !== null)
    return (
      <StepFrame step={null} title={t('enrol.servedTitle')} lead={t('enrol.servedLead')}>
        <p className="aside-note done-note">{t('enrol.servedOld')}</p>
        <div className="step-actions">
          <Button onClick={() => onReplaceKit(member.kit)}>{t('enrol.replace')}</Button>
          <Button variant="quiet" onClick={onDone}>
            {t('enrol.later')}
          </Button>
        </div>
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
