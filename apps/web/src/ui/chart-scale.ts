/** A change of a few hundredths must not look like a fall: at least a quarter of the value is shown. */
export function shownRange(values: readonly number[]): [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const middle = (low + high) / 2;
  const half = Math.max(high - low, Math.abs(middle) / 4) / 2;
  return [middle - half, middle + half];
}

/** Round figures between two values, about `count` of them. */
export function roundTicks(low: number, high: number, count: number): number[] {
  const span = high - low;
  if (!(span > 0)) return [low];
  const raw = span / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((one) => one * power).find((one) => one >= raw) ?? raw;
  const ticks: number[] = [];
  for (let place = Math.ceil(low / step); place * step <= high + step * 1e-6; place += 1)
    ticks.push(Number((place * step).toPrecision(12)));
  return ticks;
}

/** When a FHIR date or date and time is, ms; a month or a year stands at its beginning. */
export function timeOf(when: string): number {
  return Date.parse(when.length < 10 ? `${when}-01-01`.slice(0, 10) : when);
}

export interface TimeTick {
  readonly at: number;
  readonly date: Date;
}

/** Beginnings of days, months or years within a span, at most `most` of them, and what they are the beginnings of. */
export function timeTicks(
  from: number,
  to: number,
  most: number,
): { unit: 'day' | 'month' | 'year'; ticks: TimeTick[] } {
  const days = (to - from) / 86_400_000;
  const unit = days > 730 ? 'year' : days > 45 ? 'month' : 'day';
  const total = unit === 'year' ? days / 365.25 : unit === 'month' ? days / 30.44 : days;
  const step = Math.max(1, Math.ceil(total / Math.max(1, most)));
  const start = new Date(from);
  const ticks: TimeTick[] = [];
  for (let place = 0; place <= total + step; place += step) {
    const date =
      unit === 'year'
        ? new Date(start.getFullYear() + place, 0, 1)
        : unit === 'month'
          ? new Date(start.getFullYear(), start.getMonth() + place, 1)
          : new Date(start.getFullYear(), start.getMonth(), start.getDate() + place);
    if (date.getTime() >= from && date.getTime() <= to) ticks.push({ at: date.getTime(), date });
  }
  return { unit, ticks };
}

/** From one span of values to one of lengths. */
export function linear([from, to]: readonly [number, number], [start, end]: readonly [number, number]) {
  return (value: number): number =>
    to === from ? (start + end) / 2 : start + ((value - from) / (to - from)) * (end - start);
}
