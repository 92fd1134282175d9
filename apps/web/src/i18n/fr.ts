/** French, the first language: every string a person reads. English has the same keys, or the types fail. */
import { common } from './fr/common.ts';
import { deposits } from './fr/deposits.ts';
import { entry } from './fr/entry.ts';
import { file } from './fr/file.ts';
import { inbox } from './fr/inbox.ts';
import { members } from './fr/members.ts';
import { operators } from './fr/operators.ts';
import { patients } from './fr/patients.ts';
import { shell } from './fr/shell.ts';
import { vault } from './fr/vault.ts';
import { ways } from './fr/ways.ts';

/** French, whose keys every language has. */
export const fr = {
  ...common,
  ...entry,
  ...shell,
  ...patients,
  ...file,
  ...deposits,
  ...inbox,
  ...members,
  ...ways,
  ...vault,
  ...operators,
} as const;
