import { createInstance } from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Catalogue } from './catalogue.ts';
import { catalogues } from './catalogues.ts';
import { preferredLanguage, rememberLanguage } from './language.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: Catalogue };
  }
}

export const i18n = createInstance();

export async function startI18n(): Promise<void> {
  await i18n.use(initReactI18next).init({
    lng: preferredLanguage(),
    fallbackLng: 'fr',
    resources: { fr: { translation: catalogues.fr }, en: { translation: catalogues.en } },
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
