import type { Texts } from '../i18n/catalogue.ts';
import { rescueCopy as en } from '../i18n/en/rescue-copy.ts';
import { rescueCopy as fr } from '../i18n/fr/rescue-copy.ts';
import type { Language } from '../i18n/language.ts';

export type RescueWords = Texts<typeof fr>['rescueCopy'];

const words: Readonly<Record<Language, RescueWords>> = { fr: fr.rescueCopy, en: en.rescueCopy };

/** What a rescue copy says by itself, in the language of who made it. */
export function rescueWords(language: Language): RescueWords {
  return words[language];
}

/** A sentence with its values in it: `{{name}}` stands for each. */
export function filled(sentence: string, values: Readonly<Record<string, string | number>>): string {
  return sentence.replace(/\{\{(\w+)\}\}/g, (found, name: string) => String(values[name] ?? found));
}
