import { useSyncExternalStore } from 'react';
import { isPartMissing, watchMissingPart } from '../../i18n/arrival.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import './offline.css';

/** Says that something of the application did not come, and why a button may not answer. */
export function MissingPart() {
  const { t } = useTranslation();
  const isMissing = useSyncExternalStore(watchMissingPart, isPartMissing);
  if (!isMissing) return null;
  return (
    <div className="shell-line" role="status">
      <span>
        <b>{t('offline.missing.title')}</b> {t('offline.missing.detail')}
      </span>
      <button type="button" className="text-button" onClick={() => location.reload()}>
        {t('fault.reload')}
      </button>
    </div>
  );
}
