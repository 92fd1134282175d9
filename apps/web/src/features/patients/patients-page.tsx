import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useLayout } from '../../ui/layout.ts';
import { PatientList } from './patient-list.tsx';

/** The list, where it does not stand at the left of every page already. */
export function PatientsPage() {
  const { t } = useTranslation();
  const layout = useLayout();
  const navigate = useNavigate();
  useEffect(() => {
    document.title = `${t('patients.title')} — Serment`;
  }, [t]);
  const create = (
    <Button onClick={() => void navigate({ to: '/nouveau-patient', search: {} })}>{t('shell.newPatient')}</Button>
  );
  if (layout === 'desktop')
    return (
      <div className="patients-choose">
        <h1 className="hidden-text">{t('patients.title')}</h1>
        <p>{t('patients.choose')}</p>
        {create}
      </div>
    );
  return (
    <div className="patients-page">
      <div className="patients-head">
        <h1>{t('patients.title')}</h1>
        {create}
      </div>
      <PatientList layout={layout} />
    </div>
  );
}
