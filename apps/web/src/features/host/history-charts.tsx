import type { PracticeDetail } from '@serment/core/wire/console';
import { Chart, type ChartTick, pathOf } from '../../ui/chart.tsx';
import { roundTicks, timeTicks } from '../../ui/chart-scale.ts';
import { useConsoleWords } from './console-words.ts';

const height = 190;
const hourMs = 3_600_000;
const yTicks = 3;
const xTicks = 6;

interface SizeProps {
  readonly sizes: PracticeDetail['sizes'];
  readonly nowMs: number;
}

/** What a practice weighed. */
export function SizeChart({ sizes, nowMs }: SizeProps) {
  const { t, size } = useConsoleWords();
  const ticksOf = useTimeTicks();
  const last = sizes.at(-1);
  if (last === undefined) return <NoSample title={t('console.sizeChart')} />;
  const from = sizes[0]?.[0] ?? nowMs;
  const most = Math.max(...sizes.map(([, , bytes]) => bytes), 1);
  const label = t('console.sizeLabel', { size: size(last[2]) });
  return (
    <figure className="console-chart">
      <figcaption>{t('console.sizeChart')}</figcaption>
      <Chart
        label={label}
        height={height}
        xSpan={[from, Math.max(nowMs, from + hourMs)]}
        ySpan={[0, most * 1.1]}
        xTicks={ticksOf(from, nowMs)}
        yTicks={roundTicks(0, most * 1.1, yTicks).map((at) => ({ at, label: size(at) }))}
        edgeLeft={58}
      >
        {(scale) => (
          <path
            className="chart-line"
            d={pathOf(
              sizes.map(([at, , bytes]) => [at, bytes]),
              scale,
            )}
          />
        )}
      </Chart>
    </figure>
  );
}

interface LagProps {
  readonly lags: PracticeDetail['lags'];
  readonly nowMs: number;
}

/** How far behind its copies were: a line each, named at its end. */
export function LagChart({ lags, nowMs }: LagProps) {
  const { t, duration } = useConsoleWords();
  const ticksOf = useTimeTicks();
  if (lags.length === 0) return <NoSample title={t('console.lagChart')} />;
  const copies = [...Map.groupBy(lags, ([copy]) => copy)];
  const from = Math.min(...lags.map(([, at]) => at));
  const most = Math.max(...lags.map(([, , lagMs]) => lagMs), 1000);
  return (
    <figure className="console-chart">
      <figcaption>{t('console.lagChart')}</figcaption>
      <Chart
        label={t('console.lagLabel', { lag: duration(most) })}
        height={height}
        xSpan={[from, Math.max(nowMs, from + hourMs)]}
        ySpan={[0, most * 1.1]}
        xTicks={ticksOf(from, nowMs)}
        yTicks={roundTicks(0, most * 1.1, yTicks).map((at) => ({ at, label: duration(at) }))}
        edgeLeft={58}
      >
        {(scale) =>
          copies.map(([copy, points], place) => (
            <path
              key={copy}
              className="chart-line"
              data-second={place > 0}
              d={pathOf(
                points.map(([, at, lagMs]) => [at, lagMs]),
                scale,
              )}
            >
              <title>{copy}</title>
            </path>
          ))
        }
      </Chart>
      <p className="muted small">
        {copies.map(([copy, points], place) => (
          <span key={copy} className="console-legend" data-second={place > 0}>
            {t('console.worstOf', { copy, lag: duration(Math.max(...points.map(([, , lagMs]) => lagMs))) })}
          </span>
        ))}
      </p>
    </figure>
  );
}

function NoSample({ title }: { readonly title: string }) {
  const { t } = useConsoleWords();
  return (
    <figure className="console-chart">
      <figcaption>{title}</figcaption>
      <p className="empty row-text">{t('console.noSample')}</p>
    </figure>
  );
}

/** Hours where the span is of a day or two, else days, months, years. */
function useTimeTicks() {
  const { format } = useConsoleWords();
  return (from: number, to: number): ChartTick[] => {
    if (to - from < 60 * hourMs) {
      const step = Math.max(1, Math.ceil((to - from) / hourMs / xTicks)) * hourMs;
      const ticks: ChartTick[] = [];
      const start = new Date(from).setMinutes(0, 0, 0) + hourMs;
      for (let at = start; at <= to; at += step) ticks.push({ at, label: format.time(at) });
      return ticks;
    }
    return timeTicks(from, to, xTicks).ticks.map(({ at }) => ({ at, label: format.day(at).slice(0, 5) }));
  };
}
