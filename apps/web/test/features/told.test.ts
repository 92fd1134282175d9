import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PatientRow } from '@serment/replica/directory';
import type { VaultEvent } from '@serment/replica/vault';
import { linesOf, newKinds, systemFacts, unsentAfterMs } from '../../src/features/news/told.ts';
import { news as french } from '../../src/i18n/fr/news.ts';
import type { News } from '../../src/worker/news-desk.ts';

const nothing: News = {
  ...{ arrived: [], urgentArrived: [], deposits: 0, conflicts: [], unsentSince: null, events: [] },
  ...{ size: 10, isWished: true },
};
const row = { id: 'Patient/one', family: 'Benoît', given: 'Suzanne' } as PatientRow;
const event = { index: 7, body: { kind: 'break-glass' } } as VaultEvent;
const none = { refused: 0, pending: 0 };

describe('what there is to know of', () => {
  it('is nothing before it is known, and where there is nothing', () => {
    assert.deepEqual(linesOf(null, none, 0), []);
    assert.deepEqual(linesOf({ ...nothing, arrived: ['a'], deposits: 2 }, none, 0), []);
  });

  it('is told in the order of what cannot wait', () => {
    const news = { ...nothing, urgentArrived: ['a', 'b'], conflicts: [row], unsentSince: 0, events: [event] };
    const lines = linesOf(news, { refused: 1, pending: 3 }, unsentAfterMs);
    assert.deepEqual(
      lines.map(({ kind }) => kind),
      ['urgent', 'refused', 'conflict', 'unsent', 'event'],
    );
  });

  it('says that a save did not leave once that lasts, and no more when it has', () => {
    const news = { ...nothing, unsentSince: 1_000 };
    assert.deepEqual(linesOf(news, { refused: 0, pending: 1 }, 1_000 + unsentAfterMs - 1), []);
    assert.equal(linesOf(news, { refused: 0, pending: 1 }, 1_000 + unsentAfterMs)[0]?.kind, 'unsent');
    assert.deepEqual(linesOf(news, none, 1_000 + unsentAfterMs), []);
  });
});

describe('what the system is asked to say', () => {
  const factsOf = (news: News, shield: Parameters<typeof systemFacts>[2] = null) =>
    systemFacts(news, linesOf(news, none, 0), shield);
  const after = (before: News, now: News) => newKinds(new Set(factsOf(before).keys()), factsOf(now));

  it('is what was not there before, each kind once', () => {
    assert.deepEqual(after(nothing, nothing), []);
    assert.deepEqual(after(nothing, { ...nothing, arrived: ['a', 'b'] }), ['arrived']);
    assert.deepEqual(after({ ...nothing, arrived: ['a'] }, { ...nothing, arrived: ['a'] }), []);
    assert.deepEqual(after({ ...nothing, arrived: ['a'] }, { ...nothing, arrived: ['b'] }), ['arrived']);
    assert.deepEqual(after({ ...nothing, deposits: 2 }, { ...nothing, deposits: 1 }), []);
    assert.deepEqual(after({ ...nothing, deposits: 1 }, { ...nothing, deposits: 2 }), ['deposit']);
  });

  it('is said as critical alone where it is', () => {
    assert.deepEqual(after(nothing, { ...nothing, arrived: ['a'], urgentArrived: ['a'] }), ['urgent']);
  });

  it('is the shield that turns, and not one that stays or turns green', () => {
    const kinds = (tone: string, before: string | null) => {
      const known = before === null ? [] : factsOf(nothing, { tone: before, condition: 'offline' }).keys();
      return newKinds(new Set(known), factsOf(nothing, { tone, condition: 'offline' }));
    };
    assert.deepEqual(kinds('amber', null), ['shield']);
    assert.deepEqual(kinds('amber', 'amber'), []);
    assert.deepEqual(kinds('proven', 'amber'), []);
    assert.deepEqual(kinds('plain', null), []);
  });

  it('names nobody, whatever it is about', () => {
    for (const words of Object.values(french.news.system)) assert.doesNotMatch(words, /\{\{/);
  });
});
