import { Link } from '@tanstack/react-router';
import { useTranslation } from '../../i18n/use-translation.ts';
import { BackLink } from '../../ui/back-link.tsx';
import { useTitle } from '../../ui/use-title.ts';
import { PatientChoice } from '../vault/patient-choice.tsx';
import '../vault/vault.css';

/** Whose file is to be read in a copy. */
export function ChoosePage() {
  const { t } = useTranslation();
  useTitle(t('copyRestore.title'));
  return (
    <div className="host-page">
      <BackLink to="/coffre">{t('host.back')}</BackLink>
      <h1>{t('copyRestore.title')}</h1>
      <p className="muted">{t('copyRestore.choosePatient')}</p>
      <PatientChoice chosen={null}>
        {(row, words) => (
          <Link to="/patients/$id/copie" params={{ id: row.id.slice('Patient/'.length) }} search={{}}>
            {words}
          </Link>
        )}
      </PatientChoice>
    </div>
  );
}
