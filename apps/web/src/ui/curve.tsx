import { linear, shownRange, timeOf } from './chart-scale.ts';
import './curve.css';

interface CurveProps {
  readonly label: string;
  /** Oldest first. */
  readonly points: readonly { readonly day: string; readonly value: number }[];
  /** The last value, in words. */
  readonly last: string;
}

const curve = { width: 270, height: 72, top: 18, bottom: 56 };

/** A measure over time, small: its last value said, its first and last years under it. */
export function Curve({ label, points, last }: CurveProps) {
  const times = points.map(({ day }) => timeOf(day));
  const values = points.map(({ value }) => value);
  const [from, to] = [Math.min(...times), Math.max(...times)];
  const x = linear([from, to], from === to ? [curve.width - 4, curve.width - 4] : [4, curve.width - 4]);
  const y = linear(shownRange(values), [curve.bottom, curve.top]);
  const path = values.map((value, place) => `${x(times[place] ?? from).toFixed(1)} ${y(value).toFixed(1)}`);
  const [lastX, lastY] = [x(times.at(-1) ?? to), y(values.at(-1) ?? 0)];
  const years = [points[0]?.day.slice(0, 4) ?? '', points.at(-1)?.day.slice(0, 4) ?? ''];
  return (
    <svg
      className="trend"
      viewBox={`0 0 ${curve.width} ${curve.height}`}
      role="img"
      aria-label={`${label} ${values.join(', ')}`}
    >
      <path d={`M${path.join(' L')}`} />
      <circle cx={lastX} cy={lastY} r="3" />
      <text className="last" x={curve.width - 2} y={lastY - 9} textAnchor="end">
        {last}
      </text>
      <text x="4" y={curve.height - 1}>
        {years[0]}
      </text>
      <text x={curve.width - 2} y={curve.height - 1} textAnchor="end">
        {years[1] === years[0] ? '' : years[1]}
      </text>
    </svg>
  );
}
