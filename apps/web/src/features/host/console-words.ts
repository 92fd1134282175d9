import { bytesToHex } from '@serment/core/bytes';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';

/** How much of a pseudonym tells practices apart on a screen. */
const shownDigits = 12;

export function pseudonymOf({ practice }: { readonly practice: Uint8Array }): string {
  return shortened(bytesToHex(practice));
}

export function shortened(practice: string): string {
  return practice.slice(0, shownDigits);
}

/** Sizes and durations as a host writes them: `1,2 To`, `4 min`. */
export function useConsoleWords() {
  const { t, i18n } = useTranslation();
  const language: 'fr' | 'en' = i18n.language.startsWith('en') ? 'en' : 'fr';
  const format = useFormat();
  const size = (bytes: number) => {
    if (bytes >= 1e12) return t('console.terabytes', { count: Math.round(bytes / 1e11) / 10 });
    if (bytes >= 1e9) return t('console.gigabytes', { count: Math.round(bytes / 1e8) / 10 });
    return format.size(bytes);
  };
  const duration = (ms: number) => {
    if (ms < 1000) return t('console.milliseconds', { count: Math.round(ms) });
    if (ms < 60_000) return t('console.seconds', { count: Math.round(ms / 100) / 10 });
    if (ms < 3_600_000) return t('console.minutes', { count: Math.round(ms / 60_000) });
    if (ms < 172_800_000) return t('console.hours', { count: Math.round(ms / 3_600_000) });
    return t('console.days', { count: Math.round(ms / 86_400_000) });
  };
  const ago = (at: number | null, nowMs: number) => (at === null ? t('console.never') : format.ago(at, nowMs));
  return { ...{ t, language, format, size, duration, ago }, night: (name: string) => format.fhirDay(name) };
}
