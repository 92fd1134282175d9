import { useEffect, useRef, useState } from 'react';
import { codeOf } from '../worker/carried-error.ts';

export interface Polled<Value> {
  /** The last answer; null until the first. */
  readonly value: Value | null;
  /** Why nothing more is asked; null while it is. */
  readonly error: unknown;
  /** The server does not answer at the moment: it is asked again. */
  readonly isCut: boolean;
}

const everyMs = 1200;
/** What another try may mend. */
const passing = new Set(['UNREACHABLE', 'SERVER_FAILED', 'THROTTLED']);

/** What somebody waits for, asked for again and again while `isOn`; an error that no further try mends ends it. */
export function usePolled<Value>(ask: () => Promise<Value>, isOn: boolean): Polled<Value> {
  const [polled, setPolled] = useState<Polled<Value>>({ value: null, error: null, isCut: false });
  const latest = useRef(ask);
  useEffect(() => {
    latest.current = ask;
  });
  useEffect(() => {
    if (!isOn) return;
    let timer: ReturnType<typeof setTimeout> | null = null;
    let isCurrent = true;
    const round = async () => {
      let isOver = false;
      try {
        const value = await latest.current();
        if (isCurrent) setPolled({ value, error: null, isCut: false });
      } catch (error) {
        isOver = !passing.has(codeOf(error));
        if (isCurrent) setPolled(({ value }) => ({ value, error: isOver ? error : null, isCut: !isOver }));
      }
      if (isCurrent && !isOver) timer = setTimeout(() => void round(), everyMs);
    };
    void round();
    return () => {
      isCurrent = false;
      if (timer !== null) clearTimeout(timer);
    };
  }, [isOn]);
  return polled;
}
