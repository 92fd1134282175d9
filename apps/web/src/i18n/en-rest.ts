import type { RestOfWords } from './catalogue.ts';
import { care } from './en/care.ts';
import { careSheet } from './en/care-sheet.ts';
import { coding } from './en/coding.ts';
import { consultation } from './en/consultation.ts';
import { copyRestore } from './en/copy-restore.ts';
import { deposits } from './en/deposits.ts';
import { documents } from './en/documents.ts';
import { drills } from './en/drills.ts';
import { file } from './en/file.ts';
import { held } from './en/held.ts';
import { inbox } from './en/inbox.ts';
import { lateErrors } from './en/late-errors.ts';
import { massChange } from './en/mass-change.ts';
import { measures } from './en/measures.ts';
import { members } from './en/members.ts';
import { newPatient } from './en/new-patient.ts';
import { news } from './en/news.ts';
import { offlineFile } from './en/offline-file.ts';
import { patientIdentity } from './en/patient-identity.ts';
import { presence } from './en/presence.ts';
import { relatives } from './en/relatives.ts';
import { rereads } from './en/rereads.ts';
import { rescue } from './en/rescue.ts';
import { rewind } from './en/rewind.ts';
import { scanned } from './en/scanned.ts';
import { search } from './en/search.ts';
import { sheets } from './en/sheets.ts';
import { shieldWhy } from './en/shield-why.ts';
import { tables } from './en/tables.ts';
import { timeline } from './en/timeline.ts';
import { travel } from './en/travel.ts';
import { vaccines } from './en/vaccines.ts';
import { vault } from './en/vault.ts';
import { ways } from './en/ways.ts';
import { welcome } from './en/welcome.ts';
import { witnesses } from './en/witnesses.ts';

export const enRest: RestOfWords = {
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
};
