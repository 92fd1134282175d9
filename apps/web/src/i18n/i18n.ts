import { createInstance } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { arrival } from './arrival.ts';
import type { Catalogue, FirstWords, RestOfWords } from './catalogue.ts';
import { fr } from './fr.ts';
import { type Language, preferredLanguage, rememberLanguage } from './language.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'first';
    // What the first part lacks is looked for in the rest: to whoever asks, they are one.
    resources: { first: Catalogue };
  }
}

export const i18n = createInstance();

/**
 * The words come in two parts: what the code that comes first says, and the rest. A browser fetches the language that is
 * read, and the other one when somebody asks for it; but the first words of French come with the code, one fetch earlier.
 */
const catalogues: Readonly<Record<Language, { first(): Promise<FirstWords>; rest(): Promise<RestOfWords> }>> = {
  fr: { first: async () => fr, rest: async () => (await import('./fr-rest.ts')).frRest },
  en: { first: async () => (await import('./en.ts')).en, rest: async () => (await import('./en-rest.ts')).enRest },
};

export async function startI18n(): Promise<void> {
  const language = preferredLanguage();
  await i18n.use(initReactI18next).init({
    lng: language,
    supportedLngs: ['fr', 'en'],
    // Both have every key: the types see to it.
    fallbackLng: false,
    // Nothing here is fetched by i18next itself.
    resources: {},
    ns: ['first', 'rest', 'console'],
    defaultNS: 'first',
    fallbackNS: ['rest', 'console'],
    // React escapes what it shows.
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  // Where its words do not come, French does, rather than a blank page; what was chosen stays so for the next time.
  await arrival(load(language, 'first')).catch(async () => {
    await load('fr', 'first');
    await i18n.changeLanguage('fr');
  });
  document.documentElement.lang = i18n.language;
  i18n.on('languageChanged', (changed) => {
    document.documentElement.lang = changed;
    if (changed === 'fr' || changed === 'en') rememberLanguage(changed);
  });
}

/** Changes the language, once all its words are here. Throws what the fetch throws, and nothing has changed. */
export async function speak(language: Language): Promise<void> {
  await arrival(Promise.all([load(language, 'first'), load(language, 'rest')]));
  await i18n.changeLanguage(language);
}

/**
 * The words that do not come first, in the language that is read: a language is changed with all its words, so that this
 * one still has them all if it is changed meanwhile.
 */
async function restOfWords(): Promise<void> {
  await load(i18n.language === 'en' ? 'en' : 'fr', 'rest');
}

/**
 * Code that comes late, once its words are here: every `import()` of code that comes first goes through this, or shows
 * keys for words. Throws what either fetch throws.
 */
export async function withWords<Code>(coming: Promise<Code>): Promise<Code> {
  const [code] = await arrival(Promise.all([coming, restOfWords()]));
  return code;
}

async function load(language: Language, part: 'first' | 'rest'): Promise<void> {
  if (i18n.hasResourceBundle(language, part)) return;
  i18n.addResourceBundle(language, part, await catalogues[language][part]());
}
