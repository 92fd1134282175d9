import type { PatientRow } from '@serment/replica/directory';
import { createContext, useContext } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useNameOrNone } from '../patients/person.tsx';

/** Of each record that stands in a merged file, whose file that is. */
export const OriginsContext = createContext<Readonly<Record<string, PatientRow>>>({});

/** Says of a record that it stands in a file that was merged into the one that is shown; nothing of the file's own. */
export function Origin({ recordId }: { readonly recordId: string }) {
  const { t } = useTranslation();
  const name = useNameOrNone();
  const origins = useContext(OriginsContext);
  const row = Object.hasOwn(origins, recordId) ? origins[recordId] : undefined;
  if (row === undefined) return null;
  return <span className="small origin">{t('patientIdentity.from', { name: name(row) })}</span>;
}
