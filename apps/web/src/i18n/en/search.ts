import type { Texts } from '../catalogue.ts';
import type { search as french } from '../fr/search.ts';

export const search: Texts<typeof french> = {
  search: {
    label: 'Words to look for',
    hint: 'Words, or a run of words between quotation marks.',
    find: 'Search',
    closed: 'Your rights do not open medical files.',
    offTitle: 'This device has not read the files yet',
    off: 'To look for a word in all notes and all titles of documents, this device must read them once. They stay sealed on it, as everything does, and the host notes that they were read.',
    prepare: 'Read all files',
    partial: '{{done}} entries read of {{total}}: the search is not complete yet.',
    reading: 'Reading files',
    stopped: 'Reading stopped: {{done}} entries of {{total}}. What was read can be searched.',
    goOn: 'Go on',
    ready_one: '{{texts}} text can be found.',
    ready_other: '{{texts}} texts can be found.',
    forget: 'Take off this device',
    none: 'Nothing holds all these words.',
    nonePartial: 'Nothing that was read holds all these words.',
    found_one: '{{texts}} text found',
    found_other: '{{texts}} texts found',
    foundPart: '{{texts}} texts found, the first {{shown}} here',
    results: 'Results',
    traced: 'Each file shown here keeps the trace that you saw it.',
    undated: 'undated',
  },
};
