import { Button } from '@mantine/core';
import { CodedError } from '@serment/core/error';
import type { PendingDrill } from '@serment/core/wire/drill';
import type { DrillView } from '@serment/replica/drill-record';
import type { PracticeStatus } from '@serment/replica/practice-status';
import { useEffect, useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useAsked, useEngine } from '../../session/use-session.ts';
import { staleDrillMs } from '../../shield/shield.ts';
import { useErrorText } from '../../ui/error-text.tsx';
import { useNow } from '../../ui/now.ts';
import { useAttempt } from '../../ui/use-attempt.ts';
import { CertificateButton } from './certificate-button.tsx';
import { useDrillWords } from './drill-words.ts';

const firstDrills = 4;
const moreDrills = 20;
const askEveryMs = 1500;

/** What restoring each copy came to, and a proof whenever somebody wants one. */
export function Drills({ status }: { readonly status: PracticeStatus }) {
  const { t } = useTranslation();
  const engine = useEngine();
  const {
    value: pending,
    error,
    again,
  } = useAsked('drills that wait', () => engine.desks.vault.pendingDrills(), `${status.size} ${status.online}`);
  const isOpen = pending?.some(({ state }) => state !== 'given-up') ?? false;
  useEffect(() => {
    if (!isOpen) return;
    const timer = setInterval(again, askEveryMs);
    return () => clearInterval(timer);
  }, [isOpen, again]);
  return (
    <section className="wide-row drills" aria-label={t('drills.title')}>
      <h2>{t('drills.title')}</h2>
      <p className="row-text muted">{t('drills.lead')}</p>
      {status.copies.length === 0 ? <p className="vault-row muted">{t('drills.noCopy')}</p> : null}
      {status.copies.map(({ name }) => (
        <CopyRow
          key={name}
          name={name}
          status={status}
          pending={pending?.find(({ destination }) => destination === name) ?? null}
          onAsked={again}
        />
      ))}
      {error !== null && status.online ? (
        <p className="vault-row amber" role="status">
          {t('drills.unknown')}
        </p>
      ) : null}
      <History status={status} />
    </section>
  );
}

interface CopyRowProps {
  readonly name: string;
  readonly status: PracticeStatus;
  readonly pending: PendingDrill | null;
  readonly onAsked: () => void;
}

function CopyRow({ name, status, pending, onAsked }: CopyRowProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const refusal = useRefusal();
  const { isBusy, error, run } = useAttempt();
  const isOpen = pending !== null && pending.state !== 'given-up';
  const ask = async () => {
    await engine.desks.vault.askDrill(name);
    onAsked();
  };
  return (
    <div className="vault-row drill-copy">
      <span>
        <b>{name}</b> <CopyProof name={name} status={status} />
        <span role="status" className="drill-state">
          {isBusy ? t('drills.asking') : pending === null ? null : <Pending pending={pending} />}
        </span>
        {error === null || isBusy ? null : (
          <span role="alert" className="red drill-problem">
            {refusal(error)}
          </span>
        )}
      </span>
      <Button
        variant="default"
        loading={isBusy}
        disabled={isOpen || !status.online || status.restored !== null}
        aria-label={t('drills.askOf', { copy: name })}
        onClick={() => void run(ask)}
      >
        {t('drills.ask')}
      </Button>
    </div>
  );
}

function CopyProof({ name, status }: Pick<CopyRowProps, 'name' | 'status'>) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useDrillWords();
  const now = useNow(30_000);
  const proven = status.drills.copies.find(({ destination }) => destination === name)?.proven ?? null;
  if (proven === null) return <span className="muted">· {t('drills.never')}</span>;
  const told = { when: format.ago(proven.startedAt, now), duration: words.duration(proven.durationMs) };
  const isLate = now - proven.startedAt > staleDrillMs;
  return <span className={isLate ? 'amber' : 'muted'}>· {t('drills.lastProof', told)}</span>;
}

function Pending({ pending: { state, since, code } }: { readonly pending: PendingDrill }) {
  const { t } = useTranslation();
  const words = useDrillWords();
  const now = useNow(1000);
  if (state === 'running') return t('drills.running', { duration: words.duration(now - since) });
  if (state === 'waiting') return t('drills.waiting');
  return (
    <span className="amber">{t('drills.givenUp', { why: words.why({ codes: code === null ? [] : [code] }) })}</span>
  );
}

/** Why a proof that was asked for will not be made. */
function useRefusal(): (error: unknown) => string {
  const { t } = useTranslation();
  const errorText = useErrorText();
  return (error) => {
    if (!(error instanceof CodedError)) return errorText(error);
    const { status, seconds } = error.fields;
    if (status === 429 && typeof seconds === 'number') return t('drills.refused', { count: Math.ceil(seconds / 60) });
    return status === 404 ? t('drills.nothing') : errorText(error);
  };
}

function History({ status }: { readonly status: PracticeStatus }) {
  const { t } = useTranslation();
  const engine = useEngine();
  const errorText = useErrorText();
  const [limit, setLimit] = useState(firstDrills);
  const mark = `${status.size} ${limit}`;
  const { value, error } = useAsked('drills', () => engine.desks.vault.drills(limit), mark);
  return (
    <>
      <h3>{t('drills.history')}</h3>
      {error === null ? null : <p className="vault-row red">{errorText(error)}</p>}
      {value === null && error === null ? <p className="vault-row muted">{t('drills.loading')}</p> : null}
      {value?.drills.length === 0 ? <p className="vault-row muted">{t('drills.empty')}</p> : null}
      {value?.drills.map((drill) => (
        <DrillRow key={drill.index} drill={drill} isTrial={isTrial(status, drill)} />
      ))}
      {value?.hasMore ? (
        <p className="vault-row">
          <button type="button" className="text-button" onClick={() => setLimit(limit + moreDrills)}>
            {t('drills.more')}
          </button>
        </p>
      ) : null}
    </>
  );
}

/** Whether its copy is on the disk that it protects against: what it proves is never green. */
export function isTrial({ copies }: PracticeStatus, { destination }: Pick<DrillView, 'destination'>): boolean {
  return copies.find(({ name }) => name === destination)?.sameDisk ?? false;
}

function DrillRow({ drill, isTrial }: { readonly drill: DrillView; readonly isTrial: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useDrillWords();
  const { outcome, destination, at, startedAt, durationMs, findings } = drill;
  const tones = { proven: isTrial ? 'muted' : 'proven', failed: 'red', inconclusive: 'amber' } as const;
  const details = [
    destination,
    ...(at === null ? [] : [t('drills.atInstant', { when: format.moment(at) })]),
    ...(outcome !== 'proven' ? [] : [t('drills.took', { duration: words.duration(durationMs) })]),
    outcome === 'proven' ? t('drills.compared', words.counted(drill)) : words.why(drill),
    ...(findings === 0 ? [] : [t('drills.differences', { count: findings })]),
  ];
  return (
    <div className="vault-row">
      <span>
        <b className={tones[outcome]}>{t(`drills.outcome.${outcome}`)}</b>{' '}
        <span className="muted">· {details.join(' · ')}</span>
      </span>
      <span className="drill-facts">
        <CertificateButton drill={drill} />
        <span className="muted">{format.moment(startedAt)}</span>
      </span>
    </div>
  );
}
