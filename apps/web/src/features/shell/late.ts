import { createContext, useCallback, useContext, useEffect, useRef, useState } from 'react';

/** True once the list is there: from then on what is seldom wanted may come. */
export const HasTime = createContext(false);
/** Called by the list once it is drawn. */
export const ListDrawn = createContext<() => void>(() => undefined);

/**
 * A part whose code is larger than its page's and wanted later than it: null until it has come, once there is time or as
 * soon as it is wanted. `load` must be the same function each time. What does not come is told by the page.
 */
export function useLate<Part>(load: () => Promise<Part>, isWanted = false): Part | null {
  const mayCome = useContext(HasTime) || isWanted;
  const [part, setPart] = useState<Part | null>(null);
  useEffect(() => {
    if (!mayCome) return;
    let isCurrent = true;
    load().then(
      (loaded) => {
        if (isCurrent) setPart(() => loaded);
      },
      () => undefined,
    );
    return () => {
      isCurrent = false;
    };
  }, [load, mayCome]);
  return part;
}

/**
 * The same of what a button opens. The button that stands there before is another element than the one that comes with the
 * part: both have `button` as their ref, by which the focus goes from one to the other. `mayOpen` is true after that: what
 * opens then gives the focus back to a button that is there.
 */
export function useLateOpened<Part>(load: () => Promise<Part>, isWanted: boolean) {
  const part = useLate(load, isWanted);
  const hadFocus = useRef(false);
  const button = useCallback((element: HTMLButtonElement) => {
    if (hadFocus.current) element.focus({ preventScroll: true });
    return () => {
      hadFocus.current = document.activeElement === element;
    };
  }, []);
  const [mayOpen, setMayOpen] = useState(false);
  useEffect(() => setMayOpen(part !== null), [part]);
  return { part, button, mayOpen };
}
