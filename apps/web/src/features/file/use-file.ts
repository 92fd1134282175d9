import { CodedError } from '@serment/core/error';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { FileView } from '../../file-view/view.ts';
import { useLanguage } from '../../i18n/use-language.ts';
import { useEngine, useEngineEvents } from '../../session/use-session.ts';

interface ReadFile {
  readonly file: FileView | null;
  readonly error: unknown;
}

export interface OpenFile extends ReadFile {
  /** Opens again what could not be read. */
  readonly again: () => void;
}

const gatherMs = 40;

/** A patient's file, opened once with its trace, then read again when something of it changes anywhere. */
export function useFile(patient: string): OpenFile {
  const engine = useEngine();
  const language = useLanguage();
  const [open, setOpen] = useState<ReadFile>({ file: null, error: null });
  const [turn, setTurn] = useState(0);
  const isOpened = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const copied = useRef('');
  const soon = useCallback(() => {
    timer.current ??= setTimeout(() => {
      timer.current = null;
      setTurn((count) => count + 1);
    }, gatherMs);
  }, []);
  useEngineEvents((event) => {
    if ((event.type === 'patient' && event.patient === patient) || event.type === 'save' || event.type === 'directory')
      soon();
    if (event.type !== 'status') return;
    // Ticks follow the copies, as long as there are any to come.
    const sizes = event.status.copies.map(({ size }) => size).join();
    if (sizes !== copied.current && open.file?.isCopied !== true) soon();
    copied.current = sizes;
  });
  // Asked for before what stands in its place is painted.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `turn` is what reads again.
  useLayoutEffect(() => {
    let isCurrent = true;
    const isFirst = !isOpened.current;
    const read = isFirst ? engine.openFile(patient, language) : engine.readFile(patient, language);
    isOpened.current = true;
    read.then(
      (file) => {
        if (isCurrent) setOpen({ file, error: null });
      },
      (error: unknown) => {
        // What was shown stays where reading it again failed, unless it may not be read any more.
        const isShut = error instanceof CodedError && error.code === 'PATIENT_RESTRICTED';
        if (isCurrent) setOpen(({ file }) => (file === null || isShut ? { file: null, error } : { file, error: null }));
        // One showing leaves one trace: only what never opened, or was shut, is opened again.
        if (isFirst || isShut) isOpened.current = false;
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [engine, patient, language, turn]);
  useEffect(
    () => () => {
      if (timer.current !== null) clearTimeout(timer.current);
    },
    [],
  );
  return { ...open, again: soon };
}
