import { resolve } from 'node:path';
import { type ConfigKind, type ConfigObject, readConfig } from '@serment/store/config-file';
import type { DrillWindow } from './drill-schedule.ts';

export interface DrillConfig {
  readonly window: DrillWindow;
  /** Where scratch databases are made; null for the data folder. */
  readonly scratchDir: string | null;
}

const kind: ConfigKind = { option: '--drills', page: 'docs/operations.md' };
const names = ['from', 'until', 'timeZone', 'scratch'] as const;
const dayMinutes = 1440;

/** From one to five in the morning, by the machine's own clock. */
export const usualDrills: DrillConfig = {
  window: { fromMinute: 60, minutes: 240, timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone },
  scratchDir: null,
};

/** What the file of `--drills` says. Throws USAGE. */
export async function readDrillConfig(path: string): Promise<DrillConfig> {
  const config = await readConfig(path, kind, names);
  const { window } = usualDrills;
  const fromMinute = config.has('from') ? minuteOf(config, 'from') : window.fromMinute;
  const until = config.has('until') ? minuteOf(config, 'until') : (window.fromMinute + window.minutes) % dayMinutes;
  return {
    window: {
      fromMinute,
      // The same hour twice is the whole day.
      minutes: (until - fromMinute + dayMinutes) % dayMinutes || dayMinutes,
      timeZone: config.has('timeZone') ? config.timeZone('timeZone') : window.timeZone,
    },
    scratchDir: config.has('scratch') ? resolve(config.text('scratch')) : null,
  };
}

function minuteOf(config: ConfigObject, name: string): number {
  const found = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(config.text(name));
  if (found === null) throw config.wrong(name, 'it is an hour such as 22:30');
  return Number(found[1]) * 60 + Number(found[2]);
}
