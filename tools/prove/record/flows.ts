import type { Flow, FlowReport } from '../../test-browser.ts';
import type { Outcome, Proof } from '../proof.ts';
import type { RecordScene } from './scene.ts';

/** A spec of e2e/: all of its flows, or those of these titles. */
export interface Shown {
  readonly spec: string;
  readonly titles?: readonly string[];
}

const wrongFile = {
  spec: 'travel.spec.ts',
  titles: ['what was written in the wrong file goes to the right one, and back'],
};
const killed = 'a tab that is killed in the middle of a note loses no word of it, nor does the next tab';
const twoWindows = 'a page that is gone at once loses no word, and two windows write about two patients';
const byKeyboard = 'a whole consultation is written and signed without a mouse';
const cutLine = 'a cut line keeps the note on the device, and sends it when it is mended';
const trueSaves = 'a save says only what is true, whatever happens to the line and to the window';
const pasted = 'documents are dropped, pasted and chosen, hostile ones refused, and shown in a page without origin';
const photographed =
  'two pages are photographed in the page, straightened, and are one document of the file that was named';
const bothTyping =
  'two doctors on one file see each other’s notes, lose nothing of a form, and choose between two versions';
const scanned = 'a scan of 150 pages is one document, kept through a cut and a closed window';

/** The subjects of the record, and the flows that show each. */
const subjects: readonly (readonly [name: string, shown: readonly Shown[]])[] = [
  [
    'item 1, patients: list, search, creation, identity, duplicates, rights and relatives',
    [
      {
        spec: 'practice.spec.ts',
        titles: [
          'the patient that opens is the one that was typed, however fast',
          'a look-alike and a wrong key warn, and refuse nothing',
          'a patient and a note are made, and found again, without a mouse',
          'hostile text is shown as text',
        ],
      },
      { spec: 'identity.spec.ts' },
    ],
  ],
  [
    'item 2, file: banner, summary, timeline, restricted files',
    [{ spec: 'timeline.spec.ts' }, { spec: 'restrictions.spec.ts' }, { spec: 'rights.spec.ts' }],
  ],
  [
    'item 3, consultation: drafts, templates, signature, wrong file, parenthesis, private notes',
    [{ spec: 'consultation.spec.ts' }, wrongFile],
  ],
  ['item 4, measures: entry, trends, growth', [{ spec: 'measures.spec.ts' }]],
  ['item 5, care: problems, allergies, treatments, vaccines, history', [{ spec: 'care.spec.ts' }]],
  [
    'item 6, documents: drop, paste, camera, scans, separator sheets, hostile files',
    [{ spec: 'documents.spec.ts' }, { spec: 'camera.spec.ts' }, { spec: 'separator-sheets.spec.ts' }],
  ],
  ['item 7, what arrives: results, deposits, biology', [{ spec: 'inbox.spec.ts' }, { spec: 'deposit.spec.ts' }]],
  [
    'item 8, history of a record, a file as it was',
    [
      { spec: 'practice.spec.ts', titles: ['a note is changed, and its history says who changed what'] },
      { spec: 'travel.spec.ts', titles: ['a file is seen as it was, and becomes that again'] },
    ],
  ],
  ['item 9, search in everything', [{ spec: 'search.spec.ts' }]],
  [
    'item 10, home, palette, notifications, languages',
    [
      { spec: 'today.spec.ts' },
      { spec: 'news.spec.ts' },
      { spec: 'browser-check.spec.ts', titles: ['a browser that reads English gets English, and can change'] },
    ],
  ],
  [
    'item 11, offline',
    [
      { spec: 'offline.spec.ts' },
      { spec: 'devices.spec.ts', titles: [cutLine] },
      {
        spec: 'front-desk.spec.ts',
        titles: ['a password opens the device with the network cut, where its member asked for it'],
      },
    ],
  ],
  [
    'item 12, two people at once',
    [
      { spec: 'together.spec.ts' },
      {
        spec: 'devices.spec.ts',
        titles: [
          'a second window sees the note as it is saved',
          'another device, enrolled by the kit, sees the note, and two versions wait for a choice',
        ],
      },
    ],
  ],
  ['a tab killed in the middle of a note', [{ spec: 'consultation.spec.ts', titles: [killed] }]],
  [
    'the network cut and restored',
    [
      { spec: 'offline.spec.ts', titles: [trueSaves] },
      { spec: 'devices.spec.ts', titles: [cutLine] },
    ],
  ],
  ['two windows on two patients', [{ spec: 'consultation.spec.ts', titles: [twoWindows] }]],
  ['two members on one note', [{ spec: 'together.spec.ts', titles: [bothTyping] }]],
  [
    'camera and paste',
    [
      { spec: 'camera.spec.ts', titles: [photographed] },
      { spec: 'documents.spec.ts', titles: [pasted] },
    ],
  ],
  ['a scan of 150 pages', [{ spec: 'documents.spec.ts', titles: [scanned] }]],
  ['a whole consultation by the keyboard alone', [{ spec: 'consultation.spec.ts', titles: [byKeyboard] }]],
];

export const flowProofs: readonly Proof<RecordScene>[] = subjects.map(([name, shown]) => ({
  name,
  bar: 'every flow passes',
  run: async (scene) => judgeFlows(shown, await scene.flows(shown.map(({ spec }) => spec))),
}));

/** Every flow that `shownBy` names, for whoever checks that it exists. */
export const shownFlows: readonly Shown[] = subjects.flatMap(([, shown]) => shown);

const ends = { failed: 'failed', unsteady: 'passed on a second try only', skipped: 'was passed over' } as const;

/** A spec without flows, a title that no flow bears and a flow passed over fall short as a failure does. */
export function judgeFlows(shown: readonly Shown[], { flows, errors }: FlowReport): Outcome {
  const details = [...errors];
  const counted: Flow[] = [];
  for (const { spec, titles } of shown) {
    const own = flows.filter(({ file }) => file === spec);
    const chosen = titles === undefined ? own : own.filter(({ title }) => titles.includes(title));
    counted.push(...chosen);
    if (own.length === 0) details.push(`${spec} has no flow`);
    for (const title of titles ?? [])
      if (!own.some((flow) => flow.title === title)) details.push(`${spec} has no flow “${title}”`);
  }
  for (const { file, title, end, errors: lines } of counted)
    if (end !== 'passed') details.push(`${file}: “${title}” ${ends[end]}`, ...lines);
  const passed = counted.filter(({ end }) => end === 'passed').length;
  return { figure: `${passed} of ${counted.length} flows passed`, holds: details.length === 0, details };
}
