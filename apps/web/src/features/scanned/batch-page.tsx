import { Button } from '@mantine/core';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { leftOut, partsLeft, type ScannedBatch, seenCount, sheetsAlone } from '../../file-view/scanned-batch.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngine } from '../../session/use-session.ts';
import { BackLink } from '../../ui/back-link.tsx';
import { Sheet } from '../../ui/dialog.tsx';
import { Failure } from '../../ui/failure.tsx';
import { FormEnd } from '../../ui/form-end.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Progress } from '../../ui/progress.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { useTitle } from '../../ui/use-title.ts';
import { useDepositPart } from '../deposits/use-deposits.ts';
import { useNameOrNone } from '../patients/person.tsx';
import { BatchPartView } from './batch-part.tsx';
import { PageSheet } from './page-sheet.tsx';
import { type BatchWork, useBatch } from './use-batch.ts';
import { type Filing, useFiling } from './use-filing.ts';
import '../deposits/deposits.css';
import '../documents/documents.css';
import './scanned.css';

/** A pile that was scanned in one go: read, cut where its sheets lie, corrected by a person, and filed. */
export function BatchPage() {
  const { id } = useParams({ strict: false });
  const { t } = useTranslation();
  useTitle(t('scanned.title'));
  return <Batch key={id} id={id ?? ''} />;
}

function Batch({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const work = useBatch(id);
  const filing = useFiling(work);
  const [opened, setOpened] = useState<number | null>(null);
  const [isDropping, setDropping] = useState(false);
  const { batch, error } = work;
  return (
    <div className="page scanned">
      <Back />
      <div className="scanned-head">
        <h1>{t('scanned.title')}</h1>
        {batch === null ? null : (
          <button type="button" className="text-button" onClick={() => setDropping(true)}>
            {t('scanned.drop')}
          </button>
        )}
      </div>
      <Failure
        error={error}
        action={
          batch === null ? undefined : (
            <button type="button" className="text-button" onClick={work.goOn}>
              {t('app.retry')}
            </button>
          )
        }
      />
      {batch === null ? (
        error === null ? (
          <p className="muted row-text" role="status">
            {t('scanned.loading')}
          </p>
        ) : null
      ) : (
        <>
          <p className="muted scanned-about">
            {t('scanned.addedAt', { when: format.moment(batch.at), count: batch.pages.length })} {t('scanned.kept')}
          </p>
          {batch.isWhole ? null : <Notice tone="red">{t('scanned.cutShort', { count: batch.pages.length })}</Notice>}
          {seenCount(batch) < batch.pages.length ? (
            <Reading work={work} batch={batch} />
          ) : (
            <Cut work={work} batch={batch} filing={filing} onOpen={setOpened} onDrop={() => setDropping(true)} />
          )}
        </>
      )}
      {opened === null ? null : <PageSheet work={work} place={opened} onClose={() => setOpened(null)} />}
      {isDropping && batch !== null ? <DropSheet batch={batch} onClose={() => setDropping(false)} /> : null}
    </div>
  );
}

/** Where batches are added, and are found again. */
function Back() {
  const { t } = useTranslation();
  return useDepositPart() === 'deposits' ? (
    <BackLink to="/depots">{t('deposits.link')}</BackLink>
  ) : (
    <BackLink to="/a-classer">{t('inbox.link')}</BackLink>
  );
}

function Reading({ work, batch }: { readonly work: BatchWork; readonly batch: ScannedBatch }) {
  const { t } = useTranslation();
  const [done, total] = [seenCount(batch), batch.pages.length];
  return (
    <section className="scanned-reading" aria-label={t('scanned.reading')}>
      <p className="row-text" role="status">
        {t(work.isReading ? 'scanned.readingPage' : 'scanned.stopped', { done: done + 1, total })}
      </p>
      <Progress label={t('scanned.reading')} done={done} total={total} />
      <Button variant="default" onClick={work.isReading ? work.stop : work.goOn}>
        {t(work.isReading ? 'scanned.stop' : 'scanned.goOn')}
      </Button>
    </section>
  );
}

interface CutProps {
  readonly work: BatchWork;
  readonly batch: ScannedBatch;
  readonly filing: Filing;
  readonly onOpen: (place: number) => void;
  readonly onDrop: () => void;
}

function Cut({ work, batch, filing, onOpen, onDrop }: CutProps) {
  const { t } = useTranslation();
  const isDesk = useDepositPart() === 'deposits';
  const left = partsLeft(batch);
  const waiting = left.length - filing.ready.length;
  const isDone = batch.parts.length > 0 && left.length === 0;
  return (
    <>
      <LeftOut work={work} batch={batch} />
      {batch.parts.length === 0 ? <Notice tone="amber">{t('scanned.nothing')}</Notice> : null}
      {batch.parts.map((part, place) => (
        <BatchPartView
          key={part.id}
          {...{ work, part, onOpen, number: place + 1, isBusy: filing.progress !== null }}
          error={filing.errors.get(part.id) ?? null}
        />
      ))}
      <div className="scanned-end">
        {isDone ? (
          <>
            <p role="status">
              <b>{t(isDesk ? 'scanned.allDeposited' : 'scanned.allFiled', { count: batch.parts.length })}</b>
            </p>
            <Button onClick={onDrop}>{t('scanned.finish')}</Button>
          </>
        ) : (
          <>
            {isDesk ? null : (
              <label className="scanned-to-read">
                <input
                  type="checkbox"
                  checked={batch.isToRead}
                  onChange={({ currentTarget: { checked } }) =>
                    work.change((known) => ({ ...known, isToRead: checked }))
                  }
                />{' '}
                {t('scanned.toRead')}
              </label>
            )}
            {filing.progress === null ? null : (
              <>
                <p className="row-text" role="status">
                  {t('scanned.filing', { ...filing.progress, done: filing.progress.done + 1 })}
                </p>
                <Progress label={t('scanned.title')} {...filing.progress} />
              </>
            )}
            <p className="scanned-acts">
              <Button
                disabled={filing.ready.length === 0}
                loading={filing.progress !== null}
                onClick={() => void filing.file()}
              >
                {t(isDesk ? 'scanned.deposit' : 'scanned.file', { count: filing.ready.length })}
              </Button>
              {waiting === 0 ? null : <span className="amber">{t('scanned.waiting', { count: waiting })}</span>}
            </p>
          </>
        )}
      </div>
    </>
  );
}

/** What is not filed, in numbers, and whose sheet nothing follows. */
function LeftOut({ work, batch }: { readonly work: BatchWork; readonly batch: ScannedBatch }) {
  const { t } = useTranslation();
  const nameOf = useNameOrNone();
  const { sheets, blanks } = leftOut(batch);
  const told = [
    t('scanned.documents', { count: batch.parts.length }),
    ...(sheets === 0 ? [] : [t('scanned.sheetsOut', { count: sheets })]),
    ...(blanks === 0 ? [] : [t('scanned.blanksOut', { count: blanks })]),
  ];
  const alone = sheetsAlone(batch).flatMap((patient) => work.rows.get(patient) ?? []);
  return (
    <>
      <p className="scanned-about">
        {told.join(', ')}. <span className="muted">{t('scanned.check')}</span>
      </p>
      {alone.map((row) => (
        <Notice key={row.id} tone="amber">
          {t('scanned.alone', { name: nameOf(row) })}
        </Notice>
      ))}
    </>
  );
}

/** Taking a batch off this device cannot be undone: it asks, and says what goes with it. */
function DropSheet({ batch, onClose }: { readonly batch: ScannedBatch; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const engine = useEngine();
  const navigate = useNavigate();
  const isDesk = useDepositPart() === 'deposits';
  const { isBusy, error, run } = useAttempt();
  const isRead = seenCount(batch) === batch.pages.length;
  const left = partsLeft(batch).length;
  return (
    <Sheet title={t('scanned.dropTitle')} isBusy={isBusy} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void run(async () => {
            await engine.desks.scanned.drop(batch.id);
            await navigate({ to: isDesk ? '/depots' : '/a-classer' });
          });
        }}
      >
        <p>
          {isRead && left === 0
            ? t('scanned.dropDone')
            : t('scanned.dropLeft', { count: isRead ? left : batch.pages.length })}{' '}
          {t('scanned.dropKept')}
        </p>
        <FormEnd error={error} isBusy={isBusy} submit={t('scanned.dropConfirm')} onCancel={onClose} />
      </form>
    </Sheet>
  );
}
