import type { PatientRow } from '@serment/replica/directory';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { ScannedFile } from '../../document-worker/scanned-work.ts';
import { cutBySheets, type ScannedBatch, seenCount, withSeen } from '../../file-view/scanned-batch.ts';
import { useEngine } from '../../session/use-session.ts';
import { type DocumentWorker, useDocumentWorker } from '../documents/document-work.ts';

/** A batch that is being read, cut and filed; each change is sealed on this device as it is made. */
export interface BatchWork {
  readonly batch: ScannedBatch | null;
  readonly rows: ReadonlyMap<string, PatientRow>;
  readonly error: unknown;
  readonly isReading: boolean;
  readonly worker: DocumentWorker;
  readonly stop: () => void;
  readonly goOn: () => void;
  readonly change: (change: (batch: ScannedBatch) => ScannedBatch) => void;
  /** When what was changed is on the disk. Throws CACHE_FAILED. */
  readonly kept: () => Promise<void>;
  readonly addRow: (row: PatientRow) => void;
  readonly fileOf: (number: number) => Promise<ScannedFile>;
}

export function useBatch(id: string): BatchWork {
  const engine = useEngine();
  const worker = useDocumentWorker();
  const [batch, setBatch] = useState<ScannedBatch | null>(null);
  const [rows, setRows] = useState<ReadonlyMap<string, PatientRow>>(new Map());
  const [error, setError] = useState<unknown>(null);
  const [isStopped, setStopped] = useState(false);
  const latest = useRef<ScannedBatch | null>(null);
  const writing = useRef<Promise<void>>(Promise.resolve());
  const held = useRef<{ number: number; file: ScannedFile } | null>(null);
  const addRow = useCallback((row: PatientRow) => setRows((known) => new Map(known).set(row.id, row)), []);

  useEffect(() => {
    let isCurrent = true;
    engine.desks.scanned.open(id).then(
      (opened) => {
        if (!isCurrent) return;
        latest.current = opened.batch;
        setBatch(opened.batch);
        setRows(opened.rows);
      },
      (caught: unknown) => {
        if (isCurrent) setError(caught);
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [engine, id]);

  const change = useCallback(
    (made: (batch: ScannedBatch) => ScannedBatch) => {
      if (latest.current === null) return;
      latest.current = made(latest.current);
      setBatch(latest.current);
      // One writing at a time, each of what stands when its turn comes.
      const write = async () => {
        if (latest.current !== null) await engine.desks.scanned.keep(latest.current);
      };
      writing.current = writing.current.then(write, write);
      writing.current.catch(setError);
    },
    [engine],
  );

  const fileOf = useCallback(
    async (number: number): Promise<ScannedFile> => {
      if (held.current?.number !== number)
        held.current = { number, file: { key: `${id}/${number}`, blob: await engine.desks.scanned.file(id, number) } };
      return held.current.file;
    },
    [engine, id],
  );

  const unseen = batch?.pages.findIndex(({ state }) => state === 'unseen') ?? -1;
  const isReading = batch !== null && unseen !== -1 && !isStopped && error === null;
  useEffect(() => {
    if (!isReading) return;
    let isCurrent = true;
    const readPage = async () => {
      const page = latest.current?.pages[unseen];
      if (page === undefined) return;
      const file = await fileOf(page.file);
      const seen = await worker.ask((work) => work.seePage(file, page.number));
      if (!isCurrent) return;
      const sheet = seen?.code == null ? null : await engine.desks.scanned.readSheet(seen.code);
      if (sheet?.is === 'patient') (await engine.desks.scanned.rows([sheet.patient])).forEach(addRow);
      if (seen !== null) await engine.desks.scanned.putPicture(id, unseen, seen.picture);
      if (!isCurrent) return;
      change((known) => {
        const read = withSeen(known, unseen, seen && { isBlank: seen.isBlank, sheet });
        return seenCount(read) < read.pages.length ? read : cutBySheets(read, () => crypto.randomUUID());
      });
    };
    readPage().catch(setError);
    return () => {
      isCurrent = false;
    };
  }, [isReading, unseen, worker, engine, id, fileOf, change, addRow]);

  const goOn = () => {
    setError(null);
    setStopped(false);
  };
  const kept = () => writing.current;
  const stop = () => setStopped(true);
  return { batch, rows, error, isReading, worker, stop, goOn, change, kept, addRow, fileOf };
}
