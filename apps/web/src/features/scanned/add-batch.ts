import type { ScannedPage } from '@serment/records/scan-pdf';
import { wholePicture } from '../../document-worker/perspective.ts';
import type { BatchPage, ScannedBatch } from '../../file-view/scanned-batch.ts';
import type { EngineProxy } from '../../worker/connect.ts';
import { isPicture, lookAt, pageOf, type RefusedFile } from '../documents/captured.ts';
import type { DocumentWorker } from '../documents/document-work.ts';

/** `KIND`: neither a PDF nor a picture. */
export interface NotAdded extends Pick<RefusedFile, 'key' | 'name'> {
  readonly reason: RefusedFile['reason'] | 'KIND';
}

export interface AddedBatch {
  /** Null where nothing could be kept. */
  readonly id: string | null;
  readonly refused: readonly NotAdded[];
}

interface AddParts {
  readonly engine: EngineProxy;
  readonly worker: DocumentWorker;
  readonly onProgress: (done: number, total: number) => void;
  /** Given up: nothing is kept of it. */
  readonly signal: AbortSignal;
}

const unread = { state: 'unseen', isBlank: false, sheet: null, isOut: false } as const;

/**
 * Seals a pile on this device, file after file, in their order: pictures that follow each other are one PDF. What is no
 * PDF and no picture is left, and said. Throws CACHE_FAILED and the like: what was kept before stays, and says it is cut.
 */
export async function addBatch(
  given: readonly File[],
  { engine, worker, onProgress, signal }: AddParts,
): Promise<AddedBatch> {
  const desk = engine.desks.scanned;
  const refused: NotAdded[] = [];
  let pictures: ScannedPage[] = [];
  let batch: ScannedBatch = {
    ...{ id: crypto.randomUUID(), at: Date.now(), isWhole: false, files: [], pages: [], parts: [], isToRead: true },
  };
  const keepFile = async (blob: Blob, count: number, isMadeInert: boolean) => {
    const file = batch.files.length;
    // Said first: bytes that no batch names would stay on the disk for nothing.
    await desk.keep(batch);
    await desk.addFile(batch.id, file, blob);
    const pages = Array.from({ length: count }, (_, place): BatchPage => ({ ...unread, file, number: place + 1 }));
    batch = { ...batch, files: [...batch.files, { isMadeInert }], pages: [...batch.pages, ...pages] };
  };
  const keepPictures = async () => {
    const run = pictures;
    pictures = [];
    if (run.length === 0) return;
    const pdf = await worker.ask((work) => work.assemble(run));
    if (pdf === null) throw new Error('The pages were not put together');
    await keepFile(pdf, run.length, false);
  };
  for (const [done, file] of given.entries()) {
    if (signal.aborted) break;
    onProgress(done, given.length);
    const looked = await lookAt(file, worker);
    if (looked.type === 'refused') {
      refused.push(looked.file);
      continue;
    }
    const { key, name, blob, kind, removed } = looked.file;
    if (kind === 'pdf') {
      await keepPictures();
      const count = await worker.ask((work) => work.pageCount({ key, blob }));
      if (count === null) refused.push({ key, name, reason: 'PDF_UNREADABLE' });
      else await keepFile(blob, count, removed.length > 0);
      continue;
    }
    const page = isPicture(kind) ? await pageOf(blob, { corners: wholePicture }, worker) : null;
    if (page === null) refused.push({ key, name, reason: isPicture(kind) ? 'UNSHOWN' : 'KIND' });
    else pictures.push({ jpeg: page.jpeg, width: page.width, height: page.height });
  }
  if (signal.aborted) {
    await desk.drop(batch.id);
    return { id: null, refused: [] };
  }
  await keepPictures();
  if (batch.pages.length === 0) return { id: null, refused };
  await desk.keep({ ...batch, isWhole: true });
  return { id: batch.id, refused };
}
