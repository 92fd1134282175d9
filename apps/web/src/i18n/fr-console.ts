import { consoleWords } from './fr/console.ts';
import { operators } from './fr/operators.ts';

/** What only the host's console says, in its own build. */
export const frConsole = { ...consoleWords, ...operators } as const;
