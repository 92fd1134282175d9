import type { Texts } from '../catalogue.ts';
import type { patients as french } from '../fr/patients.ts';

export const patients: Texts<typeof french> = {
  patients: {
    title: 'Patients',
    filter: 'Filter the patients',
    filterShort: 'Find a patient',
    filterPlaceholder: 'Name, birth, phone',
    count_one: '{{count, number}} patient',
    count_other: '{{count, number}} patients',
    found_one: '{{count, number}} patient found',
    foundMany: 'The first {{count, number}}: type more',
    found_other: '{{count, number}} patients found',
    none: 'No patient yet.',
    noneAction: 'Create the first patient',
    noMatch: 'No patient matches “{{query}}”.',
    choose: 'Choose a patient in the list, or create one.',
    chooseNone: 'The first file will take its place here.',
    loading: 'Reading the directory…',
    deceased: 'deceased',
    unnamed: 'No name',
    born: 'born {{date}}',
    bornFemale: 'born {{date}}',
    secondNamed: 'born {{name}}, {{date}}',
    secondNamedMale: 'born {{name}}, {{date}}',
    noBirthDate: 'birth unknown',
    conflict: 'two versions',
  },
};
