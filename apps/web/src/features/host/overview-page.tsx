import type { AlertCause } from '@serment/core/wire/alert';
import type { AlertsView, ConsoleAlert, HostOverview } from '@serment/core/wire/console';
import { Failure } from '../../ui/failure.tsx';
import { Clock, Octagon, Triangle } from '../../ui/marks.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { codeOf } from '../../worker/carried-error.ts';
import { safeName } from '../patients/person.tsx';
import { type ConsolePage, linkTo } from './console-place.ts';
import { useConsole } from './console-session.ts';
import { useConsoleWords } from './console-words.ts';
import { hostClient } from './host-client.ts';
import { PageFrame } from './page-frame.tsx';
import { useView } from './use-view.ts';

/** What needs a hand now, then how the host does. */
export function OverviewPage() {
  const { t, language } = useConsoleWords();
  const { session } = useConsole();
  const view = useView(`overview?${language}`, async () => {
    const [overview, { alerts }] = await Promise.all([
      hostClient.overview(session.token),
      hostClient.alerts(session.token, language),
    ]);
    return { ...overview, alerts };
  });
  return (
    <PageFrame title={t('console.page.overview')} hasHeading view={view}>
      {(overview) => (
        <>
          <Concerns overview={overview} again={view.again} />
          <Facts overview={overview} />
          <Health overview={overview} />
          <PastAlerts overview={overview} />
        </>
      )}
    </PageFrame>
  );
}

type Overview = HostOverview & Pick<AlertsView, 'alerts'>;

interface OverviewProps {
  readonly overview: Overview;
}

interface Concern {
  readonly tone: 'red' | 'amber';
  readonly words: string;
  /** Where more of it stands; null where it is here. */
  readonly page: ConsolePage | null;
}

const tones = ['red', 'amber'] as const;

/** What may cost a practice its copies; the rest waits for the day. */
const grave: ReadonlySet<string> = new Set<AlertCause>([
  ...(['copy-failing', 'copy-damaged', 'drill-failed', 'lock-short', 'other-history'] as const),
]);

function Concerns({ overview, again }: OverviewProps & { readonly again: () => void }) {
  const { t } = useConsoleWords();
  const concerns = useConcerns(overview);
  const open = overview.alerts.filter(({ cleared }) => cleared === null);
  const [taken, waiting] = [open.filter(isTaken), open.filter((alert) => !isTaken(alert))];
  const count = concerns.length + waiting.length;
  const alertLine = (alert: ConsoleAlert) => (
    <AlertLine key={alert.alert} alert={alert} nowMs={overview.time} again={again} />
  );
  return (
    <section aria-label={t('console.needed')}>
      <h1 className="console-sentence">{count === 0 ? t('console.nothing') : t('console.things', { count })}</h1>
      {concerns.length + open.length === 0 ? null : (
        <ul className="console-concerns">
          {/* The worst first; what somebody takes care of last. */}
          {tones.map((tone) => [
            ...concerns.filter((concern) => concern.tone === tone).map(concernLine),
            ...waiting.filter((alert) => toneOf(alert) === tone).map(alertLine),
          ])}
          {taken.map(alertLine)}
        </ul>
      )}
    </section>
  );
}

function concernLine({ tone, words, page }: Concern) {
  return (
    <li key={words} className={tone}>
      <Mark tone={tone} />
      {page === null ? <span>{words}</span> : <a {...linkTo({ page })}>{words}</a>}
    </li>
  );
}

const isTaken = ({ acknowledged }: ConsoleAlert) => acknowledged !== null;

function toneOf({ cause }: ConsoleAlert): Concern['tone'] {
  return grave.has(cause) ? 'red' : 'amber';
}

function Mark({ tone }: Pick<Concern, 'tone'>) {
  return tone === 'red' ? <Octagon /> : <Triangle />;
}

interface AlertLineProps {
  readonly alert: ConsoleAlert;
  readonly nowMs: number;
  readonly again: () => void;
}

/** What is wrong, the one thing to do, and who does it. */
function AlertLine({ alert, nowMs, again }: AlertLineProps) {
  const { what, whom, act, since, acknowledged, acknowledgedBy } = alert;
  const { t, format } = useConsoleWords();
  const { session, endIfOver } = useConsole();
  const { isBusy, error, run } = useAttempt();
  const tone = toneOf(alert);
  const take = () =>
    run(async () => {
      // Where it is over, or somebody's since, what is read anew says so.
      await hostClient.acknowledge(session.token, alert.alert).catch((failure: unknown) => {
        if (codeOf(failure) !== 'NOT_FOUND') throw failure;
      });
      again();
    }, endIfOver);
  return (
    <li className={acknowledged === null ? tone : ''}>
      {acknowledged === null ? <Mark tone={tone} /> : <Clock size={14} />}
      <div className="console-alert">
        <span>{what}</span>
        <span className="muted">{act}</span>
        <span className="muted small">
          {t('console.alert.since', { when: format.moment(since, nowMs), whom })}
          {' · '}
          {acknowledged === null ? (
            <button type="button" className="text-button" disabled={isBusy} onClick={() => void take()}>
              {t('console.alert.take')}
              <span className="hidden-text"> : {what}</span>
            </button>
          ) : (
            t('console.alert.taken', {
              who: safeName(acknowledgedBy ?? ''),
              when: format.moment(acknowledged, nowMs),
            })
          )}
        </span>
        <Failure error={error} />
      </div>
    </li>
  );
}

/** What was wrong lately, and is over. */
function PastAlerts({ overview: { alerts, time } }: OverviewProps) {
  const { t, format } = useConsoleWords();
  const over = alerts.filter(({ cleared }) => cleared !== null);
  if (over.length === 0) return null;
  return (
    <section>
      <h2>{t('console.alert.past')}</h2>
      <ul className="console-list">
        {over.map(({ alert, what, since, cleared, acknowledgedBy }) => (
          <li key={alert}>
            <span>
              {what}
              {acknowledgedBy === null ? null : <span className="muted"> · {safeName(acknowledgedBy)}</span>}
            </span>
            <span className="muted nowrap">
              {t('console.alert.fromTo', { from: format.moment(since, time), to: format.moment(cleared ?? 0, time) })}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What is not as it should be and no alert tells: what would tell it is down, was never there, or waits for a person. */
function useConcerns({ database, copies, givenUp, practices }: HostOverview): Concern[] {
  const { t } = useConsoleWords();
  const concerns: Concern[] = [];
  if (!database) concerns.push({ tone: 'red', words: t('operators.databaseDown'), page: null });
  if (copies.length === 0 && practices > 0)
    concerns.push({ tone: 'red', words: t('console.concern.noCopy'), page: 'copies' });
  if (givenUp > 0)
    concerns.push({ tone: 'amber', words: t('console.concern.givenUp', { count: givenUp }), page: 'jobs' });
  return concerns;
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
