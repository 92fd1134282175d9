import type { ReportView } from '../../file-view/view.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngine } from '../../session/use-session.ts';
import { OriginalText } from './original-text.tsx';
import { ResultsTable } from './results-table.tsx';

interface FileReportProps {
  readonly report: ReportView;
  readonly onHistory: () => void;
}

/** The results of a report in its patient's file, with the text that they came in. */
export function FileReport({ report, onHistory }: FileReportProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  return (
    <div className="file-report">
      <ResultsTable report={report} />
      {report.hasDocument ? (
        <OriginalText name={report.reportId} ask={() => engine.desks.inbox.textOf(report.patient, report.reportId)} />
      ) : null}
      <button type="button" className="text-button" onClick={onHistory}>
        {t('inbox.history')}
      </button>
    </div>
  );
}
