import type { OutFlag } from '@serment/records/fhir/reading-task';
import type { ReportView, ResultRow } from '../../file-view/view.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { safeName } from '../patients/person.tsx';
import './results.css';

/** The results of a report: each with its range, a word and a shape where it is out of it, and what it was before. */
export function ResultsTable({ report }: { readonly report: ReportView }) {
  const { t } = useTranslation();
  const format = useFormat();
  const hasTrend = report.rows.some(({ points }) => points.length > 1);
  const onDay = (day: string) => format.fhirDay(day);
  return (
    <table className="results">
      <caption className="hidden-text">{t('inbox.results')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('inbox.analysis')}</th>
          <th scope="col">{t('inbox.value')}</th>
          <th scope="col">{t('inbox.range')}</th>
          <th scope="col">{t('inbox.previous')}</th>
          {hasTrend ? <th scope="col">{t('inbox.trend')}</th> : null}
        </tr>
      </thead>
      <tbody>
        {report.rows.map((row) => (
          <tr key={row.key} data-flag={row.flag ?? 'none'}>
            <th scope="row">{safeName(row.label)}</th>
            <td className="result-value">
              <b>{safeName(row.value)}</b> <Flag flag={row.flag} />
              {row.note === '' ? null : <span className="result-note">{safeName(row.note)}</span>}
            </td>
            <td data-head={t('inbox.range')}>
              {row.range === '' ? <span className="faint">{t('inbox.noRange')}</span> : safeName(row.range)}
            </td>
            <td data-head={t('inbox.previous')}>
              <Previous previous={row.previous} isKnown={report.patient !== ''} onDay={onDay} />
            </td>
            {hasTrend ? (
              <td className="result-trend">{row.points.length > 1 ? <Spark row={row} onDay={onDay} /> : null}</td>
            ) : null}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const arrows = { L: '↓', LL: '↓↓', H: '↑', HH: '↑↑', A: '◆', N: '' } as const;

function Flag({ flag }: Pick<ResultRow, 'flag'>) {
  const { t } = useTranslation();
  if (flag === null || flag === 'N') return null;
  return (
    <span className="result-flag">
      <span aria-hidden="true">{arrows[flag]}</span> {t(`inbox.flag.${flag}`)}
    </span>
  );
}

/** The same where there is no room for its word, which is read out alone. */
export function FlagMark({ flag }: { readonly flag: OutFlag }) {
  const { t } = useTranslation();
  return (
    <>
      <span aria-hidden="true">{arrows[flag]}</span>
      <span className="hidden-text">{t(`inbox.flag.${flag}`)}</span>
    </>
  );
}

interface PreviousProps {
  readonly previous: ResultRow['previous'];
  /** Whose it is is known, and with it what was before. */
  readonly isKnown: boolean;
  readonly onDay: (day: string) => string;
}

function Previous({ previous, isKnown, onDay }: PreviousProps) {
  const { t } = useTranslation();
  if (previous === null)
    return <span className="faint">{t(isKnown ? 'inbox.noPrevious' : 'inbox.previousUnknown')}</span>;
  const value = safeName(previous.value);
  return <>{previous.day === '' ? value : t('inbox.previousOn', { value, day: onDay(previous.day) })}</>;
}

const spark = { width: 84, height: 22, pad: 4 };

/** A few values of one analysis: where it goes, not how much. */
function Spark({ row, onDay }: { readonly row: ResultRow; readonly onDay: (day: string) => string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const times = row.points.map(({ day }) => Date.parse(day.padEnd(10, '-01')));
  const values = row.points.map(({ value }) => value);
  const scale = (list: readonly number[], size: number) => {
    const [low, high] = [Math.min(...list), Math.max(...list)];
    return (value: number) =>
      high === low ? size / 2 : spark.pad + ((value - low) / (high - low)) * (size - 2 * spark.pad);
  };
  const [x, y] = [scale(times, spark.width), scale(values, spark.height)];
  const places = values.map((value, place) => [x(times[place] ?? 0), spark.height - y(value)] as const);
  const last = places.at(-1) ?? [0, 0];
  const told = row.points.map(({ day, value }) => `${format.number(value)} (${onDay(day)})`).join(', ');
  return (
    <svg
      className="spark"
      width={spark.width}
      height={spark.height}
      viewBox={`0 0 ${spark.width} ${spark.height}`}
      role="img"
      aria-label={t('inbox.trendOf', { label: safeName(row.label), values: told })}
    >
      <path d={`M${places.map((place) => place.map((one) => one.toFixed(1)).join(' ')).join(' L')}`} />
      <circle cx={last[0]} cy={last[1]} r="2.5" />
    </svg>
  );
}
