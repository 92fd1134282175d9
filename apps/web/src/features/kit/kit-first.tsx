import { Button } from '@mantine/core';
import { Outlet, useLocation, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngine, useSessionState } from '../../session/use-session.ts';
import { Failure } from '../../ui/failure.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { urgentMs } from '../../worker/urgent.ts';
import { LanguageSwitch } from '../shell/language-switch.tsx';
import { Shell } from '../shell/shell.tsx';
import { StepFrame } from '../welcome/step-frame.tsx';
import '../welcome/welcome.css';

/** The practice, once the kit that named this device is replaced, or for a day where somebody cannot wait. */
export function KitFirst() {
  const kit = useKitToReplace();
  const isAtKit = useLocation({ select: ({ pathname }) => pathname === '/coffre/kit' });
  const [wasFirst, setFirst] = useState(false);
  // The page that replaces it says that it did, and goes on to the practice from there.
  const isFirst = kit !== null || (wasFirst && isAtKit);
  useEffect(() => setFirst(isFirst), [isFirst]);
  if (!isFirst) return <Shell />;
  return (
    <div className="welcome">
      <header className="welcome-head">
        <span className="brand">Serment</span>
        <LanguageSwitch />
      </header>
      <main className="welcome-page">{kit === null || isAtKit ? <Outlet /> : <ReplaceKit kit={kit} />}</main>
    </div>
  );
}

/** Looked at as the practice opens: nobody is interrupted in the middle of a word. */
function useKitToReplace(): string | null {
  const { status, urgentUntil } = useSessionState().engine;
  const [openedAt] = useState(Date.now);
  const isUrgent = urgentUntil !== null && urgentUntil > openedAt;
  return isUrgent ? null : (status?.kitToReplace ?? null);
}

function ReplaceKit({ kit }: { readonly kit: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const engine = useEngine();
  const navigate = useNavigate();
  const { isBusy, error, run } = useAttempt();
  const enter = () =>
    run(async () => {
      await engine.openUrgently();
      await navigate({ to: '/' });
    });
  return (
    <StepFrame step={null} title={t('kitFirst.title')} lead={t('kitFirst.lead')}>
      <p className="aside-note done-note">{t('kitFirst.old')}</p>
      <p className="muted row-text">{t('kitFirst.until', { when: format.moment(Date.now() + urgentMs) })}</p>
      <Failure error={error} />
      <div className="step-actions">
        <Button onClick={() => void navigate({ to: '/coffre/kit', search: { remplace: kit } })}>
          {t('kitFirst.replace')}
        </Button>
        <Button variant="default" loading={isBusy} onClick={() => void enter()}>
          {t('kitFirst.urgent')}
        </Button>
        <Button variant="quiet" onClick={() => void engine.lock()}>
          {t('shell.lock')}
        </Button>
      </div>
    </StepFrame>
  );
}
