import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngine } from '../../session/use-session.ts';
import { Failure } from '../../ui/failure.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import type { EnrolledMember } from '../../worker/protocol.ts';
import { KitInput } from '../kit/kit-input.tsx';
import { OpeningProgress } from '../unlock/opening-progress.tsx';
import { KnownMember } from './known-member.tsx';
import { StepFrame } from './step-frame.tsx';

interface EnrolmentProps {
  readonly onBack: () => void;
  readonly onDone: () => void;
}

/** This device becomes one of the practice's, by the paper kit, which is then to be replaced. */
export function Enrolment({ onBack, onDone }: EnrolmentProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const [kitText, setKitText] = useState('');
  const [member, setMember] = useState<EnrolledMember | null>(null);
  const { isBusy, error, run } = useAttempt();
  if (member !== null) return <KnownMember member={member} onDone={onDone} />;
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
