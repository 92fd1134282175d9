import { dateText, dayOf, withFirst } from '@serment/records/page/element-text';
import type { TFunction } from 'i18next';
import type { Language } from './language.ts';
import { useTranslation } from './use-translation.ts';

/** To make one takes longer than to use it many times. */
const writers = new Map<string, Intl.DateTimeFormat>();

/** Dates, times and numbers as they are written here: `23/11/2026`, `14:05`, `1 204`. */
export class Format {
  readonly language: Language;
  readonly #t: TFunction;
  readonly #locale: string;

  constructor(language: Language, t: TFunction) {
    this.language = language;
    this.#t = t;
    this.#locale = language === 'fr' ? 'fr-FR' : 'en-GB';
  }

  number(value: number): string {
    return value.toLocaleString(this.#locale);
  }

  /** `23/11/2026`, `23 Nov 2026` */
  day(ms: number): string {
    const date = new Date(ms);
    if (Number.isNaN(date.getTime())) return '';
    const [year, month, day] = [date.getFullYear(), date.getMonth() + 1, date.getDate()];
    return this.fhirDay([String(year).padStart(4, '0'), ...[month, day].map(twoDigits)].join('-'));
  }

  /** `Lundi 23 novembre`, `Mardi 1er décembre` */
  weekday(ms: number): string {
    const words = withFirst(this.#told(ms, { weekday: 'long', day: 'numeric', month: 'long' }), this.language);
    return words.charAt(0).toUpperCase() + words.slice(1);
  }

  /** `14:05` */
  time(ms: number): string {
    return this.#told(ms, { hour: '2-digit', minute: '2-digit' });
  }

  /** `14:05:03` */
  clock(ms: number): string {
    return this.#told(ms, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
  }

  /** `14:05` today, `23/11/2026 à 14:05` before. */
  moment(ms: number, nowMs = Date.now()): string {
    if (this.day(ms) === this.day(nowMs)) return this.time(ms);
    return this.#t('time.at', { day: this.day(ms), time: this.time(ms) });
  }

  /** `il y a 4 s`, `hier` */
  ago(ms: number, nowMs: number): string {
    const seconds = Math.max(0, Math.round((nowMs - ms) / 1000));
    if (seconds < 2) return this.#t('time.now');
    if (seconds < 60) return this.#t('time.seconds', { count: seconds });
    if (seconds < 3600) return this.#t('time.minutes', { count: Math.floor(seconds / 60) });
    if (seconds < 86_400) return this.#t('time.hours', { count: Math.floor(seconds / 3600) });
    return this.#t('time.days', { count: Math.floor(seconds / 86_400) });
  }

  /** `12/03/1992`, `12 Mar 1992` of a FHIR date, as precise as it is. */
  fhirDay(value: string): string {
    return dateText(dayOf(value) || value, this.language);
  }

  /** `28 mai`, `oct.`, or nothing for a year alone: the margin of the timeline. */
  margin(value: string): string {
    const [, year, month, day] = /^(\d{4})-(\d\d)(?:-(\d\d))?/.exec(value) ?? [];
    if (year === undefined || month === undefined) return '';
    const date = new Date(Number(year), Number(month) - 1, Number(day ?? 1));
    const name = this.#told(date, { month: 'short' });
    return day === undefined ? name : withFirst(`${Number(day)} ${name}`, this.language);
  }

  /** `le 12 nov.`, `mai`, `mai 2024` of a FHIR date: as much as tells how long ago that is. */
  since(value: string, nowMs: number): string {
    const [, year, month, day] = /^(\d{4})-(\d\d)(?:-(\d\d))?/.exec(value) ?? [];
    if (year === undefined || month === undefined) return value.slice(0, 4);
    const date = new Date(Number(year), Number(month) - 1, Number(day ?? 1));
    const days = (nowMs - date.getTime()) / 86_400_000;
    if (day !== undefined && days < 60) return this.#t('time.onDay', { day: this.margin(value) });
    const isRecent = days < 330;
    return this.#told(date, { month: 'long', ...(isRecent ? {} : { year: 'numeric' }) });
  }

  /** `34 ans`, `9 mois`, `5 semaines`, `12 jours`; '' when the birth date is not complete. */
  age(birthDate: string | null, onMs = Date.now()): string {
    const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)/.exec(birthDate ?? '') ?? [];
    if (year === undefined) return '';
    const on = new Date(onMs);
    const birth = new Date(Number(year), Number(month) - 1, Number(day));
    const months =
      (on.getFullYear() - birth.getFullYear()) * 12 +
      on.getMonth() -
      birth.getMonth() -
      (on.getDate() < birth.getDate() ? 1 : 0);
    if (months < 0) return '';
    if (months >= 24) return this.#t('time.years', { count: Math.floor(months / 12) });
    if (months >= 2) return this.#t('time.months', { count: months });
    const days = Math.floor((on.getTime() - birth.getTime()) / 86_400_000);
    return days >= 14
      ? this.#t('time.weeksOld', { count: Math.floor(days / 7) })
      : this.#t('time.daysOld', { count: days });
  }

  #told(time: number | Date, options: Intl.DateTimeFormatOptions): string {
    const date = new Date(time);
    // A time from elsewhere may be none: beyond what a date can be, to write it throws.
    if (Number.isNaN(date.getTime())) return '';
    const name = `${this.#locale} ${JSON.stringify(options)}`;
    const writer = writers.get(name) ?? new Intl.DateTimeFormat(this.#locale, options);
    writers.set(name, writer);
    return writer.format(date);
  }

  size(bytes: number): string {
    if (bytes < 1000) return this.#t('size.bytes', { count: bytes });
    if (bytes < 1_000_000) return this.#t('size.kilobytes', { count: Math.round(bytes / 100) / 10 });
    return this.#t('size.megabytes', { count: Math.round(bytes / 100_000) / 10 });
  }
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}

export function useFormat(): Format {
  const { t, i18n } = useTranslation();
  return new Format(i18n.language === 'en' ? 'en' : 'fr', t);
}
