import { addingCopy } from './fr/adding-copy.ts';
import { consoleWords } from './fr/console.ts';
import { copyCodes } from './fr/copy-codes.ts';
import { operators } from './fr/operators.ts';

/** What only the host's console says, in its own build. */
export const frConsole = { ...consoleWords, ...addingCopy, ...copyCodes, ...operators } as const;
