import { CodedError } from '@serment/core/error';
import { sessionEndOf } from '@serment/replica/session-end';
import type { Catalogue } from '../i18n/catalogue.ts';
import { i18n } from '../i18n/i18n.ts';
import { useTermWords } from '../i18n/term-words.ts';
import { useTranslation } from '../i18n/use-translation.ts';

type ErrorKey = keyof Catalogue['error'];

/** What happened, what is safe, what to do: never a code alone. */
export function useErrorText(): (error: unknown) => string {
  const { t } = useTranslation();
  const words = useTermWords();
  return (error) => {
    if (!(error instanceof CodedError)) return t('error.UNEXPECTED');
    if (error.code === 'KIT_CHECKSUM' && typeof error.fields.group === 'number')
      return t('error.KIT_CHECKSUM_GROUP', { group: error.fields.group });
    if (error.code === 'KIT_INVALID' && typeof error.fields.group === 'number')
      return t('error.KIT_INVALID_GROUP', { group: error.fields.group });
    if (error.code === 'KIT_WITHDRAWN' && typeof error.fields.testValue === 'string')
      return t('error.KIT_WITHDRAWN_MARK', { testValue: error.fields.testValue });
    if (error.code === 'SAVES_WAITING') return t('error.SAVES_WAITING', { count: Number(error.fields.count) });
    if (error.code === 'SAVE_INVALID' && error.fields.restored === true) return t('error.SAVE_RESTORED');
    const { seconds, left } = error.fields;
    if (error.fields.status === 429)
      return typeof seconds === 'number' && seconds > 90
        ? t('error.THROTTLED_FOR', { count: Math.ceil(seconds / 60) })
        : t('error.THROTTLED');
    if (error.code === 'CODE_WRONG' && typeof left === 'number') return t('error.CODE_WRONG_LEFT', { count: left });
    const { from, until } = error.fields;
    if (error.code === 'INVITATION_EARLY' && typeof from === 'number')
      return t('error.ACCESS_EARLY', { start: words.start(from) });
    if (error.code === 'INVITATION_EXPIRED' && typeof until === 'number')
      return t('error.ACCESS_OVER_AT', { end: words.end(until) });
    if (error.fields.server === 'AUTHOR_HELD' || error.fields.refusal === 'AUTHOR_HELD') return t('error.AUTHOR_HELD');
    const end = sessionEndOf(error, Date.now());
    if (end?.why === 'frozen') return t('error.HOLDER_FROZEN');
    if (end?.why === 'suspended') return `${t('ended.suspended.title')}. ${t('ended.suspended.todo')}`;
    if (end?.why === 'early') return t('error.ACCESS_EARLY', { start: words.start(end.from) });
    if (end?.why === 'over')
      return end.until === null
        ? t('error.INVITATION_EXPIRED')
        : t('error.ACCESS_OVER_AT', { end: words.end(end.until) });
    return t(keyOf(error.code));
  };
}

/** What fails in code that comes late has words that come with it. */
function keyOf(code: string): `error.${ErrorKey}` {
  return i18n.exists(`error.${code}`) && code !== 'title' ? `error.${code as ErrorKey}` : 'error.UNEXPECTED';
}
