import { Link } from '@tanstack/react-router';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngine } from '../../session/use-session.ts';
import { Failure } from '../../ui/failure.tsx';
import { Octagon, Triangle } from '../../ui/marks.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { useNameOrNone } from '../patients/person.tsx';
import { EventLine } from '../vault/events.tsx';
import { useTold } from './news.tsx';
import { keyOf, type NewsLine } from './told.ts';

/** What happened since one last looked, and what waits to be settled. */
export function NewsSection() {
  const { t } = useTranslation();
  const engine = useEngine();
  const { news, error, lines } = useTold();
  const attempt = useAttempt();
  const hasEvents = lines.some(({ kind }) => kind === 'event');
  const setSeen = () => attempt.run(() => engine.desks.news.setSeen(news?.size ?? 0));
  return (
    <section className="today-news" aria-label={t('news.title')}>
      <h2>{t('news.title')}</h2>
      <Failure error={error ?? attempt.error} />
      <ul className="see-list">
        {lines.map((line) => (
          <li key={keyOf(line)}>
            <Line line={line} />
          </li>
        ))}
      </ul>
      {hasEvents ? (
        <button type="button" className="text-button" disabled={attempt.isBusy} onClick={() => void setSeen()}>
          {t('news.seen')}
        </button>
      ) : null}
    </section>
  );
}

/** Each leads to where it is dealt with. */
function Line({ line }: { readonly line: NewsLine }) {
  const { t } = useTranslation();
  const format = useFormat();
  const nameOf = useNameOrNone();
  switch (line.kind) {
    case 'urgent':
      return (
        <Link to="/a-classer" className="red">
          <span>
            <Octagon size={12} /> {t('news.urgent', { count: line.count })}
          </span>
        </Link>
      );
    case 'refused':
      return (
        <Link to="/coffre" className="red">
          <span>
            <Octagon size={12} /> {t('news.refused', { count: line.count })}
          </span>
        </Link>
      );
    case 'conflict':
      return (
        <Link to="/patients/$id" params={{ id: line.row.id.slice('Patient/'.length) }} className="amber">
          <span>
            <Triangle size={12} /> {nameOf(line.row)}&nbsp;: {t('news.conflict')}
          </span>
        </Link>
      );
    case 'unsent':
      return (
        <Link to="/coffre" className="amber">
          <span>
            <Triangle size={12} /> {t('news.unsent', { count: line.count, when: format.moment(line.since) })}
          </span>
        </Link>
      );
    case 'event':
      return (
        <Link to="/coffre">
          <EventLine event={line.event} />
          <span className="muted">{format.moment(line.event.receivedAt)}</span>
        </Link>
      );
  }
}
