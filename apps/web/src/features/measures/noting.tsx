import type { PatientRow } from '@serment/replica/directory';
import { lazy, Suspense } from 'react';

const MeasuresSheet = lazy(async () => ({ default: (await import('./measures-sheet.tsx')).MeasuresSheet }));

/** Whether measures are being noted, and the save of those that just were. */
export interface Noting {
  readonly isOpen: boolean;
  readonly kept: string | null;
}

export interface NotingProps {
  readonly noting: Noting;
  readonly onNoting: (noting: Noting) => void;
}

export const notNoting: Noting = { isOpen: false, kept: null };

/** The sheet of a file's page, beside its margin: a tablet that is turned keeps it open. */
export function NotingSheet({ row, noting, onNoting }: NotingProps & { readonly row: PatientRow }) {
  if (!noting.isOpen) return null;
  return (
    <Suspense>
      <MeasuresSheet
        row={row}
        onClose={() => onNoting(notNoting)}
        onSaved={(kept) => onNoting({ isOpen: false, kept })}
      />
    </Suspense>
  );
}
