import { care as enCare } from '../i18n/en/care.ts';
import { fields as enFields } from '../i18n/en/fields.ts';
import { file as enFile } from '../i18n/en/file.ts';
import { inbox as enInbox } from '../i18n/en/inbox.ts';
import { patientIdentity as enIdentity } from '../i18n/en/patient-identity.ts';
import { care as frCare } from '../i18n/fr/care.ts';
import { fields as frFields } from '../i18n/fr/fields.ts';
import { file as frFile } from '../i18n/fr/file.ts';
import { inbox as frInbox } from '../i18n/fr/inbox.ts';
import { patientIdentity as frIdentity } from '../i18n/fr/patient-identity.ts';
import type { Language } from '../i18n/language.ts';

/** The words of files alone: the worker, which shows them, has no use for the others. */
export const words = {
  fr: { ...frFile, ...frIdentity, ...frCare, ...frInbox, ...frFields },
  en: { ...enFile, ...enIdentity, ...enCare, ...enInbox, ...enFields },
} as const satisfies Record<Language, object>;
