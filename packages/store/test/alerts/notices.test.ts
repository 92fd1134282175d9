import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AlertPlan, type Notice, noticesDue } from '../../src/alerts/notices.ts';

const minuteMs = 60_000;
const plan: AlertPlan = {
  steps: [
    { afterMs: 0, channels: ['mail', 'hook'] },
    { afterMs: 60 * minuteMs, channels: ['sms'] },
  ],
  repeatMs: 24 * 60 * minuteMs,
};
const open: Parameters<typeof noticesDue>[0] = {
  ...{ cause: 'copy-failing', subject: 'nuage', cleared: null, acknowledged: null, practiceCount: 3, toldCount: 3 },
};

/** Looks each minute for that long, keeping what is said. */
function follow(minutes: number, change: (minute: number) => object = () => ({})): string[] {
  const said: (Notice & { at: number })[] = [];
  let toldCount = 0;
  for (let minute = 0; minute <= minutes; minute += 1) {
    const alert = { ...open, toldCount, ...change(minute) };
    const due = noticesDue(alert, said, plan, minute * minuteMs);
    if (due.length > 0) toldCount = alert.practiceCount;
    said.push(...due.map((notice) => ({ ...notice, at: minute * minuteMs })));
  }
  return said.map(({ at, event, channel }) => `${at / minuteMs} ${event} ${channel}`);
}

test('an alert is told once, then to who is next, then again a day later', () => {
  const day = 24 * 60;
  assert.deepEqual(follow(2 * day + 59), [
    ...['0 raised mail', '0 raised hook', '60 escalated sms'],
    ...[`${60 + day} repeated sms`],
  ]);
});

test('nothing more is said once somebody takes care of it, but its end, to all who were told', () => {
  const change = (minute: number) => ({
    acknowledged: minute >= 10 ? 1 : null,
    cleared: minute >= 300 ? 1 : null,
  });
  assert.deepEqual(follow(400, change), ['0 raised mail', '0 raised hook', '300 over mail', '300 over hook']);
});

test('what spreads is told each time that it is twice as much, acknowledged or not', () => {
  const change = (minute: number) => ({ practiceCount: 1 + minute, acknowledged: 1 });
  const grown = follow(500, (minute) => ({ ...change(minute), acknowledged: minute === 0 ? null : 1 }));
  const mails = grown.filter((line) => line.endsWith('mail'));
  assert.deepEqual(mails, [
    '0 raised mail',
    ...[1, 3, 7, 15, 31, 63, 127, 255].map((minute) => `${minute} grown mail`),
  ]);
});

test('a channel that takes nothing is not asked to say so; what nobody was told of ends in silence', () => {
  const failing: Parameters<typeof noticesDue>[0] = {
    ...open,
    cause: 'channel-failing',
    subject: 'mail',
    practiceCount: 0,
    toldCount: 0,
  };
  assert.deepEqual(
    noticesDue(failing, [], plan, 0).map(({ channel }) => channel),
    ['hook'],
  );
  assert.deepEqual(noticesDue({ ...open, cleared: 1 }, [], plan, 0), []);
});

test('a plan that was changed meanwhile goes on from where its alert stands', () => {
  const said = [{ channel: 'gone', event: 'escalated' as const, step: 5, at: 0 }];
  assert.deepEqual(noticesDue(open, said, plan, plan.repeatMs), [{ channel: 'sms', event: 'repeated', step: 1 }]);
});
