import { care } from './fr/care.ts';
import { careSheet } from './fr/care-sheet.ts';
import { coding } from './fr/coding.ts';
import { consultation } from './fr/consultation.ts';
import { copyRestore } from './fr/copy-restore.ts';
import { deposits } from './fr/deposits.ts';
import { documents } from './fr/documents.ts';
import { drills } from './fr/drills.ts';
import { file } from './fr/file.ts';
import { held } from './fr/held.ts';
import { inbox } from './fr/inbox.ts';
import { lateErrors } from './fr/late-errors.ts';
import { massChange } from './fr/mass-change.ts';
import { measures } from './fr/measures.ts';
import { members } from './fr/members.ts';
import { newPatient } from './fr/new-patient.ts';
import { news } from './fr/news.ts';
import { offlineFile } from './fr/offline-file.ts';
import { patientIdentity } from './fr/patient-identity.ts';
import { presence } from './fr/presence.ts';
import { relatives } from './fr/relatives.ts';
import { rereads } from './fr/rereads.ts';
import { rescue } from './fr/rescue.ts';
import { rewind } from './fr/rewind.ts';
import { scanned } from './fr/scanned.ts';
import { search } from './fr/search.ts';
import { sheets } from './fr/sheets.ts';
import { shieldWhy } from './fr/shield-why.ts';
import { tables } from './fr/tables.ts';
import { timeline } from './fr/timeline.ts';
import { travel } from './fr/travel.ts';
import { vaccines } from './fr/vaccines.ts';
import { vault } from './fr/vault.ts';
import { ways } from './fr/ways.ts';
import { welcome } from './fr/welcome.ts';
import { witnesses } from './fr/witnesses.ts';

/** What only code that comes late says. */
export const frRest = {
  ...welcome,
  ...newPatient,
  ...file,
  ...offlineFile,
  ...consultation,
  ...patientIdentity,
  ...relatives,
  ...deposits,
  ...scanned,
  ...search,
  ...sheets,
  ...care,
  ...careSheet,
  ...vaccines,
  ...coding,
  ...measures,
  ...tables,
  ...documents,
  ...inbox,
  ...members,
  ...held,
  ...ways,
  ...timeline,
  ...travel,
  ...copyRestore,
  ...rereads,
  ...massChange,
  ...rescue,
  ...rewind,
  ...vault,
  ...shieldWhy,
  ...drills,
  ...witnesses,
  ...news,
  ...presence,
  ...lateErrors,
} as const;
