import { file as enFile } from '../i18n/en/file.ts';
import { patientIdentity as enIdentity } from '../i18n/en/patient-identity.ts';
import { file as frFile } from '../i18n/fr/file.ts';
import { patientIdentity as frIdentity } from '../i18n/fr/patient-identity.ts';
import type { Language } from '../i18n/language.ts';

/** The words of files alone: the worker, which shows them, has no use for the others. */
export const words = {
  fr: { ...frFile, ...frIdentity },
  en: { ...enFile, ...enIdentity },
} as const satisfies Record<Language, object>;
