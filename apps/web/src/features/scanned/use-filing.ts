import { CodedError } from '@serment/core/error';
import { useEffect, useRef, useState } from 'react';
import type { ScannedRun } from '../../document-worker/scanned-work.ts';
import { type BatchPart, changedPart, partsLeft, runsOf, type ScannedBatch } from '../../file-view/scanned-batch.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useSession } from '../../session/use-session.ts';
import { dayTyped } from '../documents/document-form.ts';
import { personName, safeName } from '../patients/person.tsx';
import { usePartTitle } from './part-title.ts';
import type { BatchWork } from './use-batch.ts';

export interface Filing {
  /** What a person may file now: whose it is was said, and its date is one. */
  readonly ready: readonly BatchPart[];
  readonly progress: { readonly done: number; readonly total: number } | null;
  /** Why a document was not filed, by its part. */
  readonly errors: ReadonlyMap<string, unknown>;
  readonly file: () => Promise<void>;
}

/** Files the documents of a batch one after the other: one that fails keeps no other from its file. */
export function useFiling(work: BatchWork): Filing {
  const { t } = useTranslation();
  const session = useSession();
  const { batch, rows, change, kept, worker, fileOf } = work;
  const titleOf = usePartTitle(batch?.at ?? 0);
  const [progress, setProgress] = useState<Filing['progress']>(null);
  const [errors, setErrors] = useState<ReadonlyMap<string, unknown>>(new Map());
  const isHere = useRef(true);
  useEffect(() => {
    isHere.current = true;
    return () => {
      isHere.current = false;
    };
  }, []);
  const ready = batch === null ? [] : partsLeft(batch).filter(isReady);
  const fileOne = async (known: ScannedBatch, part: BatchPart) => {
    const { patient } = part;
    const day = dayTyped(part.day);
    if (patient === null || day === null) return;
    const runs: ScannedRun[] = [];
    for (const { file, pages } of runsOf(known, part)) runs.push({ file: await fileOf(file), pages });
    const pdf = await worker.ask((asked) => asked.cutDocument(runs));
    if (pdf === null) throw new CodedError('SCAN_UNCUT', 'The pages were not cut out');
    // Said on the disk before it is done: after a cut in between, it is looked for and not filed twice.
    change((now) => changedPart(now, part.id, { isBegun: true }));
    await kept();
    const isMadeInert = runsOf(known, part).some(({ file }) => known.files[file]?.isMadeInert);
    const details = { title: titleOf(part), type: part.type === '' ? null : part.type, day, author: '', tags: [] };
    const { isToRead } = known;
    const document = { ...details, id: part.id, patient, pdf, isMadeInert, isToRead };
    const saved = await session.engine.desks.scanned.fileDocument(document, part.isBegun);
    change((now) => changedPart(now, part.id, { isFiled: true }));
    await kept();
    const row = rows.get(patient);
    if (saved !== null)
      session.saved({
        id: saved.id,
        what: t('scanned.saved'),
        patient: row === undefined ? '' : safeName(personName(row)),
      });
  };
  const file = async () => {
    if (batch === null) return;
    setErrors(new Map());
    for (const [done, part] of ready.entries()) {
      // Whoever leaves the page finds the rest where it was.
      if (!isHere.current) return;
      setProgress({ done, total: ready.length });
      await fileOne(batch, part).catch((error: unknown) => setErrors((known) => new Map(known).set(part.id, error)));
    }
    setProgress(null);
  };
  return { ready, progress, errors, file };
}

function isReady({ patient, day }: BatchPart): boolean {
  return patient !== null && dayTyped(day) !== null;
}
