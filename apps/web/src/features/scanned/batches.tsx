import { Button } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { type DragEvent, type ReactNode, useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useAsked, useEngine, useStatus } from '../../session/use-session.ts';
import { Sheet } from '../../ui/dialog.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Progress } from '../../ui/progress.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { useDocumentWorker } from '../documents/document-work.ts';
import { safeName } from '../patients/person.tsx';
import { addBatch, type NotAdded } from './add-batch.ts';
import '../deposits/deposits.css';
import '../documents/documents.css';
import './scanned.css';

interface ScannedBatchesProps {
  /** What else there is to do, where all of it stands on one line. */
  readonly before?: ReactNode;
  readonly after?: ReactNode;
}

/** The way to scan the papers of several patients in one go, and the batches that were begun here and are not finished. */
export function ScannedBatches({ before, after }: ScannedBatchesProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const engine = useEngine();
  const canWrite = useStatus()?.restored === null;
  const { value, error, again } = useAsked('scanned batches', () => engine.desks.scanned.list());
  const [isOpen, setOpen] = useState(false);
  return (
    <div className="scanned-batches">
      <p className="scanned-acts">
        {before}
        <Button variant="default" disabled={!canWrite} onClick={() => setOpen(true)}>
          {t('scanned.add')}
        </Button>
        <Link className="row-text" to="/feuilles" search={{}}>
          {t('scanned.sheets.title')}
        </Link>
        {after}
      </p>
      <Failure error={error} />
      {(value ?? []).map(({ id, at, pages, left }) => (
        <Notice
          key={id}
          tone="plain"
          action={
            <Link to="/lots/$id" params={{ id }}>
              {t('scanned.resume')}
            </Link>
          }
        >
          {t('scanned.waitingBatch', { when: format.moment(at), count: pages })}
          {left === 0 ? '' : ` ${t('scanned.waitingDocuments', { count: left })}`}
        </Notice>
      ))}
      {isOpen ? (
        <AddBatchSheet
          onClose={() => {
            setOpen(false);
            again();
          }}
        />
      ) : null}
    </div>
  );
}

interface AddBatchSheetProps {
  readonly onClose: () => void;
}

function AddBatchSheet({ onClose }: AddBatchSheetProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const navigate = useNavigate();
  const worker = useDocumentWorker();
  const { isBusy, error, run } = useAttempt();
  const [progress, setProgress] = useState<{ done: number; total: number } | null>(null);
  const [refused, setRefused] = useState<readonly NotAdded[]>([]);
  const [giving, setGiving] = useState<AbortController | null>(null);
  const [added, setAdded] = useState<string | null>(null);
  const open = (id: string) => void navigate({ to: '/lots/$id', params: { id } });
  const take = (files: readonly File[]) =>
    void run(async () => {
      if (files.length === 0) return;
      const onProgress = (done: number, total: number) => setProgress({ done, total });
      const giving = new AbortController();
      setGiving(giving);
      const made = await addBatch(files, { engine, worker, onProgress, signal: giving.signal });
      setProgress(null);
      setRefused(made.refused);
      setAdded(made.id);
      // What was left out is read first.
      if (made.id !== null && made.refused.length === 0) open(made.id);
    });
  const drop = (event: DragEvent) => {
    event.preventDefault();
    event.stopPropagation();
    if (!isBusy) take([...event.dataTransfer.files]);
  };
  return (
    <Sheet title={t('scanned.add')} isBusy={isBusy} onClose={onClose}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a shorter way to what the button does. */}
      <div className="scanned-add" onDragOver={(event) => event.preventDefault()} onDrop={drop}>
        <p>{t('scanned.lead')}</p>
        <p>
          <Link to="/feuilles" search={{}}>
            {t('scanned.printFirst')}
          </Link>
        </p>
        {isBusy ? null : (
          <label className="deposit-like">
            <b>{t('scanned.source')}</b>
            <input
              type="file"
              multiple
              accept="application/pdf,image/*"
              className="document-input"
              data-testid="batch-files"
              onChange={(event) => {
                take([...(event.currentTarget.files ?? [])]);
                event.currentTarget.value = '';
              }}
            />
            <span className="text-button">{t('documents.choose')}</span>
            <span className="muted">
              {t('scanned.sourceHint')} <span className="by-pointer">{t('scanned.sourceDrop')}</span>
            </span>
          </label>
        )}
        {progress === null ? null : (
          <>
            <p className="row-text" role="status">
              {t('scanned.adding', { ...progress, done: progress.done + 1 })}
            </p>
            <Progress label={t('scanned.add')} {...progress} />
            <Button variant="default" onClick={() => giving?.abort()}>
              {t('scanned.stop')}
            </Button>
          </>
        )}
        {refused.map(({ key, name, reason }) => (
          <Notice key={key} tone="red" title={t('documents.refusedTitle', { name: safeName(name) })}>
            {reason === 'KIND' ? t('scanned.refusedKind') : t(`documents.refusal.${reason}`)}
          </Notice>
        ))}
        {added === null || isBusy || refused.length === 0 ? null : (
          <Button onClick={() => open(added)}>{t('scanned.openWithout')}</Button>
        )}
        <Failure error={error} />
      </div>
    </Sheet>
  );
}
