import type { Language } from '@serment/core/wire/factor';

/** The language of a page for an Accept-Language header: French, unless English is asked for before it. */
export function languageOf(header: string | undefined): Language {
  const ranges = (header ?? '').slice(0, 500).toLowerCase().split(',');
  const wanted = ranges.flatMap((range) => {
    const [, language, quality = '1'] = /^\s*(fr|en)(?:-[a-z0-9-]+)?\s*(?:;\s*q=([\d.]+)\s*)?$/.exec(range) ?? [];
    return language === undefined || !(Number(quality) > 0) ? [] : [{ language, quality: Number(quality) }];
  });
  const [first] = wanted.sort((left, right) => right.quality - left.quality);
  return first?.language === 'en' ? 'en' : 'fr';
}
