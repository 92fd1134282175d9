import { consoleWords } from './fr/console.ts';
import { copyCodes } from './fr/copy-codes.ts';
import { operators } from './fr/operators.ts';

/** What only the host's console says, in its own build. */
export const frConsole = { ...consoleWords, ...copyCodes, ...operators } as const;
