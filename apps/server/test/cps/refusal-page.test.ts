import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { languageOf } from '../../src/cps/language.ts';
import { renderRefusal } from '../../src/cps/refusal-page.ts';
import { type RefusalCode, refusals } from '../../src/cps/refusals.ts';

describe('the page of a refusal', () => {
  it('is in French unless English is asked for before it', () => {
    const french = [
      undefined,
      '',
      'fr',
      'fr-FR,fr;q=0.9,en;q=0.8',
      'de',
      'en;q=0',
      'en;q=x',
      'enx',
      'fr,en',
      ','.repeat(9999),
    ];
    for (const header of french) assert.equal(languageOf(header), 'fr', header?.slice(0, 40));
    for (const header of ['en', 'en-GB,en;q=0.9,fr;q=0.8', 'fr;q=0.1, EN ; q=0.2', 'de,en;q=0.5'])
      assert.equal(languageOf(header), 'en', header);
  });

  it('has words of its own for each code, in both languages', () => {
    for (const language of ['fr', 'en'] as const) {
      const told = Object.values(refusals).map((one) => Object.values(one[language]).join());
      assert.equal(new Set(told).size, told.length);
    }
  });

  it('loads nothing and runs nothing', () => {
    for (const code of Object.keys(refusals) as RefusalCode[]) {
      const page = renderRefusal({ code, language: 'fr', backUrl: 'https://app.example/identity#x' });
      assert.doesNotMatch(page, /<script|<img|<link|src=|\son\w+=|style="/);
      assert.deepEqual(page.match(/https?:[^"<]*/g), ['https://app.example/identity#x']);
    }
  });
});
