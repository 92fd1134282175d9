import { Button, TextInput } from '@mantine/core';
import { fold } from '@serment/replica/search-terms';
import { useState } from 'react';
import type { MeasureSeries } from '../../file-view/measure-series.ts';
import type { ShownVersions } from '../../file-view/reading.ts';
import { useLanguage } from '../../i18n/use-language.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngine, useSession } from '../../session/use-session.ts';
import { BackLink } from '../../ui/back-link.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { HistorySheet } from '../file/history-sheet.tsx';
import { FileFrame, type ReadFile } from './file-frame.tsx';
import { MeasuresSheet } from './measures-sheet.tsx';
import { SeriesSection } from './series-section.tsx';
import { useOfPatient } from './use-measures.ts';
import './measures.css';

/** Every measure and result of a file over time, each with the table of its values. */
export function MeasuresPage({ patient }: { readonly patient: string }) {
  const { t } = useTranslation();
  return (
    <FileFrame patient={patient} hidden={t('measures.hidden')}>
      {(read) => <Measures key={patient} {...read} />}
    </FileFrame>
  );
}

/** More than this are looked through by name. */
const filteredFrom = 6;

/** A save that can be taken back, and what it did. */
interface Done {
  readonly id: string;
  readonly words: string;
}

function Measures({ file, patient, name }: ReadFile) {
  const { t } = useTranslation();
  const engine = useEngine();
  const session = useSession();
  const language = useLanguage();
  const { value, error } = useOfPatient(`series ${language}`, patient, () =>
    engine.desks.measures.series(patient, language),
  );
  const [query, setQuery] = useState('');
  const [isOpen, setOpen] = useState(false);
  const [history, setHistory] = useState<string | null>(null);
  const [done, setDone] = useState<Done | null>(null);
  const attempt = useAttempt();
  const withdraw = ({ recordId, versions }: ShownVersions, words: string) =>
    attempt.run(async () => {
      const { id } = await engine.desks.measures.withdraw(patient, { recordId, versions });
      session.saved({ id, what: t('measures.withdrawnSave'), patient: name });
      setDone({ id, words });
    });
  const undo = ({ id }: Done) =>
    attempt.run(async () => {
      const saved = await engine.desks.measures.undo(id);
      session.saved({ id: saved.id, what: t('measures.undone'), patient: name });
      setDone(null);
    });
  const words = fold(query).split(' ');
  const shown = (value ?? []).filter(({ label }) => words.every((word) => ` ${fold(label)}`.includes(` ${word}`)));
  return (
    <div className="page measures-page">
      <BackLink to="/patients/$id" params={{ id: patient.slice('Patient/'.length) }}>
        {t('measures.toFile')}
      </BackLink>
      <header className="measures-head">
        <h2>{t('measures.trends')}</h2>
        <div className="measures-actions">
          <Button variant="default" onClick={() => print()}>
            {t('measures.print')}
          </Button>
          <Button onClick={() => setOpen(true)}>{t('measures.add')}</Button>
        </div>
      </header>
      {file.isComplete ? null : <Notice tone="amber">{t('measures.incomplete')}</Notice>}
      {done === null ? null : (
        <Notice
          tone="plain"
          action={
            <button type="button" className="text-button" onClick={() => void undo(done)}>
              {t('measures.undo')}
            </button>
          }
        >
          {done.words}
        </Notice>
      )}
      <Failure error={error ?? attempt.error} />
      {value === null && error === null ? (
        <p className="muted row-text" role="status">
          {t('measures.loading')}
        </p>
      ) : null}
      {value?.length === 0 && file.isComplete ? <p className="empty">{t('measures.none')}</p> : null}
      {value !== null && value.length > filteredFrom ? (
        <TextInput
          className="measures-filter"
          type="search"
          aria-label={t('measures.find')}
          placeholder={t('measures.find')}
          value={query}
          onChange={(event) => setQuery(event.currentTarget.value)}
        />
      ) : null}
      {value !== null && value.length > 0 && shown.length === 0 ? (
        <p className="muted row-text" role="status">
          {t('measures.noneFound')}
        </p>
      ) : null}
      {([false, true] as const).map((isLaboratory) => (
        <Group
          key={String(isLaboratory)}
          title={t(isLaboratory ? 'measures.laboratory' : 'measures.taken')}
          series={shown.filter((one) => one.isLaboratory === isLaboratory)}
          onHistory={setHistory}
          onWithdraw={(measure, told) => void withdraw(measure, told)}
        />
      ))}
      {isOpen ? (
        <MeasuresSheet
          row={file.row}
          onClose={() => setOpen(false)}
          onSaved={(id) => {
            setOpen(false);
            setDone({ id, words: t('measures.kept') });
          }}
        />
      ) : null}
      {history === null ? null : <HistorySheet patient={patient} recordId={history} onClose={() => setHistory(null)} />}
    </div>
  );
}

interface GroupProps {
  readonly title: string;
  readonly series: readonly MeasureSeries[];
  readonly onHistory: (recordId: string) => void;
  readonly onWithdraw: (measure: ShownVersions, told: string) => void;
}

function Group({ title, series, ...acts }: GroupProps) {
  if (series.length === 0) return null;
  return (
    <section className="measures-group">
      <h3>{title}</h3>
      {series.map((one, place) => (
        <SeriesSection key={one.key} series={one} nth={nthOf(series, place)} {...acts} />
      ))}
    </section>
  );
}

/** Which of those of one name and unit it is, from 1: two laboratories may count one thing under codes of their own. */
function nthOf(series: readonly MeasureSeries[], place: number): number {
  const one = series[place];
  return series.slice(0, place + 1).filter(({ label, unit }) => label === one?.label && unit === one.unit).length;
}
