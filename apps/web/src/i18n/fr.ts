/** French, the first language: every string a person reads. English has the same keys, or the types fail. */
import { common } from './fr/common.ts';
import { early } from './fr/early.ts';
import { entry } from './fr/entry.ts';
import { offline } from './fr/offline.ts';
import { patients } from './fr/patients.ts';
import { shell } from './fr/shell.ts';
import { today } from './fr/today.ts';

/** What is said before any code that comes late: the lock, the list, the frame around pages, and what fails. */
export const fr = {
  ...common,
  ...early,
  ...entry,
  ...shell,
  ...today,
  ...patients,
  ...offline,
} as const;
