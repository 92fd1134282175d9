import { type ReactNode, useEffect, useState } from 'react';
import { i18n } from './i18n.ts';
import { TranslationContext, translated } from './use-translation.ts';

/** Gives the words to all that stands within. */
export function Spoken({ children }: { readonly children: ReactNode }) {
  const [translation, setTranslation] = useState(translated);
  useEffect(() => {
    const follow = () => setTranslation(translated());
    follow();
    i18n.on('languageChanged', follow);
    return () => i18n.off('languageChanged', follow);
  }, []);
  return <TranslationContext value={translation}>{children}</TranslationContext>;
}
