import { useCallback, useEffect, useState } from 'react';
import { type Corners, wholePicture } from '../../document-worker/perspective.ts';
import { type AcceptedFile, type CapturedPage, isPicture, lookAt, pageOf, type RefusedFile } from './captured.ts';
import { type DocumentWorker, useDocumentWorker } from './document-work.ts';

/** What was gathered to become documents of one patient, until it is added. */
export interface Capture {
  readonly worker: DocumentWorker;
  readonly pages: readonly CapturedPage[];
  readonly files: readonly AcceptedFile[];
  readonly refused: readonly RefusedFile[];
  /** Files that are being looked at. */
  readonly looking: number;
  readonly isEmpty: boolean;
  readonly take: (files: readonly File[]) => Promise<void>;
  /** A photograph, cut along the sheet that it shows; under its name it is refused where nothing could be made of it. */
  readonly shoot: (picture: Blob, name: string) => Promise<void>;
  readonly cut: (page: CapturedPage, how: { readonly corners?: Corners; readonly quarters?: number }) => Promise<void>;
  readonly removePage: (page: CapturedPage) => void;
  readonly earlier: (page: CapturedPage) => void;
  readonly removeFile: (file: AcceptedFile) => void;
  readonly forgetRefused: (file: RefusedFile) => void;
}

export function useCapture(): Capture {
  const worker = useDocumentWorker();
  const [pages, setPages] = useState<readonly CapturedPage[]>([]);
  const [files, setFiles] = useState<readonly AcceptedFile[]>([]);
  const [refused, setRefused] = useState<readonly RefusedFile[]>([]);
  const [looking, setLooking] = useState(0);
  const isEmpty = pages.length === 0 && files.length === 0;
  useWarning(!isEmpty);

  const takeOne = useCallback(
    async (file: File) => {
      const looked = await lookAt(file, worker);
      if (looked.type === 'refused') return setRefused((known) => [...known, looked.file]);
      const { kind, blob, key, name } = looked.file;
      const page = isPicture(kind) ? await pageOf(blob, { corners: wholePicture, key }, worker) : null;
      if (page !== null) return setPages((known) => [...known, page]);
      // Kept as it is where this browser cannot read it, which HEIC is for most of them; another picture is damaged.
      if (isPicture(kind) && kind !== 'heic') setRefused((known) => [...known, { key, name, reason: 'UNSHOWN' }]);
      else setFiles((known) => [...known, looked.file]);
    },
    [worker],
  );
  const take = useCallback(
    async (given: readonly File[]) => {
      setLooking((count) => count + given.length);
      // One after the other: their order is that of the pages, and one picture at a time is held.
      for (const file of given) {
        await takeOne(file);
        setLooking((count) => count - 1);
      }
    },
    [takeOne],
  );
  return {
    ...{ worker, pages, files, refused, looking, isEmpty, take },
    async shoot(picture, name) {
      const page = await pageOf(picture, { corners: null }, worker);
      if (page !== null) setPages((known) => [...known, page]);
      else setRefused((known) => [...known, { key: crypto.randomUUID(), name, reason: 'UNFINISHED' }]);
    },
    async cut(page, { corners = page.corners, quarters = page.quarters }) {
      const changed = await pageOf(page.source, { corners, quarters, key: page.key }, worker);
      if (changed !== null) setPages((known) => known.map((one) => (one.key === page.key ? changed : one)));
    },
    removePage: (page) => setPages((known) => known.filter(({ key }) => key !== page.key)),
    earlier: (page) =>
      setPages((known) => {
        const place = known.findIndex(({ key }) => key === page.key);
        return place < 1 ? known : [...known.slice(0, place - 1), ...moved(known, place), ...known.slice(place + 1)];
      }),
    removeFile: (file) => setFiles((known) => known.filter(({ key }) => key !== file.key)),
    forgetRefused: (file) => setRefused((known) => known.filter(({ key }) => key !== file.key)),
  };
}

function moved(pages: readonly CapturedPage[], place: number): readonly CapturedPage[] {
  return [pages[place], pages[place - 1]].filter((page) => page !== undefined);
}

/** What was photographed and not added yet is in this window alone: the browser asks before it is closed. */
function useWarning(isNeeded: boolean): void {
  useEffect(() => {
    if (!isNeeded) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', warn);
    return () => removeEventListener('beforeunload', warn);
  }, [isNeeded]);
}
