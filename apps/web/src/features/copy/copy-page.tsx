import { Button } from '@mantine/core';
import { CodedError } from '@serment/core/error';
import type { PracticeStatus } from '@serment/replica/practice-status';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { proxy } from 'comlink';
import { type FormEvent, useEffect, useState } from 'react';
import { useLanguage } from '../../i18n/use-language.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useAsked, useEngine, useStatus } from '../../session/use-session.ts';
import { lateMs } from '../../shield/shield.ts';
import { BackLink } from '../../ui/back-link.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Progress } from '../../ui/progress.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { useTitle } from '../../ui/use-title.ts';
import type { CopyComparisonView } from '../../worker/copy-desk.ts';
import { personName, safeName } from '../patients/person.tsx';
import { Compared } from './compared.tsx';
import '../travel/travel.css';
import './copy.css';

/** One patient's file as a copy holds it, beside the live one, and what comes back from there. */
export function CopyPage() {
  const { t } = useTranslation();
  const engine = useEngine();
  const status = useStatus();
  const { id = '' }: { id?: string } = useParams({ strict: false });
  const patient = `Patient/${id}`;
  const { value: row } = useAsked(`row ${patient}`, () => engine.patient(patient));
  const name = row === null ? '' : safeName(personName(row));
  useTitle(name === '' ? t('copyRestore.title') : t('copyRestore.titleOf', { name }));
  if (status === null) return null;
  return (
    <article className="page copy-page" aria-label={t('copyRestore.title')}>
      <BackLink to="/patients/$id" params={{ id }}>
        {t('copyRestore.back')}
      </BackLink>
      <h1>{t('copyRestore.title')}</h1>
      <p className="copy-name">{name}</p>
      <p className="copy-lead">{t('copyRestore.lead')}</p>
      {!status.compartments.includes('clinical') ? (
        <Notice tone="plain">{t('copyRestore.closed')}</Notice>
      ) : status.copies.length === 0 ? (
        <Notice tone="plain">{t('copyRestore.noCopy')}</Notice>
      ) : (
        <Comparison key={patient} patient={patient} name={name} status={status} />
      )}
    </article>
  );
}

interface ComparisonProps {
  readonly patient: string;
  readonly name: string;
  readonly status: PracticeStatus;
}

function Comparison({ patient, name, status }: ComparisonProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const language = useLanguage();
  const search: { copie?: string } = useSearch({ strict: false });
  const navigate = useNavigate();
  const copy = status.copies.find((one) => one.name === search.copie)?.name ?? status.copies[0]?.name ?? '';
  const [step, setStep] = useState<{ done: number; total: number } | null>(null);
  const [compared, setCompared] = useState<CopyComparisonView | null>(null);
  const { isBusy, error, run } = useAttempt();
  // Whoever leaves the page waits for nothing any more.
  useEffect(() => () => void engine.desks.copies.stop(), [engine]);
  const compare = () =>
    run(async () => {
      setCompared(null);
      // What is told of it may come after what it came to.
      let isOver = false;
      setStep({ done: 0, total: 0 });
      const tell = (done: number, total: number) => (isOver ? undefined : setStep({ done, total }));
      try {
        setCompared(await engine.desks.copies.compare(patient, copy, language, proxy(tell)));
      } finally {
        isOver = true;
        setStep(null);
      }
    });
  const choose = (next: string) => {
    setCompared(null);
    void navigate({
      to: '/patients/$id/copie',
      params: { id: patient.slice('Patient/'.length) },
      search: { copie: next },
      replace: true,
    });
  };
  const ask = (event: FormEvent) => {
    event.preventDefault();
    void compare();
  };
  return (
    <>
      <form className="copy-form" onSubmit={ask}>
        <fieldset disabled={isBusy}>
          <legend>{t('copyRestore.choose')}</legend>
          {status.copies.map((one) => (
            <label className="copy-choice" key={one.name}>
              <input
                type="radio"
                name="copy"
                checked={one.name === copy}
                onChange={() => choose(one.name)}
                disabled={one.size === 0}
              />
              <span>
                <b>{one.name}</b> <CopyState copy={one} size={status.size} />
              </span>
            </label>
          ))}
        </fieldset>
        <Button type="submit" loading={isBusy} disabled={!status.online || status.restored !== null}>
          {t('copyRestore.compare')}
        </Button>
      </form>
      {status.online ? null : <p className="row-text amber">{t('copyRestore.offline')}</p>}
      {step === null ? null : <Working {...step} onStop={() => void engine.desks.copies.stop()} />}
      <ComparisonFailure error={error} />
      {compared === null ? null : (
        <Compared
          key={`${compared.copy} ${compared.at}`}
          {...{ compared, patient, name }}
          onDone={() => void compare()}
        />
      )}
    </>
  );
}

/** What a choice between copies turns on; that one is a moment behind says nothing. */
function CopyState({ copy, size }: { readonly copy: PracticeStatus['copies'][number]; readonly size: number }) {
  const { t } = useTranslation();
  if (copy.size === 0) return <span className="muted">{t('copyRestore.empty')}</span>;
  if (copy.state === 'failing') return <span className="amber">{t('vault.failing')}</span>;
  if ((copy.lagMs ?? 0) > lateMs)
    return <span className="amber">{t('vault.behind', { count: size - copy.size })}</span>;
  return copy.size < size ? null : <span className="muted">{t('vault.holdsAll')}</span>;
}

function Working({ done, total, onStop }: { done: number; total: number; onStop: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="copy-working">
      <Progress label={t('copyRestore.reading')} done={done} total={Math.max(1, total)} />
      <p className="small muted" role="status">
        {total === 0 ? t('copyRestore.reading') : t('copyRestore.readingDocuments', { done: done + 1, total })}
      </p>
      <Button variant="default" onClick={onStop}>
        {t('copyRestore.stop')}
      </Button>
    </div>
  );
}

/** What kept a copy from being compared, in a doctor's words. */
function ComparisonFailure({ error }: { readonly error: unknown }) {
  const { t } = useTranslation();
  if (!(error instanceof CodedError)) return <Failure error={error} />;
  const { code, fields } = error;
  const known =
    code === 'COPY_UNAVAILABLE'
      ? 'unavailable'
      : code === 'SERVER_REFUSED' && fields.status === 404
        ? 'nothing'
        : code === 'HOST_LIES' && 'copy' in fields
          ? 'other'
          : null;
  if (known === null) return <Failure error={error} />;
  return (
    <Notice tone="red" title={t(`copyRestore.failed.${known}.title`)}>
      {t(`copyRestore.failed.${known}.words`)}
    </Notice>
  );
}
