import { blobSource } from '@serment/records/document-check/byte-source';
import { type CheckedDocument, documentKinds } from '@serment/records/document-check/check-document';
import { decodePlainText, type PlainText } from '@serment/records/document-check/plain-text';
import type { DocumentView } from '../../file-view/document-view.ts';
import { useLanguage } from '../../i18n/use-language.ts';
import { type Asked, useAsked, useEngine } from '../../session/use-session.ts';
import { isPicture } from './captured.ts';
import type { DocumentWorker } from './document-work.ts';

/** A document's bytes, and how they are shown. */
export interface OpenedDocument {
  readonly blob: Blob;
  readonly ending: string;
  readonly checked: CheckedDocument | null;
  readonly showing:
    | { readonly kind: 'pdf' | 'picture' }
    | { readonly kind: 'text'; readonly text: PlainText }
    | { readonly kind: 'none' };
}

export function useDocumentView(patient: string, recordId: string, mark: number): Asked<DocumentView> {
  const engine = useEngine();
  const language = useLanguage();
  return useAsked(
    `document ${recordId} ${language}`,
    () => engine.desks.documents.read({ patient, recordId }, language),
    mark,
  );
}

/** What was filed was looked at then; what came by an import or an older version is looked at here. */
export function useDocumentBytes(patient: string, recordId: string, worker: DocumentWorker): Asked<OpenedDocument> {
  const engine = useEngine();
  return useAsked(`document bytes ${recordId}`, async () => {
    const blob = await engine.desks.documents.bytes({ patient, recordId });
    const checked = await worker.ask<CheckedDocument>(async (work) => work.check(blob, { name: '', mediaType: '' }));
    const kind = checked === null || checked.verdict === 'refused' ? null : checked.kind;
    const ending = kind === null ? 'bin' : documentKinds[kind].ending;
    const text = kind === 'text' ? decodePlainText(await blobSource(blob).read(0, blob.size)) : null;
    const showing: OpenedDocument['showing'] =
      kind === 'pdf'
        ? { kind: 'pdf' }
        : text !== null
          ? { kind: 'text', text }
          : { kind: kind !== null && isPicture(kind) ? 'picture' : 'none' };
    return { blob, ending, checked, showing };
  });
}
