import type { MeasureSeries } from '../../file-view/measure-series.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { Chart, pathOf } from '../../ui/chart.tsx';
import { roundTicks, shownRange, timeOf, timeTicks } from '../../ui/chart-scale.ts';

const height = 190;
/** Room for a value at the end of a line. */
const margin = 46;
/** Beyond this many, points would be a smear on the line. */
const mostPoints = 60;

/** One measure over time, with the reference range of its last result. */
export function SeriesChart({ series }: { readonly series: MeasureSeries }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { label, lines, band, rows } = series;
  const drawn = lines.map((line) => ({
    ...line,
    points: line.points.map(({ when, value }) => [timeOf(when), value] as const),
  }));
  const all = drawn.flatMap(({ points }) => points);
  const times = all.map(([at]) => at);
  const [from, to] = [Math.min(...times), Math.max(...times)];
  // A bound of the range is in view, unless it would flatten the curve.
  const [least, most] = shownRange(all.map(([, value]) => value));
  const bounds = [band?.low ?? least, band?.high ?? most].filter(
    (bound) => bound >= least - (most - least) && bound <= most + (most - least),
  );
  // Nothing lies on the edge of the field.
  const room = (most - least) / 20;
  const ySpan = [Math.min(least, ...bounds) - room, Math.max(most, ...bounds) + room] as const;
  const { unit, ticks } = timeTicks(from, to, 6);
  const xTicks = ticks.map(({ at, date }) => ({
    at,
    label:
      unit === 'year'
        ? String(date.getFullYear())
        : date.toLocaleDateString(format.language === 'fr' ? 'fr-FR' : 'en-GB', {
            month: 'short',
            ...(unit === 'month' ? { year: '2-digit' } : { day: 'numeric' }),
          }),
  }));
  const yTicks = roundTicks(ySpan[0], ySpan[1], 4).map((at) => ({ at, label: format.number(at) }));
  return (
    <Chart
      label={t('measures.chart', { label, count: lines[0]?.points.length ?? 0, last: rows[0]?.value ?? '' })}
      height={height}
      xSpan={[from, to]}
      ySpan={ySpan}
      xTicks={xTicks}
      yTicks={yTicks}
      margin={margin}
    >
      {(scale) => (
        <>
          {band === null ? null : (
            <rect
              className="chart-band"
              x={scale.left}
              width={scale.right - scale.left}
              y={Math.max(scale.top, scale.y(Math.min(ySpan[1], band.high ?? ySpan[1])))}
              height={Math.max(
                0,
                scale.y(Math.max(ySpan[0], band.low ?? ySpan[0])) - scale.y(Math.min(ySpan[1], band.high ?? ySpan[1])),
              )}
            />
          )}
          {drawn.map(({ label: name, points }, place) => {
            const last = points.at(-1);
            return (
              <g key={name}>
                <path className="chart-line" data-second={place > 0} d={pathOf(points, scale)} />
                {(points.length > mostPoints ? points.slice(-1) : points).map(([at, value]) => (
                  <circle
                    key={`${at} ${value}`}
                    className="chart-point"
                    data-second={place > 0}
                    cx={scale.x(at)}
                    cy={scale.y(value)}
                    r="2.5"
                  />
                ))}
                {last === undefined ? null : (
                  <text className="chart-value" x={scale.right + 8} y={scale.y(last[1]) + 4}>
                    {format.number(last[1])}
                  </text>
                )}
              </g>
            );
          })}
        </>
      )}
    </Chart>
  );
}
