import { Link } from '@tanstack/react-router';
import { useTranslation } from '../../i18n/use-translation.ts';

/** From a file to the sheet that goes before its papers in a pile. */
export function PrintSheetLink({ patient }: { readonly patient: string }) {
  const { t } = useTranslation();
  return (
    <Link className="row-text" to="/feuilles" search={{ patient: patient.slice('Patient/'.length) }}>
      {t('scanned.sheets.one')}
    </Link>
  );
}
