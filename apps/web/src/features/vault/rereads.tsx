import { Button } from '@mantine/core';
import type { PracticeStatus } from '@serment/replica/practice-status';
import { useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useAsked, useEngine } from '../../session/use-session.ts';
import { staleRereadMs } from '../../shield/shield.ts';
import { useErrorText } from '../../ui/error-text.tsx';
import { useNow } from '../../ui/now.ts';
import { useAttempt } from '../../ui/use-attempt.ts';
import type { NamedReread } from '../../worker/vault-desk.ts';
import { isTrial } from './drills.tsx';

const firstRereads = 3;
const moreRereads = 20;

/** What the practice's own devices opened of each copy, and another look whenever somebody wants one. */
export function Rereads({ status }: { readonly status: PracticeStatus }) {
  const { t } = useTranslation();
  if (status.copies.length === 0) return null;
  return (
    <section className="wide-row drills" aria-label={t('rereads.title')}>
      <h2>{t('rereads.title')}</h2>
      <p className="row-text muted">{t('rereads.lead')}</p>
      {status.copies.map(({ name }) => (
        <CopyRow key={name} name={name} status={status} />
      ))}
      <History status={status} />
      <p className="row-text muted reread-limit">{t('rereads.limit')}</p>
    </section>
  );
}

function CopyRow({ name, status }: { readonly name: string; readonly status: PracticeStatus }) {
  const { t } = useTranslation();
  const engine = useEngine();
  const errorText = useErrorText();
  const { isBusy, error, run } = useAttempt();
  const mayRead = status.compartments.includes('clinical') && status.compartments.includes('admin');
  return (
    <div className="vault-row drill-copy">
      <span>
        <b>{name}</b> <CopyState name={name} status={status} />
        <span role="status" className="drill-state">
          {isBusy ? t('rereads.reading') : null}
        </span>
        {error === null || isBusy ? null : (
          <span role="alert" className="red drill-problem">
            {errorText(error)}
          </span>
        )}
      </span>
      {mayRead ? (
        <Button
          variant="default"
          loading={isBusy}
          disabled={!status.online || status.restored !== null}
          aria-label={t('rereads.askOf', { copy: name })}
          onClick={() => void run(() => engine.desks.vault.reread(name))}
        >
          {t('rereads.ask')}
        </Button>
      ) : null}
    </div>
  );
}

function CopyState({ name, status }: { readonly name: string; readonly status: PracticeStatus }) {
  const { t } = useTranslation();
  const format = useFormat();
  const counted = useCounted();
  const now = useNow(30_000);
  const { proven = null, answered = null } = status.rereads?.find(({ destination }) => destination === name) ?? {};
  if (answered?.outcome === 'failed')
    return <span className="red">· {t('rereads.lastFailed', { when: format.ago(answered.at, now) })}</span>;
  if (proven === null) return <span className="muted">· {t('rereads.never')}</span>;
  const isLate = now - proven.at > staleRereadMs;
  return (
    <span className={isLate ? 'amber' : 'muted'}>
      · {t('rereads.last', { when: format.ago(proven.at, now), ...counted(proven) })}
      {isLate ? ` · ${t('rereads.late')}` : null}
    </span>
  );
}

function History({ status }: { readonly status: PracticeStatus }) {
  const { t } = useTranslation();
  const engine = useEngine();
  const errorText = useErrorText();
  const [limit, setLimit] = useState(firstRereads);
  const { value, error } = useAsked('rereads', () => engine.desks.vault.rereads(limit), `${status.size} ${limit}`);
  return (
    <>
      <h3>{t('rereads.history')}</h3>
      {error === null ? null : <p className="vault-row red">{errorText(error)}</p>}
      {value === null && error === null ? <p className="vault-row muted">{t('rereads.loading')}</p> : null}
      {value?.rereads.length === 0 ? <p className="vault-row muted">{t('rereads.empty')}</p> : null}
      {value?.rereads.map((reread) => (
        <Row key={reread.index} reread={reread} isTrial={isTrial(status, reread)} />
      ))}
      {value?.hasMore ? (
        <p className="vault-row">
          <button type="button" className="text-button" onClick={() => setLimit(limit + moreRereads)}>
            {t('rereads.more')}
          </button>
        </p>
      ) : null}
    </>
  );
}

function Row({ reread, isTrial }: { readonly reread: NamedReread; readonly isTrial: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const counted = useCounted();
  const { outcome, destination, at, name } = reread;
  const tones = { proven: isTrial ? 'muted' : 'proven', failed: 'red', inconclusive: 'amber' } as const;
  const why = whyOf(reread);
  const { records, documents } = counted(reread);
  const details = [
    destination,
    outcome === 'proven' ? `${records}, ${documents}` : t(`rereads.why.${why}`),
    ...(name === null ? [] : [t('rereads.by', { name })]),
  ];
  return (
    <div className="vault-row">
      <span>
        <b className={tones[outcome]}>{t(`rereads.outcome.${outcome}`)}</b>{' '}
        <span className="muted">· {details.join(' · ')}</span>
        {outcome === 'failed' && (why === 'copy' || why === 'live') ? (
          <span className="drill-state">{t(`rereads.todo.${why}`)}</span>
        ) : null}
      </span>
      <span className="muted">{format.moment(at)}</span>
    </div>
  );
}

type Why = 'copy' | 'live' | 'differs' | 'unreachable' | 'nothing' | 'unknown';

/** What a code means to a practice; of several, the one that is worst for the copy. */
const meanings: readonly (readonly [Why, RegExp])[] = [
  ['differs', /^(ROOT_MISMATCH|CHECKPOINT_INVALID)$/],
  ['copy', /^(ENTRY|PAYLOAD|BLOB)_|^COPY_(NOTHING_READABLE|DAMAGED)$/],
  ['live', /^LIVE_/],
  ['nothing', /^(NOTHING_TO_READ|NOT_FOUND)$/],
  ['unreachable', /^COPY_/],
];

function whyOf({ codes }: Pick<NamedReread, 'codes'>): Why {
  return meanings.find(([, pattern]) => codes.some((code) => pattern.test(code)))?.[0] ?? 'unknown';
}

/** How much was opened, in words. */
function useCounted() {
  const { t } = useTranslation();
  return ({ records, documents }: Pick<NamedReread, 'records' | 'documents'>) => ({
    records: t('rereads.records', { count: records }),
    documents: t('rereads.documents', { count: documents }),
  });
}
