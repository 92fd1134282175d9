import { useEffect, useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useSessionState } from '../../session/use-session.ts';
import { Arrow } from '../../ui/marks.tsx';
import { LanguageSwitch } from '../shell/language-switch.tsx';
import { Creation } from './creation.tsx';
import { DemoOpening } from './demo-opening.tsx';
import { Enrolment } from './enrolment.tsx';
import { Joining } from './joining.tsx';
import { OtherDevice } from './other-device.tsx';
import { PasskeyEnrolment } from './passkey-enrolment.tsx';
import './welcome.css';

export type WelcomeStep = 'choice' | 'create' | 'device' | 'enrol' | 'passkey' | 'join' | 'demo';

interface WelcomeProps {
  readonly first: WelcomeStep;
  /** The invitation that the address carried; null when it had none. */
  readonly invitation: string | null;
  readonly onDone: () => void;
}

/** The first page of a browser that knows no practice, and the ways into one. */
export function Welcome({ first, invitation, onDone }: WelcomeProps) {
  const [step, setStep] = useState(first);
  const { phase } = useSessionState().engine;
  const isLeft = step === 'choice' && phase === 'open';
  useEffect(() => {
    if (isLeft) onDone();
  }, [isLeft, onDone]);
  const back = () => setStep('choice');
  return (
    <div className="welcome">
      <header className="welcome-head">
        <span className="brand">Serment</span>
        <LanguageSwitch />
      </header>
      <main className="welcome-page">
        {step === 'choice' ? <Choice onChoose={setStep} onUnlock={phase === 'locked' ? onDone : null} /> : null}
        {step === 'create' ? <Creation onBack={back} onDone={onDone} /> : null}
        {step === 'device' ? <OtherDevice onBack={back} onDone={onDone} onPasskey={() => setStep('passkey')} /> : null}
        {step === 'passkey' ? <PasskeyEnrolment onBack={back} onDone={onDone} /> : null}
        {step === 'enrol' ? <Enrolment onBack={back} onDone={onDone} /> : null}
        {step === 'join' ? <Joining linkText={invitation} onBack={back} onDone={onDone} /> : null}
        {step === 'demo' ? <DemoOpening onBack={back} onDone={onDone} /> : null}
      </main>
    </div>
  );
}

interface ChoiceProps {
  readonly onChoose: (step: WelcomeStep) => void;
  /** Null when there is nothing to unlock. */
  readonly onUnlock: (() => void) | null;
}

function Choice({ onChoose, onUnlock }: ChoiceProps) {
  const { t } = useTranslation();
  return (
    <div className="welcome-choice">
      <div>
        <h1>{t('welcome.title')}</h1>
        <p className="lead">{t('welcome.lead')}</p>
      </div>
      <div className="ways">
        <Way title={t('welcome.demo')} detail={t('welcome.demoDetail')} onChoose={() => onChoose('demo')} />
        <Way title={t('welcome.create')} detail={t('welcome.createDetail')} onChoose={() => onChoose('create')} />
        <Way title={t('welcome.device')} detail={t('welcome.deviceDetail')} onChoose={() => onChoose('device')} />
        <Way title={t('welcome.enrol')} detail={t('welcome.enrolDetail')} onChoose={() => onChoose('enrol')} />
        <Way title={t('welcome.join')} detail={t('welcome.joinDetail')} onChoose={() => onChoose('join')} />
        {onUnlock === null ? null : (
          <p className="row-text way-back">
            <button type="button" className="text-button" onClick={onUnlock}>
              {t('welcome.unlock')}
            </button>
          </p>
        )}
      </div>
    </div>
  );
}

function Way({
  title,
  detail,
  onChoose,
}: {
  readonly title: string;
  readonly detail: string;
  readonly onChoose: () => void;
}) {
  return (
    <button type="button" className="way" onClick={onChoose}>
      <b className="way-title">{title}</b>
      <span>{detail}</span>
      <Arrow />
    </button>
  );
}
