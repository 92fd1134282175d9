import type { PatientRow } from '@serment/replica/directory';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';

/** Family name in capitals, then the given name, as files are labelled in France. */
export function personName(row: Pick<PatientRow, 'family' | 'given'>): string {
  return [row.family.toLocaleUpperCase('fr'), row.given].filter((part) => part !== '').join(' ');
}

/** Characters that are not seen or that turn the direction of what follows are spelled out: no name can disguise itself. */
export function safeName(text: string): string {
  return text
    .toWellFormed()
    .replace(
      hidden,
      (character) => `⟦U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟧`,
    );
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const hidden = /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

export function useBirthText(): (row: Pick<PatientRow, 'birthDate' | 'sex'>) => string {
  const { t } = useTranslation();
  const format = useFormat();
  return ({ birthDate, sex }) => {
    if (birthDate === null) return t('patients.noBirthDate');
    return t(sex === 'female' ? 'patients.bornFemale' : 'patients.born', { date: format.fhirDay(birthDate) });
  };
}

export function useNameOrNone(): (row: Pick<PatientRow, 'family' | 'given'>) => string {
  const { t } = useTranslation();
  return (row) => safeName(personName(row)) || t('patients.unnamed');
}
