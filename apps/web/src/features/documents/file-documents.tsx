import { Button } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useAsked, useEngine, useEngineEvents, useStatus } from '../../session/use-session.ts';
import { Progress } from '../../ui/progress.tsx';
import { useCapture } from './use-capture.ts';
import { useGivenFiles } from './use-given-files.ts';
import './documents.css';

const AddDocument = lazy(async () => ({ default: (await import('./add-document.tsx')).AddDocument }));

interface FileDocumentsProps {
  readonly patient: string;
  readonly patientName: string;
}

/** The way documents come into an open file: a button, a drop on the page, a paste. */
export function FileDocuments({ patient, patientName }: FileDocumentsProps) {
  const { t } = useTranslation();
  const capture = useCapture();
  const [isOpen, setOpen] = useState(false);
  const canWrite = useStatus()?.restored === null;
  const isOver = useGivenFiles(canWrite, (files) => {
    setOpen(true);
    void capture.take(files);
  });
  const waiting = capture.pages.length + capture.files.length;
  return (
    <>
      <Button variant="default" disabled={!canWrite} onClick={() => setOpen(true)}>
        {t('documents.add')}
        {waiting === 0 || isOpen ? '' : ` (${waiting})`}
      </Button>
      {isOver ? <div className="document-drop">{t('documents.drop', { name: patientName })}</div> : null}
      {isOpen ? (
        <Suspense fallback={null}>
          <AddDocument patient={patient} patientName={patientName} capture={capture} onClose={() => setOpen(false)} />
        </Suspense>
      ) : null}
    </>
  );
}

/** What of this file is on its way to the host; nothing where all has arrived. */
export function FileUploads({ patient }: { readonly patient: string }) {
  const { t } = useTranslation();
  const engine = useEngine();
  const [mark, setMark] = useState(0);
  const isOnline = useStatus()?.online ?? false;
  useEngineEvents((event) => {
    if (event.type === 'upload' || event.type === 'save') setMark((count) => count + 1);
  });
  const { value } = useAsked(`uploads ${patient}`, () => engine.desks.documents.uploads(patient), mark);
  if (value === null || value.length === 0) return null;
  return (
    <ul className="document-uploads" aria-label={t('documents.uploads')}>
      {value.map(({ id, title, sent, total }) => (
        <li key={id}>
          <span className="row-text">
            {isOnline
              ? t('documents.uploading', { title, percent: Math.floor((100 * sent) / Math.max(total, 1)) })
              : t('documents.waiting', { title })}
          </span>
          <Progress label={title} done={sent} total={Math.max(total, 1)} />
        </li>
      ))}
    </ul>
  );
}
