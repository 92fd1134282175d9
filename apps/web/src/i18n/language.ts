export type Language = 'fr' | 'en';

const stored = 'serment-language';

/** French unless this person chose English here, or reads a browser in English. */
export function preferredLanguage(): Language {
  const chosen = localStorage.getItem(stored);
  if (chosen === 'fr' || chosen === 'en') return chosen;
  return navigator.language.toLowerCase().startsWith('en') ? 'en' : 'fr';
}

export function rememberLanguage(language: Language): void {
  localStorage.setItem(stored, language);
}
