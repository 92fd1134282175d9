import { useState, useSyncExternalStore } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { isNewVersionReady, takeNewVersion, watchNewVersion } from '../../service-worker/registration.ts';
import './offline.css';

/** Says that another version waits, and starts it when a person asks: nothing that is open is reloaded otherwise. */
export function NewVersion() {
  const { t } = useTranslation();
  const isReady = useSyncExternalStore(watchNewVersion, isNewVersionReady);
  const [others, setOthers] = useState(0);
  if (!isReady) return null;
  return (
    <div className="shell-line" role="status">
      <span>
        <b>{t('offline.version.ready')}</b>{' '}
        {others === 0 ? t('offline.version.kept') : t('offline.version.others', { count: others })}
      </span>
      <button type="button" className="text-button" onClick={() => void takeNewVersion().then(setOthers)}>
        {t('offline.version.take')}
      </button>
    </div>
  );
}
