import type { Catalogue } from './catalogue.ts';
import { common } from './en/common.ts';
import { deposits } from './en/deposits.ts';
import { entry } from './en/entry.ts';
import { file } from './en/file.ts';
import { inbox } from './en/inbox.ts';
import { members } from './en/members.ts';
import { operators } from './en/operators.ts';
import { patients } from './en/patients.ts';
import { shell } from './en/shell.ts';
import { vault } from './en/vault.ts';
import { ways } from './en/ways.ts';

export const en: Catalogue = {
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
};
