import type { FirstWords } from './catalogue.ts';
import { common } from './en/common.ts';
import { early } from './en/early.ts';
import { entry } from './en/entry.ts';
import { offline } from './en/offline.ts';
import { patients } from './en/patients.ts';
import { shell } from './en/shell.ts';
import { today } from './en/today.ts';

export const en: FirstWords = {
  ...common,
  ...early,
  ...entry,
  ...shell,
  ...today,
  ...patients,
  ...offline,
};
