import type { GrowthPoint } from '@serment/records/growth/child';
import type { GrowthIndicator } from '@serment/records/growth/growth-table';
import type { GrowthLine } from '../../file-view/growth-curves.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { Chart, pathOf } from '../../ui/chart.tsx';
import { roundTicks } from '../../ui/chart-scale.ts';

/** Months from birth that a chart shows. */
export const growthSpans = [12, 24, 60] as const;
export type GrowthSpan = (typeof growthSpans)[number];

const daysPerMonth = 30.4375;
const height = 320;
const margin = 26;
const monthStep: Readonly<Record<GrowthSpan, number>> = { 12: 1, 24: 3, 60: 6 };

/** The smallest span that shows a child of this age in days. */
export function spanOf(ageDays: number): GrowthSpan {
  return growthSpans.find((months) => ageDays <= months * daysPerMonth) ?? 60;
}

interface GrowthChartProps {
  readonly indicator: GrowthIndicator;
  readonly reference: readonly GrowthLine[];
  readonly points: readonly GrowthPoint[];
  readonly span: GrowthSpan;
}

/** A child's points over the lines of the table: the lines are named at their end. */
export function GrowthChart({ indicator, reference, points, span }: GrowthChartProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const lastDay = Math.round(span * daysPerMonth);
  const lines = reference.map((line) => ({
    ...line,
    strokes: line.strokes.map((stroke) => stroke.filter(([day]) => day <= lastDay)).filter(({ length }) => length > 1),
  }));
  const shown = points.filter(({ ageDays }) => ageDays <= lastDay);
  const values = [
    ...lines.flatMap(({ strokes }) => strokes.flatMap((stroke) => stroke.map(([, value]) => value))),
    ...shown.map(({ value }) => value),
  ];
  const ySpan = [Math.min(...values), Math.max(...values)] as const;
  const months = Array.from({ length: span / monthStep[span] + 1 }, (_, place) => place * monthStep[span]);
  return (
    <Chart
      label={t('growth.chart', { indicator: t(`growth.indicator.${indicator}`), count: points.length })}
      height={height}
      xSpan={[0, lastDay]}
      ySpan={ySpan}
      xTicks={months.map((month) => ({ at: month * daysPerMonth, label: format.number(month) }))}
      yTicks={roundTicks(ySpan[0], ySpan[1], 7).map((at) => ({ at, label: format.number(at) }))}
      margin={margin}
    >
      {(scale) => (
        <>
          {lines.map(({ label, isMedian, strokes }) => {
            const end = strokes.at(-1)?.at(-1);
            return (
              <g key={label}>
                {strokes.map((stroke) => (
                  <path
                    key={stroke[0]?.[0] ?? 0}
                    className="chart-reference"
                    data-median={isMedian}
                    d={pathOf(stroke, scale)}
                  />
                ))}
                {end === undefined ? null : (
                  <text x={scale.right + 6} y={scale.y(end[1]) + 4}>
                    {label}
                  </text>
                )}
              </g>
            );
          })}
          <path
            className="chart-line"
            d={pathOf(
              shown.map(({ ageDays, value }) => [ageDays, value] as const),
              scale,
            )}
          />
          {shown.map(({ day, ageDays, value }) => (
            <circle key={day} className="chart-point" cx={scale.x(ageDays)} cy={scale.y(value)} r="3" />
          ))}
          <text x={scale.right} y={scale.bottom - 6} textAnchor="end">
            {t('growth.months')}
          </text>
        </>
      )}
    </Chart>
  );
}
