import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LineView, ReportView } from '../../file-view/view.ts';
import { Segments } from './segments.tsx';

const FileReport = lazy(() => import('../inbox/file-report.tsx').then((module) => ({ default: module.FileReport })));

interface ReportLineProps {
  readonly line: LineView;
  readonly report: ReportView;
  readonly onHistory: (recordId: string) => void;
}

/** A report as one sentence, that opens to its results. */
export function ReportLine({ line, report, onHistory }: ReportLineProps) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
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
        {line.detail === '' ? null : <span className="faint">{`, ${line.detail}`}</span>}
      </button>
      {isOpen ? (
        <Suspense>
          <FileReport report={report} onHistory={() => onHistory(line.recordId)} />
        </Suspense>
      ) : null}
    </>
  );
}
