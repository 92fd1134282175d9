import { Link } from '@tanstack/react-router';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useTold } from './news.tsx';

/** The way to the day, with how much there is to know of: seen wherever one works. */
export function TodayLink() {
  const { t } = useTranslation();
  const count = useTold().lines.length;
  return <Link to="/aujourdhui">{count === 0 ? t('today.link') : t('news.link', { count })}</Link>;
}
