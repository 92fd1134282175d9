import type { Plugin } from 'vite';

/**
 * Catalogues are written with the spaces of a keyboard; what is built from them has the spaces of a printer, so that no
 * line begins with a punctuation mark, nor parts a number from what it counts.
 */
export function typeset(): Plugin {
  return {
    name: 'serment-typeset',
    transform: {
      filter: { id: /\/src\/i18n\/(?:fr|en)\/[\w-]+\.ts$/ },
      // A space that does not break is a space to JavaScript too: what stands between texts keeps its meaning.
      handler: (code, id) => ({ code: withSpacesOf(id.includes('/fr/') ? 'fr' : 'en', code), map: null }),
    },
  };
}

/** The text of a catalogue with its spaces that do not break, as the typography of its language has them. */
export function withSpacesOf(language: 'fr' | 'en', text: string): string {
  const counted = text.replace(number, '$1\u00a0');
  if (language === 'en') return counted;
  return counted.replace(/ (?=[:»%€])|(?<=«) |(?<=n°) /g, '\u00a0').replace(/ (?=[;?!])/g, '\u202f');
}

/** A figure, or the place of one, with the space after it, before what it counts. */
const number =
  /(\b\d+|\{\{(?:\w+, number|count|done|total|texts|shown|files|months|days|age|hour|cm|entries|all|value|expected)\}\}) (?!(?:sur|of|et|and|à|to|en|in) )(?=[a-zà-ÿ%€])/gi;
