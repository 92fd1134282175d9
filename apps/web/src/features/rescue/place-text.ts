import type { RescuePlace } from '@serment/replica/rescue-settings';
import { useTranslation } from '../../i18n/use-translation.ts';

/** Where copies go, in words. */
export function usePlaceText(): (place: RescuePlace) => string {
  const { t } = useTranslation();
  return ({ kind, name }) => (kind === 'folder' ? `« ${name} »` : t('rescue.place.download'));
}
