import { speak } from '../../i18n/i18n.ts';
import { useTranslation } from '../../i18n/use-translation.ts';

/** The other language, named in itself. */
export function LanguageSwitch() {
  const { t, i18n } = useTranslation();
  const other = i18n.language === 'en' ? 'fr' : 'en';
  return (
    <button
      type="button"
      className="text-button row-text muted"
      lang={other}
      aria-label={t('app.languageLabel')}
      onClick={() => void speak(other).catch(() => undefined)}
    >
      {t('app.language')}
    </button>
  );
}
