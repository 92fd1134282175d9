import { Button } from '@mantine/core';
import { useTermWords } from '../../i18n/term-words.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useSessionState } from '../../session/use-session.ts';
import { Notice } from '../../ui/notice.tsx';
import { useTitle } from '../../ui/use-title.ts';
import type { EndedSession } from '../../worker/protocol.ts';
import { LanguageSwitch } from '../shell/language-switch.tsx';
import './ended.css';

interface EndedProps {
  readonly ended: EndedSession;
  readonly onRetry: () => void;
}

/** The lock of a session that ended by itself: what happened, what is safe, what to do. */
export function Ended({ ended, onRetry }: EndedProps) {
  const { t } = useTranslation();
  const words = useTermWords();
  const { engine } = useSessionState();
  const person = engine.people.find(({ device }) => device === ended.device);
  const title = t(`ended.${ended.why}.title`);
  useTitle(title);
  const detail =
    ended.why === 'early'
      ? t('ended.early.detail', { start: words.start(ended.from) })
      : ended.why === 'over' && ended.until !== null
        ? t('ended.over.detailAt', { end: words.end(ended.until) })
        : t(`ended.${ended.why}.detail`);
  return (
    <div className="ended">
      <header className="welcome-head">
        <span className="brand">Serment</span>
        <LanguageSwitch />
      </header>
      <main className="ended-page">
        <p className="muted">{[person?.name, person?.practiceName].filter(Boolean).join(' · ')}</p>
        <div role="alert">
          <h1>{title}</h1>
          <p>{detail}</p>
        </div>
        <p className="muted">{t(`ended.${ended.why}.todo`)}</p>
        <Unsent ended={ended} />
        <div className="step-actions">
          <Button onClick={onRetry}>{t('ended.retry')}</Button>
        </div>
      </main>
    </div>
  );
}

/** What was written here and never reached the host, and what becomes of it. */
function Unsent({ ended: { unsent, why } }: { readonly ended: EndedSession }) {
  const { t } = useTranslation();
  const told = (['saves', 'drafts'] as const).flatMap((what) =>
    unsent[what] === 0 ? [] : [t(`ended.${what}`, { count: unsent[what] })],
  );
  if (told.length === 0) return null;
  return (
    <Notice tone={why === 'revoked' || why === 'over' ? 'amber' : 'plain'} title={told.join(' ')}>
      {t(`ended.unsent.${why}`)}
    </Notice>
  );
}
