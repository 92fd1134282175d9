import { createContext, useCallback, useContext, useEffect, useState } from 'react';

/** True once the list is there: from then on what is seldom wanted may come. */
export const HasTime = createContext(false);

/**
 * A part whose code is larger than its page's and wanted later than it: null until it has come, by itself or because it
 * was pressed. `load` must be the same function each time. What could not be fetched is fetched at the next press.
 */
export function useLate<Part>(load: () => Promise<Part>) {
  const hasTime = useContext(HasTime);
  const [part, setPart] = useState<Part | null>(null);
  const [isPressed, setPressed] = useState(false);
  const come = useCallback(() => {
    load().then(
      (loaded) => setPart(() => loaded),
      () => undefined,
    );
  }, [load]);
  useEffect(() => {
    if (hasTime) come();
  }, [hasTime, come]);
  const press = () => {
    setPressed(true);
    come();
  };
  return { part, isPressed, press };
}
