import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useEngine } from '../../session/use-session.ts';
import { useErrorText } from '../../ui/error-text.tsx';
import { Notice } from '../../ui/notice.tsx';
import { OpeningProgress } from '../unlock/opening-progress.tsx';
import { KitInput } from './kit-input.tsx';
import { PasswordStep } from './password-step.tsx';
import { StepFrame } from './step-frame.tsx';

/** This device becomes one of the practice's, by the paper kit. */
export function Enrolment({ onBack, onDone }: { readonly onBack: () => void; readonly onDone: () => void }) {
  const { t } = useTranslation();
  const engine = useEngine();
  const errorText = useErrorText();
  const [kitText, setKitText] = useState('');
  const [isEnrolled, setEnrolled] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const attempt = async (act: () => Promise<void>) => {
    setBusy(true);
    setError(null);
    try {
      await act();
    } catch (caught) {
      setError(caught);
    } finally {
      setBusy(false);
    }
  };
  const failure =
    error === null ? null : (
      <Notice tone="red" title={t('error.title')}>
        {errorText(error)}
      </Notice>
    );
  if (isEnrolled)
    return (
      <StepFrame step={null} title={t('creation.password.deviceTitle')} lead={t('creation.password.lead')}>
        <PasswordStep
          isBusy={isBusy}
          submit={t('creation.done.open')}
          loss={t('enrol.loss')}
          onBack={null}
          onChosen={(password) =>
            void attempt(async () => {
              await engine.finishEnrolment(password);
              onDone();
            })
          }
        />
        {failure}
      </StepFrame>
    );
  const enrol = () =>
    attempt(async () => {
      await engine.enrol(kitText);
      setKitText('');
      setEnrolled(true);
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
