import { lazy, Suspense, useContext } from 'react';
import { isFoundInside } from '../../file-view/timeline-filter.ts';
import type { LineView, ReportView } from '../../file-view/view.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { FoundWords } from './found-words.tsx';
import { Segments } from './segments.tsx';
import { TimelineLookContext, useOpened } from './timeline-look.ts';

const FileReport = lazy(() => import('../inbox/file-report.tsx').then((module) => ({ default: module.FileReport })));

/** A sentence tells so many results; on paper, all of them. */
const sentenceRows = 6;

interface ReportLineProps {
  readonly line: LineView;
  readonly report: ReportView;
  readonly onHistory: (recordId: string) => void;
}

/** A report as one sentence, that opens to its results, by itself where what is looked for is among them. */
export function ReportLine({ line, report, onHistory }: ReportLineProps) {
  const { t } = useTranslation();
  const { terms } = useContext(TimelineLookContext);
  const [isOpen, setOpen] = useOpened(line.recordId, isFoundInside(line, terms));
  return (
    <>
      <button
        type="button"
        className="line-button"
        aria-expanded={isOpen}
        title={t('inbox.results')}
        onClick={() => setOpen(!isOpen)}
      >
        <Segments segments={line.segments} />
        {line.detail === '' ? null : (
          <span className="faint">
            <FoundWords text={`, ${line.detail}`} />
          </span>
        )}
      </button>
      {isOpen || report.rows.length <= sentenceRows ? null : (
        <p className="printed-only">{report.rows.map(({ label, value }) => `${label} ${value}`).join(', ')}</p>
      )}
      {isOpen ? (
        <Suspense>
          <FileReport report={report} onHistory={() => onHistory(line.recordId)} />
        </Suspense>
      ) : null}
    </>
  );
}
