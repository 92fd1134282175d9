import { withWords } from '../../i18n/i18n.ts';

/** The sheet of what to do when something is wrong: at the lock and within, and seldom. */
export const loadProblem = async () => (await withWords(import('./problem-sheet.tsx'))).ProblemSheet;
