import type { BatchPart } from '../../file-view/scanned-batch.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';

/** What a document of a batch is called: as it was typed, else by its kind, else by the day of its scan. */
export function usePartTitle(scannedAt: number): (part: BatchPart) => string {
  const { t } = useTranslation();
  const format = useFormat();
  return ({ title, type }) =>
    title.trim() || (type === '' ? t('scanned.untitled', { day: format.day(scannedAt) }) : t(`documents.type.${type}`));
}
