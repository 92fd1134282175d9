import { createInstance } from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Catalogue } from './catalogue.ts';
import { type Language, preferredLanguage, rememberLanguage } from './language.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: Catalogue };
  }
}

export const i18n = createInstance();

/** A browser fetches the language that is read, and the other one when somebody asks for it. */
const catalogues: Readonly<Record<Language, () => Promise<Catalogue>>> = {
  fr: async () => (await import('./fr.ts')).fr,
  en: async () => (await import('./en.ts')).en,
};

export async function startI18n(): Promise<void> {
  // With two parameters and no third, i18next awaits what is returned.
  i18n.use({ type: 'backend', read: (language: Language, _namespace: string) => catalogues[language]() });
  await i18n.use(initReactI18next).init({
    lng: preferredLanguage(),
    supportedLngs: ['fr', 'en'],
    // Both have every key: the types see to it.
    fallbackLng: false,
    // React escapes what it shows.
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  document.documentElement.lang = i18n.language;
  i18n.on('languageChanged', (language) => {
    document.documentElement.lang = language;
    if (language === 'fr' || language === 'en') rememberLanguage(language);
  });
}
