import { Button } from '@mantine/core';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { takenDraft } from '../../file-view/draft-key.ts';
import type { NoteView } from '../../file-view/view.ts';
import { useFormat } from '../../i18n/format.ts';
import { useDraft } from '../../session/use-draft.ts';
import { useSession } from '../../session/use-session.ts';
import { useErrorText } from '../../ui/error-text.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Clock } from '../../ui/marks.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import {
  type Editing,
  editingKey,
  fieldLoinc,
  firstDraft,
  isEmptyDraft,
  type NoteDraft,
  type NoteField,
  noteFields,
  noteTitle,
} from './note-draft.ts';
import { Taken } from './taken.tsx';
import './note-editor.css';

interface NoteEditorProps {
  readonly patient: string;
  readonly patientName: string;
  readonly editing: Editing;
  /** The note that is changed or completed; null while it is not there. */
  readonly note: NoteView | null;
  readonly onClose: () => void;
  /** Called with what was written, which can be brought back. */
  readonly onDiscard: (draft: NoteDraft) => void;
}

/** A note as it is written: sealed from the first keystroke, saved when one says so, never lost in between. */
export function NoteEditor({ patient, patientName, editing, note, onClose, onDiscard }: NoteEditorProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const session = useSession();
  const draft = useDraft<NoteDraft>(editingKey(patient, editing), firstDraft(editing, note, Date.now()));
  const { isBusy, error, run } = useAttempt();
  const [isAsked, setAsked] = useState(false);
  const form = useRef<HTMLElement>(null);
  const { value, isLoaded } = draft;
  const fields: readonly (NoteField | 'addendum')[] = editing.kind === 'addendum' ? ['addendum'] : noteFields;
  // Nothing can be typed before it is known what was typed already; and a field that somebody is in keeps the focus.
  useEffect(() => {
    const isTyping = document.activeElement instanceof HTMLTextAreaElement;
    if (isLoaded && !isTyping) form.current?.querySelector('textarea')?.focus();
  }, [isLoaded]);
  const save = async () => {
    if (isBusy) return;
    setAsked(true);
    if (isEmptyDraft(value)) return;
    await run(async () => {
      const sections = fields.flatMap((field) => {
        const text = value.texts[field]?.trim() ?? '';
        return text === '' ? [] : [{ title: t(`note.${field}`), loinc: fieldLoinc[field], text }];
      });
      const saved = await session.engine.saveNote({
        patient,
        recordId: editing.kind === 'edit' ? editing.recordId : null,
        replaces: editing.kind === 'edit' ? value.replaces : [],
        appends: editing.kind === 'addendum' ? editing.recordId : null,
        title: noteTitle(value, t('note.title')),
        date: value.date,
        sections,
      });
      session.saved({
        id: saved.id,
        what: editing.kind === 'addendum' ? t('note.addendum') : t('note.title'),
        patient: patientName,
      });
      await draft.drop();
      onClose();
    });
  };
  const keys = (event: KeyboardEvent) => {
    if (!((event.ctrlKey || event.metaKey) && (event.key === 'Enter' || event.key.toLowerCase() === 's'))) return;
    event.preventDefault();
    void save();
  };
  const isStale =
    editing.kind === 'edit' &&
    note !== null &&
    isLoaded &&
    note.versions.some((version) => !value.replaces.includes(version));
  const title =
    editing.kind === 'addendum'
      ? t('note.addendumTitle')
      : editing.kind === 'edit'
        ? t('note.editTitle', { date: format.fhirDay(value.date) })
        : t('note.title');
  const { apart } = editing;
  const begunAt = takenDraft(apart)?.updatedAt ?? Number(apart);
  // Two notes of one file are told apart without seeing them.
  const label = apart === undefined ? title : t('note.beside', { title, when: format.moment(begunAt) });
  if (!isLoaded) return null;
  return (
    <section className="edit" ref={form} aria-label={label} onKeyDown={keys}>
      <span className="edit-when">{value.date.slice(11, 16)}</span>
      <h2 className="edit-title">{title}</h2>
      {fields.map((field) => (
        <Field
          key={field}
          label={t(`note.${field}`)}
          text={value.texts[field] ?? ''}
          onChange={(text) => draft.set({ ...value, texts: { ...value.texts, [field]: text } })}
        />
      ))}
      <Apart apart={apart} />
      {isStale ? (
        <Notice tone="amber" title={t('note.staleTitle')}>
          {t('note.stale')}
        </Notice>
      ) : null}
      <Failure error={error} />
      {isAsked && isEmptyDraft(value) ? <Notice tone="plain">{t('note.empty')}</Notice> : null}
      <div className="edit-foot">
        <Button onClick={() => void save()} loading={isBusy}>
          {t('note.save')}
        </Button>
        <Button variant="default" disabled={isBusy} onClick={() => void draft.drop().then(() => onDiscard(value))}>
          {t('note.discard')}
        </Button>
        <DraftState savedAt={draft.savedAt} error={draft.error} />
      </div>
    </section>
  );
}

/** Why this text stands beside another one of the same file. */
function Apart({ apart }: { readonly apart: string | undefined }) {
  const { t } = useTranslation();
  if (apart === undefined) return null;
  const taken = takenDraft(apart);
  return <Notice tone="plain">{taken === null ? t('note.apart') : <Taken {...taken} />}</Notice>;
}

function DraftState({ savedAt, error }: { readonly savedAt: number | null; readonly error: unknown }) {
  const { t } = useTranslation();
  const format = useFormat();
  const errorText = useErrorText();
  if (error !== null)
    return (
      <span className="edit-state red" role="alert">
        {t('note.draftFailed', { reason: errorText(error) })}
      </span>
    );
  if (savedAt === null) return null;
  return (
    <span className="edit-state" data-testid="draft-state">
      <Clock /> {t('note.draft', { time: format.clock(savedAt) })}
    </span>
  );
}

function Field({
  label,
  text,
  onChange,
}: {
  readonly label: string;
  readonly text: string;
  readonly onChange: (text: string) => void;
}) {
  // Several notes of one file may be open at once.
  const id = useId();
  return (
    <div className="note-field">
      <label htmlFor={id}>{label}</label>
      <div className="grow" data-text={text}>
        <textarea id={id} value={text} rows={1} spellCheck onChange={(event) => onChange(event.currentTarget.value)} />
      </div>
    </div>
  );
}
