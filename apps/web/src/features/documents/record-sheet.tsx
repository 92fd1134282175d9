import { lazy, Suspense, useState } from 'react';
import { HistorySheet } from '../file/history-sheet.tsx';

const DocumentSheet = lazy(async () => ({ default: (await import('./document-sheet.tsx')).DocumentSheet }));

interface RecordSheetProps {
  readonly patient: string;
  readonly patientName: string;
  readonly recordId: string;
  readonly onClose: () => void;
  /** For what is in the wrong file. */
  readonly onMove?: (() => void) | undefined;
}

/** A record in full: a document as its pages, anything else as its history, which a document leads to as well. */
export function RecordSheet({ patient, patientName, recordId, onClose, onMove }: RecordSheetProps) {
  const [hasHistory, setHistory] = useState(!recordId.startsWith('DocumentReference/'));
  if (hasHistory) return <HistorySheet {...{ patient, recordId, onClose, onMove }} />;
  return (
    <Suspense fallback={null}>
      <DocumentSheet
        patient={patient}
        patientName={patientName}
        recordId={recordId}
        onHistory={() => setHistory(true)}
        onClose={onClose}
      />
    </Suspense>
  );
}
