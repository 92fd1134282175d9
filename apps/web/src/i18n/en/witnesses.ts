import type { Texts } from '../catalogue.ts';
import type { witnesses as french } from '../fr/witnesses.ts';

export const witnesses: Texts<typeof french> = {
  witnesses: {
    title: 'Witnesses',
    lead: 'A witness, away from the host, keeps the journal’s fingerprint and checks that it only grows. It reads no record.',
    none: 'The practice has no witness. The editor, or somebody you trust, can be one.',
    seen: 'saw your journal {{when}}',
    never: 'has not seen your journal yet',
    late: 'has not seen your journal since {{when}}',
    wrong: 'saw something else than this device: call it',
    named: 'named {{when}}',
    remove: 'Remove',
    removeOf: 'Remove the witness {{name}}',
    removeSure: 'Remove this witness? It will follow the journal no more.',
    add: 'Name a witness',
    line: 'Line of its key',
    lineHint: 'The one that it gave you, whole.',
    invalid: 'This is not the line of a witness’s key. Copy it whole.',
    practice: 'Give it the practice’s identifier:',
    doctorsOnly: 'A doctor of the practice can name one.',
    full: 'Eight witnesses at most: remove one first.',
  },
} as const;
