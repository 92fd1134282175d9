import type { Texts } from './catalogue.ts';
import { addingCopy } from './en/adding-copy.ts';
import { consoleWords } from './en/console.ts';
import { copyCodes } from './en/copy-codes.ts';
import { operators } from './en/operators.ts';
import type { frConsole } from './fr-console.ts';

export const enConsole: Texts<typeof frConsole> = { ...consoleWords, ...addingCopy, ...copyCodes, ...operators };
