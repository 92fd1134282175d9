import type { Catalogue } from './catalogue.ts';
import { care } from './en/care.ts';
import { careSheet } from './en/care-sheet.ts';
import { coding } from './en/coding.ts';
import { common } from './en/common.ts';
import { consultation } from './en/consultation.ts';
import { deposits } from './en/deposits.ts';
import { documents } from './en/documents.ts';
import { entry } from './en/entry.ts';
import { file } from './en/file.ts';
import { inbox } from './en/inbox.ts';
import { measures } from './en/measures.ts';
import { members } from './en/members.ts';
import { news } from './en/news.ts';
import { offline } from './en/offline.ts';
import { operators } from './en/operators.ts';
import { patientIdentity } from './en/patient-identity.ts';
import { patients } from './en/patients.ts';
import { presence } from './en/presence.ts';
import { relatives } from './en/relatives.ts';
import { scanned } from './en/scanned.ts';
import { search } from './en/search.ts';
import { shell } from './en/shell.ts';
import { tables } from './en/tables.ts';
import { timeline } from './en/timeline.ts';
import { today } from './en/today.ts';
import { travel } from './en/travel.ts';
import { vaccines } from './en/vaccines.ts';
import { vault } from './en/vault.ts';
import { ways } from './en/ways.ts';

export const en: Catalogue = {
  ...common,
  ...entry,
  ...shell,
  ...patients,
  ...file,
  ...consultation,
  ...patientIdentity,
  ...relatives,
  ...deposits,
  ...scanned,
  ...search,
  ...care,
  ...careSheet,
  ...vaccines,
  ...coding,
  ...measures,
  ...tables,
  ...documents,
  ...inbox,
  ...members,
  ...ways,
  ...today,
  ...timeline,
  ...travel,
  ...vault,
  ...news,
  ...offline,
  ...presence,
  ...operators,
};
