import type { CopyOverview } from '@serment/core/wire/console';
import { useConsole } from './console-session.ts';
import { useConsoleWords } from './console-words.ts';
import { hostClient } from './host-client.ts';
import { PageFrame } from './page-frame.tsx';
import { useView } from './use-view.ts';

/** Where copies stand, each over all practices. */
export function CopiesPage() {
  const { t } = useConsoleWords();
  const { session } = useConsole();
  const view = useView('copies', () => hostClient.overview(session.token));
  return (
    <PageFrame title={t('console.page.copies')} view={view}>
      {({ copies, time }) => (
        <>
          {copies.length === 0 ? <p className="empty">{t('console.noCopies')}</p> : null}
          {copies.map((copy) => (
            <OneCopy key={copy.name} copy={copy} nowMs={time} />
          ))}
          <p className="muted row-text console-note">{t('console.howToAdd')}</p>
        </>
      )}
    </PageFrame>
  );
}

function OneCopy({ copy, nowMs }: { readonly copy: CopyOverview; readonly nowMs: number }) {
  const { t, format, size, duration, ago } = useConsoleWords();
  const { name, kind, place, sameDisk, lockDays, tailLockDays, current, behind, failing, errors } = copy;
  const { lagMedian, lagNearAll, lagWorst, entries, bytes, publishedAt, verifiedAt, restoredAt } = copy;
  const lag = (ms: number | null) => (ms === null ? t('console.unknown') : duration(ms));
  return (
    <section className="console-copy" aria-label={name}>
      <div>
        <h2>{name}</h2>
        <p className="muted row-text">
          {t(kind === 's3' ? 'console.bucket' : 'console.folder')} · {place}
        </p>
        {sameDisk ? <p className="amber row-text">{t('console.sameDisk')}</p> : null}
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
            <span key={code} className="red">
              <code>{code}</code> {t('console.errorCount', { count })}
            </span>
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
        <dt>{t('console.lock')}</dt>
        <dd>
          {lockDays === null
            ? t('console.noLock')
            : t('console.lockDays', { days: lockDays, tailDays: tailLockDays ?? 0 })}
        </dd>
      </dl>
    </section>
  );
}
