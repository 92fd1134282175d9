import type { i18n as I18n, TFunction } from 'i18next';
import { createContext, use } from 'react';
import { i18n } from './i18n.ts';

export interface Translation {
  readonly t: TFunction;
  readonly i18n: I18n;
}

export const TranslationContext = createContext<Translation>({ t: i18n.t, i18n });

/** The words of the language that is read, and of another one as soon as it is chosen. */
export function useTranslation(): Translation {
  return use(TranslationContext);
}

const translations = new Map<string, Translation>();

/** The words of the language that is read now. */
export function translated(): Translation {
  const { language } = i18n;
  const made = translations.get(language) ?? { t: remembering(i18n.getFixedT(language)), i18n };
  translations.set(language, made);
  return made;
}

/**
 * Words that have no place for others are looked up once: to look them up each time was a seventh of what a page takes to
 * draw a file.
 */
function remembering(t: TFunction): TFunction {
  const known = new Map<string, unknown>();
  return new Proxy(t, {
    apply(target, self, args: unknown[]) {
      const [key] = args;
      if (args.length !== 1 || typeof key !== 'string') return Reflect.apply(target, self, args);
      const found = known.get(key);
      if (found !== undefined) return found;
      const words: unknown = Reflect.apply(target, self, args);
      // What is not here yet, its key stands for.
      if (words !== key) known.set(key, words);
      return words;
    },
  });
}
