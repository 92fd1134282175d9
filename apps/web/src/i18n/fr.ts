/** French, the first language: every string a person reads. English has the same keys, or the types fail. */
import { care } from './fr/care.ts';
import { careSheet } from './fr/care-sheet.ts';
import { coding } from './fr/coding.ts';
import { common } from './fr/common.ts';
import { consultation } from './fr/consultation.ts';
import { deposits } from './fr/deposits.ts';
import { documents } from './fr/documents.ts';
import { entry } from './fr/entry.ts';
import { file } from './fr/file.ts';
import { inbox } from './fr/inbox.ts';
import { measures } from './fr/measures.ts';
import { members } from './fr/members.ts';
import { news } from './fr/news.ts';
import { offline } from './fr/offline.ts';
import { operators } from './fr/operators.ts';
import { patientIdentity } from './fr/patient-identity.ts';
import { patients } from './fr/patients.ts';
import { presence } from './fr/presence.ts';
import { relatives } from './fr/relatives.ts';
import { scanned } from './fr/scanned.ts';
import { search } from './fr/search.ts';
import { shell } from './fr/shell.ts';
import { tables } from './fr/tables.ts';
import { timeline } from './fr/timeline.ts';
import { today } from './fr/today.ts';
import { travel } from './fr/travel.ts';
import { vaccines } from './fr/vaccines.ts';
import { vault } from './fr/vault.ts';
import { ways } from './fr/ways.ts';

/** French, whose keys every language has. */
export const fr = {
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
} as const;
