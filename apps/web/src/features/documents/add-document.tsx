import { Button } from '@mantine/core';
import { documentKinds } from '@serment/records/document-check/check-document';
import { type FormEvent, useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useDraft } from '../../session/use-draft.ts';
import { useSession } from '../../session/use-session.ts';
import { Sheet } from '../../ui/dialog.tsx';
import { FormEnd } from '../../ui/form-end.tsx';
import { useLayout } from '../../ui/layout.ts';
import { Notice } from '../../ui/notice.tsx';
import { Progress } from '../../ui/progress.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { PrintSheetLink } from '../scanned/print-sheet-link.tsx';
import { SheetFound } from '../scanned/sheet-found.tsx';
import { Camera } from './camera.tsx';
import type { AcceptedFile, CapturedPage } from './captured.ts';
import { CornerEditor } from './corner-editor.tsx';
import { DetailsFields } from './details-fields.tsx';
import { type DocumentForm, detailsOf, emptyDocumentForm, titleOfName } from './document-form.ts';
import { PageGrid } from './page-grid.tsx';
import type { Capture } from './use-capture.ts';

interface AddDocumentProps {
  readonly patient: string;
  readonly patientName: string;
  readonly capture: Capture;
  readonly onClose: () => void;
}

/** A document to be: its blob, its title where it has one of its own, and what it is. */
interface Prepared {
  readonly blob: Blob;
  readonly title: string | null;
  readonly mediaType: string;
  readonly isMadeInert: boolean;
  /** What it is made of, taken away once it is kept: added again after a failure, nothing is there twice. */
  readonly take: () => void;
}

/** Pages and files become documents of one patient, whose name stays in view. */
export function AddDocument({ patient, patientName, capture, onClose }: AddDocumentProps) {
  const { t } = useTranslation();
  const session = useSession();
  const draft = useDraft<DocumentForm>(`document/${patient}`, emptyDocumentForm);
  const { isBusy, error, run } = useAttempt();
  const [isTried, setTried] = useState(false);
  const [hasCamera, setCamera] = useState(false);
  const [cutting, setCutting] = useState<string | null>(null);
  const [arePhotos, setPhotos] = useState(false);
  const [titles, setTitles] = useState<ReadonlyMap<string, string>>(new Map());
  const [sealed, setSealed] = useState<{ done: number; total: number } | null>(null);
  const { pages, files, looking } = capture;
  const cutPage = pages.find(({ key }) => key === cutting) ?? null;
  const hasOwnTitle = pages.length > 0;
  const titleOf = (file: AcceptedFile) => titles.get(file.key) ?? titleOfName(file.name);
  const prepare = async (): Promise<readonly Prepared[]> => {
    const kept = files.map((file) => ({
      blob: file.blob,
      title: titleOf(file),
      mediaType: documentKinds[file.kind].mediaType,
      isMadeInert: file.removed.length > 0,
      take: () => capture.removeFile(file),
    }));
    if (pages.length === 0) return kept;
    if (arePhotos)
      return [
        ...pages.map((page) => ({
          ...asIs,
          blob: page.source,
          mediaType: page.source.type || 'image/jpeg',
          take: () => capture.removePage(page),
        })),
        ...kept,
      ];
    const pdf = await capture.worker.ask((work) =>
      work.assemble(pages.map(({ jpeg, width, height }) => ({ jpeg, width, height }))),
    );
    if (pdf === null) throw new Error('The pages were not put together');
    const take = () => pages.forEach(capture.removePage);
    return [{ ...asIs, blob: pdf, mediaType: documentKinds.pdf.mediaType, take }, ...kept];
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    const isTitled = !hasOwnTitle || draft.value.title.trim() !== '';
    if (capture.isEmpty || !isTitled || detailsOf(draft.value) === null || looking > 0) return;
    await run(async () => {
      const prepared = await prepare();
      for (const [done, { title, take, ...document }] of prepared.entries()) {
        setSealed({ done, total: prepared.length });
        const details = detailsOf(draft.value, title ?? draft.value.title);
        if (details === null) return;
        const input = { ...document, ...details, title: details.title || t('documents.untitled'), patient, at: now() };
        const { id } = await session.engine.desks.documents.add(input);
        session.saved({ id, what: t('documents.saved'), patient: patientName });
        take();
      }
      await draft.drop();
      onClose();
    });
    setSealed(null);
  };
  return (
    <Sheet title={t('documents.addTitle')} onClose={onClose}>
      <form className="add-document" onSubmit={(event) => void submit(event)}>
        <p className="document-patient">
          <span className="muted">{t('documents.into')}</span> <b className="name">{patientName}</b>
        </p>
        {hasCamera ? (
          <Camera
            page={pages.length + 1}
            patientName={patientName}
            onPicture={(picture) => capture.shoot(picture, t('documents.pageNumber', { page: pages.length + 1 }))}
            onEnd={() => setCamera(false)}
          />
        ) : (
          <>
            <Sources capture={capture} onCamera={() => setCamera(true)} />
            <PrintSheetLink patient={patient} />
          </>
        )}
        {looking === 0 ? null : (
          <p className="muted row-text" role="status">
            {t('documents.checking', { count: looking })}
          </p>
        )}
        <Refused capture={capture} />
        <SheetFound capture={capture} />
        {cutPage !== null ? (
          <CornerEditor
            key={cutPage.key}
            page={cutPage}
            number={pages.indexOf(cutPage) + 1}
            onCut={async (corners) => {
              await capture.cut(cutPage, { corners });
              setCutting(null);
            }}
            onCancel={() => setCutting(null)}
          />
        ) : (
          <Pages
            capture={capture}
            arePhotos={arePhotos}
            onPhotos={() => setPhotos(!arePhotos)}
            onAdjust={(page) => setCutting(page.key)}
          />
        )}
        <Files
          capture={capture}
          titleOf={titleOf}
          onTitle={(file, title) => setTitles((known) => new Map(known).set(file.key, title))}
        />
        <DetailsFields
          form={draft.value}
          isLoaded={draft.isLoaded}
          isTried={isTried}
          hasTitle={hasOwnTitle}
          onChange={draft.set}
        />
        {isTried && capture.isEmpty ? (
          <p className="red" role="alert">
            {t('documents.nothing')}
          </p>
        ) : null}
        {sealed === null ? null : (
          <>
            <p role="status" className="muted row-text">
              {t('documents.sealing', { done: sealed.done + 1, total: sealed.total })}
            </p>
            <Progress label={t('documents.uploads')} done={sealed.done} total={sealed.total} />
          </>
        )}
        <FormEnd
          error={error ?? draft.error}
          isBusy={isBusy}
          isReady={looking === 0}
          submit={t('documents.submit')}
          onCancel={onClose}
        />
      </form>
    </Sheet>
  );
}

const asIs = { title: null, isMadeInert: false } as const;

function now(): string {
  return new Date().toISOString();
}

function Sources({ capture, onCamera }: { readonly capture: Capture; readonly onCamera: () => void }) {
  const { t } = useTranslation();
  const layout = useLayout();
  const hasCamera = 'mediaDevices' in navigator;
  return (
    <div className="document-sources">
      <label className="deposit-like">
        <b>{t('documents.source')}</b>
        <input
          type="file"
          multiple
          className="document-input"
          onChange={(event) => {
            void capture.take([...(event.currentTarget.files ?? [])]);
            event.currentTarget.value = '';
          }}
        />
        <span className="text-button">{t('documents.choose')}</span>
        <span className="muted">
          {t('documents.hint')} <span className="by-pointer">{t('documents.dropHint')}</span>
        </span>
      </label>
      {hasCamera ? (
        <Button variant="default" onClick={onCamera}>
          {t('documents.photograph')}
        </Button>
      ) : null}
      {hasCamera && layout === 'phone' ? <p className="muted small">{t('documents.galleryNote')}</p> : null}
    </div>
  );
}

function Refused({ capture }: { readonly capture: Capture }) {
  const { t } = useTranslation();
  return capture.refused.map((file) => (
    <Notice
      key={file.key}
      tone="red"
      title={t('documents.refusedTitle', { name: file.name })}
      action={
        <button type="button" className="text-button" onClick={() => capture.forgetRefused(file)}>
          {t('documents.forget')}
        </button>
      }
    >
      {t(`documents.refusal.${file.reason}`)}
    </Notice>
  ));
}

interface PagesProps {
  readonly capture: Capture;
  readonly arePhotos: boolean;
  readonly onPhotos: () => void;
  readonly onAdjust: (page: CapturedPage) => void;
}

function Pages({ capture, arePhotos, onPhotos, onAdjust }: PagesProps) {
  const { t } = useTranslation();
  const { pages } = capture;
  if (pages.length === 0) return null;
  return (
    <section aria-label={t('documents.pages')}>
      <div className="document-pages-head">
        <h3>{t('documents.pagesOf', { count: pages.length })}</h3>
        <button type="button" className="text-button row-text" aria-pressed={arePhotos} onClick={onPhotos}>
          {t(arePhotos ? 'documents.asPages' : 'documents.asPhoto')}
        </button>
      </div>
      <PageGrid
        pages={pages}
        onAdjust={onAdjust}
        onTurn={(page) => void capture.cut(page, { quarters: (page.quarters + 1) % 4 })}
        onRemove={capture.removePage}
        onEarlier={capture.earlier}
      />
    </section>
  );
}

interface FilesProps {
  readonly capture: Capture;
  readonly titleOf: (file: AcceptedFile) => string;
  readonly onTitle: (file: AcceptedFile, title: string) => void;
}

function Files({ capture, titleOf, onTitle }: FilesProps) {
  const { t } = useTranslation();
  const format = useFormat();
  if (capture.files.length === 0) return null;
  return (
    <section aria-label={t('documents.files')}>
      <h3>{t('documents.files')}</h3>
      <ul className="document-files">
        {capture.files.map((file) => (
          <li key={file.key}>
            <input
              className="document-title"
              aria-label={t('documents.titleOf', { name: file.name })}
              maxLength={200}
              value={titleOf(file)}
              onChange={(event) => onTitle(file, event.currentTarget.value)}
            />
            <span className="muted small nowrap">
              {documentKinds[file.kind].ending.toUpperCase()} · {format.size(file.blob.size)}
            </span>
            <button
              type="button"
              className="text-button small"
              aria-label={t('documents.remove', { name: file.name })}
              onClick={() => capture.removeFile(file)}
            >
              {t('documents.removeShort')}
            </button>
            {file.removed.length === 0 ? null : (
              <Notice tone="amber">
                {t('documents.inertNote', {
                  parts: file.removed.map((part) => t(`documents.active.${part}`)).join(', '),
                })}
              </Notice>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
