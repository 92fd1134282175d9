import type { DrillRun } from '@serment/core/wire/console';
import type { PendingDrill } from '@serment/core/wire/drill';
import { CodeWords } from './code-words.tsx';
import { linkTo } from './console-place.ts';
import { shortened, useConsoleWords } from './console-words.ts';

interface RunListProps {
  readonly runs: readonly DrillRun[];
  readonly pending?: readonly PendingDrill[];
  /** Whether each names its practice, which the page does not. */
  readonly named?: boolean;
  readonly nowMs: number;
}

/** Trial restorations, each in a line: of which copy, when, and what came of it. */
export function RunList({ runs, pending = [], named = false, nowMs }: RunListProps) {
  const { t, format, duration } = useConsoleWords();
  if (runs.length === 0 && pending.length === 0) return <p className="empty">{t('console.noRun')}</p>;
  return (
    <ul className="console-list">
      {pending.map(({ destination, state, since, code }) => (
        <li key={`${destination} ${state} ${since}`}>
          <span>
            <b>{destination}</b> <span className="muted">{t(`console.queue.${state}`)}</span>
            <Cause code={code} />
          </span>
          <span className="muted nowrap">{format.moment(since, nowMs)}</span>
        </li>
      ))}
      {runs.map(({ practice, copy, due, ended, outcome, code, durationMs, night }) => (
        <li key={`${night} ${practice} ${copy} ${ended ?? due}`}>
          <span>
            {named ? (
              <a {...linkTo({ page: 'practice', practice })}>
                <code>{shortened(practice)}</code>
              </a>
            ) : (
              <b>{copy}</b>
            )}{' '}
            {outcome === null ? (
              <span className="amber">{t('console.noAnswer')}</span>
            ) : (
              <span className={outcome === 'failed' ? 'red' : outcome === 'inconclusive' ? 'amber' : 'proven'}>
                {t(`console.outcome.${outcome}`)}
              </span>
            )}
            {durationMs === null ? null : (
              <span className="muted"> {t('console.tookFor', { time: duration(durationMs) })}</span>
            )}
            <Cause code={code} />
          </span>
          <span className="muted nowrap">{format.moment(ended ?? due, nowMs)}</span>
        </li>
      ))}
    </ul>
  );
}

/** Why it did not end as it should, on a line of its own. */
export function Cause({ code }: { readonly code: string | null }) {
  if (code === null) return null;
  return (
    <span className="console-cause">
      <CodeWords code={code} />
    </span>
  );
}
