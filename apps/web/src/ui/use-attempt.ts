import { useState } from 'react';

export interface Attempt {
  readonly isBusy: boolean;
  /** Why the last one failed; null while there is nothing to say. */
  readonly error: unknown;
  /** Runs it, and says while it runs that it does. What is thrown becomes `error`, after `onFailure` was told. */
  readonly run: (act: () => Promise<void>, onFailure?: (error: unknown) => void) => Promise<void>;
  /** Says no more why the last one failed. */
  readonly forget: () => void;
}

/** Something a person asks for, that takes its time and may fail. */
export function useAttempt(): Attempt {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const run: Attempt['run'] = async (act, onFailure) => {
    setBusy(true);
    setError(null);
    try {
      await act();
    } catch (caught) {
      onFailure?.(caught);
      setError(caught);
    } finally {
      setBusy(false);
    }
  };
  return { isBusy, error, run, forget: () => setError(null) };
}
