import type { Language } from './language.ts';
import { useTranslation } from './use-translation.ts';

/** The language that the interface speaks now. */
export function useLanguage(): Language {
  return useTranslation().i18n.language === 'en' ? 'en' : 'fr';
}
