import { Button } from '@mantine/core';
import type { CopyOverview, DiskOverview, RetiredCopy } from '@serment/core/wire/console';
import { safeName } from '../patients/person.tsx';
import { CodeWords } from './code-words.tsx';
import { useConsole } from './console-session.ts';
import { useConsoleWords } from './console-words.ts';
import { hostClient } from './host-client.ts';
import { PageFrame } from './page-frame.tsx';
import { useView } from './use-view.ts';

/** Where copies stand, each over all practices. */
export function CopiesPage() {
  const { t } = useConsoleWords();
  const { session, ask } = useConsole();
  const view = useView('copies', () => hostClient.overview(session.token));
  return (
    <PageFrame title={t('console.page.copies')} view={view}>
      {({ copies, retired, disks, time }) => (
        <>
          <div>
            <Button variant="default" onClick={() => ask({ kind: 'add' })}>
              {t('addingCopy.open')}
            </Button>
          </div>
          {copies.length === 0 ? <p className="empty">{t('console.noCopies')}</p> : null}
          {copies.map((copy) => (
            <OneCopy
              key={copy.name}
              copy={copy}
              disk={disks.find(({ name }) => name === copy.name) ?? null}
              nowMs={time}
            />
          ))}
          <Retired retired={retired} />
        </>
      )}
    </PageFrame>
  );
}

interface OneCopyProps {
  readonly copy: CopyOverview;
  /** Its disk; null where it is none of its own, or not measured yet. */
  readonly disk: DiskOverview | null;
  readonly nowMs: number;
}

function OneCopy({ copy, disk, nowMs }: OneCopyProps) {
  const { t, format, size, duration, ago } = useConsoleWords();
  const { name, kind, place, sameDisk, lockDays, tailLockDays, current, behind, failing, errors } = copy;
  const { lagMedian, lagNearAll, lagWorst, entries, bytes, growth, lockEnds } = copy;
  const { publishedAt, verifiedAt, restoredAt } = copy;
  const { ask } = useConsole();
  const lag = (ms: number | null) => (ms === null ? t('console.unknown') : duration(ms));
  return (
    <section className="console-copy" aria-label={name}>
      <div>
        <h2>{name}</h2>
        <p className="muted row-text">
          {t(kind === 's3' ? 'console.bucket' : 'console.folder')} · {place}
        </p>
        {sameDisk ? <p className="amber row-text">{t('console.sameDisk')}</p> : null}
        <p className="row-text">
          <button type="button" className="text-button" onClick={() => ask({ kind: 'retire', copy: name })}>
            {t('console.retire')}
            <span className="hidden-text"> {name}</span>
          </button>
        </p>
      </div>
      <dl className="console-facts">
        <dt>{t('console.head.state')}</dt>
        <dd>
          <span>
            {t('console.currentCount', { count: current })}
            {behind > 0 ? <span className="amber">, {t('console.behindCount', { count: behind })}</span> : null}
            {failing > 0 ? <span className="red">, {t('console.failingCount', { count: failing })}</span> : null}
          </span>
          {errors.map(({ code, count }) => (
            <CodeWords key={code} code={code} whom={t('console.errorCount', { count })} />
          ))}
        </dd>
        <dt>{t('console.lag')}</dt>
        <dd>
          <span>{t('console.lagFigures', { half: lag(lagMedian), most: lag(lagNearAll), worst: lag(lagWorst) })}</span>
          <span className="muted">{t('console.publishedAgo', { ago: ago(publishedAt, nowMs) })}</span>
        </dd>
        <dt>{t('console.head.held')}</dt>
        <dd>
          <span>{t('console.entryCount', { count: entries })}</span>
          <span className="muted">
            {bytes === null ? t('console.notWeighed') : t('console.weighed', { size: size(bytes) })}
          </span>
        </dd>
        <dt>{t('console.proof')}</dt>
        <dd>
          <span className={copy.restoreFailed > 0 ? 'red' : ''}>
            {copy.restoreFailed > 0
              ? t('console.concern.restoreFailed', { copy: name, count: copy.restoreFailed })
              : restoredAt === null
                ? t('console.notAllRestored')
                : t('console.allRestored', { ago: format.ago(restoredAt, nowMs) })}
          </span>
          <span className={copy.damaged > 0 ? 'red' : ''}>
            {copy.damaged > 0
              ? t('console.concern.damaged', { copy: name, count: copy.damaged })
              : verifiedAt === null
                ? t('console.notAllVerified')
                : t('console.allVerified', { ago: format.ago(verifiedAt, nowMs) })}
          </span>
        </dd>
        <dt>{t('console.capacity')}</dt>
        <dd>
          {disk === null ? null : (
            <span>
              {t('console.room', { free: size(disk.freeBytes), total: size(disk.totalBytes) })}
              {disk.fullAt === null ? '' : `, ${t('console.fullAt', { day: format.day(disk.fullAt) })}`}
            </span>
          )}
          <span className="muted">{t('console.grewHere', { size: size(growth), year: size(growth * 12) })}</span>
        </dd>
        <dt>{t('console.lock')}</dt>
        <dd>
          {lockDays === null ? (
            t('console.noLock')
          ) : (
            <>
              <span>{t('console.lockDays', { days: lockDays, tailDays: tailLockDays ?? 0 })}</span>
              <span className="muted">
                {lockEnds === null ? t('console.lockUnknown') : t('console.lockEnds', { day: format.day(lockEnds) })}
              </span>
            </>
          )}
        </dd>
      </dl>
    </section>
  );
}

/** Copies that are written no more, and what becomes of what they hold. */
function Retired({ retired }: { readonly retired: readonly RetiredCopy[] }) {
  const { t, format } = useConsoleWords();
  const { ask } = useConsole();
  if (retired.length === 0) return null;
  return (
    <section>
      <h2>{t('console.retiredCopies')}</h2>
      <ul className="console-list">
        {retired.map(({ name, kind, place, since, by, locksEnd }) => (
          <li key={name}>
            <div className="console-alert">
              <b>{name}</b>
              <span className="muted">
                {t(kind === 's3' ? 'console.bucket' : 'console.folder')} · {place}
              </span>
              <span className="muted">
                {t('console.retiredOn', { day: format.day(since), who: safeName(by) })}{' '}
                {locksEnd === null
                  ? t('console.retiredFolder')
                  : t('console.retiredBucket', { day: format.day(locksEnd) })}
              </span>
            </div>
            <Button variant="default" size="compact-sm" onClick={() => ask({ kind: 'return', copy: name })}>
              {t('console.putBack')}
              <span className="hidden-text"> {name}</span>
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
