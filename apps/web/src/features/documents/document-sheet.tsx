import { Button } from '@mantine/core';
import { type FormEvent, useEffect, useState } from 'react';
import type { DocumentView } from '../../file-view/document-view.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useDraft } from '../../session/use-draft.ts';
import { useEngineEvents, useSession } from '../../session/use-session.ts';
import { Sheet } from '../../ui/dialog.tsx';
import { Failure } from '../../ui/failure.tsx';
import { FormEnd } from '../../ui/form-end.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { SaveStateMark } from '../shell/save-state.tsx';
import { DetailsFields } from './details-fields.tsx';
import { type DocumentForm, detailsOf, fileNameOf } from './document-form.ts';
import { DocumentPages } from './document-pages.tsx';
import { useDocumentWorker } from './document-work.ts';
import { type OpenedDocument, useDocumentBytes, useDocumentView } from './use-document.ts';

interface DocumentSheetProps {
  readonly patient: string;
  readonly patientName: string;
  readonly recordId: string;
  readonly onHistory: () => void;
  readonly onClose: () => void;
}

/** One document: its pages, what is said of it, and what can be done with it. */
export function DocumentSheet({ patient, patientName, recordId, onHistory, onClose }: DocumentSheetProps) {
  const { t } = useTranslation();
  const [mark, setMark] = useState(0);
  useEngineEvents((event) => {
    if (event.type === 'patient' || event.type === 'save') setMark((count) => count + 1);
  });
  const { value: view, error } = useDocumentView(patient, recordId, mark);
  const [isEditing, setEditing] = useState(false);
  return (
    <Sheet title={view?.title || t('documents.untitled')} onClose={onClose}>
      <div className="document-view">
        <p className="document-patient">
          <b className="name">{patientName}</b>
        </p>
        <Failure error={error} />
        {view === null ? null : (
          <>
            <About view={view} />
            {isEditing ? (
              <EditForm patient={patient} patientName={patientName} view={view} onEnd={() => setEditing(false)} />
            ) : (
              <>
                <Acts
                  patient={patient}
                  patientName={patientName}
                  view={view}
                  onEdit={() => setEditing(true)}
                  onHistory={onHistory}
                />
                {view.isMadeInert ? <Notice tone="plain">{t('documents.madeInert')}</Notice> : null}
                {view.place.kind === 'elsewhere' ? (
                  <Notice tone="plain">{t('documents.elsewhere')}</Notice>
                ) : (
                  <Shown patient={patient} view={view} onClose={onClose} />
                )}
              </>
            )}
          </>
        )}
      </div>
    </Sheet>
  );
}

function About({ view }: { readonly view: DocumentView }) {
  const { t } = useTranslation();
  const format = useFormat();
  const type = view.type === null ? view.typeText : t(`documents.type.${view.type}`);
  const words = [
    type === view.title ? '' : type,
    view.day === '' ? '' : format.fhirDay(view.day),
    view.author,
    ...view.tags,
  ];
  return (
    <p className="document-about muted row-text">
      <span>{words.filter((word) => word !== '').join(' · ')}</span>
      <SaveStateMark state={view.state} savedAt={view.savedAt} />
    </p>
  );
}

interface ActsProps {
  readonly patient: string;
  readonly patientName: string;
  readonly view: DocumentView;
  readonly onEdit: () => void;
  readonly onHistory: () => void;
}

function Acts({ patient, patientName, view, onEdit, onHistory }: ActsProps) {
  const { t } = useTranslation();
  const session = useSession();
  const { isBusy, error, run } = useAttempt();
  const { recordId, versions, isInError } = view;
  const change = { patient, recordId, replaces: versions };
  const desk = session.engine.desks.documents;
  const act = (save: () => Promise<{ id: string }>) =>
    run(async () => {
      const { id } = await save();
      session.saved({ id, what: t('documents.saved'), patient: patientName });
    });
  return (
    <>
      <Failure error={error} />
      {isInError ? (
        <Notice
          tone="amber"
          action={
            <button
              type="button"
              className="text-button"
              disabled={isBusy}
              onClick={() => void act(() => desk.bringBack(change))}
            >
              {t('documents.undo')}
            </button>
          }
        >
          {t('documents.isInError')}
        </Notice>
      ) : null}
      <div className="document-acts">
        <button type="button" className="text-button row-text" onClick={onEdit}>
          {t('documents.edit')}
        </button>
        <button type="button" className="text-button row-text" onClick={onHistory}>
          {t('documents.history')}
        </button>
        {isInError ? null : (
          <button
            type="button"
            className="text-button row-text"
            disabled={isBusy}
            onClick={() => void act(() => desk.markInError(change))}
          >
            {t('documents.inError')}
          </button>
        )}
      </div>
    </>
  );
}

interface EditFormProps {
  readonly patient: string;
  readonly patientName: string;
  readonly view: DocumentView;
  readonly onEnd: () => void;
}

function EditForm({ patient, patientName, view, onEnd }: EditFormProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const session = useSession();
  const { isBusy, error, run } = useAttempt();
  const [isTried, setTried] = useState(false);
  // What was on the screen when the change was begun is what it replaces.
  const draft = useDraft<DocumentForm & { readonly replaces: readonly string[] }>(
    `document/${patient}/${view.recordId}`,
    {
      ...{ title: view.title, type: view.type ?? '', author: view.author, tags: view.tags.join(', ') },
      day: view.day === '' ? '' : format.fhirDay(view.day),
      replaces: view.versions,
    },
  );
  const { replaces, ...form } = draft.value;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    const details = detailsOf(form);
    if (details === null || details.title === '') return;
    await run(async () => {
      const change = { patient, recordId: view.recordId, replaces };
      const { id } = await session.engine.desks.documents.describe(change, details);
      session.saved({ id, what: t('documents.saved'), patient: patientName });
      await draft.drop();
      onEnd();
    });
  };
  return (
    <form className="add-document" aria-label={t('documents.editTitle')} onSubmit={(event) => void submit(event)}>
      <DetailsFields
        form={form}
        isLoaded={draft.isLoaded}
        isTried={isTried}
        hasTitle
        onChange={(changed) => draft.set({ ...changed, replaces })}
      />
      <FormEnd
        error={error}
        draft={draft}
        isBusy={isBusy}
        submit={t('documents.save')}
        onCancel={() => void run(async () => draft.drop().then(onEnd))}
      />
    </form>
  );
}

function Shown({
  patient,
  view,
  onClose,
}: {
  readonly patient: string;
  readonly view: DocumentView;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const worker = useDocumentWorker();
  const { value: opened, error, again } = useDocumentBytes(patient, view.recordId, worker);
  if (opened === null)
    return error === null ? (
      <p className="muted" role="status">
        {t('documents.opening')}
      </p>
    ) : (
      <Failure
        error={error}
        action={
          <button type="button" className="text-button" onClick={again}>
            {t('app.retry')}
          </button>
        }
      />
    );
  const copy = <SaveCopy opened={opened} title={view.title} />;
  const { checked, showing } = opened;
  return (
    <>
      {checked?.verdict === 'active' ? (
        <Notice tone="amber">
          {t('documents.activeShow', { parts: checked.active.map((part) => t(`documents.active.${part}`)).join(', ') })}
        </Notice>
      ) : null}
      {showing.kind === 'pdf' || showing.kind === 'picture' ? (
        <DocumentPages kind={showing.kind} blob={opened.blob} copy={copy} onClose={onClose} />
      ) : showing.kind === 'text' ? (
        <>
          {showing.text.encoding === 'utf-8' ? null : <p className="muted small">{t('documents.otherEncoding')}</p>}
          <pre className="document-text">{showing.text.text}</pre>
          {copy}
        </>
      ) : (
        <>
          <Notice tone={checked?.verdict === 'accepted' ? 'plain' : 'amber'}>
            {checked?.verdict === 'accepted'
              ? t('documents.notShown')
              : t('documents.refusedShow', {
                  why: t(`documents.refusal.${checked?.verdict === 'refused' ? checked.reason : 'UNFINISHED'}`),
                })}
          </Notice>
          {copy}
        </>
      )}
    </>
  );
}

/** A copy under a name that no system reads anything else in. It is saved, and opened by nobody here. */
function SaveCopy({ opened, title }: { readonly opened: OpenedDocument; readonly title: string }) {
  const { t } = useTranslation();
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    // As bytes of no type: no browser shows them instead of saving them.
    const made = URL.createObjectURL(new Blob([opened.blob], { type: 'application/octet-stream' }));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [opened]);
  return url === null ? null : (
    <Button component="a" variant="default" size="compact-sm" href={url} download={fileNameOf(title, opened.ending)}>
      {t('documents.copy')}
    </Button>
  );
}
