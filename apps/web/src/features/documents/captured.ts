import type { CheckedDocument, DocumentKind } from '@serment/records/document-check/check-document';
import type { ActivePart } from '@serment/records/document-check/pdf-names';
import type { RefusalReason } from '@serment/records/document-check/refusal';
import type { Corners } from '../../document-worker/perspective.ts';
import type { DocumentWorker } from './document-work.ts';

/** A page to be: what was photographed, and how it is cut. */
export interface CapturedPage {
  readonly key: string;
  readonly source: Blob;
  readonly corners: Corners;
  readonly quarters: number;
  readonly jpeg: Blob;
  readonly width: number;
  readonly height: number;
}

/** A file that is kept as it is, or without what it could do. */
export interface AcceptedFile {
  readonly key: string;
  readonly name: string;
  readonly blob: Blob;
  readonly kind: DocumentKind;
  /** What was taken out. */
  readonly removed: readonly ActivePart[];
}

export interface RefusedFile {
  readonly key: string;
  readonly name: string;
  readonly reason: RefusalReason | 'UNFINISHED' | 'UNSHOWN';
}

export type LookedAt =
  | { readonly type: 'accepted'; readonly file: AcceptedFile }
  | { readonly type: 'refused'; readonly file: RefusedFile };

/** Looks at a file, and takes out of a PDF what it could do. */
export async function lookAt(file: File, worker: DocumentWorker): Promise<LookedAt> {
  const key = crypto.randomUUID();
  const { name } = file;
  const refuse = (reason: RefusedFile['reason']): LookedAt => ({ type: 'refused', file: { key, name, reason } });
  const checked: CheckedDocument | null = await worker.ask<CheckedDocument>(async (work) =>
    work.check(file, { name, mediaType: file.type }),
  );
  if (checked === null) return refuse('UNFINISHED');
  if (checked.verdict === 'refused') return refuse(checked.reason);
  if (checked.verdict === 'accepted')
    return { type: 'accepted', file: { key, name, blob: file, kind: checked.kind, removed: [] } };
  const inert = await worker.ask((work) => work.makeInert(file));
  if (inert === null) return refuse('PDF_UNREADABLE');
  return { type: 'accepted', file: { key, name, blob: inert, kind: 'pdf', removed: checked.active } };
}

/** A picture as a page: along its sheet's corners where `corners` is null; null where the browser cannot read it. */
export async function pageOf(
  source: Blob,
  { corners, quarters = 0, key = crypto.randomUUID() }: { corners: Corners | null; quarters?: number; key?: string },
  worker: DocumentWorker,
): Promise<CapturedPage | null> {
  const page = await worker.ask((work) => work.straighten(source, { corners, quarters }));
  return page === null ? null : { ...page, key, source, quarters };
}

export function isPicture(kind: DocumentKind): boolean {
  return kind === 'jpeg' || kind === 'png' || kind === 'webp' || kind === 'heic';
}
