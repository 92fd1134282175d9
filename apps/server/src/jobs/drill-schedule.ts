import { createHash } from 'node:crypto';

/** When drills are run, by the clock on the wall. */
export interface DrillWindow {
  /** Minutes after midnight. */
  readonly fromMinute: number;
  /** From there on, 1 to 1440. */
  readonly minutes: number;
  /** Name of a time zone, such as `Europe/Paris`. */
  readonly timeZone: string;
}

/** One stretch of the window. */
export interface Night {
  /** The day on which it began, `2026-11-29`: its name, the same for every instance. */
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly from: number;
}

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** The last night that has begun, be it over or not. On the day when clocks change, it is an hour off. */
export function nightAt(nowMs: number, { fromMinute, timeZone }: DrillWindow): Night {
  const parts = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit' },
  }).formatToParts(nowMs);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((one) => one.type === type)?.value ?? '';
  const minute = Number(part('hour')) * 60 + Number(part('minute'));
  const today = Date.UTC(Number(part('year')), Number(part('month')) - 1, Number(part('day')));
  const began = minute >= fromMinute ? today : today - dayMs;
  const since = (minute - fromMinute + 1440) % 1440;
  return {
    name: new Date(began).toISOString().slice(0, 10),
    from: Math.floor(nowMs / minuteMs) * minuteMs - since * minuteMs,
  };
}

/** When in a night a practice's drill from a destination is due: at the same hour each night, spread over the window. */
export function slotOf(night: Night, { minutes }: DrillWindow, practice: string, destination: string): number {
  const hash = createHash('sha256').update(`${practice} ${destination}`).digest();
  return night.from + Math.floor((hash.readUInt32BE(0) / 2 ** 32) * minutes * minuteMs);
}

/** The week that a night belongs to: its name, the same for every instance. */
export function weekOf({ name }: Night): string {
  return String(Math.floor(Date.parse(`${name}T00:00:00Z`) / dayMs / 7));
}
