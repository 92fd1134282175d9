import { dateText } from '@serment/records/page/element-text';
import { useState } from 'react';
import type { MeasureRow, MeasureSeries } from '../../file-view/measure-series.ts';
import type { ShownVersions } from '../../file-view/reading.ts';
import { useLanguage } from '../../i18n/use-language.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { SaveStateMark } from '../shell/save-state.tsx';
import { SeriesChart } from './series-chart.tsx';

interface SeriesSectionProps {
  readonly series: MeasureSeries;
  /** Which of those of one name and unit it is, from 1. */
  readonly nth: number;
  readonly onHistory: (recordId: string) => void;
  readonly onWithdraw: (measure: ShownVersions, told: string) => void;
}

const shownRows = 6;

/** One measure: its curve, and the table of its values beside it. */
export function SeriesSection({ series, nth, onHistory, onWithdraw }: SeriesSectionProps) {
  const { t } = useTranslation();
  const [isWhole, setWhole] = useState(false);
  const { unit, rows, lines, band } = series;
  const label = nth === 1 ? series.label : `${series.label} (${nth})`;
  const drawn = lines[0]?.points.length ?? 0;
  const hasRange = rows.some(({ range }) => range !== '');
  const shown = isWhole ? rows : rows.slice(0, shownRows);
  return (
    <section className="series" aria-label={series.isOtherUnit ? `${label} (${unit})` : label}>
      <div className="series-drawn">
        <h4>
          {label} <span className="faint">{unit}</span>
        </h4>
        {drawn > 1 ? <SeriesChart series={series} /> : <p className="faint row-text">{t('measures.oneValue')}</p>}
        <div className="series-notes small muted">
          {drawn > 1 && band !== null ? <p>{t('measures.band')}</p> : null}
          {series.isOtherUnit ? <p>{t('measures.otherUnit')}</p> : null}
          {rows.some(({ isDrawn }) => !isDrawn) ? <p>{t('measures.notDrawn')}</p> : null}
        </div>
      </div>
      <div className="series-table">
        <table>
          <caption className="hidden-text">{label}</caption>
          <thead>
            <tr>
              <th scope="col">{t('measures.date')}</th>
              <th scope="col">{t('measures.value')}</th>
              {hasRange ? <th scope="col">{t('measures.range')}</th> : null}
              <th scope="col" className="series-author">
                {t('measures.author')}
              </th>
              <th scope="col" className="series-acts">
                <span className="hidden-text">{t('measures.actions')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <Row
                key={row.recordId}
                label={label}
                row={row}
                hasRange={hasRange}
                onHistory={onHistory}
                onWithdraw={onWithdraw}
              />
            ))}
          </tbody>
        </table>
        {rows.length > shownRows ? (
          <button type="button" className="text-button small series-more" onClick={() => setWhole(!isWhole)}>
            {isWhole ? t('measures.fewer') : t('measures.more', { count: rows.length - shownRows })}
          </button>
        ) : null}
      </div>
    </section>
  );
}

interface RowProps extends Omit<SeriesSectionProps, 'series' | 'nth'> {
  readonly label: string;
  readonly row: MeasureRow;
  readonly hasRange: boolean;
}

function Row({ label, row, hasRange, onHistory, onWithdraw }: RowProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { recordId, when, value, flag, range, author, state } = row;
  return (
    <tr>
      <td className="nowrap">{dateText(when.slice(0, 10), language)}</td>
      <td>
        <b className={flag === null ? '' : 'red'}>{value}</b>{' '}
        {flag === null ? null : <span className="red small">{t(`measures.${flag}`)}</span>}{' '}
        {state === 'copy' ? null : <SaveStateMark state={state} />}
      </td>
      {hasRange ? <td className="muted">{range}</td> : null}
      <td className="muted series-author">{author}</td>
      <td className="series-acts small">
        <button
          type="button"
          className="text-button"
          aria-label={t('measures.historyOf', { label, value })}
          onClick={() => onHistory(recordId)}
        >
          {t('measures.history')}
        </button>
        <button
          type="button"
          className="text-button"
          aria-label={t('measures.withdrawOf', { label, value })}
          onClick={() => onWithdraw(row, t('measures.withdrawn', { label, value }))}
        >
          {t('measures.withdraw')}
        </button>
      </td>
    </tr>
  );
}
