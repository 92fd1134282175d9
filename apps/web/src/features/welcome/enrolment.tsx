import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useEngine } from '../../session/use-session.ts';
import { Failure } from '../../ui/failure.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import type { KitMember } from '../../worker/protocol.ts';
import { KitInput } from '../kit/kit-input.tsx';
import { OpeningProgress } from '../unlock/opening-progress.tsx';
import { KnownMember } from './known-member.tsx';
import { StepFrame } from './step-frame.tsx';

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
  const [member, setMember] = useState<KitMember | null>(null);
  /** The practice is open, and the kit is to be replaced. */
  const [isOpen, setOpen] = useState(false);
  const { isBusy, error, run } = useAttempt();
  if (member !== null && isOpen)
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
  if (member !== null) return <KnownMember member={member} onDone={member.isDoctor ? () => setOpen(true) : onDone} />;
  const enrol = () =>
    run(async () => {
      const found = await engine.enrol(kitText);
      setKitText('');
      setMember(found);
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
        <Failure error={error} />
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
