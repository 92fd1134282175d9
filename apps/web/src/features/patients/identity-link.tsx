import { Link } from '@tanstack/react-router';
import { useTranslation } from '../../i18n/use-translation.ts';

export function IdentityLink({ patient }: { readonly patient: string }) {
  const { t } = useTranslation();
  return (
    <Link className="identity-link" to="/patients/$id/identite" params={{ id: patient.slice('Patient/'.length) }}>
      {t('patientIdentity.link')}
    </Link>
  );
}
