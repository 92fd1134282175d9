import { Link } from '@tanstack/react-router';
import { useTranslation } from '../../i18n/use-translation.ts';

export function NotFound() {
  const { t } = useTranslation();
  return (
    <div className="page-pad empty">
      <h1>{t('app.notFound')}</h1>
      <Link to="/patients">{t('app.toPatients')}</Link>
    </div>
  );
}
