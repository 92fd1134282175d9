import { useFormat } from './format.ts';
import { useTranslation } from './use-translation.ts';

interface Term {
  readonly from: number | null;
  readonly until: number | null;
}

export interface TermWords {
  /** From when until when a member may act. */
  term(term: Term): string;
  /** When it begins, at midnight as a day alone. */
  start(ms: number): string;
  /** When it ends, at midnight as the last day. */
  end(ms: number): string;
}

/** A term and its limits in words. */
export function useTermWords(): TermWords {
  const { t } = useTranslation();
  const format = useFormat();
  const at = (ms: number) => t('time.at', { day: format.day(ms), time: format.time(ms) });
  const start = (ms: number) => (isMidnight(ms) ? format.day(ms) : at(ms));
  const end = (ms: number) => (isMidnight(ms) ? t('time.through', { day: format.day(ms - 1) }) : at(ms));
  const term = ({ from, until }: Term) => {
    if (from === null) return until === null ? t('vault.term.none') : t('vault.term.until', { end: end(until) });
    if (until === null) return t('vault.term.from', { start: start(from) });
    return t('vault.term.both', { start: start(from), end: end(until) });
  };
  return { term, start, end };
}

function isMidnight(ms: number): boolean {
  const date = new Date(ms);
  return date.getTime() === new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}
