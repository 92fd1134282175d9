import type { OperatorSession } from '@serment/core/wire/operator';
import { useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { LanguageSwitch } from '../shell/language-switch.tsx';
import { Console } from './console.tsx';
import { OperatorEnrolment } from './enrolment.tsx';
import { OperatorSignIn } from './sign-in.tsx';
import './host.css';

/** The page of the host's operators. Their session is in the memory of this page alone: it ends with it. */
export function HostApp({ code }: { readonly code: string }) {
  const { t } = useTranslation();
  const [session, setSession] = useState<OperatorSession | null>(null);
  const [isEnrolling, setEnrolling] = useState(code !== '');
  const [hasEnded, setEnded] = useState(false);
  const enter = (opened: OperatorSession) => {
    setEnded(false);
    setEnrolling(false);
    setSession(opened);
  };
  const leave = (ended: boolean) => {
    setEnded(ended);
    setSession(null);
  };
  if (session !== null) return <Console session={session} onEnd={leave} />;
  return (
    <div className="host">
      <header className="welcome-head">
        <span className="brand">Serment</span>
        <LanguageSwitch />
      </header>
      <main className="host-entry" aria-label={t('operators.title')}>
        {isEnrolling ? (
          <OperatorEnrolment first={code} onEnter={enter} onBack={() => setEnrolling(false)} />
        ) : (
          <OperatorSignIn hasEnded={hasEnded} onEnter={enter} onEnrol={() => setEnrolling(true)} />
        )}
      </main>
    </div>
  );
}
