import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/format.ts';

interface Term {
  readonly from: number | null;
  readonly until: number | null;
}

/** From when until when a member may act, in words. */
export function useTermText(): (term: Term) => string {
  const { t } = useTranslation();
  const format = useFormat();
  return ({ from, until }) => {
    const at = (ms: number) => t('time.at', { day: format.day(ms), time: format.time(ms) });
    if (from === null) return until === null ? t('vault.term.none') : t('vault.term.until', { end: at(until) });
    if (until === null) return t('vault.term.from', { start: at(from) });
    return t('vault.term.both', { start: at(from), end: at(until) });
  };
}
