import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type AlertCause, alertCauses } from '@serment/core/wire/alert';
import type { WaitingNotice } from '@serment/store/alerts/alert-log';
import { describeAlert } from '@serment/store/alerts/alert-text';
import { composeMessage } from '../../src/alerts/message.ts';

const now = Date.UTC(2026, 10, 30, 13, 5);
const style = { language: 'fr', timeZone: 'Europe/Paris' } as const;
const practice = (place: number) => place.toString(16).padStart(8, 'a').padEnd(64, '0');

function notice(number: number, more: Partial<WaitingNotice['alert']> = {}, event: WaitingNotice['event'] = 'raised') {
  const alert = {
    ...{
      alert: number,
      cause: 'copy-failing' as AlertCause,
      subject: 'nuage',
      code: 'COPY_UNREACHABLE',
      at: null,
      entry: null,
    },
    ...{ practices: [practice(1)], practiceCount: 1, since: now - 3_600_000, times: 1, raised: now, seen: now },
    ...{ cleared: null, acknowledged: null, acknowledgedBy: null, toldCount: 0, ...more },
  };
  return { notice: number, event, at: now, alert };
}

describe('a message of alerts', () => {
  it('says what is wrong, since when, whom it concerns, and one thing to do', () => {
    const { subject, text, short } = composeMessage([notice(12)], now, style);
    assert.equal(subject, 'Serment : La copie « nuage » n’est plus écrite (COPY_UNREACHABLE).');
    assert.equal(
      text,
      [
        'Nouveau. La copie « nuage » n’est plus écrite (COPY_UNREACHABLE).',
        'Depuis : 30/11/2026 13:05.',
        'Concerne : le cabinet aaaaaaa1.',
        'À faire : Remettez ce lieu en service : docs/operations.md dit quoi faire de ce code. La copie se rattrape ensuite seule.',
        'Alerte 12 : serment alerts acknowledge 12 --data …',
        '',
        'Ce message ne contient ni nom ni donnée de patient ; les cabinets y sont sous leur pseudonyme.',
        '',
      ].join('\n'),
    );
    assert.match(short, /^Serment: La copie « nuage » n’est plus écrite/);
    const english = composeMessage([notice(12)], now, { ...style, language: 'en' });
    assert.equal(english.subject, 'Serment : The copy “nuage” is not written any more (COPY_UNREACHABLE).');
  });

  it('is one for a dead destination with 500 practices', () => {
    const practices = Array.from({ length: 500 }, (_, place) => practice(place));
    const { text, json } = composeMessage([notice(1, { practices, practiceCount: 500 })], now, style);
    const whom = 'aaaaaaa0, aaaaaaa1, aaaaaaa2, aaaaaaa3, aaaaaaa4';
    assert.match(text, new RegExp(`^Concerne : 500 cabinets : ${whom} et 495 autres\\.$`, 'm'));
    const { alerts } = JSON.parse(json);
    assert.deepEqual([alerts[0].practiceCount, alerts[0].practices.length], [500, 100]);
  });

  it('tells an alert once, by what came last; counts what it does not list; tells an end with its times', () => {
    const over = { cleared: now };
    const waiting = [
      notice(1, over, 'raised'),
      { ...notice(1, over, 'over'), notice: 2 },
      ...Array.from({ length: 30 }, (_, place) => ({ ...notice(place + 2), notice: place + 3 })),
    ];
    const { subject, text, json } = composeMessage(waiting, now, style);
    assert.equal(subject, 'Serment : 30 alertes en cours, 1 terminée');
    assert.match(text, /^Et 11 autres : serment alerts list/m);
    assert.equal(JSON.parse(json).count, 31);
    assert.ok(text.length < 12_000);
    const end = composeMessage(waiting.slice(0, 2), now, style);
    assert.equal(end.subject, 'Serment : C’est fini. La copie « nuage » n’est plus écrite (COPY_UNREACHABLE).');
    assert.match(
      end.text,
      /^Du 30\/11\/2026 13:05 au 30\/11\/2026 14:05\. Concerne : le cabinet aaaaaaa1\. Alerte 1\.$/m,
    );
  });

  it('has the same id when it is sent again, and another one otherwise', () => {
    const [id, again, other] = [[notice(1)], [notice(1)], [notice(2)]].map((one) => composeMessage(one, now, style).id);
    assert.match(id ?? '', /^[0-9a-f]{32}$/);
    assert.equal(again, id);
    assert.notEqual(other, id);
  });

  it('keeps its subject on one line, whatever a name holds', () => {
    const { subject } = composeMessage(
      [notice(1, { subject: `a\r\nBcc: b@c.d\u2028\u202e${'x'.repeat(400)}` })],
      now,
      style,
    );
    assert.doesNotMatch(subject, /[\p{Cc}\p{Cf}\p{Zl}]/u);
    assert.ok(subject.length <= 150);
  });

  it('says of a device that is held that it is, and to call so that somebody lets it go', () => {
    const facts = { cause: 'read-much' as AlertCause, subject: '1f2e3d4c5b6a7988' };
    const [held, free] = ['AUTHOR_HELD', null].map((code) =>
      composeMessage([notice(1, { ...facts, code })], now, style),
    );
    assert.match(held?.text ?? '', /^Nouveau\. L’appareil 1f2e3d4c5b6a7988 .+\. Il est retenu : .+\.$/m);
    assert.match(held?.text ?? '', /^À faire : Appelez le cabinet : .+ le libère .+\.$/m);
    assert.match(held?.short ?? '', /retenu/);
    assert.doesNotMatch(free?.text ?? '', /retenu|libère/);
    const { text } = composeMessage([notice(1, { ...facts, code: 'AUTHOR_HELD' })], now, { ...style, language: 'en' });
    assert.match(text, /It is held: .+\n(?:.+\n)+To do: Call the practice: .+ lets it go/);
  });

  it('has words for each cause, in both languages, about a copy, a date or neither', () => {
    for (const cause of alertCauses)
      for (const language of ['fr', 'en'] as const)
        for (const at of [null, now]) {
          const facts = { ...notice(1).alert, cause, at, practices: [], practiceCount: 0 };
          const { what, whom, act } = describeAlert(facts, language, String);
          for (const sentence of [what, act]) assert.match(sentence, /^\p{Lu}.+\.$/u, cause);
          assert.equal(whom, { fr: 'l’installation', en: 'the installation' }[language]);
        }
  });
});
