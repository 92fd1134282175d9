import { i18n } from './i18n.ts';

/** The words of the host's console, which no other page has: both languages, few as they are. */
export async function loadConsoleWords(): Promise<void> {
  const [{ frConsole }, { enConsole }] = await Promise.all([import('./fr-console.ts'), import('./en-console.ts')]);
  i18n.addResourceBundle('fr', 'console', frConsole);
  i18n.addResourceBundle('en', 'console', enConsole);
}
