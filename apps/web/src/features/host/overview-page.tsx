import type { HostOverview } from '@serment/core/wire/console';
import { Octagon, Triangle } from '../../ui/marks.tsx';
import { type ConsolePage, linkTo } from './console-place.ts';
import { useConsole } from './console-session.ts';
import { useConsoleWords } from './console-words.ts';
import { hostClient } from './host-client.ts';
import { PageFrame } from './page-frame.tsx';
import { useView } from './use-view.ts';

/** What needs a hand now, then how the host does. */
export function OverviewPage() {
  const { t } = useConsoleWords();
  const { session } = useConsole();
  const view = useView('overview', () => hostClient.overview(session.token));
  return (
    <PageFrame title={t('console.page.overview')} hasHeading view={view}>
      {(overview) => (
        <>
          <Concerns overview={overview} />
          <Facts overview={overview} />
          <Health overview={overview} />
        </>
      )}
    </PageFrame>
  );
}

interface OverviewProps {
  readonly overview: HostOverview;
}

interface Concern {
  readonly tone: 'red' | 'amber';
  readonly words: string;
  /** Where more of it stands; null where it is here. */
  readonly page: ConsolePage | null;
}

const dayMs = 86_400_000;

function Concerns({ overview }: OverviewProps) {
  const { t } = useConsoleWords();
  const concerns = useConcerns(overview);
  return (
    <section aria-label={t('console.needed')}>
      <h1 className="console-sentence">
        {concerns.length === 0 ? t('console.nothing') : t('console.things', { count: concerns.length })}
      </h1>
      {concerns.length === 0 ? null : (
        <ul className="console-concerns">
          {concerns.map(({ tone, words, page }) => (
            <li key={words} className={tone}>
              {tone === 'red' ? <Octagon /> : <Triangle />}
              {page === null ? <span>{words}</span> : <a {...linkTo({ page })}>{words}</a>}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** What is not as it should be, the worst first. */
function useConcerns({ time, database, copies, disks, lastNight, givenUp, practices }: HostOverview): Concern[] {
  const { t, format, duration } = useConsoleWords();
  const red: Concern[] = [];
  const amber: Concern[] = [];
  if (!database) red.push({ tone: 'red', words: t('operators.databaseDown'), page: null });
  if (copies.length === 0 && practices > 0)
    red.push({ tone: 'red', words: t('console.concern.noCopy'), page: 'copies' });
  for (const { name: copy, failing, damaged, restoreFailed, lagWorst } of copies) {
    const tell = (words: string) => red.push({ tone: 'red', words, page: 'copies' });
    if (failing > 0) tell(t('console.concern.failing', { copy, count: failing }));
    if (damaged > 0) tell(t('console.concern.damaged', { copy, count: damaged }));
    if (restoreFailed > 0) tell(t('console.concern.restoreFailed', { copy, count: restoreFailed }));
    if (failing === 0 && (lagWorst ?? 0) > 15 * 60_000)
      amber.push({
        ...{ tone: 'amber', page: 'copies' },
        words: t('console.concern.late', { copy, lag: duration(lagWorst ?? 0) }),
      });
  }
  for (const { name, freeBytes, totalBytes, fullAt } of disks) {
    const disk = name === '' ? t('console.dataDisk') : t('console.copyDisk', { copy: name });
    const isSoon = fullAt !== null && fullAt - time < 30 * dayMs;
    if (isSoon)
      amber.push({
        ...{ tone: 'amber', page: null },
        words: t('console.concern.fullAt', { disk, day: format.day(fullAt) }),
      });
    else if (freeBytes < totalBytes / 20)
      amber.push({ tone: 'amber', words: t('console.concern.low', { disk }), page: null });
  }
  if (lastNight !== null && lastNight.open > 0)
    amber.push({ tone: 'amber', words: t('console.concern.nightLate', { count: lastNight.open }), page: 'drills' });
  if (givenUp > 0) amber.push({ tone: 'amber', words: t('console.concern.givenUp', { count: givenUp }), page: 'jobs' });
  return [...red, ...amber];
}

function Facts({ overview }: OverviewProps) {
  const { t, format, size, duration, night } = useConsoleWords();
  const { practices, entries, bytes, suspended, copies, disks, lastNight, time } = overview;
  return (
    <dl className="console-facts">
      <dt>{t('console.page.practices')}</dt>
      <dd>
        <a {...linkTo({ page: 'practices' })}>
          <b>{t('console.practiceCount', { count: practices })}</b>
        </a>
        <span className="muted">
          {t('console.weigh', { count: entries, size: size(bytes) })}
          {suspended > 0 ? `, ${t('console.suspendedCount', { count: suspended })}` : ''}
        </span>
      </dd>
      <dt>{t('console.page.copies')}</dt>
      <dd>
        {copies.length === 0 ? <span className="muted">{t('console.noCopies')}</span> : null}
        {copies.map(({ name, failing, behind, lagWorst, publishedAt }) => (
          <span key={name} className="console-line">
            <b>{name}</b>
            <span className={failing > 0 ? 'red' : 'muted'}>
              {failing > 0
                ? t('operators.failing')
                : behind > 0
                  ? t('operators.behindFor', { lag: duration(lagWorst ?? 0) })
                  : publishedAt === null
                    ? t('console.nothingYet')
                    : t('console.copiedAgo', { ago: format.ago(publishedAt, time) })}
            </span>
          </span>
        ))}
      </dd>
      <dt>{t('console.proof')}</dt>
      <dd>
        {lastNight === null ? (
          <span className="muted">{t('console.noNight')}</span>
        ) : (
          <span className="console-line">
            <b>{t('console.nightOf', { day: night(lastNight.night) })}</b>
            <span className={lastNight.failed > 0 ? 'red' : 'muted'}>
              {t('console.nightProven', { count: lastNight.proven })},{' '}
              {t('console.nightFailed', { count: lastNight.failed })}
            </span>
          </span>
        )}
      </dd>
      <dt>{t('console.capacity')}</dt>
      <dd>
        {disks.length === 0 ? <span className="muted">{t('console.noDisk')}</span> : null}
        {disks.map(({ name, freeBytes, totalBytes, fullAt }) => (
          <span key={name} className="console-line">
            <b>{name === '' ? t('console.dataDisk') : t('console.copyDisk', { copy: name })}</b>
            <span className="muted">
              {t('console.room', { free: size(freeBytes), total: size(totalBytes) })}
              {fullAt === null ? '' : `, ${t('console.fullAt', { day: format.day(fullAt) })}`}
            </span>
          </span>
        ))}
      </dd>
    </dl>
  );
}

/** How the server does, in one line. */
function Health({ overview }: OverviewProps) {
  const { t, format, size } = useConsoleWords();
  const { version, started, time, database, answers, failures, memoryBytes } = overview;
  return (
    <section aria-label={t('operators.health')}>
      <h2>{t('operators.health')}</h2>
      <ul className="host-health">
        <li>{t('operators.version', { version })}</li>
        <li>{t('operators.since', { ago: format.ago(started, time) })}</li>
        <li className={database ? '' : 'red'}>{t(database ? 'operators.databaseUp' : 'operators.databaseDown')}</li>
        <li>{t('operators.answers', { count: answers })}</li>
        <li className={failures > 0 ? 'amber' : ''}>{t('operators.failures', { count: failures })}</li>
        <li>{t('operators.memory', { size: size(memoryBytes) })}</li>
      </ul>
    </section>
  );
}
