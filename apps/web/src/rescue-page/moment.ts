import { withFirst } from '@serment/records/page/element-text';
import type { Language } from '../i18n/language.ts';
import { filled, type RescueWords } from './words.ts';

const locale = (language: Language): string => (language === 'fr' ? 'fr-FR' : 'en-GB');

/** `Copie du 30 novembre 2026, 18 h 02` */
export function copyOf(made: number, language: Language, words: RescueWords): string {
  return filled(words.of, { day: longDay(made, language), time: hour(made, language) });
}

/** How long ago that was, in days of the calendar. */
export function ageOf(made: number, now: number, { ago }: RescueWords): string {
  const day = (ms: number) => new Date(ms).setHours(12, 0, 0, 0);
  const days = Math.round((day(now) - day(made)) / 86_400_000);
  if (days <= 0) return ago.today;
  return days === 1 ? ago.yesterday : filled(ago.days, { count: days });
}

/** `30 novembre 2026` */
function longDay(ms: number, language: Language): string {
  const words = new Date(ms).toLocaleDateString(locale(language), { day: 'numeric', month: 'long', year: 'numeric' });
  return withFirst(words, language);
}

/** `Mardi 1er décembre` */
export function weekday(ms: number, language: Language): string {
  const words = new Date(ms).toLocaleDateString(locale(language), { weekday: 'long', day: 'numeric', month: 'long' });
  return withFirst(words.charAt(0).toUpperCase() + words.slice(1), language);
}

/** `18 h 02`, `18:02` */
export function hour(ms: number, language: Language): string {
  const at = new Date(ms);
  const [hours, minutes] = [at.getHours(), at.getMinutes()].map((number) => String(number).padStart(2, '0'));
  return language === 'fr' ? `${at.getHours()}\u00a0h\u00a0${minutes}` : `${hours}:${minutes}`;
}
