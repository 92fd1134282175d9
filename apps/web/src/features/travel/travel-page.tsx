import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/use-language.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useAsked, useEngine, useStatus } from '../../session/use-session.ts';
import { BackLink } from '../../ui/back-link.tsx';
import { Failure } from '../../ui/failure.tsx';
import { useTitle } from '../../ui/use-title.ts';
import type { FileInstant, PastFile } from '../../worker/travel-desk.ts';
import { Banner } from '../file/banner.tsx';
import { HistorySheet } from '../file/history-sheet.tsx';
import { Timeline } from '../file/timeline.tsx';
import { personName, safeName } from '../patients/person.tsx';
import { Differences } from './differences.tsx';
import { InstantChoice } from './instant-choice.tsx';
import './travel.css';

/** One patient's file as it was at an instant, what has changed since, and the way to make it that again. */
export function TravelPage() {
  const { t } = useTranslation();
  const engine = useEngine();
  const { id = '' }: { id?: string } = useParams({ strict: false });
  const patient = `Patient/${id}`;
  const size = useStatus()?.size ?? 0;
  const { value: instants, error } = useAsked(`instants ${patient}`, () => engine.desks.travel.instants(patient), size);
  if (instants === null && error !== null)
    return (
      <div className="page-pad">
        <Failure error={error} />
      </div>
    );
  if (instants === null)
    return (
      <p className="file-loading" role="status">
        {t('travel.loading')}
      </p>
    );
  return <Travel key={patient} patient={patient} instants={instants} />;
}

function Travel({ patient, instants }: { readonly patient: string; readonly instants: readonly FileInstant[] }) {
  const { t } = useTranslation();
  const engine = useEngine();
  const language = useLanguage();
  const navigate = useNavigate();
  const { instant }: { instant?: number } = useSearch({ strict: false });
  // What somebody comes for is what was there before the last change.
  const at = instant ?? instants[1]?.at ?? instants[0]?.at ?? 0;
  const size = useStatus()?.size ?? 0;
  const { value, error } = useAsked(
    `past ${patient} ${at} ${language}`,
    () => engine.desks.travel.past(patient, at, language),
    size,
  );
  // The instant that is dragged past keeps showing the last one that was read, as what it is.
  const [shown, setShown] = useState<{ at: number; past: PastFile } | null>(null);
  if (value !== null && value !== shown?.past) setShown({ at, past: value });
  const name = shown === null ? '' : safeName(personName(shown.past.file.row));
  useTitle(name === '' ? '' : t('travel.titleOf', { name }));
  const choose = (next: number) =>
    void navigate({
      to: '/patients/$id/passe',
      params: { id: patient.slice('Patient/'.length) },
      search: { instant: next },
      replace: true,
    });
  return (
    <article className="travel" aria-label={t('travel.title')}>
      <div className="travel-head">
        <BackLink to="/patients/$id" params={{ id: patient.slice('Patient/'.length) }}>
          {t('travel.back')}
        </BackLink>
        <h1>{t('travel.title')}</h1>
        {instants.length === 0 ? (
          <p className="muted">{t('travel.none')}</p>
        ) : (
          <InstantChoice instants={instants} at={at} onChoose={choose} />
        )}
      </div>
      <Failure error={error} />
      {shown === null || instants.length === 0 ? null : (
        <Past {...{ patient, name, ...shown }} isReading={value === null && error === null} />
      )}
    </article>
  );
}

interface PastProps {
  readonly patient: string;
  readonly name: string;
  readonly at: number;
  readonly past: PastFile;
  readonly isReading: boolean;
}

function Past({ patient, name, at, past: { file, differences }, isReading }: PastProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const [history, setHistory] = useState<string | null>(null);
  return (
    <div className="travel-columns" aria-busy={isReading}>
      <section className="travel-past" aria-label={t('travel.instant')}>
        <p className="travel-stripe" role="status">
          {t('travel.asItWas', { day: format.day(at), time: format.clock(at) })}
        </p>
        <Banner file={file}>{null}</Banner>
        <div className="timeline">
          <Timeline {...{ file, patient, editingIds: [], onHistory: setHistory, acts: null }} />
        </div>
      </section>
      <Differences key={at} {...{ patient, name, at, differences }} />
      {history === null ? null : <HistorySheet patient={patient} recordId={history} onClose={() => setHistory(null)} />}
    </div>
  );
}
