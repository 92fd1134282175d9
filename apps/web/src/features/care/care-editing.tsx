import type { PatientRow } from '@serment/replica/directory';
import { lazy, Suspense } from 'react';
import type { CareSubject } from '../../file-view/care-list.ts';
import { useTranslation } from '../../i18n/use-translation.ts';

const CareSheet = lazy(async () => ({ default: (await import('./care-sheet.tsx')).CareSheet }));

export type OnEditCare = (subject: CareSubject) => void;

/** The quiet button beside the title of a part of a file's margin. */
export function CareEdit({ subject, onEdit }: { readonly subject: CareSubject; readonly onEdit: OnEditCare | null }) {
  const { t } = useTranslation();
  if (onEdit === null) return null;
  return (
    <button
      type="button"
      className="text-button care-edit"
      aria-label={t(`careSheet.editSubject.${subject}`)}
      onClick={() => onEdit(subject)}
    >
      {t('careSheet.edit')}
    </button>
  );
}

interface CareEditingProps {
  readonly row: PatientRow;
  readonly subject: CareSubject | null;
  readonly onClose: () => void;
}

/** The sheet of a file's page, beside its margin: a tablet that is turned keeps it open. */
export function CareEditing({ row, subject, onClose }: CareEditingProps) {
  if (subject === null) return null;
  return (
    <Suspense>
      <CareSheet key={subject} row={row} subject={subject} onClose={onClose} />
    </Suspense>
  );
}
