import { useEffect, useState } from 'react';
import { useAttempt } from '../../ui/use-attempt.ts';
import { codeOf } from '../../worker/carried-error.ts';
import { useConsole } from './console-session.ts';

export interface View<Value> {
  /** What was read last; null before. It stays while it is read anew, and where that fails. */
  readonly value: Value | null;
  readonly isBusy: boolean;
  readonly error: unknown;
  /** Reads it anew. */
  readonly again: () => void;
}

/** Reads what a page shows, and reads it again when `key` changes or when it is asked to: never by itself, which would keep a session open. */
export function useView<Value>(key: string, read: () => Promise<Value>): View<Value> {
  const { turn, endIfOver } = useConsole();
  const [found, setFound] = useState<{ readonly key: string; readonly value: Value } | null>(null);
  const { isBusy, error, run } = useAttempt();
  const again = () =>
    void run(
      async () => {
        const value = await read();
        setFound({ key, value });
      },
      (failure) => {
        if (codeOf(failure) === 'OPERATOR_SESSION_REQUIRED') endIfOver(failure);
      },
    );
  // biome-ignore lint/correctness/useExhaustiveDependencies: read when what is asked for changes, or is asked for anew.
  useEffect(again, [key, turn]);
  // What comes after the question mark changes how it is shown, not what it is: it stays until the other is here.
  const isSame = found !== null && found.key.split('?')[0] === key.split('?')[0];
  return { value: isSame ? found.value : null, isBusy, error, again };
}
