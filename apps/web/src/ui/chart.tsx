import { type ReactNode, useEffect, useRef, useState } from 'react';
import { linear } from './chart-scale.ts';
import './chart.css';

export interface ChartTick {
  readonly at: number;
  readonly label: string;
}

export interface ChartScale {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
  /** The field between the axes. */
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

interface ChartProps {
  /** What it shows, for who does not see it: its figures stand in a table beside. */
  readonly label: string;
  readonly height: number;
  readonly xSpan: readonly [number, number];
  readonly ySpan: readonly [number, number];
  readonly xTicks: readonly ChartTick[];
  readonly yTicks: readonly ChartTick[];
  /** Room at the right for what names the lines. */
  readonly margin?: number;
  /** Room at the left for what names the values. */
  readonly edgeLeft?: number;
  readonly children: (scale: ChartScale) => ReactNode;
}

const edge = { left: 38, top: 14, bottom: 22, right: 12 };
/** Ticks stand no closer. */
const smallestGap = 26;

/** A field with two axes, drawn in the words' own size whatever its width. */
export function Chart({
  label,
  height,
  xSpan,
  ySpan,
  xTicks,
  yTicks,
  margin = 0,
  edgeLeft = edge.left,
  children,
}: ChartProps) {
  const [frame, width] = useWidth();
  const right = Math.max(edgeLeft + 40, width - edge.right - margin);
  const bottom = height - edge.bottom;
  const x = linear(xSpan, [edgeLeft, right]);
  const y = linear(ySpan, [bottom, edge.top]);
  return (
    <div className="chart" ref={frame}>
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
        {yTicks.map((tick) => (
          <g key={tick.at}>
            <line className="chart-grid" x1={edgeLeft} x2={right} y1={y(tick.at)} y2={y(tick.at)} />
            <text x={edgeLeft - 6} y={y(tick.at) + 4} textAnchor="end">
              {tick.label}
            </text>
          </g>
        ))}
        {spaced(xTicks, x).map((tick) => (
          <g key={tick.at}>
            <line className="chart-grid" x1={x(tick.at)} x2={x(tick.at)} y1={bottom} y2={bottom + 4} />
            <text x={x(tick.at)} y={height - 5} textAnchor="middle">
              {tick.label}
            </text>
          </g>
        ))}
        {children({ x, y, left: edgeLeft, right, top: edge.top, bottom })}
      </svg>
    </div>
  );
}

/** `M1 2 L3 4` of points in the field. */
export function pathOf(points: readonly (readonly [number, number])[], { x, y }: ChartScale): string {
  return points
    .map(([at, value], place) => `${place === 0 ? 'M' : 'L'}${x(at).toFixed(1)} ${y(value).toFixed(1)}`)
    .join('');
}

function spaced(ticks: readonly ChartTick[], x: (value: number) => number): ChartTick[] {
  const shown: ChartTick[] = [];
  for (const tick of ticks) {
    const last = shown.at(-1);
    if (last === undefined || x(tick.at) - x(last.at) >= smallestGap) shown.push(tick);
  }
  return shown;
}

function useWidth() {
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(480);
  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const observer = new ResizeObserver(([entry]) => {
      // On paper the drawing is scaled to the sheet: measuring it there would draw it anew in between.
      const measured = Math.round(entry?.contentRect.width ?? 0);
      if (measured > 0 && !matchMedia('print').matches) setWidth(measured);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [frame, width] as const;
}
