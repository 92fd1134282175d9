import type { Alert } from './alert.ts';

/** Who is told, in which order. */
export interface AlertPlan {
  /** One at least. Each is told when nobody acknowledged for `afterMs` since the one before it. */
  readonly steps: readonly AlertStep[];
  /** What nobody acknowledges is repeated to the last step. */
  readonly repeatMs: number;
}

export interface AlertStep {
  readonly afterMs: number;
  readonly channels: readonly string[];
}

export type NoticeEvent = 'raised' | 'escalated' | 'repeated' | 'grown' | 'over';

/** What one channel is to say of an alert. */
export interface Notice {
  readonly channel: string;
  readonly event: NoticeEvent;
  readonly step: number;
}

/**
 * What is to be said now of an alert, given what was said since it was last raised. Once it is acknowledged, only that it
 * is over, or that it concerns at least twice as many practices as people were told.
 */
export function noticesDue(
  alert: Pick<Alert, 'cause' | 'subject' | 'cleared' | 'acknowledged' | 'practiceCount' | 'toldCount'>,
  said: readonly (Notice & { readonly at: number })[],
  { steps, repeatMs }: AlertPlan,
  now: number,
): Notice[] {
  const told = [...new Set(said.map(({ channel }) => channel))];
  const lastStep = Math.max(-1, ...said.map(({ step }) => step));
  if (alert.cleared !== null) {
    const isSaid = said.some(({ event }) => event === 'over');
    return isSaid ? [] : told.map((channel) => ({ channel, event: 'over', step: lastStep }));
  }
  if (said.length > 0 && alert.toldCount > 0 && alert.practiceCount >= 2 * alert.toldCount)
    return told.map((channel) => ({ channel, event: 'grown', step: lastStep }));
  if (alert.acknowledged !== null) return [];
  const of = (step: number, event: NoticeEvent): Notice[] =>
    (steps[step]?.channels ?? [])
      // A channel that takes nothing cannot say so.
      .filter((channel) => !(alert.cause === 'channel-failing' && alert.subject === channel))
      .map((channel) => ({ channel, event, step }));
  if (lastStep < 0) return of(0, 'raised');
  const last = Math.max(...said.filter(({ event }) => event !== 'grown').map(({ at }) => at));
  const next = steps[lastStep + 1];
  if (next !== undefined) return now - last >= next.afterMs ? of(lastStep + 1, 'escalated') : [];
  return now - last >= repeatMs ? of(Math.min(lastStep, steps.length - 1), 'repeated') : [];
}
