import type { OperatorSession } from '@serment/core/wire/operator';
import { createContext, use } from 'react';
import type { Asked } from './act-sheet.tsx';

/** What every page of the console has. */
export interface ConsoleSession {
  readonly session: OperatorSession;
  /** Grows when everything is to be read anew. */
  readonly turn: number;
  /** Opens the sheet of an act, or of a new copy. */
  readonly ask: (asked: Asked) => void;
  /** Leaves the console where a failure says that the session is over. */
  readonly endIfOver: (failure: unknown) => void;
}

export const ConsoleContext = createContext<ConsoleSession | null>(null);

export function useConsole(): ConsoleSession {
  const session = use(ConsoleContext);
  if (session === null) throw new TypeError('A page of the console stands in it');
  return session;
}
