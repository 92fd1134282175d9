import type { NoteSection } from '@serment/records/page/resource-words';
import { draftValue } from '../../file-view/draft-key.ts';
import type { NoteView } from '../../file-view/view.ts';

/** What a note editor is for. `apart` names a text that two devices typed at the same time: the one not typed last. */
export type Editing = { readonly apart?: string } & (
  | { readonly kind: 'new' }
  | { readonly kind: 'edit'; readonly recordId: string }
  | { readonly kind: 'addendum'; readonly recordId: string }
);

export const noteFields = ['reason', 'story', 'exam', 'conclusion', 'plan'] as const;
export type NoteField = (typeof noteFields)[number];

/** LOINC codes of the sections (docs/format/record.md). */
export const fieldLoinc: Readonly<Record<NoteField | 'addendum', string>> = {
  reason: '10154-3',
  story: '10164-2',
  exam: '29545-1',
  conclusion: '51848-0',
  plan: '18776-5',
  addendum: '48767-8',
};

/** What is sealed while one writes: the text by field, the versions it was begun on, and when. */
export interface NoteDraft {
  readonly texts: Readonly<Partial<Record<NoteField | 'addendum', string>>>;
  readonly replaces: readonly string[];
  /** Date and time with its offset. */
  readonly date: string;
}

/** What a draft's text holds; null when it is no note. */
export function parseNoteDraft(text: string): NoteDraft | null {
  const { texts, replaces, date } = draftValue(text) ?? {};
  if (typeof texts !== 'object' || texts === null || typeof date !== 'string' || !Array.isArray(replaces)) return null;
  const said: Partial<Record<NoteField | 'addendum', string>> = {};
  for (const field of [...noteFields, 'addendum'] as const) {
    const typed: unknown = Reflect.get(texts, field);
    if (typeof typed === 'string') said[field] = typed;
    else if (typed !== undefined) return null;
  }
  return replaces.every((one) => typeof one === 'string') ? { texts: said, replaces, date } : null;
}

/** The first line that was typed in it, '' for none. */
export function firstLine({ texts }: NoteDraft): string {
  const typed = [...noteFields, 'addendum' as const].map((field) => texts[field]?.trim() ?? '');
  return typed.find((one) => one !== '')?.split('\n')[0] ?? '';
}

export function editingKey(patient: string, editing: Editing): string {
  const own = editing.kind === 'new' ? `note/${patient}` : `${editing.kind}/${patient}/${editing.recordId}`;
  return editing.apart === undefined ? own : `${own}~${editing.apart}`;
}

/** What a draft's key says is being written in this patient's file; null for any other. */
export function editingOfKey(patient: string, key: string): Editing | null {
  const [own = '', apart] = key.split('~');
  const rest = apart === undefined ? {} : { apart };
  if (own === `note/${patient}`) return { kind: 'new', ...rest };
  for (const kind of ['edit', 'addendum'] as const) {
    const prefix = `${kind}/${patient}/`;
    if (own.startsWith(prefix)) return { kind, recordId: own.slice(prefix.length), ...rest };
  }
  return null;
}

/** Where an editor begins: empty, or with what the note says now. */
export function firstDraft(editing: Editing, note: NoteView | null, nowMs: number): NoteDraft {
  if (editing.kind !== 'edit' || note === null) return { texts: {}, replaces: [], date: localDateTime(nowMs) };
  const sides = note.sides.length > 0 ? note.sides.map(({ sections }) => sections) : [note.sections];
  const texts: Partial<Record<NoteField | 'addendum', string>> = {};
  for (const field of note.isAddendum ? (['addendum'] as const) : noteFields) {
    // Two versions brought together: what both say stands once.
    const said = [...new Set(sides.map((sections) => sectionText(sections, field)).filter((text) => text !== ''))];
    if (said.length > 0) texts[field] = said.join('\n');
  }
  return { texts, replaces: note.versions, date: note.date };
}

function sectionText(sections: readonly NoteSection[], field: NoteField | 'addendum'): string {
  const known = new Set(Object.values(fieldLoinc));
  const own = sections.filter(({ loinc }) => loinc === fieldLoinc[field]);
  // A section that has no field of its own is kept in the story, under its title.
  const others = field === 'story' ? sections.filter(({ loinc }) => loinc === null || !known.has(loinc)) : [];
  return [...own.map(({ text }) => text), ...others.map(({ title, text }) => `${title}\u00a0: ${text}`)].join('\n');
}

const maxTitle = 110;

/** A note is named by its conclusion, else by its reason: the first sentence of either. */
export function noteTitle(draft: NoteDraft, fallback: string): string {
  const said =
    [draft.texts.conclusion, draft.texts.reason, draft.texts.addendum].find((text) => text?.trim()) ?? fallback;
  const sentence = /^[^\n]*?[.!?](?=\s|$)|^[^\n]*/.exec(said.trim())?.[0] ?? said;
  const title = sentence.replace(/[.\s]+$/, '');
  return title.length <= maxTitle ? title || fallback : `${title.slice(0, maxTitle - 1).replace(/\s+\S*$/, '')}…`;
}

export function isEmptyDraft(draft: NoteDraft): boolean {
  return Object.values(draft.texts).every((text) => text.trim() === '');
}

/** `2026-11-23T14:05:00+01:00`: the clock on the wall where it is written. */
export function localDateTime(ms: number): string {
  const date = new Date(ms);
  const offset = -date.getTimezoneOffset();
  const two = (value: number) => String(Math.trunc(Math.abs(value))).padStart(2, '0');
  const wall = new Date(ms + offset * 60_000).toISOString().slice(0, 19);
  return `${wall}${offset < 0 ? '-' : '+'}${two(offset / 60)}:${two(offset % 60)}`;
}
