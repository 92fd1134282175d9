import { createHash } from 'node:crypto';
import type { WaitingNotice } from '@serment/store/alerts/alert-log';
import { type AlertLanguage, type AlertText, describeAlert } from '@serment/store/alerts/alert-text';
import type { NoticeEvent } from '@serment/store/alerts/notices';

/** What a channel is given to carry, for each kind of channel. */
export interface AlertMessage {
  /** 32 hexadecimal digits, the same for the same message sent again. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** One line. */
  readonly subject: string;
  readonly text: string;
  /** For a telephone. */
  readonly short: string;
  readonly json: string;
}

export interface MessageStyle {
  readonly language: AlertLanguage;
  readonly timeZone: string;
}

type Told = WaitingNotice & { readonly words: AlertText };

/** How many alerts are told in full; the rest are counted. */
const maxTold = 20;
const maxSubjectLength = 150;
const maxPractices = 100;
const order: readonly NoticeEvent[] = ['raised', 'escalated', 'grown', 'repeated', 'over'];

/** One message for all that waits, however much it is: of an alert, the last thing to say. */
export function composeMessage(waiting: readonly WaitingNotice[], now: number, style: MessageStyle): AlertMessage {
  const { language } = style;
  const when = writer(style);
  const last = new Map(waiting.map((one) => [one.alert.alert, one]));
  const told = [...last.values()]
    .map((one) => ({ ...one, words: describeAlert(one.alert, language, when) }))
    .sort((left, right) => order.indexOf(left.event) - order.indexOf(right.event) || left.notice - right.notice);
  const words = phrases[language];
  const [first] = told;
  const lead = told.length === 1 && first !== undefined ? headline(first, language) : words.several(countsOf(told));
  const parts = told.slice(0, maxTold).map((one) => paragraph(one, language, when));
  const more = told.length > maxTold ? [words.more(told.length - maxTold)] : [];
  return {
    id: idOf(waiting.map(({ notice, at }) => `${notice} ${at}`).join(' ')),
    time: now,
    subject: subjectOf(`Serment : ${lead}`),
    text: `${[...parts, ...more, words.end].join('\n\n')}\n`,
    short: told.length === 1 && first !== undefined ? `Serment: ${lead} ${first.words.act}` : `Serment: ${lead}`,
    json: JSON.stringify({
      ...{ type: 'serment.alerts', time: now, isTrial: false, count: told.length },
      alerts: told.slice(0, maxTold).map(({ event, alert, words: { what, whom, act } }) => ({
        ...{ alert: alert.alert, event, cause: alert.cause, subject: alert.subject, code: alert.code },
        ...{ since: alert.since, at: alert.at, over: alert.cleared, acknowledged: alert.acknowledged },
        ...{ practices: alert.practices.slice(0, maxPractices), practiceCount: alert.practiceCount },
        ...{ what, whom, act },
      })),
    }),
  };
}

/** What a trial says on each channel. */
export function trialMessage(id: string, now: number, { language }: MessageStyle): AlertMessage {
  const { trial } = phrases[language];
  return {
    ...{ id, time: now, subject: subjectOf(`Serment : ${trial}`), text: `${trial}\n`, short: `Serment: ${trial}` },
    json: JSON.stringify({ type: 'serment.alerts', time: now, isTrial: true, count: 0, alerts: [] }),
  };
}

/** How instants are written for people. */
export function writer({ language, timeZone }: MessageStyle): (at: number) => string {
  const format = new Intl.DateTimeFormat(language === 'fr' ? 'fr-FR' : 'en-GB', {
    ...{ timeZone, day: '2-digit', year: 'numeric', hour: '2-digit', minute: '2-digit' },
    // 30/11 and 11/30 are both read in English.
    month: language === 'fr' ? '2-digit' : 'short',
  });
  return (at) => format.format(at);
}

function paragraph({ event, alert, words }: Told, language: AlertLanguage, when: (at: number) => string): string {
  const { events, labels } = phrases[language];
  const number = `${labels.number} ${alert.alert}`;
  if (alert.cleared !== null)
    return [
      `${events.over} ${words.what}`,
      `${labels.from} ${when(alert.since)} ${labels.to} ${when(alert.cleared)}. ${labels.whom} ${words.whom}. ${number}.`,
    ].join('\n');
  return [
    `${events[event]} ${words.what}`,
    `${labels.since} ${when(alert.since)}.`,
    `${labels.whom} ${words.whom}.`,
    `${labels.act} ${words.act}`,
    `${number} : serment alerts acknowledge ${alert.alert} --data …`,
  ].join('\n');
}

function headline({ event, words }: Told, language: AlertLanguage): string {
  const { events } = phrases[language];
  return event === 'raised' ? words.what : `${events[event]} ${words.what}`;
}

function countsOf(told: readonly Told[]): { readonly open: number; readonly over: number } {
  const over = told.filter(({ alert }) => alert.cleared !== null).length;
  return { open: told.length - over, over };
}

const phrases = {
  fr: {
    events: {
      ...{ raised: 'Nouveau.', escalated: 'Personne ne s’en occupe encore.', repeated: 'Toujours en cours.' },
      ...{ grown: 'Cela s’étend.', over: 'C’est fini.' },
    },
    labels: {
      ...{ since: 'Depuis :', from: 'Du', to: 'au', whom: 'Concerne :', act: 'À faire :', number: 'Alerte' },
    },
    several: ({ open, over }: { open: number; over: number }) =>
      [
        ...(open > 0 ? [`${open} alerte${open > 1 ? 's' : ''} en cours`] : []),
        ...(over > 0 ? [`${over} terminée${over > 1 ? 's' : ''}`] : []),
      ].join(', '),
    more: (count: number) => `Et ${count} autre${count > 1 ? 's' : ''} : serment alerts list --data …`,
    end: 'Ce message ne contient ni nom ni donnée de patient ; les cabinets y sont sous leur pseudonyme.',
    trial: 'message d’essai. Si vous le lisez, ce canal fonctionne.',
  },
  en: {
    events: {
      ...{ raised: 'New.', escalated: 'Nobody takes care of it yet.', repeated: 'Still so.' },
      ...{ grown: 'It spreads.', over: 'It is over.' },
    },
    labels: {
      ...{ since: 'Since:', from: 'From', to: 'until', whom: 'Concerns:', act: 'To do:', number: 'Alert' },
    },
    several: ({ open, over }: { open: number; over: number }) =>
      [...(open > 0 ? [`${open} alert${open > 1 ? 's' : ''} open`] : []), ...(over > 0 ? [`${over} over`] : [])].join(
        ', ',
      ),
    more: (count: number) => `And ${count} more: serment alerts list --data …`,
    end: 'This message holds no name and nothing of a patient; practices stand under their pseudonyms.',
    trial: 'trial message. If you read it, this channel works.',
  },
} as const;

/** A header is one line: nothing that ends it, or that writes from right to left, goes in. */
function subjectOf(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');
  return line.length <= maxSubjectLength ? line : `${line.slice(0, maxSubjectLength - 1)}…`;
}

function idOf(text: string): string {
  return createHash('sha256').update(`serment/alert/1/${text}`).digest('hex').slice(0, 32);
}
