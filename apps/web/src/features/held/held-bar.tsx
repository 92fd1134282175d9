import { Link, useLocation } from '@tanstack/react-router';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useStatus } from '../../session/use-session.ts';
import '../offline/offline.css';

/** On every page of a held device: that it is, that nothing is lost, and where to read what to do. */
export function HeldBar() {
  const { t } = useTranslation();
  const status = useStatus();
  const { pathname } = useLocation();
  if (status === null || !status.isHeld || pathname === '/coffre/acces/retenue') return null;
  return (
    <div className="shell-line amber" role="status">
      <span>
        <b>{t('held.bar')}</b> {status.pending === 0 ? t('held.keptNone') : t('held.kept', { count: status.pending })}
      </span>
      <Link to="/coffre/acces/retenue">{t('held.what')}</Link>
    </div>
  );
}
