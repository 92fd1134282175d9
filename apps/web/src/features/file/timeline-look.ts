import { createContext, useContext } from 'react';

export interface TimelineLook {
  /** Folded words that are looked for, and shown where they stand. */
  readonly terms: readonly string[];
  /** Keys of what somebody opened or closed: an item that was scrolled away comes back as it was left. */
  readonly opened: ReadonlyMap<string, boolean>;
  readonly onOpen: (key: string, isOpen: boolean) => void;
}

/** How a timeline is looked at, for all that stands in it. */
export const TimelineLookContext = createContext<TimelineLook>({
  terms: [],
  opened: new Map(),
  onOpen: () => undefined,
});

/** Whether something of the timeline is open, as somebody left it or else as it is by itself. */
export function useOpened(key: string, isOpenFirst = false): readonly [boolean, (isOpen: boolean) => void] {
  const { opened, onOpen } = useContext(TimelineLookContext);
  return [opened.get(key) ?? isOpenFirst, (isOpen) => onOpen(key, isOpen)];
}
