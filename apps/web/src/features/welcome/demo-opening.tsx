import { Button } from '@mantine/core';
import { proxy } from 'comlink';
import { useEffect, useRef, useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngine } from '../../session/use-session.ts';
import { Failure } from '../../ui/failure.tsx';
import { Progress } from '../../ui/progress.tsx';
import type { DemoProgress } from '../../worker/protocol.ts';
import { StepFrame } from './step-frame.tsx';

/** Makes a real practice of invented patients, and says how far it is. */
export function DemoOpening({ onBack, onDone }: { readonly onBack: () => void; readonly onDone: () => void }) {
  const { t } = useTranslation();
  const engine = useEngine();
  const format = useFormat();
  const [progress, setProgress] = useState<DemoProgress>({ step: 'keys', done: 0, total: 1 });
  const [error, setError] = useState<unknown>(null);
  const isStarted = useRef(false);
  useEffect(() => {
    if (isStarted.current) return;
    isStarted.current = true;
    const today = new Date().toLocaleDateString('sv');
    engine.openDemo(today, proxy(setProgress)).then(onDone, setError);
  }, [engine, onDone]);
  const { done, total } = progress;
  return (
    <StepFrame step={null} title={t(error === null ? 'demo.title' : 'demo.failed')} lead={t('demo.lead')}>
      {error === null ? (
        <>
          <Progress label={t('demo.title')} done={progress.step === 'finishing' ? total : done} total={total} />
          <p className="row-text muted">
            {progress.step === 'patients'
              ? t('demo.patients', { done: format.number(done), total: format.number(total) })
              : t(`demo.${progress.step}`)}
          </p>
        </>
      ) : (
        <>
          <div className="step-wait">
            <Failure error={error} />
          </div>
          <div className="step-actions">
            <Button variant="default" onClick={onBack}>
              {t('app.back')}
            </Button>
          </div>
        </>
      )}
    </StepFrame>
  );
}
