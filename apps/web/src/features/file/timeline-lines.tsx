import type { LineView, TimelineItem } from '../../file-view/view.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { SaveStateMark } from '../shell/save-state.tsx';
import { FoundWords } from './found-words.tsx';
import { Origin } from './origins.tsx';
import { ReportLine } from './report-line.tsx';
import { Segments } from './segments.tsx';
import { useOpened } from './timeline-look.ts';
import { Measures, Treatments } from './timeline-parts.tsx';

/** A meeting that somebody else's program kept without a note of it. */
export function Visit({
  visit,
  onHistory,
}: {
  readonly visit: Extract<TimelineItem, { kind: 'visit' }>['visit'];
  readonly onHistory: (id: string) => void;
}) {
  const { t } = useTranslation();
  return (
    <>
      <h3>
        <FoundWords text={visit.title} />
      </h3>
      {visit.lines.map((line) => (
        <p key={line}>
          <FoundWords text={line} />
        </p>
      ))}
      <Measures measures={visit.measures} />
      <Treatments treatments={visit.treatments} />
      <div className="meta">
        {visit.author === null ? null : <FoundWords text={visit.author} />}
        <Origin recordId={visit.recordId} />
        <span className="acts">
          <button type="button" className="text-button" onClick={() => onHistory(visit.recordId)}>
            {t('file.detail')}
          </button>
        </span>
      </div>
    </>
  );
}

export function LineText({ line, onHistory }: { readonly line: LineView; readonly onHistory: (id: string) => void }) {
  const { t } = useTranslation();
  if (line.report !== undefined) return <ReportLine line={line} report={line.report} onHistory={onHistory} />;
  // What somebody wrote ends as they ended it.
  const isSentence = /[.!?…]$/.test(line.segments.at(-1)?.text ?? '');
  return (
    <div className="line">
      <button type="button" className="line-button" title={t('file.detail')} onClick={() => onHistory(line.recordId)}>
        <Segments segments={line.segments} />
        {line.detail === '' ? null : (
          <span className="faint">
            <FoundWords text={`${isSentence ? ' ' : ', '}${line.detail}`} />
          </span>
        )}
        <Origin recordId={line.recordId} />
      </button>
      {line.save === undefined ? null : <SaveStateMark {...line.save} />}
    </div>
  );
}

export function Group({
  item,
  isMarked,
  onHistory,
}: {
  readonly item: Extract<TimelineItem, { kind: 'group' }>;
  /** One came for something that is folded in it. */
  readonly isMarked: boolean;
  readonly onHistory: (id: string) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const [isOpen, setOpen] = useOpened(item.key, isMarked);
  return (
    <>
      <span>{item.summary}</span>{' '}
      <span className="fold-button">
        ·{' '}
        <button type="button" className="text-button faint" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? t('file.fold') : t('file.unfold')}
        </button>
      </span>
      {/* Nothing is folded on paper. */}
      <ul className={isOpen ? 'fold-list' : 'fold-list printed-only'}>
        {item.lines.map((line) => (
          <li key={line.key}>
            <span className="faint">{format.margin(line.day)}</span>
            <LineText line={line.line} onHistory={onHistory} />
          </li>
        ))}
      </ul>
    </>
  );
}
