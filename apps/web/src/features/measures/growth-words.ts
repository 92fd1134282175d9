import type { GrowthPoint } from '@serment/records/growth/child';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';

const daysPerMonth = 30.4375;
const decimals = { weight: 2, length: 1, head: 1, bmi: 1 } as const;

export interface GrowthWords {
  readonly value: (point: GrowthPoint) => string;
  /** `−1,2 ET`; '' without a table. */
  readonly z: (z: number | null) => string;
  /** `−1,2` */
  readonly signed: (value: number) => string;
  readonly centile: (centile: number | null) => string;
  readonly age: (days: number) => string;
}

/** How the figures of growth are written. */
export function useGrowthWords(): GrowthWords {
  const { t } = useTranslation();
  const format = useFormat();
  const rounded = (value: number, places: number) => format.number(Number(value.toFixed(places)));
  const signed = (value: number) => {
    const figure = rounded(Math.abs(value), 1);
    return figure === '0' ? figure : `${value < 0 ? '−' : '+'}${figure}`;
  };
  return {
    value: ({ indicator, value }) => `${rounded(value, decimals[indicator])}\u00a0${t(`growth.unitOf.${indicator}`)}`,
    z: (z) => (z === null ? '' : t('growth.zOf', { z: signed(z) })),
    signed,
    centile: (centile) => {
      if (centile === null) return '';
      if (centile < 0.1) return t('growth.under');
      return centile > 99.9 ? t('growth.above') : rounded(centile, centile < 1 || centile > 99 ? 1 : 0);
    },
    age: (days) =>
      days < 92
        ? t('growth.ageDays', { days })
        : t('growth.ageMonths', { months: Math.floor((days / daysPerMonth) * 10) / 10 }),
  };
}
