import type { JobsView, QueuedDrill } from '@serment/core/wire/console';
import { linkTo } from './console-place.ts';
import { useConsole } from './console-session.ts';
import { shortened, useConsoleWords } from './console-words.ts';
import { hostClient } from './host-client.ts';
import { PageFrame } from './page-frame.tsx';
import { Cause } from './run-list.tsx';
import { useView } from './use-view.ts';

const parts = [
  ['running', 'running'],
  ['given-up', 'givenUp'],
  ['waiting', 'waiting'],
] as const;

/** What this host has to do for copies, and what it gave up. */
export function JobsPage() {
  const { t, format } = useConsoleWords();
  const { session } = useConsole();
  const view = useView('jobs', () => hostClient.jobs(session.token));
  return (
    <PageFrame title={t('console.page.jobs')} view={view}>
      {(jobs) => (
        <>
          {parts.map(([state, count]) => (
            <section key={state}>
              <h2>
                {t(`console.jobs.${state}`)} <span className="muted">{format.number(jobs[count])}</span>
              </h2>
              <Tasks tasks={jobs.drills.filter((one) => one.state === state)} count={jobs[count]} nowMs={jobs.time} />
            </section>
          ))}
          <Verifying jobs={jobs} />
        </>
      )}
    </PageFrame>
  );
}

interface TasksProps {
  readonly tasks: readonly QueuedDrill[];
  readonly count: number;
  readonly nowMs: number;
}

function Tasks({ tasks, count, nowMs }: TasksProps) {
  const { t, format } = useConsoleWords();
  if (tasks.length === 0) return <p className="muted row-text">{t('console.noTask')}</p>;
  return (
    <>
      <ul className="console-list">
        {tasks.map(({ practice, destination, at, isAsked, since, code }) => (
          <li key={`${practice} ${destination} ${at} ${since}`}>
            <span>
              <a {...linkTo({ page: 'practice', practice })}>
                <code>{shortened(practice)}</code>
              </a>{' '}
              <b>{destination}</b>
              <span className="muted">
                {at === null ? '' : `, ${t('console.toInstant', { when: format.moment(at, nowMs) })}`}
                {isAsked ? `, ${t('console.asked')}` : ''}
              </span>
              <Cause code={code} />
            </span>
            <span className="muted nowrap">{format.moment(since, nowMs)}</span>
          </li>
        ))}
      </ul>
      {count > tasks.length ? (
        <p className="faint small">{t('console.andMore', { count: count - tasks.length })}</p>
      ) : null}
    </>
  );
}

function Verifying({ jobs: { verifying, verificationsWaiting } }: { readonly jobs: JobsView }) {
  const { t } = useConsoleWords();
  return (
    <section>
      <h2>{t('console.verifications')}</h2>
      <p className="row-text">
        {verifying === null
          ? t('console.notVerifying')
          : verifying.practice === null
            ? t('console.verifyingAll', { copy: verifying.copy })
            : t('console.verifyingOne', { copy: verifying.copy, practice: shortened(verifying.practice) })}
        {verificationsWaiting > 0 ? `, ${t('console.verificationsWaiting', { count: verificationsWaiting })}` : ''}
      </p>
    </section>
  );
}
