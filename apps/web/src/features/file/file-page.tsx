import { Button } from '@mantine/core';
import { CodedError } from '@serment/core/error';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import type { CareSubject } from '../../file-view/care-list.ts';
import type { FileView, NoteView } from '../../file-view/view.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { Failure } from '../../ui/failure.tsx';
import { useLayout } from '../../ui/layout.ts';
import { Notice } from '../../ui/notice.tsx';
import { useTitle } from '../../ui/use-title.ts';
import { CareEditing } from '../care/care-editing.tsx';
import { PrivateNotesAlone, PrivateNotesOf } from '../consultation/private-notes.tsx';
import { FileDeposits } from '../deposits/file-deposits.tsx';
import { FileDocuments, FileUploads } from '../documents/file-documents.tsx';
import { RecordSheet } from '../documents/record-sheet.tsx';
import { NotingSheet, notNoting } from '../measures/noting.tsx';
import { NotHere } from '../offline/not-here.tsx';
import { IdentityLink } from '../patients/identity-link.tsx';
import { personName, safeName } from '../patients/person.tsx';
import { useKeys } from '../shell/keys.ts';
import { MoveSheet } from '../travel/move-sheet.tsx';
import { type Moved, MovedNotice } from '../travel/moved-notice.tsx';
import { Banner } from './banner.tsx';
import { FileConflicts } from './conflicts.tsx';
import { editingKey } from './note-draft.ts';
import { OriginsContext } from './origins.tsx';
import { RestrictedFile } from './restricted-file.tsx';
import { Summary } from './summary.tsx';
import { Timeline } from './timeline.tsx';
import { type OpenEditors, useEditing } from './use-editing.ts';
import { useFile } from './use-file.ts';
import './file.css';

const loadEditor = () => import('../consultation/consultation-editor.tsx');
const ConsultationEditor = lazy(() => loadEditor().then((part) => ({ default: part.ConsultationEditor })));

/** One patient's file: who it is, what happened, what counts now, and the note being written. */
export function FilePage({ patient }: { readonly patient: string }) {
  const { t } = useTranslation();
  const layout = useLayout();
  const { file, error, again } = useFile(patient);
  const { editing, edit, close, discard, ...drafts } = useEditing(patient);
  const [history, setHistory] = useState<string | null>(null);
  const [moving, setMoving] = useState<string | null>(null);
  const [moved, setMoved] = useState<Moved | null>(null);
  const [noting, setNoting] = useState(notNoting);
  const [care, setCare] = useState<CareSubject | null>(null);
  const name = file === null ? '' : safeName(personName(file.row));
  useTitle(name);
  // It is there by the time somebody writes.
  useEffect(() => void loadEditor(), []);
  const scroll = useRef<HTMLDivElement>(null);
  const isShown = file !== null;
  // Keys go to the file that was just opened, unless somebody types already or came for one item.
  useEffect(() => {
    const active = document.activeElement;
    const isTyping = active instanceof HTMLTextAreaElement || active?.closest('dialog, [data-item]') != null;
    if (isShown && !isTyping) scroll.current?.focus({ preventScroll: true });
  }, [isShown]);
  const start = () => edit({ kind: 'new' });
  useKeys({ note: start });
  if (error instanceof CodedError && error.code === 'PATIENT_RESTRICTED')
    return <RestrictedFile patient={patient} onOpen={again} />;
  if (file === null && isSilent(error)) return <NotHere patient={patient} onReady={again} />;
  if (file === null)
    return error === null ? (
      <p className="file-loading" role="status">
        {t('file.opening')}
      </p>
    ) : (
      <div className="page-pad">
        <Failure error={error} />
      </div>
    );
  const noteOf = (recordId: string) => findNote(file, recordId);
  const summary = (
    <Summary
      file={file}
      patient={patient}
      layout={layout}
      noting={{ noting, onNoting: setNoting }}
      // What a merged file is told to say is written in the one that goes on.
      onEditCare={file.canReadClinical && file.mergedInto === null ? setCare : null}
    />
  );
  const write = file.canReadClinical ? (
    <>
      <FileDocuments patient={patient} patientName={name} />
      <Button onClick={start}>{t('file.newNote')}</Button>
    </>
  ) : null;
  return (
    <OriginsContext value={file.origins}>
      <article className="file" aria-label={t('file.label', { name })}>
        <Banner file={file} link={layout === 'phone' ? <IdentityLink patient={patient} /> : null}>
          {layout === 'phone' ? null : (
            <>
              <IdentityLink patient={patient} />
              {write}
            </>
          )}
        </Banner>
        {layout === 'phone' && write !== null ? <div className="phone-actions">{write}</div> : null}
        <div className="file-columns">
          {layout === 'phone' ? summary : null}
          <div className={layout === 'phone' ? 'file-flow' : 'file-scroll'} ref={scroll} tabIndex={-1}>
            <div className="timeline">
              <PrivateNotesOf patient={patient} patientName={name}>
                {file.canReadClinical ? null : (
                  <>
                    <div className="empty">
                      <p>{t('file.hiddenClinical')}</p>
                    </div>
                    <FileDeposits patient={patient} patientName={name} />
                  </>
                )}
                {file.findingCount === 0 && file.conflicts.length === 0 && file.absentCount === 0 ? null : (
                  <div className="file-notices">
                    {file.absentCount === 0 ? null : (
                      <Notice tone="amber">{t('offlineFile.partial', { count: file.absentCount })}</Notice>
                    )}
                    {file.findingCount === 0 ? null : (
                      <Notice tone="red">{t('file.findings', { count: file.findingCount })}</Notice>
                    )}
                    <FileConflicts patient={patient} conflicts={file.conflicts} />
                  </div>
                )}
                {file.canReadClinical ? <FileUploads patient={patient} /> : null}
                {moved === null ? null : <MovedNotice key={moved.recordId} from={patient} moved={moved} />}
                <DiscardedNote bringBack={drafts.bringBack} isBusy={drafts.attempt.isBusy} />
                <Failure error={drafts.error ?? drafts.attempt.error} />
                <PrivateNotesAlone encounters={encountersOf(file)} />
                <Suspense fallback={null}>
                  {editing.map((one) => (
                    <ConsultationEditor
                      key={editingKey(patient, one)}
                      patient={patient}
                      patientName={name}
                      editing={one}
                      note={one.kind === 'new' ? null : noteOf(one.recordId)}
                      onClose={() => close(one)}
                      onDiscard={(draft) => discard(one, draft)}
                    />
                  ))}
                </Suspense>
                <Timeline
                  file={file}
                  patient={patient}
                  editingIds={editing.flatMap((one) => (one.kind === 'edit' ? [one.recordId] : []))}
                  onHistory={setHistory}
                  acts={{
                    onEdit: (note) => edit({ kind: 'edit', recordId: note.recordId }),
                    onAddendum: (note) => edit({ kind: 'addendum', recordId: note.recordId }),
                    onMove: setMoving,
                    onStart: start,
                  }}
                />
              </PrivateNotesOf>
            </div>
          </div>
          {layout === 'phone' ? null : summary}
        </div>
        <CareEditing row={file.row} subject={care} onClose={() => setCare(null)} />
        <NotingSheet row={file.row} noting={noting} onNoting={setNoting} />
        {history === null ? null : (
          <RecordSheet
            patient={patient}
            patientName={name}
            recordId={history}
            onClose={() => setHistory(null)}
            onMove={file.canReadClinical && !history.startsWith('Patient/') ? () => setMoving(history) : undefined}
          />
        )}
        {moving === null ? null : (
          <MoveSheet
            from={file.row}
            recordId={moving}
            onClose={() => setMoving(null)}
            onMoved={(to) => {
              setMoved({ to, recordId: moving });
              setMoving(null);
              setHistory(null);
            }}
          />
        )}
      </article>
    </OriginsContext>
  );
}

function encountersOf({ timeline }: FileView): ReadonlySet<string> {
  return new Set(
    timeline.flatMap((item) => (item.kind === 'note' && item.note.encounter ? [item.note.encounter] : [])),
  );
}

/** Nobody answered, and this device has nothing of the file. */
function isSilent(error: unknown): boolean {
  return error instanceof CodedError && (error.code === 'UNREACHABLE' || error.code === 'SERVER_FAILED');
}

function findNote(file: FileView, recordId: string): NoteView | null {
  for (const item of file.timeline) {
    if (item.kind !== 'note') continue;
    const found = [item.note, ...item.addenda].find((note) => note.recordId === recordId);
    if (found !== undefined) return found;
  }
  return null;
}

/** The way back to a note that was given up. */
function DiscardedNote({ bringBack, isBusy }: Pick<OpenEditors, 'bringBack'> & { readonly isBusy: boolean }) {
  const { t } = useTranslation();
  if (bringBack === null) return null;
  return (
    <div className="file-notices">
      <Notice
        tone="plain"
        action={
          <button type="button" className="text-button" disabled={isBusy} onClick={() => void bringBack()}>
            {t('note.undo')}
          </button>
        }
      >
        {t('note.discarded')}
      </Notice>
    </div>
  );
}
