import type { DocumentTypeName } from '@serment/records/fhir/document-types';
import type { SheetRead } from '@serment/replica/separator-sheets';

/** A pile of paper that was scanned in one go, as far as it was read, cut and filed. */
export interface ScannedBatch {
  readonly id: string;
  /** This device's clock, ms, when it was added. */
  readonly at: number;
  /** False while its files are being added: what came after a cut is missing. */
  readonly isWhole: boolean;
  readonly files: readonly BatchFile[];
  readonly pages: readonly BatchPage[];
  /** In the order of their first pages; none before every page was looked at. */
  readonly parts: readonly BatchPart[];
  /** Whether a doctor is to read what is filed. */
  readonly isToRead: boolean;
}

export interface BatchFile {
  /** Something that could act was taken out of it. */
  readonly isMadeInert: boolean;
}

export interface BatchPage {
  readonly file: number;
  /** In its file, from 1. */
  readonly number: number;
  /** `damaged`: it could not be drawn; it is kept all the same. */
  readonly state: 'unseen' | 'seen' | 'damaged';
  readonly isBlank: boolean;
  readonly sheet: SheetRead | null;
  /** Left out of what is filed. */
  readonly isOut: boolean;
}

/** A document to be: the pages from its first one to the next part's. */
export interface BatchPart {
  /** Logical id of its records to be. */
  readonly id: string;
  /** Place among the batch's pages. */
  readonly start: number;
  /** What began it. */
  readonly by: 'start' | 'hand' | SheetRead['is'];
  /** `Patient/…`; null while nobody said. */
  readonly patient: string | null;
  readonly title: string;
  readonly type: DocumentTypeName | '';
  /** As it is typed, `23/11/2026`. */
  readonly day: string;
  /** Its filing was begun, and its end was not seen: it may be there. */
  readonly isBegun: boolean;
  readonly isFiled: boolean;
}

export interface SeenMarks {
  readonly isBlank: boolean;
  readonly sheet: SheetRead | null;
}

/** What was seen on a page; null for one that could not be drawn. Sheets and blank pages are left out. */
export function withSeen(batch: ScannedBatch, place: number, seen: SeenMarks | null): ScannedBatch {
  return withPage(batch, place, (page) =>
    seen === null
      ? { ...page, state: 'damaged' }
      : { ...page, ...seen, state: 'seen', isOut: seen.isBlank || seen.sheet !== null },
  );
}

/** How many pages were looked at. */
export function seenCount({ pages }: ScannedBatch): number {
  return pages.filter(({ state }) => state !== 'unseen').length;
}

/** Cuts a batch whose pages were all looked at where its sheets lie. A sheet that nothing follows begins nothing. */
export function cutBySheets(batch: ScannedBatch, newId: () => string): ScannedBatch {
  const parts: BatchPart[] = [];
  let patient: string | null = null;
  let next: Pick<BatchPart, 'by' | 'patient' | 'type' | 'start'> | null = null;
  for (const [place, { sheet, isOut }] of batch.pages.entries()) {
    if (sheet !== null) {
      patient = sheet.is === 'patient' ? sheet.patient : sheet.is === 'same' ? patient : null;
      next = { by: sheet.is, patient, type: 'type' in sheet ? (sheet.type ?? '') : '', start: place };
    }
    if (isOut) continue;
    // What lies before the first sheet belongs to nobody yet.
    if (parts.length === 0) next ??= { by: 'start', patient: null, type: '', start: 0 };
    if (next !== null) parts.push({ ...next, ...asTyped, id: newId() });
    next = null;
  }
  return { ...batch, parts };
}

const asTyped = { title: '', day: '', isBegun: false, isFiled: false } as const;

/** Patients whose sheet was read and followed by nothing: their paper may be missing. */
export function sheetsAlone({ pages }: ScannedBatch): string[] {
  const alone: string[] = [];
  let waiting: string | null = null;
  for (const { sheet, isOut } of pages) {
    if (sheet !== null && waiting !== null) alone.push(waiting);
    if (sheet !== null) waiting = sheet.is === 'patient' ? sheet.patient : null;
    else if (!isOut) waiting = null;
  }
  return waiting === null ? alone : [...alone, waiting];
}

/** Places of all the pages of a part, those that are left out too. */
export function placesOf({ pages, parts }: ScannedBatch, part: BatchPart): number[] {
  const next = parts.find(({ start }) => start > part.start)?.start ?? pages.length;
  return Array.from({ length: next - part.start }, (_, step) => part.start + step);
}

/** Places of the pages of a part that are filed. */
export function keptPlaces(batch: ScannedBatch, part: BatchPart): number[] {
  return placesOf(batch, part).filter((place) => batch.pages[place]?.isOut === false);
}

/** How many sheets and blank pages are left out of everything. */
export function leftOut({ pages }: ScannedBatch): { sheets: number; blanks: number } {
  const out = pages.filter(({ isOut }) => isOut);
  return {
    sheets: out.filter(({ sheet }) => sheet !== null).length,
    blanks: out.filter(({ sheet, isBlank }) => sheet === null && isBlank).length,
  };
}

/** A document more begins at that page, of the same patient. */
export function cutAt(batch: ScannedBatch, place: number, id: string): ScannedBatch {
  const before = batch.parts.findLast(({ start }) => start <= place);
  if (before === undefined || before.start === place || before.isFiled) return batch;
  const part: BatchPart = { ...before, ...asTyped, id, start: place, by: 'hand' };
  return inOrder(batch, [...batch.parts, part]);
}

/** The pages of a part become the end of the one before it. */
export function joined(batch: ScannedBatch, part: BatchPart): ScannedBatch {
  const before = partBefore(batch, part);
  return before === null || before.isFiled || part.isFiled
    ? batch
    : inOrder(
        batch,
        batch.parts.filter(({ id }) => id !== part.id),
      );
}

export function partBefore({ parts }: ScannedBatch, part: BatchPart): BatchPart | null {
  return parts[parts.findIndex(({ id }) => id === part.id) - 1] ?? null;
}

/** A part's first page that is filed goes to the end of the part before it; its last one leaves nothing to cut. */
export function firstToPrevious(batch: ScannedBatch, part: BatchPart): ScannedBatch {
  const [, second] = keptPlaces(batch, part);
  const before = partBefore(batch, part);
  if (before === null || before.isFiled || part.isFiled) return batch;
  return second === undefined ? joined(batch, part) : changedPart(batch, part.id, { start: second });
}

/** A part's last page that is filed becomes the first of the part after it. */
export function lastToNext(batch: ScannedBatch, part: BatchPart): ScannedBatch {
  const kept = keptPlaces(batch, part);
  const [last] = kept.slice(-1);
  const after = batch.parts[batch.parts.findIndex(({ id }) => id === part.id) + 1];
  if (after === undefined || last === undefined || kept.length < 2 || part.isFiled || after.isFiled) return batch;
  return changedPart(batch, after.id, { start: last });
}

export function withOut(batch: ScannedBatch, place: number, isOut: boolean): ScannedBatch {
  return withPage(batch, place, (page) => ({ ...page, isOut }));
}

export function changedPart(batch: ScannedBatch, id: string, change: Partial<BatchPart>): ScannedBatch {
  return inOrder(
    batch,
    batch.parts.map((part) => (part.id === id ? { ...part, ...change } : part)),
  );
}

/** What is left to be filed, and has a page to be filed. */
export function partsLeft(batch: ScannedBatch): BatchPart[] {
  return batch.parts.filter((part) => !part.isFiled && keptPlaces(batch, part).length > 0);
}

/** A part's pages, run after run of one file, as they are cut out. */
export function runsOf(batch: ScannedBatch, part: BatchPart): { file: number; pages: number[] }[] {
  const runs: { file: number; pages: number[] }[] = [];
  for (const place of keptPlaces(batch, part)) {
    const page = batch.pages[place];
    if (page === undefined) continue;
    const last = runs.at(-1);
    if (last?.file === page.file) last.pages.push(page.number);
    else runs.push({ file: page.file, pages: [page.number] });
  }
  return runs;
}

function withPage(batch: ScannedBatch, place: number, change: (page: BatchPage) => BatchPage): ScannedBatch {
  return { ...batch, pages: batch.pages.map((page, at) => (at === place ? change(page) : page)) };
}

function inOrder(batch: ScannedBatch, parts: readonly BatchPart[]): ScannedBatch {
  return { ...batch, parts: parts.toSorted((one, other) => one.start - other.start) };
}
