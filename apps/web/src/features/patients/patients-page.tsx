import { Button } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useLayout } from '../../ui/layout.ts';
import { useTitle } from '../../ui/use-title.ts';
import { PatientList } from './patient-list.tsx';
import { usePatientCount } from './rows.ts';

/** The list, where it does not stand at the left of every page already. */
export function PatientsPage() {
  const { t } = useTranslation();
  const layout = useLayout();
  const navigate = useNavigate();
  const count = usePatientCount();
  useTitle(t('patients.title'));
  const create = (
    <Button onClick={() => void navigate({ to: '/nouveau-patient', search: {} })}>{t('shell.newPatient')}</Button>
  );
  if (layout === 'desktop')
    return (
      <div className="patients-choose">
        <h1 className="hidden-text">{t('patients.title')}</h1>
        {count === null ? null : <p>{t(count === 0 ? 'patients.chooseNone' : 'patients.choose')}</p>}
        {create}
        {count === null || count < 2 ? null : <Link to="/doublons">{t('duplicates.link')}</Link>}
      </div>
    );
  return (
    <div className="patients-page">
      <div className="patients-head">
        <h1>{t('patients.title')}</h1>
        {create}
      </div>
      {count === null || count < 2 ? null : (
        <Link className="patients-duplicates" to="/doublons">
          {t('duplicates.link')}
        </Link>
      )}
      <PatientList layout={layout} />
    </div>
  );
}
